"""Days and times as people say them."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time

from kit.language import language


def day(value: date | datetime, zone: str | None = None) -> str:
    """ "Rabu, 19 Agustus 2026". `zone` is the IANA name of the office's, for a moment."""
    at = value.astimezone(ZoneInfo(zone)) if isinstance(value, datetime) and zone else value
    return str(format_date(at, "EEEE, d MMMM y", locale=language()))


def moment(value: datetime, zone: str | None = None) -> str:
    """Day and time, "…, pukul 16.00", in the office's zone; without one, as it was handed in."""
    at = value.astimezone(ZoneInfo(zone)) if zone else value
    time = str(format_time(at, "HH.mm" if language() == "id" else "HH:mm", locale=language()))
    return f"{day(at)}, pukul {time}" if language() == "id" else f"{day(at)}, {time}"
