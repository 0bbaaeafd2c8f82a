"""Figures of an office: a line in the transaction in which something happens, counted by month a moment later."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from intake.deps import Deps
from intake.domain import figures as rules
from intake.domain.case import Application
from intake.domain.measuring import Course, Line, Terms
from intake.store import figures as store
from intake.usecases.offices import sop, terms
from kit.db import EVERY_TENANT, Tx
from kit.due import each_by_itself


def note_move(deps: Deps, tx: Tx, app: Application, target: str, at: datetime) -> None:
    """The case leaves its status for `target` (it is not there yet): the step's time, and what has happened."""
    known = terms(deps, tx, app.kelurahan, at, app.office_version)
    days = sop(deps, tx, app.kelurahan, app.service, app.sop_version)["days"]
    course = _course(app)
    put_lines(tx, app.kelurahan, app.id, app.service, known, course.move(known.calendar, days, target, at))
    app.spent, app.status_since = course.spent, course.since


def note_answer(deps: Deps, tx: Tx, app: Application, at: datetime) -> None:
    """The RT head answered the request for the introduction."""
    known = terms(deps, tx, app.kelurahan, at, app.office_version)
    course = _course(app)
    lines = course.answer(known.calendar, known.introduction_days, at)
    put_lines(tx, app.kelurahan, app.id, app.service, known, lines)
    app.introduction_requested_at = course.asked_at


def note_complaint(deps: Deps, tx: Tx, facts: rules.ComplaintFacts) -> None:
    """A complaint as it stands after a change, in that change's transaction; the same again is no news."""
    known = terms(deps, tx, facts.kelurahan, facts.filed_at)
    put_lines(tx, facts.kelurahan, facts.complaint_id, facts.service, known, facts.lines())


def put_lines(tx: Tx, kelurahan: str, subject_id: UUID, service: str | None, known: Terms, lines: list[Line]) -> None:
    """Each in the month, office time, in which it happened."""
    for line in lines:
        store.put(tx, kelurahan, subject_id, service, line, month_of(known, line.at) if line.at else None)


def month_of(known: Terms, at: datetime) -> date:
    """The first day of the month that it is at the office."""
    return known.calendar.local_date(at).replace(day=1)


def _course(app: Application) -> Course:
    return Course(
        app.status, app.status_since or app.changed_at, app.spent, app.submitted_at, app.rests,
        app.introduction_requested_at,
    )  # fmt: skip


def roll_up(deps: Deps) -> int:
    """Counts the months in which something happened, in every office; how many."""
    with deps.db.transaction(EVERY_TENANT) as tx:
        months = store.uncounted(tx)
    for row in months:
        about = {"kelurahan": row["kelurahan"], "month": str(row["month"])}
        with each_by_itself("a month was not counted", **about):
            count_month(deps, row["kelurahan"], row["month"])
    return len(months)


def count_month(deps: Deps, kelurahan: str, month: date) -> None:
    """Counts a month of an office as its lines stand."""
    with deps.db.transaction(kelurahan) as tx:
        data = rules.month_of(store.count(tx, kelurahan, month))
        store.put_month(tx, kelurahan, month, data, deps.clock.now())
