"""Days and times as people say them."""

from __future__ import annotations

from datetime import date, datetime

from babel.dates import format_date, format_time

from kit.language import language


def day(value: date | datetime | str) -> str:
    """ "Rabu, 19 Agustus 2026". A moment is handed in as the office's clock has it, a day also as `2026-08-19`."""
    if isinstance(value, str):
        value = date.fromisoformat(value)
    return str(format_date(value, "EEEE, d MMMM y", locale=language()))


def moment(value: datetime) -> str:
    """Day and time, "…, pukul 16.00", as the office's clock has it."""
    time = str(format_time(value, "HH.mm" if language() == "id" else "HH:mm", locale=language()))
    return f"{day(value)}, pukul {time}" if language() == "id" else f"{day(value)}, {time}"
