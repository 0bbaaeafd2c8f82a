"""Complaints: how long they take, who handles them, what may be done from where, and that their entries make them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts import complaining as contract
from contracts.calendar import OfficeCalendar
from intake.domain.complaints import tickets
from intake.domain.complaints.classes import CLASSES_OF, LAPOR, WORKING_DAYS
from intake.domain.complaints.clock import dates_of, next_at, next_escalation
from intake.domain.complaints.complaint import Complaint, actions_for, plain
from intake.domain.complaints.filing import check_place, person_of
from intake.domain.complaints.handling import acts_as, first_level, handlers, listed_for
from intake.domain.complaints.history import SYSTEM, BadHistory, By, Entry, State, after, begun, replayed
from intake.domain.complaints.states import FILER, HANDLER, OF_OFFICE, OPEN, TRANSITIONS, NotNow, TooLateToReopen
from intake.domain.identity import IdentityError, normalise_tracking_code
from intake.known import Office
from intake.offices import shipped_office
from kit.problems import Unprocessable

BUKIT_SANGKAL = Office.from_data(dict(shipped_office("16.71.10.1001")), 1, datetime(2026, 1, 1, tzinfo=UTC))
CALENDAR = BUKIT_SANGKAL.calendar
WHO, OFFICER = By("filer"), By("officer", "yanti")


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}:00+07:00").astimezone(UTC)


def local(moment: datetime | None) -> str | None:
    return moment.astimezone(BUKIT_SANGKAL.zone).strftime("%m-%d %H:%M") if moment else None


FRIDAY = at("2026-08-14T09:00")  # Monday 17 is a holiday


class History:
    """A complaint, and all its entries."""

    def __init__(self, kind: str = "complaint", about: str = "office", filed_at: datetime = FRIDAY) -> None:
        data = {
            "kind": kind, "about": about, "confidentiality": "open", "channel": "http", "level": first_level(about),
            "application_id": None, "service": None, "step": None,
        }  # fmt: skip
        there = begun(Entry(1, filed_at, "filed", WHO, data))
        self.entries = [Entry(1, filed_at, "filed", WHO, data | plain(dates_of(CALENDAR, there)), "Kata")]
        state = begun(self.entries[0])
        self.complaint = Complaint(uuid4(), "16.71.10.1001", "ADU", state, next_at=next_at(CALENDAR, state))

    @property
    def state(self) -> State:
        return self.complaint.state

    def do(self, action: str, when: datetime, by: By = OFFICER, **data: Any) -> State:
        self.entries.append(self.complaint.change(CALENDAR, action, when, by, data, None))
        return self.state

    def tick(self, until: datetime) -> None:
        """What happens by itself up to then."""
        while self.complaint.next_at is not None and self.complaint.next_at <= until:
            found = next_escalation(CALENDAR, self.state)
            if found:
                self.do("escalate", found[0], SYSTEM, level=found[1])
            else:
                self.do("end", self.complaint.next_at, SYSTEM, result="silent")


def checked(complaint_class: str = "complaint", **more: Any) -> History:
    made = History(**more)
    made.do("check", FRIDAY, complaint_class=complaint_class)
    return made


# --- the clock --------------------------------------------------------------------------------------------------------


def test_it_is_checked_within_three_working_days() -> None:
    assert local(History().state.due_at) == "08-19 16:00"  # Fri 14, Tue 18, Wed 19
    assert local(History(filed_at=at("2026-08-14T16:30")).state.due_at) == "08-20 16:00"  # after closing: from Tuesday


@pytest.mark.parametrize(
    ("kind", "complaint_class", "days", "due"),
    [
        ("question", "request", 5, "08-21 16:30"), ("wish", "request", 5, "08-21 16:30"),
        ("complaint", "complaint", 14, "09-04 16:30"), ("complaint", "supervisory", 60, "11-09 16:00"),
        ("question", "light", 2, "08-18 16:00"),
    ],
)  # fmt: skip
def test_each_class_has_its_working_days_from_the_check(kind: str, complaint_class: str, days: int, due: str) -> None:
    assert WORKING_DAYS[complaint_class] == days
    assert local(checked(complaint_class, kind=kind).state.due_at) == due


def test_while_more_is_asked_for_its_time_rests() -> None:
    made = checked("light")
    waiting = made.do("ask", at("2026-08-14T10:00"))
    assert (waiting.status, waiting.due_at) == ("waiting", None)
    assert local(waiting.closes_at) == "09-01 16:00"  # the tenth working day after; Tuesday 25 is a holiday
    back = made.do("supply", at("2026-08-19T10:00"), WHO)
    assert (back.status, local(back.due_at), back.closes_at) == ("checked", "08-20 16:00", None)  # moved by Fri, Tue


def test_what_was_asked_before_the_check_comes_back_to_be_checked() -> None:
    made = History()
    made.do("ask", at("2026-08-14T10:00"))
    back = made.do("supply", at("2026-08-18T10:00"), WHO)
    assert (back.status, local(back.due_at)) == ("filed", "08-20 16:00")


def test_what_is_supplied_unasked_moves_nothing() -> None:
    made = checked()
    before = made.state.due_at
    assert made.do("supply", at("2026-08-18T10:00"), WHO).due_at == before


def test_ten_silent_working_days_close_it_and_not_an_instant_before() -> None:
    made = checked()
    closes_at = made.do("ask", at("2026-08-14T10:00")).closes_at
    assert closes_at is not None
    made.tick(closes_at - timedelta(seconds=1))
    assert made.state.status == "waiting"
    made.tick(closes_at)
    assert (made.state.status, made.state.result, made.state.closed_at) == ("closed", "silent", closes_at)


def test_an_answer_can_be_objected_to_for_ten_working_days() -> None:
    made = checked()
    until = made.do("answer", at("2026-08-18T10:00")).reopen_until
    assert local(until) == "09-02 16:00"
    assert until is not None
    again = made.do("reopen", until, WHO)
    assert (again.status, again.reopened, again.answered_at) == ("checked", 1, None)
    assert again.due_at is not None and again.due_at > until  # a time of its own


def test_after_that_it_cannot_be_reopened() -> None:
    made = checked()
    until = made.do("answer", at("2026-08-18T10:00")).reopen_until
    assert until is not None
    with pytest.raises(TooLateToReopen):
        made.do("reopen", until + timedelta(seconds=1), WHO)
    assert "reopen" not in actions_for(made.state, FILER, until + timedelta(seconds=1))
    assert "reopen" in actions_for(made.state, FILER, until)


def test_what_the_office_closes_can_be_objected_to_and_what_the_filer_closed_cannot() -> None:
    for action, by, data in (("close", OFFICER, {"result": "duplicate", "reopen_until": at("2026-08-28T16:00")}),
                             ("withdraw", WHO, {"result": "withdrawn"})):  # fmt: skip
        made = checked()
        made.do(action, at("2026-08-18T10:00"), by, **data)
        assert ("reopen" in actions_for(made.state, FILER, at("2026-08-19T10:00"))) is (action == "close")
    with pytest.raises(NotNow):
        made.do("reopen", at("2026-08-19T10:00"), WHO)


# --- it goes up -------------------------------------------------------------------------------------------------------


def ups(made: History) -> list[tuple[str, str | None]]:
    return [(one.data["level"], local(one.at)) for one in made.entries if one.change == "escalated"]


def test_late_it_goes_up_to_the_lurah_the_camat_and_the_city_when_the_office_opens() -> None:
    made = History()  # due on Wednesday 19
    made.tick(at("2026-08-20T07:29"))
    assert ups(made) == []
    made.tick(at("2026-09-30T12:00"))
    assert ups(made) == [("lurah", "08-20 07:30"), ("camat", "08-24 07:30"), ("city", "08-27 07:30")]


def test_answered_in_time_it_goes_nowhere() -> None:
    made = checked()
    made.do("answer", at("2026-08-18T10:00"))
    assert next_escalation(CALENDAR, made.state) is None


def test_what_begins_with_the_camat_goes_up_to_the_city_alone() -> None:
    made = History(about="lurah")
    made.tick(at("2026-09-30T12:00"))
    assert ups(made) == [("city", "08-27 07:30")]


def test_what_becomes_late_by_another_class_goes_up_from_then_on_and_not_before() -> None:
    made = checked()
    now = at("2026-08-27T10:00")
    made.do("reclass", now, complaint_class="light")
    made.tick(now)
    assert ups(made) == [("lurah", "08-27 10:00"), ("camat", "08-27 10:00"), ("city", "08-27 10:00")]


# --- who handles it ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("about", "level", "roles"),
    [
        ("office", "office", {"officer", "lurah"}), ("officer", "office", {"lurah"}), ("rt_head", "office", {"lurah"}),
        ("rw_head", "office", {"lurah"}), ("lurah", "camat", {"camat"}), ("camat", "city", {"city"}),
        ("lurah", "city", {"camat", "city"}), ("office", "camat", {"officer", "lurah", "camat"}),
        ("rt_head", "city", {"lurah", "camat", "city"}),
    ],
)  # fmt: skip
def test_the_person_complained_about_does_not_handle_it(about: str, level: str, roles: set[str]) -> None:
    assert handlers(about, level) == roles


def test_whoever_it_is_about_by_name_does_not_handle_it_whatever_his_role() -> None:
    assert acts_as({"lurah"}, "halimah", "office", "halimah", "office") is None
    assert acts_as({"lurah"}, "another", "office", "halimah", "office") == "lurah"


def test_a_desk_lists_what_it_handles_and_nothing_else() -> None:
    every = [(about, level) for about in contract.ABOUT for level in contract.LEVELS]
    for role in ("officer", "lurah", "camat", "city"):
        assert set(listed_for([role])) == {one for one in every if role in handlers(*one)}
    assert ("lurah", "camat") not in listed_for(["officer", "lurah"])


# --- the table --------------------------------------------------------------------------------------------------------


def test_what_others_are_told_is_what_there_is() -> None:
    assert {rule.change for rule in TRANSITIONS.values()} | {"filed"} == set(contract.CHANGES)
    assert set(CLASSES_OF) == set(LAPOR) == set(contract.KINDS)
    assert set(WORKING_DAYS) == set(contract.CLASSES)
    assert set(OF_OFFICE) < set(contract.RESULTS)
    assert OPEN | {"closed"} == set(contract.STATUSES)


@pytest.mark.parametrize("action", [name for name, rule in TRANSITIONS.items() if "closed" not in rule.sources])
def test_nothing_is_done_to_what_is_closed(action: str) -> None:
    made = checked()
    made.do("withdraw", at("2026-08-18T10:00"), WHO, result="withdrawn")
    before = made.state
    with pytest.raises(NotNow):
        made.do(action, at("2026-08-18T11:00"))
    assert made.state == before


# --- entries make the state -------------------------------------------------------------------------------------------

DONE = st.lists(st.tuples(st.sampled_from(sorted(TRANSITIONS)), st.integers(1, 400), st.integers(0, 3)), max_size=25)
WANTS = {
    "check": lambda n: {"complaint_class": CLASSES_OF["complaint"][n % 3]} | ({"about": "lurah", "level": "camat"}
                                                                             if n == 3 else {}),
    "reclass": lambda n: {"complaint_class": CLASSES_OF["complaint"][n % 3]},
    "assign": lambda n: {"assigned_to": f"staff-{n}"},
    "close": lambda n: {"result": OF_OFFICE[n % 3], "reopen_until": FRIDAY + timedelta(days=60 * n)},
    "withdraw": lambda _n: {"result": "withdrawn"},
    "end": lambda _n: {"result": "silent"},
    "escalate": lambda n: {"level": contract.LEVELS[n]},
}  # fmt: skip


@given(DONE, st.sampled_from(contract.KINDS[:1]), st.sampled_from(contract.ABOUT))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_replaying_the_entries_gives_the_state(done: list[tuple[str, int, int]], kind: str, about: str) -> None:
    made, now, states = History(kind, about), FRIDAY, []
    states.append(made.state)
    for action, hours, n in done:
        now += timedelta(hours=hours)
        try:
            made.do(action, now, **WANTS.get(action, lambda _n: {})(n))
        except (NotNow, TooLateToReopen):
            continue
        states.append(made.state)
    for number in range(1, len(made.entries) + 1):
        assert replayed(made.entries[:number]) == states[number - 1]
    assert [one.number for one in made.entries] == list(range(1, len(made.entries) + 1))


def test_a_missing_entry_is_noticed() -> None:
    made = checked()
    made.do("answer", at("2026-08-18T10:00"))
    with pytest.raises(BadHistory):
        replayed([made.entries[0], made.entries[2]])
    with pytest.raises(BadHistory):
        replayed([])
    with pytest.raises(BadHistory):
        after(made.state, made.entries[-1])


# --- tickets and what is filed ----------------------------------------------------------------------------------------


@given(st.integers(0, 2**128 - 1), st.integers(0, 9))
@settings(max_examples=60)
def test_a_ticket_is_read_as_people_type_it_and_a_slip_is_noticed(bits: int, place: int) -> None:
    ticket, secret = tickets.new_ticket(lambda _n: bits), tickets.new_secret(lambda _n: bits)
    assert tickets.normalise_ticket(f" {ticket.lower().replace('-', ' ')} ") == ticket
    assert tickets.normalise_secret(secret.lower()) == secret
    signs = [sign for sign in ticket.removeprefix("ADU-") if sign != "-"]
    signs[place] = "0" if signs[place] != "0" else "1"
    with pytest.raises(IdentityError):
        tickets.normalise_ticket("ADU-" + "".join(signs))


def test_a_ticket_is_no_tracking_code() -> None:
    with pytest.raises(IdentityError):
        normalise_tracking_code(tickets.new_ticket(lambda _n: 4711))


def test_anonymous_keeps_nobody_and_says_so_to_who_gives_a_name() -> None:
    body = {"confidentiality": "anonymous", "language": "id"}
    assert person_of(body, signed_in=True) == {}
    with pytest.raises(Unprocessable):
        person_of(body | {"phone": "+6281271000072"}, signed_in=False)


def test_who_is_not_anonymous_says_who_he_is_unless_his_login_does() -> None:
    with pytest.raises(Unprocessable):
        person_of({"confidentiality": "open"}, signed_in=False)
    assert person_of({"confidentiality": "confidential", "name": "Rohana"}, signed_in=False)["name"] == "Rohana"
    assert person_of({"confidentiality": "open"}, signed_in=True) == {"language": "id"}


def test_a_step_is_one_of_a_service() -> None:
    assert check_place({"service": "KK", "step": "receive"}, None) == "KK"
    assert check_place({"step": "receive"}, "KTP") == "KTP"
    for wrong in ({"step": "receive"}, {"service": "KK"}):
        with pytest.raises(Unprocessable):
            check_place(wrong, "KTP" if "service" in wrong else None)


def test_handler_and_filer_are_offered_what_the_table_lets_them() -> None:
    made = checked()
    assert actions_for(made.state, HANDLER, FRIDAY) == ["assign", "ask", "answer", "reclass", "close"]
    assert actions_for(made.state, FILER, FRIDAY) == ["supply", "withdraw"]


def test_a_calendar_that_moves_moves_the_dates() -> None:
    made = checked("light")
    data = dict(shipped_office("16.71.10.1001"))
    closed = {"first_day": "2026-08-18", "last_day": "2026-08-18", "name": "Banjir"}
    moved = OfficeCalendar.from_data(data["zone"], data["calendar"] | {"closures": [closed]})
    assert local(dates_of(moved, made.state)["answer_due_at"]) == "08-19 16:00"
