"""What an officer should know of a case about a wedding: warnings, no errors.

wedding-too-soon           fewer than ten working days are left: the KUA registers that only with leave of the camat
court-dispensation-needed  one of the couple is under 19 on that day
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from contracts.calendar import OfficeCalendar

REGISTERED_BEFORE = 10
"""Working days before the wedding by which it has to be registered (PMA 30/2024)."""

FIELD = "wedding_date"


def warnings(sop: Mapping[str, Any], facts: Mapping[str, Any], calendar: OfficeCalendar, today: date) -> list[str]:
    """The warnings, for a service that asks for the day of a wedding; `facts` are the values and what follows."""
    if FIELD not in {field["code"] for field in sop.get("fields", ())}:
        return []
    try:
        wedding = date.fromisoformat(str(facts.get(FIELD)))
    except ValueError:
        soon = False
    else:
        soon = working_days(calendar, today, wedding) < REGISTERED_BEFORE
    found = {"wedding-too-soon": soon, "court-dispensation-needed": facts.get("under_19") == "yes"}
    return [name for name, holds in found.items() if holds]


def working_days(calendar: OfficeCalendar, today: date, wedding: date) -> int:
    """Working days after today up to the wedding; more than are asked for are not counted."""
    days, found = today + timedelta(days=1), 0
    while days <= wedding and found < REGISTERED_BEFORE:
        found += calendar.is_working_day(days)
        days += timedelta(days=1)
        if days.year - today.year > 1:
            return REGISTERED_BEFORE
    return found
