"""Days and times as people say them, and numbers."""

from __future__ import annotations

from datetime import date, datetime

from babel.dates import format_date, format_time
from babel.numbers import format_decimal

from kit.language import language


def day(value: date | datetime | str) -> str:
    """ "Rabu, 19 Agustus 2026". A moment is handed in as the office's clock has it, a day also as `2026-08-19`."""
    if isinstance(value, str):
        value = date.fromisoformat(value)
    return str(format_date(value, "EEEE, d MMMM y", locale=language()))


def iso_day(value: str) -> str:
    """`2026-08-19`, as data have it, as people say it; what is no day stays as it is."""
    try:
        return day(date.fromisoformat(value))
    except ValueError:
        return value


def month(value: date) -> str:
    """ "Agustus 2026"."""
    return str(format_date(value, "MMMM y", locale=language()))


def short_month(value: date) -> str:
    """ "Agu", where there is little room."""
    return str(format_date(value, "MMM", locale=language()))


def moment(value: datetime) -> str:
    """Day and time, "…, pukul 16.00", as the office's clock has it."""
    time = str(format_time(value, "HH.mm" if language() == "id" else "HH:mm", locale=language()))
    return f"{day(value)}, pukul {time}" if language() == "id" else f"{day(value)}, {time}"


def number(value: float) -> str:
    """ "1.234,5", in English "1,234.5"."""
    return str(format_decimal(value, format="#,##0.#", locale=language()))
