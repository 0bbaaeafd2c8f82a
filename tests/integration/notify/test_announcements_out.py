"""Announcements by the Cloud API: with their picture, in free text and in the approved template, and what they cost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

from contracts import contract
from notify.usecases import spreading
from tests.integration.notify.test_announcements import URL, WORDS, hand_over
from tests.integration.notify.test_whatsapp_out import (  # noqa: F401  # fixtures
    HEAD,
    forget_turns,
    gateway,
    hurry,
    notify,
    whatsapp_notify,
    wrote,
)
from tests.support.gateway import Gateway
from tests.support.services import InProcess


def test_it_goes_with_its_picture_as_a_template_to_who_has_not_written_lately(
    notify: InProcess,  # noqa: F811
    gateway: Gateway,  # noqa: F811
) -> None:
    notify.rows("DELETE FROM officeholder RETURNING 1")
    head(notify, HEAD)
    head(notify, "+6281200000099", rt="024")
    wrote(notify, ago=timedelta(hours=1))
    made = notify.call("POST", URL, "lurah", json=WORDS | {"with_picture": True}).json
    content = hand_over(notify, made["id"])
    notify.work()
    ready = notify.call("GET", f"{URL}/{made['id']}", "lurah").json
    assert ready["estimate"] == {"heads": 2, "agreed": 0, "messages": 2, "price": 400}, "one is free, one is not"
    assert notify.call("POST", f"{URL}/{made['id']}/send", "lurah", json={}).status_code == 200
    notify.work()
    hurry(notify)
    sent = {one["to"]: one for one in gateway.asked}
    free, template = sent[HEAD.lstrip("+")], sent["6281200000099"]
    assert free["type"] == "image" and WORDS["title"] in free["image"]["caption"]
    assert template["template"]["name"].endswith("_picture")
    above, body = template["template"]["components"]
    assert above["parameters"][0]["image"]["id"] in gateway.media and "Bawa sapu" in str(body)
    assert all(content in uploaded for uploaded in gateway.media.values())
    assert [row["category"] for row in notify.rows("SELECT category FROM message_cost ORDER BY category")] == [
        "marketing", "service",
    ]  # fmt: skip
    spreading.measure(notify.deps)
    counts = notify.call("GET", f"{URL}/{made['id']}", "lurah").json["counts"]
    assert counts["sent"] == 2 and not counts["queued"]


def head(notify: InProcess, phone: str, rt: str = "023") -> None:  # noqa: F811
    known = str(uuid4())
    data: dict[str, Any] = contract("officeholder.changed").example | {
        "officeholder_id": known, "rw": "005", "rt": rt, "role": "rt_head", "from_date": "2020-01-01", "to_date": None,
        "person": {"name": "Y", "phone": phone},
    }  # fmt: skip
    notify.feed("officeholder.changed", data, subject=known)
