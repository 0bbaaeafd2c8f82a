"""Dates, places and labels as they are printed on Indonesian letters."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date

_ZONES = {"Asia/Jakarta": "WIB", "Asia/Pontianak": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}
_SEXES = {"L": "Laki-laki", "P": "Perempuan"}
_NATIONALITIES = {"WNI": "Indonesia", "ID": "Indonesia"}


def long_date(day: date | None) -> str:
    """`25 November 2026`, or nothing."""
    return "" if day is None else format_date(day, "d MMMM y", locale="id")


def month_name(day: date) -> str:
    """`November`."""
    return format_date(day, "LLLL", locale="id")


def weekday_date(day: date | None) -> str:
    """`Rabu, 25 November 2026`, or nothing."""
    return "" if day is None else format_date(day, "EEEE, d MMMM y", locale="id")


def long_time(at: datetime, zone: str) -> str:
    """`14 Agustus 2026 pukul 08.42 WIB`."""
    there = at.astimezone(ZoneInfo(zone))
    return f"{long_date(there.date())} pukul {there:%H.%M} {_ZONES.get(zone, there.tzname() or '')}"


def read_date(value: Any) -> date | None:
    """A date from ISO text; None for what is none."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None


def date_text(value: Any) -> str:
    """ISO text as a long date; what is no date stays as given."""
    day = read_date(value)
    return long_date(day) if day else text(value)


def age(born: date | None, today: date) -> str:
    """`71 tahun`, or nothing."""
    if born is None or born > today:
        return ""
    return f"{today.year - born.year - ((today.month, today.day) < (born.month, born.day))} tahun"


def text(value: Any) -> str:
    """What is printed for a value: nothing for nothing, everything else as given, on one line."""
    return "" if value is None else " ".join(str(value).split())


def sex(value: Any) -> str:
    return _SEXES.get(text(value), text(value))


def nationality(value: Any) -> str:
    return _NATIONALITIES.get(text(value).upper(), text(value))


def local_phone(value: Any) -> str:
    """`+6281200000071` as it is dialled here: `081200000071`."""
    number = text(value)
    return "0" + number[3:] if number.startswith("+62") else number


def grouped_phone(number: str) -> str:
    """`0812-3456-7890`, as numbers are read aloud here."""
    plain = "".join(sign for sign in number if sign.isdigit())
    plain = f"0{plain[2:]}" if plain.startswith("62") else plain
    return "-".join([plain[:4], plain[4:8], plain[8:]]).rstrip("-")


def with_kind(kind: str, name: Any) -> str:
    """`Kota Palembang` from `Palembang`; a name that says what it is stays as it is."""
    plain = text(name)
    known = plain.lower().startswith(("kota ", "kabupaten ", "kecamatan ", "kelurahan ", "desa "))
    return plain if known or not plain else f"{kind} {plain}"


def words_of(entry: Mapping[str, Any] | None) -> str:
    """The Indonesian words of `{code, name: {id, en}}`."""
    name = (entry or {}).get("name")
    return text(name.get("id") if isinstance(name, Mapping) else name)
