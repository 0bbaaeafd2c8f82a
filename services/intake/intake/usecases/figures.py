"""Figures of an office: a line in the transaction in which something happens, counted by month a moment later."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from intake.deps import Deps
from intake.domain import figures as rules
from intake.domain.applications import STEPS
from intake.domain.case import Application
from intake.domain.hours import closing_after, working_time
from intake.store import applications
from intake.store import figures as store
from intake.usecases import requests
from intake.usecases.offices import office
from kit.db import EVERY_TENANT, Tx
from kit.due import each_by_itself

MOST_LATE = 200


def note_move(deps: Deps, tx: Tx, app: Application, target: str, at: datetime) -> None:
    """The case leaves its status for `target` (it is not there yet): the step's time, and what has happened."""
    step = STEPS.get(app.status)
    if step is not None:
        calendar = office(deps, tx, app.kelurahan, app.office_version).calendar
        minutes = working_time(calendar, app.status_since or app.changed_at, at).total_seconds() / 60
        app.spent = app.spent | {step: app.spent.get(step, 0) + round(minutes)}
        if rules.ENDED_BY.get(target) == step:
            _line(deps, tx, app, step, at, minutes=app.spent[step])
    if app.status == "draft" and target == "submitted":
        _line(deps, tx, app, rules.SUBMITTED, at)
    if target == "issued" and app.promised_at is not None:
        _line(deps, tx, app, rules.PROMISE, at, met=at <= app.promised_at)
    if target in rules.ENDS:
        _line(deps, tx, app, target, at)
    app.status_since = at


def note_answer(deps: Deps, tx: Tx, app: Application, at: datetime) -> None:
    """The RT head answered the request for the introduction."""
    asked_at = app.introduction_requested_at
    if asked_at is None:
        return
    found = office(deps, tx, app.kelurahan, app.office_version)
    target = closing_after(found.calendar, asked_at, target_days(found.data))
    minutes = round(working_time(found.calendar, asked_at, at).total_seconds() / 60)
    _line(deps, tx, app, rules.INTRODUCTION, at, minutes=minutes, met=target is None or at <= target)
    app.introduction_requested_at = None


def target_days(data: dict[str, Any]) -> int:
    """Working days in which an RT head is to answer: published, and in the reports."""
    return int((data.get("targets") or {}).get("introduction_days", rules.TARGET_DAYS))


def _line(
    deps: Deps, tx: Tx, app: Application, what: str, at: datetime, minutes: int | None = None, met: bool | None = None
) -> None:
    day = office(deps, tx, app.kelurahan, app.office_version).today(at)
    store.add(tx, app.kelurahan, app.id, app.service, what, day.replace(day=1), minutes, met)


def roll_up(deps: Deps) -> int:
    """Counts the months in which something happened, in every office; how many."""
    with deps.db.transaction(EVERY_TENANT) as tx:
        months = store.uncounted(tx)
    for row in months:
        about = {"kelurahan": row["kelurahan"], "month": str(row["month"])}
        with each_by_itself("a month was not counted", **about), deps.db.transaction(row["kelurahan"]) as tx:
            data = rules.month_of(store.count(tx, row["kelurahan"], row["month"]))
            store.put_month(tx, row["kelurahan"], row["month"], data, deps.clock.now())
    return len(months)


def report(deps: Deps, tx: Tx, kelurahan: str, first: date, *, public: bool) -> dict[str, Any]:
    """A month of an office. For everybody without what few cases stand behind, and without codes of cases.
    Raises OfficeUnknown."""
    found = office(deps, tx, kelurahan)
    row = store.month(tx, kelurahan, first)
    data = row["data"] if row else rules.month_of([])
    show = rules.published if public else dict
    show_turns = rules.enough_of if public else dict
    late = _late(deps, tx, found.zone)
    by_turn = Counter(line["with"] for line in late[:MOST_LATE])
    return {
        "kelurahan": kelurahan,
        "month": f"{first:%Y-%m}",
        "computed_at": row["computed_at"].astimezone(found.zone) if row else None,
        "introduction_target_days": target_days(found.data),
        "total": show(data["total"]),
        "services": [{"service": code} | show(part) for code, part in data["services"].items()],
        "late_now": None
        if public and len(late) < rules.FEWEST
        else {"cases": min(len(late), MOST_LATE), "more": len(late) > MOST_LATE, "with": show_turns(by_turn)},
        "late": [] if public else late[:MOST_LATE],
        "requests": [] if public else requests.figures(deps, tx),
    }


def _late(deps: Deps, tx: Tx, zone: ZoneInfo) -> list[dict[str, Any]]:
    """What is late at this moment and with whom, the longest first; one more than is shown. No person's data."""
    rows = applications.late(tx, deps.clock.now(), MOST_LATE + 1)
    return [row | {"step": STEPS[row["status"]], "promised_at": row["promised_at"].astimezone(zone)} for row in rows]
