"""Neighbours are asked where the service, the RT head or an officer wants it; what they say is weighed, never lost."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts import contract
from tests.integration.verification.test_attestations import said
from tests.support.services import InProcess
from tests.support.tokens import BUKIT_SANGKAL
from tests.support.verification import APPLICANT, CONTACT, HEAD, a_case, a_file, publish_office, told_of
from verification.usecases import reminding

pytestmark = pytest.mark.timeout(120)

HELPER = {"name": "Pak Slamet", "phone": "+6281200000990", "relation": "tetangga"}
SIDES = ("front", "back", "left", "right")
PHONES = {side: f"0812 0000 094{number}" for number, side in enumerate(SIDES)}
MONDAY = "2026-09-07T09:00"


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}:00+07:00").astimezone(UTC)


@pytest.fixture(autouse=True)
def office(verification: InProcess) -> Iterator[None]:
    before = verification.clock.at
    verification.clock.at = at(MONDAY)
    publish_office(verification)
    calendar = contract("office.changed").example["office"]["calendar"]
    verification.feed(
        "office.changed",
        {
            "kelurahan": BUKIT_SANGKAL, "name": "Bukit Sangkal", "kecamatan": "Kalidoni", "kota": "Palembang",
            "province": "Sumatera Selatan", "zone": "Asia/Jakarta", "office": {"calendar": calendar},
        },
        subject=BUKIT_SANGKAL,
    )  # fmt: skip
    sides = [{"code": side, "name": {"id": side.title(), "en": side.title()}} for side in SIDES]
    sop = {
        "name": {"id": "Surat keterangan tempat usaha", "en": "Statement about a place of business"},
        "requirements": [{"code": "KTP", "name": {"id": "KTP-el", "en": "Identity card"}}],
        "witnesses": {"positions": sides, "quorum": 2, "question": {"id": "Benarkah?", "en": "Is it true?"}},
    }
    verification.feed(
        "sop.published",
        {
            "kelurahan": BUKIT_SANGKAL, "service": "SITU", "version": 1, "effective_from": "2026-01-01",
            "name": "Surat keterangan tempat usaha", "sop": sop,
        },
        subject=f"{BUKIT_SANGKAL}/SITU",
    )  # fmt: skip
    yield
    with verification.deps.db.transaction("*") as tx:
        tx.execute("UPDATE task SET nudge_at = NULL")
    verification.clock.at = before


def neighbour(side: str, **more: Any) -> dict[str, Any]:
    return {
        "position": side,
        "name": f"Tetangga {side}",
        "phone": PHONES.get(side),
        "address": f"Jalan {side} 1",
    } | more


def received(
    verification: InProcess, service: str = "SITU", proposed: list[dict[str, Any]] | None = None
) -> dict[str, Any]:
    """A case with one file is received; the applicant may have named neighbours."""
    case = a_case(verification, "received", service=service, files=[a_file("KTP")])
    case["received_at"] = verification.clock.now().isoformat()
    tell(verification, case, "received", proposed)
    return case


def tell(
    verification: InProcess, case: dict[str, Any], status: str, proposed: list[dict[str, Any]] | None = None
) -> None:
    person = {"applicant": APPLICANT, "contact": CONTACT, "helper": HELPER, "details": {"witnesses": proposed or []}}
    state = case | {"status": status, "changed_at": verification.clock.now().isoformat(), "person": person}
    verification.feed(f"application.{status}", state, subject=case["application_id"])


def attestation(verification: InProcess, case: dict[str, Any]) -> str:
    [row] = verification.rows(
        "SELECT id FROM task WHERE application_id = %s AND kind = 'attestation'", [UUID(case["application_id"])]
    )
    return f"/v1/tasks/{row['id']}"


def statement(verification: InProcess, case: dict[str, Any], side: str | None) -> dict[str, Any]:
    return verification.rows(
        "SELECT * FROM task WHERE application_id = %s AND position IS NOT DISTINCT FROM %s AND kind = 'statement'"
        " ORDER BY id DESC LIMIT 1",
        [UUID(case["application_id"]), side],
    )[0]


def link_of(verification: InProcess, case: dict[str, Any], side: str) -> str:
    """The neighbour's own link, from the newest message to him."""
    phone = "+62" + PHONES[side].replace(" ", "")[1:]
    sent = told_of(verification, "message.requested", application_id=case["application_id"])
    mine = [one for one in sent if one["person"]["to"]["phone"] == phone]
    return "/v1/links/" + str(mine[-1]["person"]["values"]["link"].rpartition("/")[2])


def answers(verification: InProcess, case: dict[str, Any], side: str, decision: str, **more: Any) -> Any:
    path = f"{link_of(verification, case, side)}/decision"
    return verification.call("POST", path, json={"decision": decision} | more)


def judges(verification: InProcess, case: dict[str, Any], verdict: str = "genuine", **more: Any) -> Any:
    note = "Alamatnya lain" if verdict == "doubtful" else None
    sent = {"verdicts": [said(case["files"][0], verdict, note)]} | more
    return verification.call("POST", f"{attestation(verification, case)}/decision", "rt_head", who=HEAD, json=sent)


def outcomes(verification: InProcess, case: dict[str, Any]) -> list[tuple[str, str | None]]:
    """What was told of the case, oldest first: passed, or failed with the reason."""
    return [
        (row["type"].removeprefix("verification."), row["data"]["reason"])
        for row in verification.told()
        if row["type"].startswith("verification.") and str(row["data"]["application_id"]) == case["application_id"]
    ]


def asked(verification: InProcess, *sides: str) -> dict[str, Any]:
    """A received case, its documents judged, with a neighbour on these sides and nobody on the others."""
    case = received(verification)
    named = [neighbour(side) if side in sides else {"position": side, "absent": True} for side in SIDES]
    assert judges(verification, case, witnesses=named).get_json()["outcome"] == "judged"
    return case


def test_the_rt_head_names_a_neighbour_on_each_side_or_states_that_nobody_lives_there(
    verification: InProcess,
) -> None:
    case = received(verification)
    path = attestation(verification, case)
    shown = verification.call("GET", path, "rt_head", who=HEAD).get_json()
    assert [(one["code"], one["open"]) for one in shown["positions"]] == [(side, True) for side in SIDES]
    refused = judges(verification, case)
    assert (refused.status_code, refused.get_json()["positions"]) == (422, list(SIDES))
    some = {"witnesses": [neighbour("front"), neighbour("left")]}
    assert verification.call("POST", f"{path}/witnesses", "rt_head", who=HEAD, json=some).status_code == 200
    assert judges(verification, case).get_json()["positions"] == ["back", "right"]
    rest = [{"position": "back", "absent": True}, {"position": "right", "absent": True}]
    done = judges(verification, case, witnesses=rest).get_json()
    assert (done["status"], done["outcome"]) == ("done", "judged")
    assert {one["position"]: one["state"] for one in done["witnesses"]} == {
        "front": "asked", "left": "asked", "back": "absent", "right": "absent"
    }  # fmt: skip
    assert outcomes(verification, case) == []  # neighbours have still to answer


def test_the_quorum_passes_and_the_letter_gets_what_is_printed(verification: InProcess) -> None:
    case = asked(verification, "left", "front", "right")
    assert answers(verification, case, "left", "confirm").status_code == 200
    assert answers(verification, case, "right", "decline").status_code == 200
    assert outcomes(verification, case) == []
    assert answers(verification, case, "front", "confirm").status_code == 200
    assert outcomes(verification, case) == [("passed", None)]
    [told] = told_of(verification, "verification.passed", application_id=case["application_id"])
    assert told["person"]["statements"] == [
        {
            "position": "Front", "name": "Tetangga front", "address": "Jalan front 1",
            "statement": "Tidak berkeberatan", "date": "2026-09-07",
        },
        {"position": "Back", "name": "-", "address": None, "statement": "Tidak ada tetangga", "date": "2026-09-07"},
        {
            "position": "Left", "name": "Tetangga left", "address": "Jalan left 1",
            "statement": "Tidak berkeberatan", "date": "2026-09-07",
        },
    ]  # fmt: skip


def test_fewer_than_the_quorum_puts_the_case_before_an_officer(verification: InProcess) -> None:
    case = asked(verification, "left", "front")
    answers(verification, case, "left", "confirm")
    answers(verification, case, "front", "decline")
    assert outcomes(verification, case) == [("failed", "quorum")]
    answers(verification, case, "front", "confirm")  # he thinks again, before the case moved on
    assert outcomes(verification, case) == [("failed", "quorum"), ("passed", None)]


def test_an_objection_needs_its_reason_and_is_the_officers_to_weigh_also_when_taken_back(
    verification: InProcess,
) -> None:
    case = asked(verification, "left", "front", "right")
    assert answers(verification, case, "left", "object").status_code == 422
    assert answers(verification, case, "left", "object", note="Bising sampai malam").status_code == 200
    assert outcomes(verification, case) == [("failed", "objection")]
    for side in ("left", "front", "right"):
        answers(verification, case, side, "confirm")
    assert outcomes(verification, case) == [("failed", "objection")]
    shown = verification.call("GET", attestation(verification, case), "officer").get_json()
    [left] = [one for one in shown["witnesses"] if one["position"] == "left"]
    assert left["outcome"] == "confirmed"
    assert [(one["answer"], one["note"]) for one in left["answers"]] == [
        ("objected", "Bising sampai malam"), ("confirmed", None)
    ]  # fmt: skip
    head = verification.call("GET", attestation(verification, case), "rt_head", who=HEAD).get_json()
    assert not any({"outcome", "answers", "phone"} & set(one) for one in head["witnesses"])


def test_a_neighbour_sees_the_name_and_the_question_and_what_will_be_printed(verification: InProcess) -> None:
    case = asked(verification, "left", "front")
    path = link_of(verification, case, "left")
    shown = verification.call("GET", path).get_json()
    assert shown["applicant"] == {"name": APPLICANT["name"]}
    assert (shown["question"], shown["decisions"]) == ("Benarkah?", ["confirm", "object", "decline"])
    assert "dicetak" in shown["printed"]
    text = verification.call("GET", path).get_data(as_text=True)
    hidden = (APPLICANT["nik"], APPLICANT["address"], case["tracking_code"], CONTACT["phone"], "Tetangga front")
    assert not [word for word in hidden if word in text]


def test_the_same_answer_again_is_answered_alike_and_a_later_one_replaces_it_until_the_case_moves_on(
    verification: InProcess,
) -> None:
    case = asked(verification, "left", "front")
    path = link_of(verification, case, "left")
    first, again = (answers(verification, case, "left", "decline") for _ in range(2))
    assert (first.status_code, again.get_json()) == (200, first.get_json())
    assert len(verification.rows(
        "SELECT 1 FROM statement WHERE task_id = %s", [statement(verification, case, "left")["id"]]
    )) == 1  # fmt: skip
    assert answers(verification, case, "left", "confirm").get_json()["outcome"] == "confirmed"
    tell(verification, case, "verified")
    assert statement(verification, case, "left")["status"] == "done"
    assert statement(verification, case, "front")["status"] == "cancelled"
    for side in ("left", "front"):
        late = answers(verification, case, side, "object", note="Terlambat")
        assert (late.status_code, late.get_json()["type"].rpartition(":")[2]) == (409, "task-closed")
    shown = verification.call("GET", path).get_json()
    assert (shown["status"], shown["applicant"], shown["question"]) == ("done", None, None)


def test_helper_applicant_and_who_was_named_before_cannot_be_witnesses(verification: InProcess) -> None:
    case = received(verification)
    path = f"{attestation(verification, case)}/witnesses"

    def refused(*witnesses: dict[str, Any], role: str = "rt_head") -> Any:
        who = HEAD if role == "rt_head" else None
        answer = verification.call("POST", path, role, who=who, json={"witnesses": list(witnesses)})
        assert answer.status_code == 422, answer.get_json()
        return answer.get_json()["errors"]["json"]["witnesses"]

    assert "phone" in refused(neighbour("left", phone=HELPER["phone"]))["0"]
    assert "phone" in refused(neighbour("left", phone=CONTACT["phone"]))["0"]
    [head] = verification.rows("SELECT id FROM officeholder WHERE rw = '005' AND rt = '023' AND role = 'rt_head'")
    own = verification.call("GET", "/v1/officeholders?rw=005&rt=023", "administrator").json["items"]
    number = next(one["phone"] for one in own if one["id"] == str(head["id"]))
    assert "phone" in refused(neighbour("left", phone=number))["0"]  # he judges the documents
    assert "phone" in refused(neighbour("left"), neighbour("front", phone=PHONES["left"]))["1"]
    assert "position" in refused(neighbour("left"), neighbour("left", phone=PHONES["back"]))["1"]
    assert "position" in refused(neighbour("roof", phone=PHONES["left"]))["0"]
    assert "position" in refused({"name": "Tukiman", "phone": PHONES["left"]})["0"]
    assert "name" in refused({"position": "left"})["0"]
    assert "absent" in refused({"position": "left", "absent": True}, role="officer")["0"]
    assert not verification.rows(
        "SELECT 1 FROM task WHERE application_id = %s AND kind = 'statement'", [UUID(case["application_id"])]
    )
    good = {"witnesses": [neighbour("left")]}
    for _ in range(2):  # the same again changes nothing
        assert verification.call("POST", path, "rt_head", who=HEAD, json=good).status_code == 200
    assert "position" in refused(neighbour("left", phone=PHONES["back"]))["0"]
    assert "phone" in refused(neighbour("right", phone=PHONES["left"]))["0"]
    assert len(verification.rows(
        "SELECT 1 FROM task WHERE application_id = %s AND kind = 'statement'", [UUID(case["application_id"])]
    )) == 1  # fmt: skip


def test_neighbours_whom_the_applicant_named_are_asked_at_once(verification: InProcess) -> None:
    proposed = [
        {"position": "left", "name": "Tetangga left", "phone": PHONES["left"]},
        {"position": "front", "name": "Pak Slamet", "phone": HELPER["phone"]},  # he helps
        {"position": "roof", "name": "Siapa", "phone": PHONES["back"]},
        {"position": "right", "name": "Nomor salah", "phone": "rumah"},
        {"position": "back", "name": "Tanpa HP", "phone": ""},  # an officer goes there
    ]
    case = received(verification, proposed=proposed)
    shown = verification.call("GET", attestation(verification, case), "officer").get_json()
    assert [(one["position"], one["state"]) for one in shown["witnesses"]] == [("left", "asked"), ("back", "asked")]
    assert [one["code"] for one in shown["positions"] if one["open"]] == ["front", "right"]
    assert [one["phone"] is None for one in shown["witnesses"]] == [False, True]
    assert answers(verification, case, "left", "confirm").status_code == 200


def test_an_officer_has_somebody_asked_in_any_case_and_records_what_he_was_told(verification: InProcess) -> None:
    case = received(verification, service="KK")
    path = attestation(verification, case)
    sent = {"witnesses": [{"relation": "Tetangga depan", "name": "Mbah Karto"}]}
    assert verification.call("POST", f"{path}/witnesses", "officer", json=sent).status_code == 200
    task = statement(verification, case, None)
    assert not [
        one for one in told_of(verification, "message.requested", application_id=case["application_id"])
        if one["template"] == "statement_request"
    ]  # fmt: skip
    assert judges(verification, case).get_json()["outcome"] == "judged"
    own = f"/v1/tasks/{task['id']}"
    assert verification.call("POST", f"{own}/decision", "rt_head", who=HEAD, json={"decision": "confirm"}).status_code \
        == 404  # fmt: skip
    assert verification.call("GET", own, "rt_head", who=HEAD).status_code == 404
    assert verification.call("POST", f"{own}/decision", "officer", json={"decision": "confirm"}).status_code == 200
    assert outcomes(verification, case) == [("passed", None)]
    shown = verification.call("GET", own, "officer").get_json()
    assert (shown["witness"]["name"], shown["answers"][0]["said_by"]) == ("Mbah Karto", "officer")


def test_what_an_rt_head_is_asked_an_officer_does_not_answer(verification: InProcess) -> None:
    case = received(verification, service="KK")
    sent = {"verdicts": [said(case["files"][0])]}
    path = f"{attestation(verification, case)}/decision"
    assert verification.call("POST", path, "officer", json=sent).status_code == 403
    assert verification.call("POST", path, "rt_head", who=HEAD, json=sent).status_code == 200


def test_neighbours_are_asked_only_while_the_case_is_verified(verification: InProcess) -> None:
    case = received(verification, service="KK")
    path = f"{attestation(verification, case)}/witnesses"
    tell(verification, case, "returned")
    sent = {"witnesses": [neighbour("left", position=None, relation="Sebelah")]}
    late = verification.call("POST", path, "officer", json=sent)
    assert (late.status_code, late.get_json()["type"].rpartition(":")[2]) == (409, "witnesses-not-wanted")


def test_doubt_about_a_document_fails_at_once_whatever_neighbours_say(verification: InProcess) -> None:
    case = received(verification)
    named = [neighbour("left"), neighbour("front"), *({"position": side, "absent": True} for side in ("back", "right"))]
    judges(verification, case, "doubtful", witnesses=named)
    assert outcomes(verification, case) == [("failed", "doubtful")]
    for side in ("left", "front"):
        answers(verification, case, side, "confirm")
    assert outcomes(verification, case) == [("failed", "doubtful")]


def test_who_does_not_answer_is_reminded_once_and_then_counts_as_silent_and_a_late_answer_still_counts(
    verification: InProcess,
) -> None:
    case = asked(verification, "left", "front")
    answers(verification, case, "left", "confirm")
    verification.clock.at = at("2026-09-08T09:59")
    reminding.remind_due(verification.deps)
    verification.clock.at = at("2026-09-08T10:00")
    reminding.remind_due(verification.deps)
    sent = [
        one["template"] for one in told_of(verification, "message.requested", application_id=case["application_id"])
        if one["template"].startswith("statement")
    ]  # fmt: skip
    assert sorted(sent) == ["statement_reminder", "statement_request", "statement_request"]
    assert outcomes(verification, case) == []
    verification.clock.at = at("2026-09-08T14:00")
    reminding.remind_due(verification.deps)
    assert statement(verification, case, "front")["outcome"] == "no_answer"
    assert outcomes(verification, case) == [("failed", "quorum")]
    assert answers(verification, case, "front", "confirm").status_code == 200
    assert outcomes(verification, case)[-1] == ("passed", None)


def test_what_was_said_stands_in_the_next_round_and_who_was_silent_can_be_replaced(verification: InProcess) -> None:
    case = asked(verification, "left", "front")
    answers(verification, case, "left", "confirm")
    tell(verification, case, "returned")
    fresh = case | {"files": [a_file("KTP")], "received_at": at("2026-09-07T11:00").isoformat()}
    verification.clock.at = at("2026-09-07T11:00")
    tell(verification, fresh, "received")
    [*_, newest] = verification.rows(
        "SELECT id FROM task WHERE application_id = %s AND kind = 'attestation' ORDER BY id",
        [UUID(case["application_id"])],
    )
    shown = verification.call("GET", f"/v1/tasks/{newest['id']}", "officer").get_json()
    assert [one["code"] for one in shown["positions"] if one["open"]] == ["front"]
    sent = {"verdicts": [said(fresh["files"][0])], "witnesses": [neighbour("front", phone="0812 0000 0949")]}
    path = f"/v1/tasks/{newest['id']}/decision"
    assert verification.call("POST", path, "rt_head", who=HEAD, json=sent).get_json()["outcome"] == "judged"


def test_two_neighbours_who_answer_at_one_instant_are_both_counted(verification: InProcess) -> None:
    for _ in range(5):
        case = asked(verification, "left", "front")
        with ThreadPoolExecutor(2) as pool:
            said_both = list(pool.map(lambda side: answers(verification, case, side, "confirm"), ("left", "front")))  # noqa: B023
        assert [one.status_code for one in said_both] == [200, 200]
        assert outcomes(verification, case) == [("passed", None)]


def test_an_unknown_link_of_a_neighbour_is_404_and_reading_uses_nothing_up(verification: InProcess) -> None:
    case = asked(verification, "left", "front")
    path = link_of(verification, case, "left")
    for _ in range(3):  # previews fetch it
        assert verification.call("GET", path).get_json()["outcome"] is None
    assert verification.call("GET", f"/v1/links/{uuid4().hex}").status_code == 404
    for more in ("originals", "witnesses"):
        body = {"file_ids": [str(uuid4())]} if more == "originals" else {"witnesses": [neighbour("back")]}
        assert verification.call("POST", f"{path}/{more}", json=body).status_code == 404
    verification.clock.at = at("2026-10-08T09:01")
    assert verification.call("GET", path).status_code == 404


def test_who_had_not_answered_before_a_return_is_asked_again_in_the_next_round(verification: InProcess) -> None:
    proposed = [{"position": "left", "name": "Tetangga left", "phone": PHONES["left"]}]
    case = received(verification, proposed=proposed)
    tell(verification, case, "returned")
    verification.clock.at = at("2026-09-07T11:00")
    fresh = case | {"files": [a_file("KTP")], "received_at": verification.clock.now().isoformat()}
    tell(verification, fresh, "received", proposed)
    assert statement(verification, case, "left")["status"] == "open"
    [*_, newest] = verification.rows(
        "SELECT id FROM task WHERE application_id = %s AND kind = 'attestation' ORDER BY id",
        [UUID(case["application_id"])],
    )
    rest = [{"position": side, "absent": True} for side in SIDES if side != "left"]
    sent = {"verdicts": [said(fresh["files"][0])], "witnesses": rest}
    path = f"/v1/tasks/{newest['id']}/decision"
    assert verification.call("POST", path, "rt_head", who=HEAD, json=sent).status_code == 200


def test_a_neighbour_whom_the_applicant_names_anew_for_a_side_that_declined_is_asked(verification: InProcess) -> None:
    case = asked(verification, "left", "front")
    answers(verification, case, "left", "decline")
    answers(verification, case, "front", "decline")
    tell(verification, case, "returned")
    verification.clock.at = at("2026-09-07T11:00")
    fresh = case | {"files": [a_file("KTP")], "received_at": verification.clock.now().isoformat()}
    tell(verification, fresh, "received", [
        {"position": "left", "name": "Orang lain", "phone": "0812 0000 0951"},
        {"position": "back", "name": "Rumah kosong", "phone": "0812 0000 0952"},  # nobody lives there, as the head said
    ])  # fmt: skip
    assert statement(verification, case, "left")["status"] == "open"
    assert statement(verification, case, "back")["outcome"] == "absent"


def test_what_neighbours_said_shows_in_nothing_that_the_head_sees(verification: InProcess) -> None:
    case = asked(verification, "left", "front")
    answers(verification, case, "left", "object", note="Bising")
    path = attestation(verification, case)
    assert verification.call("GET", path, "rt_head", who=HEAD).json["reason"] is None
    assert verification.call("GET", path, "officer").json["reason"] == "objection"


def test_an_attestation_of_an_earlier_round_is_not_touched_any_more(verification: InProcess) -> None:
    case = asked(verification, "left", "front")
    old = attestation(verification, case)
    tell(verification, case, "returned")
    verification.clock.at = at("2026-09-07T11:00")
    fresh = case | {"files": [a_file("KTP")], "received_at": verification.clock.now().isoformat()}
    tell(verification, fresh, "received")
    sent = {"witnesses": [{"relation": "Ketua pengajian", "name": "Bu Haji"}]}
    late = verification.call("POST", f"{old}/witnesses", "officer", json=sent)
    assert (late.status_code, late.json["type"]) == (409, "urn:problem:witnesses-not-wanted")
