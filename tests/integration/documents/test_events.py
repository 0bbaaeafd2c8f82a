"""What documents hears, in any order and more than once."""

from __future__ import annotations

from datetime import date

import pytest

from contracts import EVENTS
from documents.app import SERVICE, after_migrate
from documents.usecases import drafting
from kit.errors import Retryable
from kit.ids import new_id
from tests.integration.documents import story
from tests.integration.documents.story import Case
from tests.support.services import InProcess
from tests.support.tokens import BUKIT_SANGKAL


def test_documents_handles_exactly_what_the_list_says() -> None:
    assert set(SERVICE.handlers) == {event.type for event in EVENTS.values() if "documents" in event.consumers}


def test_a_case_whose_sop_is_not_known_yet_waits(desk: InProcess) -> None:
    case = Case(desk)
    case.status = "verified"
    with pytest.raises(Retryable):
        desk.feed("application.verified", case.state(sop_version=2), subject=case.id, sequence=1)
    assert desk.rows("SELECT 1 FROM application WHERE id = %s", [case.id]) == []


def test_an_event_delivered_twice_has_one_effect(desk: InProcess) -> None:
    case = Case(desk)
    case.status = "verified"
    event = desk.make_event("application.verified", case.state(), subject=case.id)
    assert desk.apply(event) and not desk.apply(event)
    desk.work()
    assert len(case.letters()) == 2


def test_an_introduction_granted_twice_is_one_letter_and_a_late_request_changes_nothing(desk: InProcess) -> None:
    introduction_id = new_id()
    story.grant(desk, introduction_id=introduction_id)
    story.grant(desk, introduction_id=introduction_id)
    requested = {
        "introduction_id": str(introduction_id), "application_id": str(new_id()), "kelurahan": BUKIT_SANGKAL,
        "rw": "005", "rt": "023", "service": "KK", "purpose": "x", "tracking_code": "BS-7K3M",
        "requested_at": desk.clock.now().isoformat(), "owner": "applicant-1", "person": {"applicant": story.ROHANA},
    }  # fmt: skip
    desk.feed("introduction.requested", requested, subject=introduction_id)
    desk.work()
    issued = [one for one in desk.told("letter.issued") if one["data"]["introduction_id"] == introduction_id]
    assert len(issued) == 1 and issued[0]["data"]["person"]["name"] == "Rohana"


def test_the_introductions_date_is_the_day_it_was_granted_in_the_offices_zone(desk: InProcess) -> None:
    introduction_id = new_id()
    story.grant(
        desk,
        introduction_id=introduction_id,
        rt="057",
        granted_at="2026-12-31T18:30:00+00:00",
        valid_until="2027-01-31",
    )
    desk.work()
    (told,) = [one["data"] for one in desk.told("letter.issued") if one["data"]["introduction_id"] == introduction_id]
    assert told["number"] == "001/RT.057/RW.005/I/2027" and told["dated"] == date(2027, 1, 1)


def test_a_person_known_by_name_only_is_introduced_all_the_same(desk: InProcess) -> None:
    introduction_id = new_id()
    person = {"applicant": {"name": "Cek Mat"}, "contact": story.CONTACT, "rt_head": {"name": "Marzuki HS"}}
    story.grant(desk, introduction_id=introduction_id, person=person)
    desk.work()
    assert [one for one in desk.told("letter.issued") if one["data"]["introduction_id"] == introduction_id]


def test_the_head_is_found_among_the_officeholders_when_the_grant_does_not_name_him(desk: InProcess) -> None:
    officeholder_id, introduction_id = new_id(), new_id()
    head = {
        "officeholder_id": str(officeholder_id), "kelurahan": BUKIT_SANGKAL, "rw": "005", "rt": "023",
        "role": "rt_head", "from_date": "2026-01-01", "person": {"name": "Kemas Abdullah", "phone": "+6281200000001"},
    }  # fmt: skip
    desk.feed("officeholder.changed", head, subject=officeholder_id)
    person = {"applicant": story.ROHANA, "contact": story.CONTACT}
    story.grant(desk, introduction_id=introduction_id, officeholder_id=str(officeholder_id), person=person)
    desk.work()
    (row,) = desk.rows("SELECT person_id FROM letter WHERE introduction_id = %s", [introduction_id])
    (sealed,) = desk.rows("SELECT sealed FROM people WHERE id = %s", [row["person_id"]])
    assert desk.deps.data_keys.open(sealed["sealed"], f"person:{row['person_id']}")["head"] == "Kemas Abdullah"


def test_an_introduction_that_comes_after_the_draft_is_named_in_a_new_one(desk: InProcess) -> None:
    case = Case(desk).verified()
    without = case.letter()
    case.grant()
    desk.work()
    draft = case.letter()
    assert draft["status"] == "drafted" and draft["preview_sha256"] != without["preview_sha256"]
    assert case.decide(without).status_code == 409 and case.decide(draft).status_code == 200


def test_an_offices_change_draws_open_drafts_up_again(desk: InProcess) -> None:
    case = Case(desk).verified()
    before = case.letter()
    story.office(desk)
    assert case.letter() == before, "the same state told again changes nothing"
    official = story.OFFICE["officials"][0] | {"name": "Drs. H. Zainal Arifin"}
    story.office(desk, officials=[official])
    desk.work()
    assert case.letter()["preview_sha256"] != before["preview_sha256"]
    story.office(desk)
    desk.work()
    assert case.letter()["preview_sha256"] == before["preview_sha256"]


def test_a_new_layout_draws_open_drafts_up_again(desk: InProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    case = Case(desk).verified()
    before = case.letter()
    after_migrate(desk.deps)
    assert case.letter() == before
    monkeypatch.setattr("documents.app.template_version", lambda _kind: "another")
    monkeypatch.setattr(drafting, "template_version", lambda _kind: "another")
    after_migrate(desk.deps)
    assert case.letter()["status"] == "drafting"
    desk.work()
    assert case.letter()["preview_sha256"] != before["preview_sha256"]


def test_a_name_that_no_font_prints_is_said_and_can_be_mended(desk: InProcess) -> None:
    case = Case(desk, applicant=story.ROHANA | {"name": "Rohana \U0001f98b"}).verified(work=False)
    from kit import jobs
    from kit.errors import Permanent

    while (job := jobs.claim(desk.deps.db, desk.service.jobs)) is not None:
        kind = desk.service.jobs[job.kind]
        try:
            kind.work(desk.deps, job)
        except Permanent as error:
            assert kind.give_up is not None
            with desk.deps.db.transaction(job.tenant) as tx:
                jobs.set_aside(tx, job, error.reason)
                kind.give_up(desk.deps, tx, job, error.reason)
    letter = case.letter()
    assert letter["status"] == "drafting" and letter["problem"] == "no font prints U+1F98B"
    case.applicant = story.ROHANA
    case.tell("changed")
    desk.work()
    assert case.letter()["status"] == "drafted" and case.letter()["problem"] is None


def test_the_rest_is_kept_and_older_states_are_not(desk: InProcess) -> None:
    one = new_id()
    state = {"neighbourhood_id": str(one), "kelurahan": BUKIT_SANGKAL, "rw": "005", "rt": "023", "headed": True}
    desk.feed("neighbourhood.changed", state, subject=one, sequence=5)
    desk.feed("neighbourhood.changed", state | {"headed": False}, subject=one, sequence=4)
    assert desk.rows("SELECT headed FROM neighbourhood WHERE id = %s", [one]) == [{"headed": True}]
    result = {
        "task_id": str(one), "application_id": str(new_id()), "kelurahan": BUKIT_SANGKAL, "rw": "005",
        "rt": "023",
        "decided_at": desk.clock.now().isoformat(), "officeholder_id": str(new_id()), "verdicts": [],
    }  # fmt: skip
    desk.feed("verification.failed", result | {"reason": "doubtful"}, subject=one)
    assert desk.rows("SELECT outcome, reason FROM verification WHERE task_id = %s", [one]) == [
        {"outcome": "failed", "reason": "doubtful"}
    ]
    desk.feed("clock.changed", {"offset_seconds": 60, "changed_at": desk.clock.now().isoformat()}, subject="clock")
    assert desk.rows("SELECT offset_seconds FROM clock") == [{"offset_seconds": 60.0}]


@pytest.mark.parametrize(
    ("service", "kinds"),
    [("KK", {"kk_introduction", "f102"}), ("KTP", {"ktp_introduction", "f102"}), ("NIKAH", {"n1", "n2"}),
     ("SITU", {"business_place"})],
)  # fmt: skip
def test_every_service_of_the_catalogue_has_its_letters(desk: InProcess, service: str, kinds: set[str]) -> None:
    case = Case(desk, service).issued()
    assert {one["kind"] for one in case.letters()} == kinds and {one["status"] for one in case.letters()} == {"issued"}
    assert len(case.told("production.done")) == 1
