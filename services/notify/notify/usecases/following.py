"""Reading the public feed: behind a position, in order, of the offices that a caller may see."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from contracts.reach import Reach, reach_of
from kit.auth import Caller
from kit.db import Tx
from notify.deps import Deps
from notify.domain import feed as rules
from notify.domain.errors import PositionGone, PositionUnknown
from notify.store import feed as store


@dataclass(frozen=True)
class Asked:
    """What of the feed is wanted: `types` as `domain.feed.types_of` has them."""

    after: int
    most: int
    types: Sequence[str]
    reach: Reach


@dataclass(frozen=True)
class Found:
    """Events, and the position behind which reading goes on; `newest` is the last one of all."""

    rows: list[rules.Row]
    goes_on: int
    newest: int


def asked_for(who: Caller, query: dict[str, Any]) -> Asked:
    """What a caller asks for, where he may. Raises OutOfReach."""
    reach = reach_of(who).narrowed(query["kelurahan"])
    return Asked(query["after"], query["limit"], rules.types_of(query["types"]), reach)


def follow(deps: Deps, who: Caller, asked: Asked, wait: float) -> Found:
    """Events behind a position. Where there are none, waits for some: at most `wait` seconds, and without a database
    connection. Raises PositionGone, PositionUnknown."""
    ends = time.monotonic() + wait
    position = asked.after
    while True:
        found = _look(deps, who, asked, position)
        position = found.goes_on
        left = ends - time.monotonic()
        if found.rows or left <= 0:
            return found
        if position >= found.newest and not deps.waiting.until(position, left):
            return found


def _look(deps: Deps, who: Caller, asked: Asked, position: int) -> Found:
    """Row-level security lets through what is the caller's, or below his kecamatan or city."""
    with deps.db.transaction(who.tenant) as tx:
        newest = store.newest(tx)
        rows = store.after(tx, position, most=asked.most, types=asked.types, under=asked.reach.under)
        _check(position, positions(tx), lost=store.is_lost(tx, position))
    return Found(rows, rules.reached(position, newest, rows, asked.most), newest)


def _check(position: int, ends: dict[str, int], *, lost: bool) -> None:
    """By the ends as they are after the events were read: old ones may have gone meanwhile. Raises PositionGone,
    PositionUnknown."""
    if lost or position > ends["newest"]:
        raise PositionUnknown(more=ends)
    if position < ends["oldest"] - 1:
        raise PositionGone(more=ends)


def positions(tx: Tx) -> dict[str, int]:
    """The oldest position that is kept and the newest."""
    return {"oldest": store.oldest(tx), "newest": store.newest(tx)}
