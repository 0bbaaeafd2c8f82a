"""Business dates: which day it is at an office, and a month later."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime
from zoneinfo import ZoneInfo

# By the province's two digits. An office's own zone, once it is known here, goes before this.
_CENTRAL = frozenset({"51", "52", "53", "63", "64", "65", "71", "72", "73", "74", "75", "76"})
_EASTERN = frozenset({"81", "82", "91", "92", "93", "94", "95", "96"})


def zone_of(kelurahan: str) -> str:
    """The zone of the province that a kelurahan lies in."""
    province = kelurahan[:2]
    if province in _EASTERN:
        return "Asia/Jayapura"
    return "Asia/Makassar" if province in _CENTRAL else "Asia/Jakarta"


def day_at(moment: datetime, zone: str) -> date:
    """The office's date at an instant."""
    return moment.astimezone(ZoneInfo(zone)).date()


def month_later(day: date) -> date:
    """The same day of the next month, or that month's last day."""
    year, month = (day.year + 1, 1) if day.month == 12 else (day.year, day.month + 1)
    return date(year, month, min(day.day, monthrange(year, month)[1]))
