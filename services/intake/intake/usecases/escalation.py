"""Deadlines that come near or are missed are told in time, each level once, each case by itself."""

from __future__ import annotations

from datetime import UTC, datetime
from heapq import heapify, heappop, heappush
from uuid import UUID

import structlog

from contracts.telling import tell
from intake.deps import Deps
from intake.domain.case import Actor, Application
from intake.domain.escalation import Notice, next_notice
from intake.store import applications as store
from intake.store import timeline
from intake.usecases.offices import office
from kit.db import EVERY_TENANT, Tx
from kit.problems import Unavailable

BATCH = 200
_NEVER = datetime.max.replace(tzinfo=UTC)
_SYSTEM = Actor(frozenset(), "system")

Due = tuple[datetime, UUID]

log = structlog.get_logger()


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
    return next_notice(calendar, app.status, deadlines, app.warned_at) if app.warned_at else None


def tell_due(deps: Deps) -> int:
    """Says what is due in all offices, in the order of time; how much. A case that fails is left for the next round
    and holds up nobody."""
    told, after = 0, None
    while True:
        with deps.db.transaction(EVERY_TENANT) as tx:
            due = store.due_for_warning(tx, deps.clock.now(), after, BATCH)
        if not due:
            return told
        after = due[-1]
        told += _tell_in_order(deps, due)


def _tell_in_order(deps: Deps, due: list[Due]) -> int:
    """After a jump of the clock a case may have several things to say, and another one's come between them."""
    told = 0
    heapify(due)
    while due:
        _, application_id = heappop(due)
        again = _tell_one(deps, application_id)
        if again is not None:
            told += 1
            if again <= deps.clock.now():
                heappush(due, (again, application_id))
    return told


def _tell_one(deps: Deps, application_id: UUID) -> datetime | None:
    try:
        with deps.db.transaction(EVERY_TENANT) as tx:
            return warn(deps, tx, application_id)
    except Unavailable:
        raise
    except Exception:  # whatever it is, the next case has its turn
        log.exception("a deadline was not told", application=str(application_id))
        return None


def warn(deps: Deps, tx: Tx, application_id: UUID) -> datetime | None:
    """Says the next thing that is due for this case, stamped with the time at which it was due. When the one after
    it is due; None when nothing was said, because another process did or the case has moved on."""
    app = store.lock_unless_busy(tx, deps.data_keys, application_id)
    if app is None or app.next_warning_at is None or app.next_warning_at > deps.clock.now():
        return None
    found = _next(deps, tx, app)
    said = found is not None and found.at <= deps.clock.now()
    if found is not None and said:
        _say(deps, tx, app, found)
        app.warned_at = found.at
    _set_next(deps, tx, app)
    store.save_warning(tx, app)
    return (app.next_warning_at or _NEVER) if said else None


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
