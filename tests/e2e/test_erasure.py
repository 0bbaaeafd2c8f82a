"""In the whole system: a person gets all that is kept about his case, and then it goes; his letters stay."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import requests

from deploy.demo.client import Person
from deploy.local.stack import Stack
from deploy.token import token_for
from tests.support.eventually import eventually


def officer(stack: Stack) -> Person:
    return Person(stack.base_url, token_for(stack.token_key_file.read_text("ascii"), "officer", sub="officer:1"))


def call(stack: Stack, method: str, path: str) -> requests.Response:
    token = token_for(stack.token_key_file.read_text("ascii"), "officer", sub="officer:1")
    sent = {"json": {}} if method == "POST" else {}
    return requests.request(
        method, f"{stack.base_url}{path}", headers={"Authorization": f"Bearer {token}"}, timeout=30, **sent
    )


def test_the_record_is_handed_over_and_then_everything_but_the_letters_goes(
    stack: Stack, cases: list[dict[str, Any]]
) -> None:
    code = cases[-1]["tracking_code"]
    [case] = [
        one
        for one in officer(stack).get("/v1/applications", status="completed")["items"]
        if one["tracking_code"] == code
    ]
    path = f"/v1/applications/{case['id']}"
    assert call(stack, "POST", f"{path}/record").status_code == 202
    eventually(lambda: call(stack, "GET", f"{path}/record").json()["state"] == "ready", what="the record")
    link = call(stack, "POST", f"{path}/record/links").json()["url"].partition("/v1/")[2]
    fetched = requests.get(f"{stack.base_url}/v1/{link}", timeout=30)
    assert fetched.status_code == 200, fetched.text
    names = zipfile.ZipFile(io.BytesIO(fetched.content)).namelist()
    assert {"intake.json", "accesses.json", "verification.json", "documents.json", "notify.json"} <= set(names)
    assert any(name.startswith("letters/") for name in names), "intake reads what documents hands over"
    assert any(name.startswith("files/") for name in names)

    letters = [one for one in officer(stack).get("/v1/letters", application_id=case["id"])["items"] if not one["form"]]
    assert call(stack, "POST", f"{path}/erasure").status_code == 202
    eventually(lambda: call(stack, "GET", f"{path}/erasure").json()["state"] == "done", what="the erasure")
    proof = call(stack, "GET", f"{path}/erasure").json()
    counts = {part["service"]: part["counts"] for part in proof["parts"]}
    assert set(counts) == {"intake", "verification", "documents", "notify"}
    assert counts["intake"]["file"] >= 1 and counts["notify"]["message"] >= 1 and counts["verification"]["task"] >= 1
    assert call(stack, "GET", path).status_code == 410
    assert call(stack, "GET", f"/v1/messages?application_id={case['id']}").json()["items"] == []
    for letter in letters:
        assert call(stack, "GET", f"/v1/letters/{letter['id']}/content").status_code == 200
