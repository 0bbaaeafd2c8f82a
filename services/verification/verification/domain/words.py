"""How days are said in a message."""

from __future__ import annotations

from datetime import date

from babel.dates import format_date


def long_day(day: date) -> str:
    """`Senin, 24 Agustus 2026`."""
    return str(format_date(day, "EEEE, d MMMM y", locale="id"))
