"""Reports for whoever reads them: a month of an office for those who may see it, and the offices of a kecamatan or
city side by side."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from contracts.reach import reach_of
from intake.deps import Deps
from intake.domain import figures as rules
from intake.domain.accounts import is_office
from intake.domain.applications import STEPS
from intake.domain.errors import NoSuchMonth, NotYours
from intake.store import applications, offices
from intake.store import figures as store
from intake.usecases import figures
from intake.usecases.offices import office, place_name, within, zone_of
from kit.auth import Caller
from kit.db import EVERY_TENANT, Row

READERS = ("officer", "lurah", "administrator", "camat", "city")
MONTHS = 12
"""So many months make a trend."""


def first_of(month: str) -> date:
    """The first day of `2026-08`. Raises NoSuchMonth."""
    if not re.match(r"^20[0-9]{2}-(0[1-9]|1[0-2])\Z", month):
        raise NoSuchMonth
    return date.fromisoformat(f"{month}-01")


def moved(first: date, months: int) -> date:
    """The first day of the month so many months later, or earlier."""
    number = first.year * 12 + first.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def of_office(deps: Deps, who: Caller, kelurahan: str, first: date) -> dict[str, Any]:
    """A month of an office that is the caller's, or below his kecamatan or city. Raises NotYours, OfficeUnknown."""
    _check(who, kelurahan)
    with deps.db.transaction(kelurahan) as tx:
        return figures.report(deps, tx, kelurahan, first, public=False)


def around(deps: Deps, who: Caller, kelurahan: str, first: date) -> dict[str, Any]:
    """What stands around that month: {office, services: {code: name}, trend, this_month}. Raises NotYours,
    OfficeUnknown."""
    _check(who, kelurahan)
    now = deps.clock.now()
    with deps.db.transaction(kelurahan) as tx:
        found = office(deps, tx, kelurahan)
        today = found.today(now)
        rows = store.months(tx, [kelurahan], moved(first, 1 - MONTHS), first)
        services = offices.catalogue(tx, kelurahan, today)
    return {
        "office": found.data["name"], "services": {one["service"]: one["name"] for one in services},
        "trend": _trend(rows, first), "this_month": today.replace(day=1),
    }  # fmt: skip


def this_month(deps: Deps, who: Caller) -> date:
    """The month that it is at the caller's office; of a kecamatan or city, at its first."""
    return deps.clock.now().astimezone(zone_of(deps, who.tenant)).date().replace(day=1)


def side_by_side(deps: Deps, who: Caller, first: date) -> dict[str, Any]:
    """The offices below a kecamatan or city in a month: {offices: [{code, name, kecamatan, total, trend, late_now}],
    trend, late, place, this_month}; `trend` of all of them together, `late` the longest first."""
    with deps.db.transaction(EVERY_TENANT) as tx:
        found = within(deps, tx, who.tenant)
        codes = [one.code for one in found]
        rows = store.months(tx, codes, moved(first, 1 - MONTHS), first)
        late = applications.late_by_office(tx, codes, deps.clock.now())
        longest = applications.late_within(tx, codes, deps.clock.now(), figures.MOST_LATE)
    shown = []
    for one in found:
        trend = _trend([row for row in rows if row["kelurahan"] == one.code], first)
        shown.append({
            "code": one.code, "name": one.data["name"], "kecamatan": one.data["kecamatan"], "trend": trend,
            "total": trend[-1]["total"], "late_now": late.get(one.code, {}),
        })  # fmt: skip
    named = {one.code: one for one in found}
    cases = [
        row | {
            "office": named[row["kelurahan"]].data["name"], "step": STEPS[row["status"]],
            "promised_at": row["promised_at"].astimezone(named[row["kelurahan"]].zone),
        }
        for row in longest
    ]  # fmt: skip
    return {
        "late": cases, "offices": shown, "trend": _summed([one["trend"] for one in shown]),
        "place": place_name(deps, who.tenant),
        "this_month": this_month(deps, who),
    }  # fmt: skip


def _check(who: Caller, kelurahan: str) -> None:
    """Raises NotYours."""
    if not reach_of(who).covers(kelurahan) or not is_office(kelurahan):
        raise NotYours(kelurahan)


def _trend(rows: Sequence[Row], last: date) -> list[dict[str, Any]]:
    """[{month, total}] of the months up to `last`; of one in which nothing happened as well."""
    known = {row["month"]: row["data"]["total"] for row in rows}
    months = [moved(last, back) for back in range(1 - MONTHS, 1)]
    return [{"month": one, "total": known.get(one) or rules.month_of([])["total"]} for one in months]


def _summed(trends: Sequence[Sequence[Mapping[str, Any]]]) -> list[dict[str, Any]]:
    """Counts of several offices together: [{month, submitted, completed, on_time: {cases, met}}]."""
    return [
        {
            "month": months[0]["month"],
            **{name: sum(one["total"][name] for one in months) for name in ("submitted", "completed")},
            "on_time": {part: sum(one["total"]["on_time"][part] for one in months) for part in ("cases", "met")},
        }
        for months in zip(*trends, strict=True)
    ]
