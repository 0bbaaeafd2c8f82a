"""What makes an office's data usable beyond their shape: a calendar that can be read, formats that can be filled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from contracts.calendar import OfficeCalendar
from contracts.calendar_data import CalendarDataError
from contracts.numbering import unusable
from intake.domain.errors import UnusableOffice
from intake.domain.officials import check_officials


def check_office(data: Mapping[str, Any]) -> None:
    """Raises UnusableOffice, which names the place."""
    try:
        OfficeCalendar.from_data(data["zone"], data["calendar"])
    except CalendarDataError as error:
        raise UnusableOffice(f"calendar.{error.path}") from error
    check_officials(data["officials"])
    for place in unusable(data["registers"]):
        raise UnusableOffice(f"registers.{place}")
