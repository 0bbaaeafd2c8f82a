"""What makes an office's data usable beyond their shape: a calendar that can be read, formats that can be filled."""

from __future__ import annotations

import re
from collections.abc import Mapping
from string import Formatter
from typing import Any

from contracts.calendar import OfficeCalendar
from contracts.calendar_data import CalendarDataError
from intake.domain.errors import UnusableOffice

_NUMBER = {"number", "nomor"}
_OFFICE = _NUMBER | {
    "classification", "register", "month_roman", "month", "year",
    "klasifikasi", "kode", "bulan_romawi", "bulan", "tahun",
}  # fmt: skip
_NEIGHBOURHOOD = _OFFICE | {"rt", "rw"}
_WIDTH = re.compile(r"(0[1-9])?d?")


def check_office(data: Mapping[str, Any]) -> None:
    """Raises UnusableOffice, which names the place."""
    try:
        OfficeCalendar.from_data(data["zone"], data["calendar"])
    except CalendarDataError as error:
        raise UnusableOffice(f"calendar.{error.path}") from error
    registers = data["registers"]
    for name, allowed in (("number_format", _OFFICE), ("neighbourhood_format", _NEIGHBOURHOOD)):
        if registers.get(name) and not _fillable(registers[name], allowed):
            raise UnusableOffice(f"registers.{name}")


def _fillable(template: str, allowed: set[str]) -> bool:
    """Whether the template has the running number and nothing that is unknown."""
    try:
        parts = [part for part in Formatter().parse(template) if part[1] is not None]
    except ValueError:
        return False
    names = {name for _, name, _, _ in parts}
    plain = all(
        not conversion and (_WIDTH.fullmatch(width or "") if name in _NUMBER else not width)
        for _, name, width, conversion in parts
    )
    return plain and names <= allowed and bool(names & _NUMBER)
