"""`/intake/loket`: somebody stands at the counter, and his case is opened while he waits."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, g
from werkzeug.datastructures import MultiDict

from intake.api.base import open_case
from intake.domain.applications import DuplicateApplication
from intake.pages.desk.fields import APPLICANT, CONTACT
from intake.schemas.applications import NewApplication
from intake.store import offices as store
from intake.usecases import counter
from intake.usecases.offices import office
from kit import audit
from kit.answers import deps
from kit.auth import caller
from kit.pages import forms, page
from kit.pages.forms import NOTHING, Filled
from kit.pages.session import allow
from kit.problems import Words

counter_pages = Blueprint("counter-pages", __name__, url_prefix="/intake/loket")

_PARTS = (APPLICANT, CONTACT, "helper")
_SAID = Words("Permohonan dibuka. Tambahkan berkasnya, lalu kirim.", "The case is open. Add its files, then submit it.")


@counter_pages.get("")
@allow("officer")
@audit.shows_nobody("a form")
def show_counter(filled: Filled = NOTHING) -> Response:
    """One screen for all that has to be asked."""
    return _counter_page(filled)


def _counter_page(filled: Filled, known: dict[str, Any] | None = None) -> Response:
    parts, who = deps(), caller()
    with parts.db.transaction(who.tenant) as tx:
        found = office(parts, tx, who.tenant)
        services = store.catalogue(tx, who.tenant, found.today(parts.clock.now()))
    return page(
        "desk/counter.html",
        filled=filled,
        services=services,
        name=found.data["name"],
        known=known,
        first=g.get("first_case"),
    )


@counter_pages.post("/nik")
@allow("officer")
@audit.changes_nothing
@audit.shows("application", purpose="counter")
@forms.keeps(show_counter)
def fill_in() -> Response:
    """What the NIK says, and what the person's other cases say, in the fields: to be looked at and sent."""
    typed, parts, who = forms.typed(), deps(), caller()
    with parts.db.transaction(who.tenant) as tx:
        known = counter.known_of(parts, tx, typed.get("nik", ""))
    audit.concerns(*(app.id for app in known["cases"]))
    values = [(f"{part}-{name}", str(value)) for part in (APPLICANT, CONTACT) for name, value in known[part].items()]
    return _counter_page(Filled(MultiDict([*values, ("nik", typed.get("nik", ""))])), known)


@counter_pages.post("")
@allow("officer")
@forms.keeps(show_counter)
def open_at_counter() -> Response:
    """A draft by the officer's hand; then the case's page, where its files are added."""
    body = forms.load(NewApplication(), _case(forms.typed()))
    try:
        case = open_case(body)
    except DuplicateApplication as error:
        g.first_case = str(error.more.get("first", "")).rpartition("/")[2]
        raise
    return forms.done(f"/intake/permohonan/{case}", _SAID)


def _case(typed: MultiDict[str, str]) -> dict[str, Any]:
    """The form as the API takes a new case: `service` says the reason too, and who names no contact is it himself."""
    service, _, reason = typed.get("service", "").partition("/")
    made: dict[str, Any] = {
        part: {
            name.removeprefix(f"{part}-"): value.strip()
            for name, value in typed.items()
            if name.startswith(f"{part}-") and value.strip()
        }
        for part in _PARTS
    }
    made[CONTACT].setdefault("name", made[APPLICANT].get("name") or "-")  # whose name is missing is told that once
    if not made["helper"]:
        del made["helper"]
    made |= {name: value for name, value in (("service", service), ("reason", reason)) if value}
    return made | ({"intended_duplicate": True} if typed.get("intended_duplicate") else {})
