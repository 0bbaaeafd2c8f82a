"""What happened to a complaint, and what follows from it: its state is what its entries make, one by one, and nothing
else. An entry's `data` say what was decided and what was computed then (dates), so that replaying needs no calendar."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from intake.domain.complaints.states import ANSWERED, CHECKED, CLOSED, FILED, SATISFIED, WAITING


@dataclass(frozen=True)
class By:
    """Who made a change: as what, and which account where it is staff."""

    role: str
    staff: str | None = None


SYSTEM = By("system")


@dataclass(frozen=True)
class Entry:
    """One change. `words` are what somebody wrote with it."""

    number: int
    at: datetime
    change: str
    by: By
    data: Mapping[str, Any] = field(default_factory=dict)
    words: str | None = None


@dataclass(frozen=True)
class State:
    """A complaint after its entries. `clock_from` is when the clock that runs now began, `pauses` when it rested;
    `reopen_until` until when it may be reopened."""

    kind: str
    about: str
    confidentiality: str
    channel: str
    filed_at: datetime
    changed_at: datetime
    clock_from: datetime
    level: str
    status: str = FILED
    application_id: str | None = None
    service: str | None = None
    step: str | None = None
    about_staff: str | None = None
    assigned_to: str | None = None
    complaint_class: str | None = None
    pauses: tuple[tuple[datetime, datetime | None], ...] = ()
    check_due_at: datetime | None = None
    checked_at: datetime | None = None
    answer_due_at: datetime | None = None
    answered_at: datetime | None = None
    closes_at: datetime | None = None
    reopen_until: datetime | None = None
    closed_at: datetime | None = None
    result: str | None = None
    reopened: int = 0
    version: int = 1

    @property
    def due_at(self) -> datetime | None:
        """By when it is the office's turn to act; None while it is not."""
        if self.status == FILED:
            return self.check_due_at
        return self.answer_due_at if self.status == CHECKED else None

    @property
    def ordered_at(self) -> datetime:
        """Its place in a queue: when it is due, or closes, or was closed."""
        return self.due_at or self.closes_at or self.changed_at


class BadHistory(ValueError):
    """Entries that do not follow each other."""


def begun(entry: Entry) -> State:
    """The state after the first entry."""
    said = entry.data
    plain = ("kind", "about", "confidentiality", "channel", "level", "application_id", "service", "step")
    return State(
        filed_at=entry.at, changed_at=entry.at, clock_from=entry.at, **{name: said[name] for name in plain},
        **_dates(entry),
    )  # fmt: skip


def after(state: State, entry: Entry) -> State:
    """The state after one more entry. Raises BadHistory."""
    if entry.number != state.version + 1 or entry.change not in _AFTER:
        raise BadHistory(f"{entry.change} {entry.number} after {state.version}")
    there = replace(_AFTER[entry.change](state, entry), changed_at=entry.at, version=entry.number, **_dates(entry))
    return replace(there, reopen_until=there.closes_at) if there.status == ANSWERED else there


def replayed(entries: Iterable[Entry]) -> State:
    """The state that all entries make, oldest first. Raises BadHistory."""
    state: State | None = None
    for entry in entries:
        state = begun(entry) if state is None else after(state, entry)
    if state is None:
        raise BadHistory("no entries")
    return state


def _checked(state: State, entry: Entry) -> State:
    return replace(
        _reclassed(state, entry), status=CHECKED, checked_at=entry.at, clock_from=entry.at, pauses=()
    )  # fmt: skip


def _assigned(state: State, entry: Entry) -> State:
    return _with(state, entry, "assigned_to")


def _more_requested(state: State, entry: Entry) -> State:
    return replace(state, status=WAITING, pauses=(*state.pauses, (entry.at, None)))


def _supplied(state: State, entry: Entry) -> State:
    if state.status != WAITING:
        return state
    pauses = (*state.pauses[:-1], (state.pauses[-1][0], entry.at))
    return replace(_back(state), pauses=pauses)


def _answered(state: State, entry: Entry) -> State:
    return replace(state, status=ANSWERED, answered_at=entry.at)


def _satisfied(state: State, entry: Entry) -> State:
    return replace(
        state, status=CLOSED, closed_at=entry.at, result=SATISFIED, closes_at=None, reopen_until=None
    )  # fmt: skip


def _reopened(state: State, entry: Entry) -> State:
    return replace(
        _back(state), clock_from=entry.at, pauses=(), answered_at=None, closed_at=None, result=None,
        reopen_until=None, reopened=state.reopened + 1,
    )  # fmt: skip


def _reclassed(state: State, entry: Entry) -> State:
    return _with(state, entry, "complaint_class", "about", "about_staff", "level", "assigned_to")


def _escalated(state: State, entry: Entry) -> State:
    return _with(state, entry, "level")


def _rescheduled(state: State, _entry: Entry) -> State:
    return state


def _closed(state: State, entry: Entry) -> State:
    return replace(
        state, status=CLOSED, closed_at=entry.at, result=entry.data["result"], closes_at=None,
        reopen_until=_moment(entry.data.get("reopen_until")),
    )  # fmt: skip


_AFTER: Mapping[str, Callable[[State, Entry], State]] = {
    "checked": _checked,
    "assigned": _assigned,
    "more_requested": _more_requested,
    "supplied": _supplied,
    "answered": _answered,
    "satisfied": _satisfied,
    "reopened": _reopened,
    "reclassed": _reclassed,
    "escalated": _escalated,
    "rescheduled": _rescheduled,
    "closed": _closed,
}


def _back(state: State) -> State:
    """With the office again, where it was."""
    return replace(state, status=FILED if state.checked_at is None else CHECKED)


def _with(state: State, entry: Entry, *names: str) -> State:
    """What of these the entry says."""
    said: dict[str, Any] = {name: entry.data[name] for name in names if name in entry.data}
    return replace(state, **said)


def _dates(entry: Entry) -> dict[str, Any]:
    """The dates that the entry says anew."""
    names = ("check_due_at", "answer_due_at", "closes_at")
    return {name: _moment(entry.data[name]) for name in names if name in entry.data}


def _moment(said: str | None) -> datetime | None:
    return datetime.fromisoformat(said) if said else None
