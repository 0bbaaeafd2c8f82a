"""How the papers are received is chosen at a price that is shown; the RT head may carry, a proxy may fetch."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from contracts import contract
from kit.ids import new_id
from tests.integration.documents.story import CONTACT, OFFICE, Case
from tests.integration.documents.test_handovers import BROUGHT, COURIER, RECEIVED, act, code_of, complete, handover
from tests.support.services import InProcess
from tests.support.tokens import BUKIT_SANGKAL

PRICED = {"name": "Kurir Contoh", "price": 12000, "payer": "applicant"}
HEAD = "M. Yusuf Effendi"


def tell_office(desk: InProcess, **more: Any) -> None:
    named = {name: OFFICE[name] for name in ("name", "kecamatan", "kota", "province", "zone")}
    office = OFFICE | {"calendar": contract("office.changed").example["office"]["calendar"]} | more
    desk.feed("office.changed", named | {"kelurahan": BUKIT_SANGKAL, "office": office}, subject=BUKIT_SANGKAL)


@pytest.fixture
def ready(desk: InProcess) -> Iterator[Case]:
    """An office with a courier, an RT with a head."""
    tell_office(desk, courier=PRICED)
    holder = {
        "officeholder_id": "0198a6f2-7b1c-7d2e-9a41-3f5b6c7d8e77", "kelurahan": BUKIT_SANGKAL, "rw": "005",
        "rt": "023", "role": "rt_head", "from_date": "2026-01-01", "to_date": None,
        "person": {"name": HEAD, "phone": "+6281200000023"},
    }  # fmt: skip
    desk.feed("officeholder.changed", holder, subject=holder["officeholder_id"])
    yield Case(desk).issued()
    tell_office(desk)


def path(case: Case) -> str:
    return f"/v1/handovers/{handover(case)['id']}"


def seen_by_owner(case: Case) -> dict[str, Any]:
    answer = case.service.call("GET", path(case), "applicant", who={"sub": case.owner})
    assert answer.status_code == 200, answer.text
    return dict(answer.json)


def choose(case: Case, method: str, **who: str) -> Any:
    chosen = {"sub": case.owner} | who
    return case.service.call("POST", f"{path(case)}/choice", "applicant", who=chosen, json={"method": method})


def photographed(case: Case, requirement: str) -> None:
    file = {
        "file_id": str(new_id()), "requirement": requirement, "sha256": "a" * 64, "size": 9, "type": "image/jpeg",
    }  # fmt: skip
    case.tell("changed", "issued", files=[file])


def test_each_way_is_shown_with_its_price_and_who_pays_and_where_to_go_next(ready: Case) -> None:
    shown = seen_by_owner(ready)
    assert [(one["method"], one["carrier"], one["price"], one["payer"]) for one in shown["options"]] == [
        ("pickup", None, None, None), ("courier", "Kurir Contoh", 12000, "applicant"), ("rt_head", HEAD, 0, "office"),
        ("digital", None, None, None),
    ]  # fmt: skip
    assert shown["chosen"] is None
    assert set(shown["next_step"]) >= {"id", "en"}
    assert ready.service.call("GET", path(ready), "applicant", who={"sub": "curious"}).status_code == 404


def test_where_the_office_named_no_courier_none_is_offered(desk: InProcess, ready: Case) -> None:
    tell_office(desk)
    assert [one["method"] for one in seen_by_owner(ready)["options"]] == ["pickup", "rt_head", "digital"]
    refused = choose(ready, "courier")
    assert (refused.status_code, refused.json["type"]) == (422, "urn:problem:handover-not-offered")
    assert act(ready, "dispatch", {}).json["type"] == "urn:problem:carrier-unknown"
    assert act(ready, "dispatch", COURIER).status_code == 200  # an officer may still name one


def test_while_the_office_is_closed_to_visitors_nobody_is_asked_to_come(desk: InProcess, ready: Case) -> None:
    calendar = dict(contract("office.changed").example["office"]["calendar"])
    today = desk.clock.now().date().isoformat()
    calendar["closed_to_visitors"] = [{"first_day": today, "last_day": "2027-12-31", "name": "Pandemi"}]
    tell_office(desk, courier=PRICED, calendar=calendar)
    assert "pickup" not in [one["method"] for one in seen_by_owner(ready)["options"]]


def test_what_was_chosen_at_a_price_is_not_sent_for_more(ready: Case) -> None:
    assert choose(ready, "courier").json["chosen"]["price"] == 12000
    dearer = act(ready, "dispatch", {"price": 15000})
    assert (dearer.status_code, dearer.json["type"]) == (422, "urn:problem:price-not-as-shown")
    assert handover(ready)["status"] == "ready"
    sent = act(ready, "dispatch", {"courier": "Kurir Contoh, Pak Darmawan"})
    assert (sent.status_code, sent.json["price"], sent.json["payer"]) == (200, 12000, "applicant")
    assert choose(ready, "pickup").status_code == 409


def test_only_the_owner_or_the_office_chooses(ready: Case) -> None:
    assert choose(ready, "digital", sub="curious").status_code == 404
    assert ready.service.call("POST", f"{path(ready)}/choice", "rt_head", json={"method": "digital"}).status_code == 403
    assert ready.service.call("POST", f"{path(ready)}/choice", "officer", json={"method": "digital"}).status_code == 200


def test_the_rt_head_carries_without_a_fee_and_the_code_completes_it(ready: Case) -> None:
    assert choose(ready, "rt_head").status_code == 200
    sent = act(ready, "dispatch", {})
    assert (sent.json["method"], sent.json["price"], sent.json["courier"]) == ("rt_head", 0, HEAD)
    message = ready.told("message.requested")[-1]
    assert (message["template"], message["person"]["to"]) == ("rt_head_brings", CONTACT)
    assert ready.told("handover.dispatched")[-1]["method"] == "rt_head"
    by_head = RECEIVED | {"method": "rt_head"}
    assert complete(ready, BROUGHT | {"code": code_of(ready)}).json["type"] == "urn:problem:not-with-courier"
    assert complete(ready, by_head).json["type"] == "urn:problem:recipient-code-wrong"
    done = complete(ready, by_head | {"code": code_of(ready)})
    assert (done.status_code, done.json["method"]) == (200, "rt_head")


def test_an_rt_without_a_head_has_nobody_to_carry(ready: Case) -> None:
    assert "rt_head" in [one["method"] for one in seen_by_owner(ready)["options"]]
    ready.tell("changed", "issued", rt="099")
    assert "rt_head" not in [one["method"] for one in seen_by_owner(ready)["options"]]
    assert act(ready, "dispatch", {"method": "rt_head"}).json["type"] == "urn:problem:carrier-unknown"


def test_without_the_code_only_a_photo_of_the_receipt_completes_what_is_carried(ready: Case) -> None:
    act(ready, "dispatch", COURIER)
    early = complete(ready, BROUGHT | {"receipt": True})
    assert (early.status_code, early.json["type"], early.headers["Retry-After"]) == (
        409, "urn:problem:photo-not-here", "1",
    )  # fmt: skip
    photographed(ready, "TANDA_TERIMA")
    assert complete(ready, BROUGHT | {"receipt": True}).json["status"] == "done"


def test_who_fetches_for_somebody_else_has_a_letter_of_authority(ready: Case) -> None:
    proxy = {name: value for name, value in RECEIVED.items() if name != "authority"}
    without = complete(ready, proxy)
    assert (without.status_code, without.json["type"]) == (422, "urn:problem:authority-needed")
    assert complete(ready, proxy | {"authority": "photo"}).json["type"] == "urn:problem:photo-not-here"
    photographed(ready, "SURAT_KUASA")
    done = complete(ready, proxy | {"authority": "photo"})
    assert (done.status_code, done.json["authority"]) == (200, "photo")
    assert handover(ready, "applicant", sub=ready.owner)["authority"] is None


def test_the_applicant_himself_needs_none(ready: Case) -> None:
    assert complete(ready, {"method": "pickup", "received_by": CONTACT["name"]}).status_code == 200


def test_what_the_office_was_to_pay_the_applicant_is_not_asked_for(desk: InProcess, ready: Case) -> None:
    tell_office(desk, courier=PRICED | {"payer": "office"})
    assert choose(ready, "courier").json["chosen"]["payer"] == "office"
    turned = act(ready, "dispatch", {"payer": "applicant"})
    assert (turned.status_code, turned.json["type"]) == (422, "urn:problem:price-not-as-shown")
    assert act(ready, "dispatch", {}).json["payer"] == "office"


def test_a_photo_that_was_there_before_the_papers_left_says_nothing(ready: Case) -> None:
    photographed(ready, "TANDA_TERIMA")
    act(ready, "dispatch", COURIER)
    assert complete(ready, BROUGHT | {"receipt": True}).json["type"] == "urn:problem:photo-not-here"
    photographed(ready, "TANDA_TERIMA")
    assert complete(ready, BROUGHT | {"receipt": True}).status_code == 200
