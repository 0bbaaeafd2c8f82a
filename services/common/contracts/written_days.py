"""Days as people write them: `besok`, `senin depan`, `tgl 7 mei 95`, `7/5/1995`, `3 hari`, `dua minggu`.

Nothing here raises: what is no day is None. The reader says whether days behind or ahead are meant where a year or a
month is left out.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from contracts.written import LONGEST

_MONTHS = {
    1: "januari jan january", 2: "februari pebruari feb peb february", 3: "maret mar mrt march", 4: "april apr",
    5: "mei may", 6: "juni jun june", 7: "juli jul july", 8: "agustus agu agt agst ags aug august",
    9: "september sep sept", 10: "oktober okt oct october", 11: "november nopember nov nop",
    12: "desember des dec december",
}  # fmt: skip
_MONTH = {word: number for number, names in _MONTHS.items() for word in names.split()}
_WEEKDAYS = ("senin", "selasa", "rabu", "kamis", "jumat jum'at jumaat", "sabtu", "minggu ahad")
_WEEKDAY = {word: number for number, names in enumerate(_WEEKDAYS) for word in names.split()}
_NEAR = {"hari ini": 0, "sekarang": 0, "besok lusa": 2, "besok": 1, "bsk": 1, "lusa": 2, "kemarin": -1, "kemaren": -1}
_COUNTS = {
    "se": 1, "satu": 1, "dua": 2, "tiga": 3, "empat": 4, "lima": 5, "enam": 6, "tujuh": 7, "delapan": 8, "sembilan": 9,
    "sepuluh": 10,
}  # fmt: skip
_UNITS = {"hari": 1, "hr": 1, "minggu": 7, "mgg": 7, "pekan": 7, "bulan": 30, "bln": 30}

_NAMES = "|".join(sorted(_MONTH, key=len, reverse=True))
_WRITTEN = re.compile(rf"(?<!\d)(\d{{1,2}})[\s.\-/]*({_NAMES})\b\.?(?:[\s.\-/,']*(\d{{4}}|\d{{2}})(?!\d))?")
_FIGURES = re.compile(r"(?<![\d/.-])(\d{1,2})\s*[/.\-\s]\s*(\d{1,2})\s*[/.\-\s]\s*(\d{4}|\d{2})(?!\d)")
_ISO = re.compile(r"(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_TOGETHER = re.compile(r"(?<!\d)(\d{2})(\d{2})(\d{4})(?!\d)")
_SHORT = re.compile(r"(?<![\d/.-])(\d{1,2})\s*[/-]\s*(\d{1,2})(?![\d/.-])")
_DAY_ONLY = re.compile(r"\b(?:tgl|tanggal|tg)\b[\s.:]*(\d{1,2})(?!\d)")
_SPAN = re.compile(
    rf"(?<!\w)(?:(\d{{1,3}})|({'|'.join(_COUNTS)}))\s*({'|'.join(sorted(_UNITS, key=len, reverse=True))})\b"
)


def day(text: str, today: date, *, past: bool = False) -> date | None:
    """The first day that a text names. `past`: a birthday or another day behind us, so that `tgl 7 mei 95` is 1995 and
    a day without its year is the last such one; else it is today or the next such one."""
    said = text[:LONGEST].casefold()
    return _exact(said, today, past) or _near(said, today, past)


def dated(text: str, today: date) -> date | None:
    """The first day that a text names with its year, as a form wants it: `7 mei 95`, `07/05/1995`, `07051995`. Of a
    year of two digits the latest that is not to come; a day whose year is left out is none."""
    said = text[:LONGEST].casefold()
    if iso := _ISO.search(said):
        return _day(int(iso[1]), int(iso[2]), int(iso[3]))
    for form in (_WRITTEN, _FIGURES, _TOGETHER):
        for found in form.finditer(said):
            month = _MONTH[found[2]] if form is _WRITTEN else int(found[2])
            if found[3] and (read := _dated(int(found[1]), month, found[3], today, past=True)) is not None:
                return read
    return None


def span(text: str) -> timedelta | None:
    """How long something lasts: `3 hari`, `seminggu`, `dua minggu`, `sebulan` (30 days)."""
    found = _SPAN.search(text[:LONGEST].casefold())
    if found is None:
        return None
    days = int(found[1] or _COUNTS[found[2]]) * _UNITS[found[3]]
    return timedelta(days=days) if days else None


def _exact(said: str, today: date, past: bool) -> date | None:
    if iso := _ISO.search(said):
        return _day(int(iso[1]), int(iso[2]), int(iso[3]))
    if named := _WRITTEN.search(said):
        return _dated(int(named[1]), _MONTH[named[2]], named[3], today, past)
    if figures := _FIGURES.search(said):
        return _dated(int(figures[1]), int(figures[2]), figures[3], today, past)
    if short := _SHORT.search(said):
        return _dated(int(short[1]), int(short[2]), None, today, past)
    return None


def _dated(number: int, month: int, year: str | None, today: date, past: bool) -> date | None:
    if year is None:
        return _nearest(number, month, today, past)
    if len(year) == 4:
        return _day(int(year), month, number)
    century = today.year - today.year % 100
    whole = century + int(year)
    if past and (found := _day(whole, month, number)) is not None and found > today:
        whole -= 100
    return _day(whole, month, number)


def _nearest(number: int, month: int, today: date, past: bool) -> date | None:
    """That day of this year or of the next few: the last of February has to wait for its year."""
    years = [today.year + step * (-1 if past else 1) for step in range(9)]
    found = (_day(year, month, number) for year in years)
    return next((one for one in found if one is not None and (one <= today if past else one >= today)), None)


def _near(said: str, today: date, past: bool) -> date | None:
    for words, days in _NEAR.items():
        if re.search(rf"\b{words}\b", said):
            return _plus(today, days)
    if only := _DAY_ONLY.search(said):
        return _of_a_month(int(only[1]), today, past)
    return _weekday(said, today, past)


def _of_a_month(number: int, today: date, past: bool) -> date | None:
    step = -1 if past else 1
    for months in range(13):
        ordinal = today.year * 12 + today.month - 1 + months * step
        found = _day(ordinal // 12, ordinal % 12 + 1, number)
        if found is not None and (found <= today if past else found >= today):
            return found
    return None


def _weekday(said: str, today: date, past: bool) -> date | None:
    """The next such day, never today: who means today says so. `minggu depan` is no Sunday, but in seven days."""
    if re.search(r"\b(?:minggu|pekan) depan\b", said) and not _named_weekday(said.replace("minggu depan", "")):
        return _plus(today, 7)
    weekday = _named_weekday(said)
    if weekday is None:
        return None
    if past:
        return _plus(today, -((today.weekday() - weekday - 1) % 7 + 1))
    return _plus(today, (weekday - today.weekday() - 1) % 7 + 1)


def _named_weekday(said: str) -> int | None:
    counted = _SPAN.sub(" ", said)  # the week of `dua minggu` is no Sunday
    found = re.search(rf"\b({'|'.join(_WEEKDAY)})\b", counted)
    return _WEEKDAY[found[1]] if found else None


def _plus(today: date, days: int) -> date | None:
    try:
        return today + timedelta(days=days)
    except OverflowError:
        return None


def _day(year: int, month: int, number: int) -> date | None:
    try:
        return date(year, month, number)
    except ValueError:
        return None
