"""The rules of a case: who may do what from where, what is missing, whose turn it is."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.catalogue import shipped_catalogue
from intake.domain import consent, people
from intake.domain.applications import (
    CHANGES,
    ENDED,
    STATUSES,
    TRANSITIONS,
    TURNS,
    NotAllowedNow,
    actions_for,
    agenda_number,
    check_change,
    missing_fields,
    requirement_states,
    transition,
    waiting_for,
)
from intake.domain.case import Actor, Application
from intake.domain.races import ARRIVALS, RACES, Outcome, outcome_of

TODAY = date(2026, 8, 14)
ROLES = ("owner", "officer", "lurah", "verification", "documents", "system")
SOPS = {sop["service"]: sop for sop in shipped_catalogue()}


def target(action: str, status: str, role: str) -> str | None:
    try:
        return transition(action, status, {role}).target
    except NotAllowedNow:
        return None


ALLOWED = {
    ("submit", "draft", "owner"): "submitted",
    ("submit", "draft", "officer"): "submitted",
    ("receive", "submitted", "officer"): "received",
    ("return", "submitted", "officer"): "returned",
    ("return", "received", "officer"): "returned",
    ("resubmit", "returned", "owner"): "submitted",
    ("resubmit", "returned", "officer"): "submitted",
    ("ask-original", "received", "verification"): "returned",
    ("show-original", "returned", "officer"): "received",
    ("show-original", "returned", "verification"): "received",
    ("verify", "received", "verification"): "verified",
    ("override-attestation", "received", "officer"): "verified",
    ("produce", "verified", "documents"): "issued",
    ("void-letter", "issued", "documents"): "verified",
    ("hand-over", "issued", "documents"): "completed",
    ("expire", "draft", "system"): "expired",
    ("expire", "returned", "system"): "expired",
} | {
    ("reject", status, "officer"): "rejected" for status in ("submitted", "returned", "received", "verified")
} | {
    ("withdraw", status, role): "withdrawn"
    for status in ("draft", "submitted", "returned", "received", "verified")
    for role in ("owner", "officer")
}  # fmt: skip


def test_the_whole_table_of_transitions() -> None:
    actions = {step.action for step in TRANSITIONS}
    found = {
        (action, status, role): moved
        for action, status, role in itertools.product(actions, STATUSES, ROLES)
        if (moved := target(action, status, role)) is not None
    }
    assert found == ALLOWED


def test_what_has_ended_stays_ended() -> None:
    for status in ENDED:
        assert not actions_for(status, ROLES, introduction="none", verification="failed", complete=True)
        assert not [change for change in CHANGES if status in change.sources]


def test_each_transition_has_its_event() -> None:
    assert {step.event for step in TRANSITIONS} == {
        f"application.{name}"
        for name in (
            "submitted", "received", "returned", "resubmitted", "verified", "issued", "completed", "rejected",
            "withdrawn", "expired",
        )
    }  # fmt: skip


def test_a_refused_action_names_the_status() -> None:
    with pytest.raises(NotAllowedNow) as refused:
        transition("receive", "verified", {"officer"})
    assert refused.value.more == {"status_of_case": "verified"}


@pytest.mark.parametrize(
    ("status", "role", "allowed"),
    [
        ("draft", "owner", True),
        ("returned", "owner", True),
        ("submitted", "owner", False),
        ("submitted", "officer", True),
        ("verified", "officer", True),
        ("issued", "officer", False),
        ("draft", "lurah", False),
    ],
)
def test_who_corrects(status: str, role: str, allowed: bool) -> None:
    if allowed:
        check_change("edit", status, {role})
        return
    with pytest.raises(NotAllowedNow):
        check_change("edit", status, {role})


def offered(status: str, *roles: str, **more: Any) -> set[str]:
    state: dict[str, Any] = {"introduction": "none", "verification": "none", "complete": True}
    return set(actions_for(status, roles, **(state | more)))


def test_what_is_offered() -> None:
    assert offered("draft", "owner") == {"submit", "withdraw", "edit", "request-introduction", "add-file"}
    assert "submit" not in offered("draft", "owner", complete=False)
    assert "resubmit" not in offered("returned", "owner", complete=False)
    assert "request-introduction" not in offered("draft", "owner", introduction="requested")
    assert "waive-introduction" in offered("draft", "officer", introduction="requested")
    assert "waive-introduction" not in offered("draft", "officer", introduction="granted")
    assert offered("submitted", "officer") == {
        "receive", "return", "reject", "withdraw", "edit", "waive-introduction", "waive-requirement"
    }  # fmt: skip
    assert "override-attestation" not in offered("received", "officer")
    assert "override-attestation" in offered("received", "officer", verification="failed")
    assert offered("received", "lurah") == set()


@given(st.sampled_from(STATUSES), st.sets(st.sampled_from(ROLES)), st.booleans())
def test_what_is_offered_is_allowed(status: str, roles: set[str], complete: bool) -> None:
    for action in offered(status, *roles, complete=complete, verification="failed"):
        if any(step.action == action for step in TRANSITIONS):
            transition(action, status, roles)
        else:
            check_change(action, status, roles)


def test_a_token_cannot_name_a_service_or_the_owner() -> None:
    actor = Actor.towards("x", frozenset({"owner", "verification", "system", "applicant"}), case_of("somebody-else"))
    assert actor.roles == frozenset()
    assert Actor.towards("x", frozenset({"officer"}), case_of("x")).roles == {"officer", "owner", "resident"}


HELPER = {"name": "Nur'aini", "phone": "+6281271000072", "relation": "tetangga"}


def case_of(owner: str, **more: Any) -> Application:
    now = datetime(2026, 8, 14, 2, 0, tzinfo=UTC)
    person = more.pop("person", {})
    return Application(
        id=UUID(int=1), kelurahan="16.71.10.1001", tracking_code="", service="KK", sop_version=1, reason=None,
        status="draft", channel="http", owner=owner, rw="005", rt="023", person_id=UUID(int=2), person=person,
        opened_at=now, changed_at=now, **more,
    )  # fmt: skip


def test_a_helper_holds_the_case_until_the_consent_is_revoked_and_is_never_the_resident() -> None:
    helped = case_of("nur", helper="nur", person={"helper": HELPER})
    assert Actor.towards("nur", frozenset(), helped).roles == {"owner", "helper"}
    assert Actor.towards("nur", frozenset(), helped).word == "helper"
    helped.resident = "rohana"
    assert helped.held_by("rohana") == {"owner", "resident"}
    helped.consent = "revoked"
    assert helped.held_by("nur") == frozenset()
    assert helped.held_by("rohana") == {"owner", "resident"}


def test_consent_is_missing_from_a_helpers_case_only_and_a_paper_counts_while_it_is_there() -> None:
    helped: dict[str, Any] = {"helper": HELPER}
    assert consent.missing("none", helped, ()) == ["CONSENT"]
    assert consent.missing("none", {}, ()) == []
    assert consent.missing("none", helped, ("SURAT_PERSETUJUAN",)) == []
    assert consent.standing("none", helped, ("SURAT_PERSETUJUAN",)) == "signed_photo"
    assert consent.missing("in_person", helped, ()) == []
    consent.end_help(helped | {"applicant": {"name": "Rohana"}})
    ended = {"helper": HELPER | {"revoked": True}}
    assert consent.missing("revoked", ended, ()) == []


# --- what is missing -----------------------------------------------------------------------------------


def states(service: str, reason: str | None, introduction: str = "none", **files: str) -> dict[str, str]:
    found = requirement_states(SOPS[service], reason, {}, files, introduction)
    return {state.code: state.state for state in found}


def test_requirements_by_reason() -> None:
    assert states("KTP", "new") == {
        "PENGANTAR_RT": "missing", "KK": "missing", "KTP_LAMA": "not_needed", "SURAT_KEHILANGAN": "not_needed",
        "SKP": "not_needed", "PAS_FOTO": "missing",
    }  # fmt: skip
    assert states("KTP", "lost")["SURAT_KEHILANGAN"] == "missing"
    assert states("KTP", "moved_in")["SKP"] == "missing"
    assert states("KTP", "damaged")["KTP_LAMA"] == "missing"


def test_an_introduction_on_paper_on_the_phone_or_waived() -> None:
    assert states("KTP", "new", KK="1")["KK"] == "present"
    assert states("KTP", "new", PENGANTAR_RT="1")["PENGANTAR_RT"] == "present"
    assert states("KTP", "new", "granted")["PENGANTAR_RT"] == "present"
    assert states("KTP", "new", "waived")["PENGANTAR_RT"] == "waived"
    assert states("KTP", "new", "requested")["PENGANTAR_RT"] == "missing"


def test_fields_by_reason() -> None:
    assert missing_fields(SOPS["KK"], "lost", {}) == ["kk_number"]
    assert missing_fields(SOPS["KK"], "lost", {"kk_number": "1671101204080017"}) == []
    assert missing_fields(SOPS["KK"], "new", {"family_members": []}) == ["family_members"]


@pytest.mark.parametrize(
    ("status", "more", "turn"),
    [
        ("draft", {}, "applicant"),
        ("draft", {"introduction": "requested"}, "rt_head"),
        ("draft", {"introduction": "requested", "unanswered": True}, "officer"),
        ("draft", {"introduction": "requested", "missing": ["PENGANTAR_RT", "KK"]}, "applicant"),
        ("submitted", {}, "officer"),
        ("returned", {}, "applicant"),
        ("received", {"verification": "witnesses"}, "witness"),
        ("received", {}, "rt_head"),
        ("received", {"verification": "failed"}, "officer"),
        ("verified", {}, "lurah"),
        ("verified", {"sent_back": True}, "officer"),
        ("issued", {}, "officer"),
        ("completed", {}, None),
        ("rejected", {}, None),
    ],
)
def test_whose_turn_it_is(status: str, more: dict[str, Any], turn: str | None) -> None:
    assert waiting_for(status, **({"introduction": "none", "verification": "none"} | more)) == turn


def test_the_table_of_turns_is_what_the_rule_says() -> None:
    """Every status × introduction × verification × sent back × answered; `missing` is known of one case only."""
    found: dict[str, set[str]] = {turn: set() for turn in TURNS}
    for status, introduction, verification, sent_back, unanswered in itertools.product(
        STATUSES,
        ("none", "requested", "granted"),
        ("none", "asked", "witnesses", "failed"),
        (False, True),
        (False, True),
    ):
        turn = waiting_for(
            status, introduction=introduction, verification=verification, sent_back=sent_back, unanswered=unanswered
        )
        if turn is not None:
            found[turn].add(status)
    assert found == {turn: set(statuses) for turn, statuses in TURNS.items()}


def test_agenda_numbers() -> None:
    assert agenda_number(7, 2026) == "0007/2026"
    assert agenda_number(12345, 2026) == "12345/2026"


# --- races ---------------------------------------------------------------------------------------------


def test_the_named_races_are_the_table() -> None:
    assert len({race.name for race in RACES}) == len(RACES)
    for race in RACES:
        if race.event in ARRIVALS:
            assert outcome_of(race.event, race.status) is race.outcome, race.name


def test_only_an_open_case_is_moved() -> None:
    for event, status in itertools.product(ARRIVALS, ENDED):
        assert outcome_of(event, status) in (Outcome.NOTE, Outcome.KEEP)


def test_what_moves_has_a_transition() -> None:
    moving = {
        "verification.passed": ("verify", "verification"),
        "original.seen": ("show-original", "verification"),
        "production.done": ("produce", "documents"),
        "letter.voided": ("void-letter", "documents"),
        "handover.done": ("hand-over", "documents"),
    }
    for event, by_status in ARRIVALS.items():
        for status, outcome in by_status.items():
            if outcome is Outcome.MOVE:
                action, role = moving[event]
                assert target(action, status, role)


# --- people --------------------------------------------------------------------------------------------


def person(**more: Any) -> dict[str, Any]:
    applicant = {"name": "Rohana", "nik": "1671105503550001", "rt": "RT.23", "rw": "5", "birth_date": date(1955, 3, 15)}
    return {"applicant": applicant | more, "contact": {"name": "Nur'aini", "phone": "0812-7100-0072"}}


def test_a_person_as_kept() -> None:
    kept = people.accept(person(religion=None), TODAY)
    assert kept == {
        "applicant": {
            "name": "Rohana", "nik": "1671105503550001", "rt": "023", "rw": "005", "birth_date": "1955-03-15"
        },
        "contact": {"name": "Nur'aini", "phone": "+6281271000072"},
    }  # fmt: skip
    assert people.accept(kept, TODAY) == kept


def test_all_that_is_wrong_is_named_at_once() -> None:
    sent = person(nik="1", kk_number="2", rt="x", rw="y", birth_date=date(2030, 1, 1))
    sent["contact"]["phone"] = "0711 355000"
    with pytest.raises(people.NotAccepted) as refused:
        people.accept(sent, TODAY)
    errors = refused.value.errors
    assert errors is not None
    assert set(errors["json"]["applicant"]) == {"nik", "kk_number", "rt", "rw", "birth_date"}
    assert set(errors["json"]["contact"]) == {"phone"}


@pytest.mark.parametrize("text", ["0812-7100-0072", "+62 812 7100 0072", "0062 81271000072", " 6281271000072"])
def test_phones(text: str) -> None:
    assert people.normalise_phone(text) == "+6281271000072"


@pytest.mark.parametrize("text", ["", "0711355000", "+62 711 355000", "12", "nomor", "+62" + "8" * 20])
def test_what_is_no_mobile_number(text: str) -> None:
    with pytest.raises(ValueError, match="phone"):
        people.normalise_phone(text)


def test_warnings_are_no_errors() -> None:
    applicant = people.accept(person(sex="L", birth_date=date(1956, 3, 15)), TODAY)["applicant"]
    found = people.warnings(applicant, TODAY, "16.71.10.1001")
    assert set(found) == {"nik-birth-date-differs", "nik-sex-differs"}
    assert people.warnings({"name": "Rohana"}, TODAY, "16.71.10.1001") == []
    elsewhere = people.warnings({"nik": "3174105503550001"}, TODAY, "16.71.10.1001")
    assert elsewhere == ["nik-region-elsewhere"]
