"""`/intake/kalender`: on which days the office does not work, and what that means for promises."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response

from intake.domain.deadlines import compute_deadlines
from intake.pages.administration.office import SAVED, change_office, own_office
from intake.store import offices as store
from intake.usecases import offices
from kit import audit
from kit.answers import deps
from kit.auth import caller
from kit.language import language
from kit.pages import forms, page
from kit.pages.forms import NOTHING, Filled
from kit.pages.session import allow
from kit.problems import Problem, Words

calendar_pages = Blueprint("calendar-pages", __name__, url_prefix="/intake/kalender")

AHEAD = timedelta(days=180)
LISTS = {"tutup": "closures", "libur": "holidays_added", "tamu": "closed_to_visitors"}
"""By the word in the address, the list of the office's calendar."""


@calendar_pages.get("")
@allow("administrator")
@audit.shows_nobody("the office's days, which are public")
def show_calendar(filled: Filled = NOTHING, **_part: str) -> Response:
    """The days off that come, what a case that is submitted now would be promised, and the lists that both are from."""
    parts, now = deps(), deps().clock.now()
    with parts.db.transaction(caller().tenant) as tx:
        row = own_office(tx)
        found = offices.office(parts, tx, caller().tenant)
        today = found.today(now)
        services = store.catalogue(tx, caller().tenant, today)
    days = offices.days(found, today, today + AHEAD)
    promises = [
        (one["name"], compute_deadlines(found.calendar, now, steps=one["days"]).promised_at) for one in services
    ]
    return page(
        "administration/calendar.html", filled=filled, name=row["data"]["name"], version=row["version"],
        calendar=row["data"]["calendar"], days=[day for day in days if day.get("reason", "weekend") != "weekend"],
        promises=[(name, at and at.astimezone(found.zone)) for name, at in promises],
        warnings=[words.in_language(language()) for words in offices.warnings(found, today, today + AHEAD)],
    )  # fmt: skip


@calendar_pages.post("/<any(tutup, libur, tamu):part>")
@allow("administrator")
@forms.keeps(show_calendar)
def add_days(part: str) -> Response:
    """Another entry of one of the lists."""
    typed = forms.typed()
    entry = _holiday(typed, part) if part == "libur" else _period(typed, part)

    def with_it(data: dict[str, Any]) -> dict[str, Any]:
        kept = data["calendar"]
        return data | {"calendar": kept | {LISTS[part]: [*kept[LISTS[part]], entry]}}

    with _at_its_fields(part):
        change_office([part, entry], with_it)
    return forms.done(
        "/intake/kalender",
        Words(
            "Tersimpan. Permohonan yang berjalan mendapat tanggal janji baru.",
            "Saved. Cases that run get their promised dates anew.",
        ),
    )


@calendar_pages.post("/<any(tutup, libur, tamu):part>/<int:place>/hapus")
@allow("administrator")
@forms.keeps(show_calendar)
def remove_days(part: str, place: int) -> Response:
    """An entry is taken out again."""
    forms.typed()

    def without_it(data: dict[str, Any]) -> dict[str, Any]:
        kept = data["calendar"]
        left = [one for number, one in enumerate(kept[LISTS[part]]) if number != place]
        return data | {"calendar": kept | {LISTS[part]: left}}

    change_office([part, place], without_it)
    return forms.done("/intake/kalender", SAVED)


@contextmanager
def _at_its_fields(part: str) -> Iterator[None]:
    """What is wrong with the new entry, the last of its list, is told at the fields of the form."""
    try:
        yield
    except Problem as problem:
        if problem.errors:
            problem.errors = {"json": dict(_renamed(problem.errors["json"], part))}
        raise


def _renamed(errors: Any, part: str) -> Iterator[tuple[str, Any]]:
    """`calendar-closures-0-last_day` (and `calendar.closures.0.last_day`) as `tutup-last_day`; what is wrong with the
    entry as a whole stands at its first field."""
    first = f"{part}-{'date' if part == 'libur' else 'first_day'}"
    for name, said in errors.items():
        if name == "calendar" and isinstance(said, Mapping):
            found = [entry for entries in said.get(LISTS[part], {}).values() for entry in entries.items()]
            yield from ((f"{part}-{field}", told) for field, told in found)
        else:
            field = name.rpartition("-")[2]
            yield (f"{part}-{field}" if field in ("name", "date", "first_day", "last_day") else first), said


def _period(typed: Mapping[str, str], part: str) -> dict[str, Any]:
    """Without a last day it is one day; until further notice where that was chosen."""
    found = {name: typed.get(f"{part}-{name}", "").strip() for name in ("name", "first_day", "last_day")}
    last = None if typed.get(f"{part}-open") else found.pop("last_day") or found["first_day"] or None
    return {name: text for name, text in found.items() if text} | {"last_day": last}


def _holiday(typed: Mapping[str, str], part: str) -> dict[str, Any]:
    found = {name: typed.get(f"{part}-{name}", "").strip() for name in ("name", "date")}
    return {name: text for name, text in found.items() if text} | {
        "cuti_bersama": bool(typed.get(f"{part}-cuti_bersama"))
    }
