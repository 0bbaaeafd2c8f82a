"""Reports for whoever reads them: a month of an office for those who may see it, and the offices of a kecamatan or
city side by side."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from contracts.reach import reach_of
from intake.deps import Deps
from intake.domain import figures as rules
from intake.domain.accounts import is_office
from intake.domain.applications import STEPS
from intake.domain.errors import NoSuchMonth, NotYours
from intake.known import Office
from intake.store import applications, offices
from intake.store import figures as store
from intake.usecases import requests, surveys
from intake.usecases.offices import office, place_name, within, zone_of
from kit.auth import Caller
from kit.db import EVERY_TENANT, Row, Tx

READERS = ("officer", "lurah", "administrator", "camat", "city")
MONTHS = 12
"""So many months make a trend."""
MOST_LATE = 200


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
    """A month of an office that is the caller's, or below his kecamatan or city, with what is late at this moment and
    with whom. Raises NotYours, OfficeUnknown."""
    _check(who, kelurahan)
    with deps.db.transaction(kelurahan) as tx:
        found = office(deps, tx, kelurahan)
        late = late_now(deps, tx, found)
        return month_of(found, first, store.month(tx, kelurahan, first)) | {
            "late_now": counted(late), "late": late[:MOST_LATE], "requests": requests.figures(deps, tx),
        }  # fmt: skip


def month_of(found: Office, first: date, row: Row | None) -> dict[str, Any]:
    """An office's month as it was counted last, whole."""
    data = rules.whole(row and row["data"])
    return {
        "kelurahan": found.code,
        "month": f"{first:%Y-%m}",
        "computed_at": row["computed_at"].astimezone(found.zone) if row else None,
        "introduction_target_days": found.introduction_days,
        "total": data["total"],
        "services": [{"service": code} | part for code, part in data["services"].items()],
    }


def late_now(deps: Deps, tx: Tx, found: Office) -> list[dict[str, Any]]:
    """What is late at this moment and with whom, the longest first; one more than is shown. No person's data."""
    rows = applications.late(tx, deps.clock.now(), MOST_LATE + 1)
    return [_late(row, found) for row in rows]


def counted(late: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """{cases, more, with: {turn: cases}} of these."""
    by_turn = Counter(line["with"] for line in late[:MOST_LATE])
    return {"cases": min(len(late), MOST_LATE), "more": len(late) > MOST_LATE, "with": dict(by_turn)}


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
        "trend": trend(rows, first), "this_month": today.replace(day=1),
    }  # fmt: skip


def this_month(deps: Deps, who: Caller) -> date:
    """The month that it is at the caller's office; of a kecamatan or city, at its first."""
    return deps.clock.now().astimezone(zone_of(deps, who.tenant)).date().replace(day=1)


def side_by_side(deps: Deps, who: Caller, first: date) -> dict[str, Any]:
    """The offices that somebody reads in a month: {month, offices: [{kelurahan, name, kecamatan, total, trend,
    survey, late_now}], trend, late, place, this_month}; `trend` of all of them together, `late` the longest first."""
    with deps.db.transaction(EVERY_TENANT) as tx:
        found = within(deps, tx, reach_of(who))
        codes = [one.code for one in found]
        rows = store.months(tx, codes, moved(first, 1 - MONTHS), first)
        late = applications.late_by_office(tx, codes, deps.clock.now())
        longest = applications.late_within(tx, codes, deps.clock.now(), MOST_LATE)
        surveyed = surveys.side_by_side(tx, {one.code: one.today(deps.clock.now()) for one in found}, first)
    of_office: dict[str, list[Row]] = {code: [] for code in codes}
    for row in rows:
        of_office[row["kelurahan"]].append(row)
    shown = []
    for one in found:
        months = trend(of_office[one.code], first)
        shown.append({
            "kelurahan": one.code, "name": one.data["name"], "kecamatan": one.data["kecamatan"], "trend": months,
            "total": months[-1]["total"], "survey": surveyed[one.code], "late_now": late.get(one.code, {}),
        })  # fmt: skip
    named = {one.code: one for one in found}
    return {
        "month": f"{first:%Y-%m}",
        "late": [{"office": named[row["kelurahan"]].data["name"]} | _late(row, named[row["kelurahan"]])
                 for row in longest],
        "offices": shown,
        "trend": _summed([one["trend"] for one in shown]),
        "place": place_name(deps, who.tenant),
        "this_month": this_month(deps, who),
    }  # fmt: skip


def _check(who: Caller, kelurahan: str) -> None:
    """Raises NotYours."""
    if not reach_of(who).covers(kelurahan) or not is_office(kelurahan):
        raise NotYours(kelurahan)


def _late(row: Row, found: Office) -> dict[str, Any]:
    return row | {"step": STEPS[row["status"]], "promised_at": row["promised_at"].astimezone(found.zone)}


def trend(rows: Sequence[Row], last: date) -> list[dict[str, Any]]:
    """[{month, total}] of the months up to `last`; of one in which nothing happened as well."""
    known = {row["month"]: row["data"] for row in rows}
    months = [moved(last, back) for back in range(1 - MONTHS, 1)]
    return [{"month": one, "total": rules.whole(known.get(one))["total"]} for one in months]


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
