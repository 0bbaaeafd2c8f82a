"""A complaint as it is kept: its state, and who filed it, who is no part of its history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from contracts.calendar import OfficeCalendar
from intake.domain.complaints.clock import dates_of, next_at
from intake.domain.complaints.history import By, Entry, State, after
from intake.domain.complaints.states import (
    ANSWERED,
    CLOSED,
    FILER,
    TRANSITIONS,
    WAITING,
    NotNow,
    TooLateToReopen,
)

ANONYMOUS, CONFIDENTIAL = "anonymous", "confidential"


@dataclass
class Complaint:
    """One complaint, wish or question. `owner` is the login that filed it, `person` his name and how he is reached:
    neither where it is anonymous."""

    id: UUID
    kelurahan: str
    ticket: str
    state: State
    owner: str | None = None
    person_id: UUID | None = None
    secret_hash: bytes | None = None
    person: dict[str, Any] = field(default_factory=dict)
    next_at: datetime | None = None
    erased_at: datetime | None = None

    def change(
        self, calendar: OfficeCalendar, action: str, at: datetime, by: By, data: Mapping[str, Any], words: str | None
    ) -> Entry:
        """Does what the table allows, with the dates that follow, and returns the entry that says so. Raises NotNow,
        TooLateToReopen."""
        check(self.state, action, at)
        number, change = self.state.version + 1, TRANSITIONS[action].change
        said = plain(data)
        there = after(self.state, Entry(number, at, change, by, said))
        entry = Entry(number, at, change, by, said | moved(calendar, there), words)
        self.state = after(self.state, entry)
        self.next_at = next_at(calendar, self.state)
        return entry


def check(state: State, action: str, at: datetime) -> None:
    """Whether this can be done from here, by then: what closes by itself is over for whoever filed it once its time
    is, whether that was done yet or not. Raises NotNow, TooLateToReopen."""
    if state.status not in TRANSITIONS[action].sources:
        raise NotNow(action, state.status)
    if action != "reopen" and TRANSITIONS[action].by == FILER and _is_over(state, at):
        raise NotNow(action, state.status)
    if action == "reopen":
        if state.status == CLOSED and state.reopen_until is None:
            raise NotNow(action, state.status)
        if state.reopen_until is None or at > state.reopen_until:
            raise TooLateToReopen


def actions_for(state: State, by: str, at: datetime) -> list[str]:
    """What may be done now by somebody who stands to it so (`states.FILER`, `HANDLER`)."""
    found = [name for name, rule in TRANSITIONS.items() if rule.by == by and state.status in rule.sources]
    if by == FILER and _is_over(state, at):
        return []
    if "reopen" in found and (state.reopen_until is None or at > state.reopen_until):
        found.remove("reopen")
    return found


def _is_over(state: State, at: datetime) -> bool:
    return state.status in (WAITING, ANSWERED) and state.closes_at is not None and at > state.closes_at


def moved(calendar: OfficeCalendar, state: State) -> dict[str, Any]:
    """The dates of this state that are others than it has."""
    dates = dates_of(calendar, state)
    return plain({name: at for name, at in dates.items() if getattr(state, name) != at})


def plain(data: Mapping[str, Any]) -> dict[str, Any]:
    """As JSON keeps it: moments as text."""
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in data.items()}
