"""What everybody may know of an office: the figures of months that are over, and what it issues and needs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from intake.deps import Deps
from intake.domain import publishing as rules
from intake.domain.errors import MonthNotOver
from intake.store import figures as store
from intake.store import offices
from intake.usecases import surveys
from intake.usecases.offices import office
from intake.usecases.reports import month_of, moved
from kit.db import Row

MONTHS = 12
"""So many months make a trend."""


def last_month(deps: Deps, kelurahan: str) -> date:
    """The first day of the last month that is over there. Raises OfficeUnknown."""
    with deps.db.transaction(kelurahan) as tx:
        return moved(office(deps, tx, kelurahan).today(deps.clock.now()), -1)


def of_month(deps: Deps, kelurahan: str, first: date) -> dict[str, Any]:
    """An office's month for everybody, with the twelve up to it, each service, and the survey of that month, or where
    that tells nothing of the year before. What is late at this moment is not among it: it changes with each case.
    Raises OfficeUnknown, MonthNotOver."""
    with deps.db.transaction(kelurahan) as tx:
        found = office(deps, tx, kelurahan)
        today = found.today(deps.clock.now())
        if moved(first, 1) > today:
            raise MonthNotOver(moved(first, 1))
        rows = store.months(tx, [kelurahan], moved(first, 1 - MONTHS), first)
        row = store.month(tx, kelurahan, first)
        services = offices.catalogue(tx, kelurahan, today)
        survey = surveys.index_of(deps, tx, kelurahan, f"{first:%Y-%m}", public=True)
        if not survey["total"]["enough"]:
            survey = surveys.index_of(deps, tx, kelurahan, str(first.year - 1), public=True)
    offered = [one["service"] for one in services]
    data = rules.published(row and row["data"], offered)
    sops = {one["service"]: one for one in services}
    return month_of(found, first, row) | {
        "name": found.data["name"],
        "total": data["total"],
        "services": [
            {"service": code, "offered": _offered(sops.get(code))} | part
            for code, part in sorted(data["services"].items())
        ],
        "trend": _trend(rows, first, offered),
        "survey": survey,
        "last_month": moved(today, -1),
    }


def _offered(sop: dict[str, Any] | None) -> dict[str, Any] | None:
    """What is published of a service: what it gives, needs, costs, and within how many days. None: it is offered no
    more."""
    if sop is None:
        return None
    return {name: sop[name] for name in ("name", "days", "product", "cost", "next_step")} | {
        "requirements": [one["name"] for one in sop["requirements"]]
    }


def _trend(rows: Sequence[Row], last: date, offered: Sequence[str]) -> list[dict[str, Any]]:
    """[{month, submitted, completed, on_time}] of the office as a whole, as its own page tells of each month."""
    known = {row["month"]: row["data"] for row in rows}
    months = [moved(last, back) for back in range(1 - MONTHS, 1)]
    return [
        {"month": one}
        | {name: part for name, part in rules.published(known.get(one), offered)["total"].items()
           if name in ("submitted", "completed", "on_time")}
        for one in months
    ]  # fmt: skip
