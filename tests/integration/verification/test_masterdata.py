"""RTs and office holders that the city sends, of several offices in one document."""

from __future__ import annotations

from typing import Any

from tests.support.services import InProcess
from tests.support.tokens import BUKIT_SANGKAL

CITY = {"tenant": "16.71"}
NEW = "16.71.18.1006"


def head(kelurahan: str, rt: str, name: str, **more: Any) -> dict[str, Any]:
    phone = f"0812 0000 77{rt[-2:]}"
    return {
        "kelurahan": kelurahan, "role": "rt_head", "rw": "077", "rt": rt, "name": name, "phone": phone,
        "from_date": "2026-01-01",
    } | more  # fmt: skip


def send(verification: InProcess, query: str = "", **sent: Any) -> Any:
    answer = verification.call("PUT", f"/v1/officeholders/masterdata{query}", "masterdata.write", who=CITY, json=sent)
    assert answer.status_code == 200, answer.json
    return answer.json


def test_heads_of_several_offices_come_in_one_document_and_again_change_nothing(verification: InProcess) -> None:
    sent = {
        "neighbourhoods": [{"kelurahan": NEW, "rw": "077", "rt": "071"}],
        "officeholders": [head(BUKIT_SANGKAL, "072", "Kgs. Contoh"), head(NEW, "072", "Masagus Contoh")],
    }
    looked = send(verification, "?dry_run=true", **sent)
    assert looked["counts"] == {"added": 3, "changed": 0, "unchanged": 0, "wrong": 0}
    report = send(verification, **sent)
    assert [(item["list"], item["index"], item["result"]) for item in report["items"]] == [
        ("neighbourhoods", 0, "added"), ("officeholders", 0, "added"), ("officeholders", 1, "added"),
    ]  # fmt: skip
    told = len(verification.told("officeholder.changed"))
    assert send(verification, **sent)["counts"]["unchanged"] == 3
    assert len(verification.told("officeholder.changed")) == told
    ended = send(verification, officeholders=[head(NEW, "072", "Masagus Contoh", to_date="2026-12-31")])
    assert ended["counts"]["changed"] == 1


def test_one_that_cannot_be_taken_is_named_and_the_others_are_taken(verification: InProcess) -> None:
    send(verification, officeholders=[head(BUKIT_SANGKAL, "081", "Kemas Contoh")])
    report = send(
        verification,
        officeholders=[
            head(BUKIT_SANGKAL, "081", "Orang Lain", from_date="2026-02-01"),
            head(BUKIT_SANGKAL, "082", "Nyimas Contoh"),
            head(BUKIT_SANGKAL, "083", "Cek Contoh", to_date="2025-01-01"),
        ],
    )
    assert [item["result"] for item in report["items"]] == ["wrong", "added", "wrong"]
    assert list(report["items"][0]["errors"]) == ["from_date"]
    assert list(report["items"][2]["errors"]) == ["to_date"]
    who = {"tenant": BUKIT_SANGKAL}
    listed = verification.call("GET", "/v1/neighbourhoods?rw=077&limit=100", "administrator", who=who).json["items"]
    assert {"081", "082"} <= {one["rt"] for one in listed}
    assert "083" not in {one["rt"] for one in listed}


def test_an_office_of_another_city_is_not_found_and_nothing_is_done(verification: InProcess) -> None:
    sent = {"officeholders": [head(BUKIT_SANGKAL, "091", "Ibu Contoh"), head("16.72.01.1001", "091", "Ibu Contoh")]}
    answer = verification.call("PUT", "/v1/officeholders/masterdata", "masterdata.write", who=CITY, json=sent)
    assert answer.status_code == 404
    assert send(verification, officeholders=[head(BUKIT_SANGKAL, "091", "Ibu Contoh")])["counts"]["added"] == 1


def test_what_is_left_out_stays_as_the_office_entered_it_and_null_opens_a_term_again(verification: InProcess) -> None:
    sent = head(BUKIT_SANGKAL, "092", "Cek Mat Contoh")
    send(verification, officeholders=[sent | {"nik": "1671105708700092", "kk_number": "1671101204080092"}])
    who = {"tenant": BUKIT_SANGKAL}

    def known() -> dict[str, Any]:
        [one] = verification.call("GET", "/v1/officeholders?rw=077&rt=092", "administrator", who=who).json["items"]
        return dict(one)

    path = f"/v1/officeholders/{known()['id']}"
    ended = verification.call("PATCH", path, "administrator", who=who, json={"to_date": "2026-02-01"})
    assert ended.status_code == 200, ended.json
    assert send(verification, officeholders=[sent])["counts"]["unchanged"] == 1
    assert known()["to_date"] == "2026-02-01"
    assert send(verification, officeholders=[sent | {"nik": "1671105708700093"}])["counts"]["wrong"] == 1
    assert send(verification, officeholders=[sent | {"to_date": None}])["counts"]["changed"] == 1
    assert known()["to_date"] is None
