"""Deadlines that come near or are missed are told in time, each level once, each case by itself."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from contracts.telling import tell
from intake.deps import Deps
from intake.domain.case import Actor, Application
from intake.domain.escalation import Notice, next_notice
from intake.store import applications as store
from intake.store import timeline
from intake.usecases.offices import office
from kit.db import Tx
from kit.due import NEVER, do_due

_SYSTEM = Actor(frozenset(), "system")


def watch(deps: Deps, tx: Tx, app: Application, since: datetime) -> None:
    """From here on the case's present step is watched; what lies before `since` is not said any more."""
    app.warned_at = since
    _set_next(deps, tx, app)


def watch_again(deps: Deps, tx: Tx, app: Application) -> None:
    """The deadlines moved: what was said already is not said again."""
    if app.warned_at is not None:
        _set_next(deps, tx, app)


def _set_next(deps: Deps, tx: Tx, app: Application) -> None:
    found = _next(deps, tx, app)
    app.next_warning_at = found.at if found else None


def _next(deps: Deps, tx: Tx, app: Application) -> Notice | None:
    calendar = office(deps, tx, app.kelurahan, app.office_version).calendar
    deadlines = [datetime.fromisoformat(moment) if moment else None for moment in app.deadlines]
    return next_notice(calendar, app.status, deadlines, app.warned_at, app.status_since) if app.warned_at else None


def tell_due(deps: Deps) -> int:
    """Says what is due in all offices; how much."""
    return do_due(deps.db, deps.clock, store.due_for_warning, lambda tx, case: warn(deps, tx, case))


def warn(deps: Deps, tx: Tx, application_id: UUID) -> datetime | None:
    """Says the next thing that is due for this case, stamped with the time at which it was due. When the one after
    it is due; None when nothing was, because another process said it or the case has moved on."""
    app = store.lock(tx, deps.data_keys, application_id)
    if app is None or app.next_warning_at is None or app.next_warning_at > deps.clock.now():
        return None
    found = _next(deps, tx, app)
    if found is not None and found.at <= deps.clock.now():  # the calendar may be another than when it was set
        _say(deps, tx, app, found)
        app.warned_at = found.at
    _set_next(deps, tx, app)
    store.save_warning(tx, app)
    return app.next_warning_at or NEVER


def _say(deps: Deps, tx: Tx, app: Application, found: Notice) -> None:
    event = "deadline.missed" if found.missed else "deadline.approaching"
    timeline.add(tx, app, found.at, event.replace(".", "_"), _SYSTEM, f"{found.step}:{found.level}")
    tell(
        tx, deps.event_keys, event, subject=app.id, tenant=app.kelurahan, time=found.at,
        data={
            "application_id": app.id, "tracking_code": app.tracking_code, "kelurahan": app.kelurahan,
            "service": app.service, "step": found.step, "level": found.level, "due_at": found.due_at, "at": found.at,
            "expected_at": found.expected_at,
        },
    )  # fmt: skip
