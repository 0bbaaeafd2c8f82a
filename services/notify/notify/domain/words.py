"""How dates, lists and reasons are said to people."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from itertools import accumulate, groupby
from operator import itemgetter
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, get_day_names
from babel.numbers import format_decimal

from contracts.consent import CONSENT_PAPER, CONSENT_PAPER_NAME
from notify.domain.copies import Hours, Letter, Names, Office

_LOCALES = {"id": "id_ID", "en": "en_GB"}
_WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

REFUSALS: Mapping[str, Names] = {
    "not_resident": {"id": "tidak tercatat sebagai warga RT ini", "en": "not known as a resident of this RT"},
    "unknown_person": {"id": "ketua RT belum mengenal Anda", "en": "the RT head does not know you yet"},
    "wrong_purpose": {"id": "keperluannya belum sesuai", "en": "the purpose does not fit"},
    "incomplete_data": {"id": "datanya belum lengkap", "en": "some data are missing"},
    "other": {"id": "lihat catatan ketua RT", "en": "see the RT head's note"},
}
# What documents says of a letter that is void because the case ended; a lurah's reason is in his own words.
VOIDED: Mapping[str, Names] = {
    "application_withdrawn": {"id": "permohonan ditarik", "en": "the application was withdrawn"},
    "application_rejected": {"id": "permohonan ditolak", "en": "the application was rejected"},
    "application_expired": {"id": "permohonan kedaluwarsa", "en": "the application expired"},
    "cannot_be_made": {"id": "surat tidak dapat dibuat", "en": "the letter could not be made"},
}


MOST_PRINTED = 3000
"""Characters of a message that say what letters will say: WhatsApp takes 4,096 in all."""
_REST: Names = {
    "id": "… selebihnya dapat ditanyakan ke kantor kelurahan.",
    "en": "… please ask the office for the rest.",
}
_NIK = re.compile(r"(?<!\d)\d{12}(?=\d{4}(?!\d))")


def masked_numbers(text: str) -> str:
    """Of NIK and KK numbers, which have sixteen digits, the last four."""
    return _NIK.sub("•" * 12, text)


ORIGINAL: Names = {
    "id": "tunjukkan aslinya kepada ketua RT, atau di kantor kelurahan,",
    "en": "show the original to the RT head, or at the office,",
}


def rupiah(amount: int, language: str = "id") -> str:
    """`Rp4.284`."""
    return f"Rp{format_decimal(amount, locale=_LOCALES[language])}"


def long_date(day: date, language: str = "id") -> str:
    """`Rabu, 19 Agustus 2026`."""
    return str(format_date(day, "EEEE, d MMMM y", locale=_LOCALES[language]))


def local_date(at: datetime | None, zone: str, language: str) -> str:
    """The office's day of an instant; nothing for none."""
    return "" if at is None else long_date(at.astimezone(ZoneInfo(zone)).date(), language)


def said(words: Names, language: str) -> str:
    """The words in a language; in Indonesian where they are not translated."""
    return words.get(language) or words.get("id") or ""


def reason(known: Mapping[str, Names], code: str, language: str) -> str:
    """A reason from the list, or the words as they were given."""
    return said(known[code], language) if code in known else code


def item_lines(
    items: Iterable[Mapping[str, Any]], names: Mapping[str, Names], office: Office, now: datetime, language: str
) -> list[str]:
    """What is wrong with which item, one line each; for an original with the office's address and hours."""
    where = f"{office.address} ({hours_line(office.hours(now), language)})"
    names = {CONSENT_PAPER: CONSENT_PAPER_NAME} | dict(names)
    return [_item(item, said(names.get(item["requirement"], {}), language), where, language) for item in items]


def _item(item: Mapping[str, Any], name: str, where: str, language: str) -> str:
    if item.get("original"):
        return f"- {name or item['requirement']}: {said(ORIGINAL, language)} {where}"
    note = f" ({item['note']})" if item.get("note") else ""
    return f"- {name or item['requirement']}: {item['problem']}{note}"


def hours_line(hours: Hours, language: str) -> str:
    """`Senin–Kamis 07.30–16.00, Jumat 07.30–16.30`: days in a row with the same hours are said together."""
    names = get_day_names("wide", locale=_LOCALES[language])
    week = ((names[number], hours.get(day)) for number, day in enumerate(_WEEK))
    return ", ".join(
        f"{_from_to([name for name, _ in days])} {_times(times, language)}"
        for times, days in groupby(week, itemgetter(1))
        if times is not None
    )


def _from_to(days: list[str]) -> str:
    return days[0] if len(days) == 1 else f"{days[0]}–{days[-1]}"


def _times(times: tuple[str, str], language: str) -> str:
    return "–".join(times).replace(":", "." if language == "id" else ":")


def letter_lines(letters: Iterable[Letter]) -> list[str]:
    """Each letter by its number, and where anybody can check it."""
    return [f"- {letter.number}: {letter.check_url}" for letter in letters]


def printed_lines(letters: Iterable[Mapping[str, Any]], language: str) -> list[str]:
    """What each letter will say: its title, then a line for each of its rows, in the letter's own words. NIK and KK
    numbers keep their last four digits, and what is longer than a message may be is left to the office."""
    lines = [masked_numbers(line) for letter in letters for line in (letter["title"], *map(_printed, letter["rows"]))]
    lengths = accumulate(len(line) + 1 for line in lines)
    fitting = sum(length <= MOST_PRINTED for length in lengths)
    return lines if fitting == len(lines) else [*lines[:fitting], said(_REST, language)]


def _printed(row: Mapping[str, Any]) -> str:
    """`- NIK: 1671…`; a heading has no value, a sentence no label."""
    if not row["value"]:
        return f"{row['label']}:"
    return f"- {row['label']}: {row['value']}" if row["label"] else f"- {row['value']}"
