"""Offices that ship with the service, one file each, named by Kemendagri code; the shape is the API's own."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from importlib import resources
from typing import NotRequired, TypedDict, cast

from contracts.calendar_data import CalendarData

_CODE = re.compile(r"[0-9]{2}\.[0-9]{2}\.[0-9]{2}\.[0-9]{4}")


class AddressData(TypedDict):
    """Where the office is and how it is reached."""

    street: str
    postal_code: str
    phone: str | None
    email: str | None
    website: str | None
    whatsapp: NotRequired[str | None]


class LetterheadData(TypedDict):
    """The head of a letter; `emblem` names an image, None prints without one."""

    lines: Sequence[str]
    address: str
    emblem: str | None


class RegistersData(TypedDict):
    """How letters are numbered: the office's mark, the format, the classification of each kind."""

    code: str
    number_format: str
    classifications: Mapping[str, str]


class OfficialData(TypedDict):
    """Who signs (`lurah`) and who works (`officer`) here, as letters print them."""

    role: str
    name: str
    position: str
    rank: str | None
    nip: str | None


class HelpersData(TypedDict):
    """How many new cases a day a neighbour may open for others, and how many an RT head."""

    daily_limit: int
    rt_head_daily_limit: int


class OfficeData(TypedDict):
    """An office. `made_up` lists the parts that are invented, so that nobody takes them for the real ones."""

    code: str
    name: str
    kecamatan: str
    kota: str
    province: str
    zone: str
    made_up: Sequence[str]
    address: AddressData
    letterhead: LetterheadData
    registers: RegistersData
    officials: Sequence[OfficialData]
    calendar: CalendarData
    helpers: HelpersData


def shipped_offices() -> tuple[str, ...]:
    """Codes of the offices that ship."""
    names = (entry.name for entry in resources.files(__name__).iterdir())
    return tuple(sorted(name.removesuffix(".json") for name in names if name.endswith(".json")))


def shipped_office(code: str) -> OfficeData:
    """The office of a Kemendagri code. Raises KeyError for one that does not ship."""
    if not _CODE.fullmatch(code) or code not in shipped_offices():
        raise KeyError(code)
    text = (resources.files(__name__) / f"{code}.json").read_text("utf-8")
    return cast(OfficeData, json.loads(text))
