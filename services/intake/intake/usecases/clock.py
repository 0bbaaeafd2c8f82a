"""The business clock of a system for trying: moved forward by an administrator, never back, never in production."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any

from contracts.telling import tell
from intake.deps import Deps
from intake.domain.errors import ClockBackwards, ClockFixed
from intake.store import clock as store
from kit import clock
from kit.db import EVERY_TENANT, Tx


def put_clock(deps: Deps, tx: Tx, now: datetime, by: str | None) -> dict[str, Any]:
    """Moves the clock to `now`. Raises ClockFixed in production, ClockBackwards."""
    if deps.settings.production:
        raise ClockFixed
    current = store.lock_offset(tx)
    offset = now - datetime.now(UTC)
    if offset < timedelta(seconds=current):
        raise ClockBackwards
    _set(deps, tx, offset, now, by)
    return {"now": now, "offset_seconds": offset.total_seconds()}


def start_clock(deps: Deps, tx: Tx) -> None:
    """Sets the clock of a stack that was never used to its CLOCK_START, which may lie in the past."""
    wanted = deps.settings.clock_start
    if wanted is None:
        return
    if store.never_used(tx):
        start = datetime.fromisoformat(wanted)
        _set(deps, tx, start - datetime.now(UTC), start, None)


def tell_clock(deps: Deps, tx: Tx, by: str | None = None) -> None:
    """How far the clock is ahead, told to all."""
    offset = timedelta(seconds=store.lock_offset(tx))
    _tell(deps, tx, offset, datetime.now(UTC) + offset, by)


def _set(deps: Deps, tx: Tx, offset: timedelta, now: datetime, by: str | None) -> None:
    clock.set_offset(tx, offset)
    _tell(deps, tx, offset, now, by)


def _tell(deps: Deps, tx: Tx, offset: timedelta, now: datetime, by: str | None) -> None:
    tell(
        tx, deps.event_keys, "clock.changed", subject="clock", tenant=EVERY_TENANT, time=now,
        data={"offset_seconds": offset.total_seconds(), "changed_at": now, "changed_by": by},
    )  # fmt: skip


def shown(deps: Deps) -> dict[str, Any]:
    """What the clock shows in this process."""
    now = deps.clock.now()
    return {"now": now, "offset_seconds": round((now - datetime.now(UTC)).total_seconds(), 3)}


def follow(deps: Deps, offset_seconds: float, *, within: float = 2) -> None:
    """Waits until this process's clock shows the offset that it will read from the database, so that whoever moved
    the clock finds it moved."""
    if not isinstance(deps.clock, clock.FollowingClock):
        return
    ends = time.monotonic() + within
    while time.monotonic() < ends and abs(shown(deps)["offset_seconds"] - offset_seconds) > 1:
        time.sleep(0.02)
