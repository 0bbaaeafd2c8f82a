"""`/intake/kantor`: the office's data, part by part."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, abort

from intake.api.base import in_office
from intake.domain.errors import OfficeUnknown, UnusableOffice
from intake.pages.administration import office_form
from intake.schemas.offices import Office
from intake.store import offices as store
from intake.usecases import offices
from kit import audit
from kit.answers import Answer, answer, check_if_match, deps
from kit.auth import caller
from kit.db import Row, Tx
from kit.language import language
from kit.pages import forms, page
from kit.pages.forms import NOTHING, Filled
from kit.pages.session import allow
from kit.problems import Words

office_pages = Blueprint("office-pages", __name__, url_prefix="/intake/kantor")

SAVED = Words("Tersimpan.", "Saved.")


def own_office(tx: Tx) -> Row:
    """{data, version} of the caller's. Raises OfficeUnknown."""
    row = store.get(tx, caller().tenant)
    if row is None:
        raise OfficeUnknown
    return row


def change_office(fields: Any, altered: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Writes the caller's office as `altered` makes its data, once for each form. Raises what the API does; what keeps
    the office from being used is told at its field."""

    def work(tx: Tx) -> Answer:
        body = forms.load(Office(), altered(own_office(tx)["data"]))
        row = offices.write_office(deps(), tx, caller(), caller().tenant, body, check_if_match)
        return answer(Office, row["data"], version=row["version"])

    try:
        in_office(fields, work)
    except UnusableOffice as problem:
        place = problem.more["path"].replace("[", "-").replace("]", "").replace(".", "-")
        problem.errors = {"json": {place: [problem.detail]}}
        raise


@office_pages.get("")
@allow("administrator")
@audit.shows_nobody("the office's own data, which are public")
def show_office() -> Response:
    """All parts, each with where it is changed."""
    with deps().db.transaction(caller().tenant) as tx:
        row = own_office(tx)
    return page(
        "administration/office.html", name=row["data"]["name"], data=row["data"], sections=office_form.SECTIONS,
        value_of=office_form.value_of,
    )  # fmt: skip


@office_pages.get("/<part>")
@allow("administrator")
@audit.shows_nobody("the office's own data, which are public")
def show_part(part: str, filled: Filled = NOTHING) -> Response:
    """One part, to be changed."""
    section = office_form.section(part) or abort(404)
    with deps().db.transaction(caller().tenant) as tx:
        row = own_office(tx)
    return page(
        "administration/office_part.html", filled=filled, name=row["data"]["name"], data=row["data"],
        version=row["version"], section=section, value_of=office_form.value_of, official=office_form.OFFICIAL,
        names={one.name: one.words.in_language(language()) for one in section.fields},
    )  # fmt: skip


@office_pages.post("/<part>")
@allow("administrator")
@forms.keeps(show_part)
def change_part(part: str) -> Response:
    """The part as it was typed."""
    section = office_form.section(part) or abort(404)
    typed = forms.typed()
    change_office(list(typed.items(multi=True)), lambda data: office_form.written(data, section, typed))
    return forms.done("/intake/kantor", SAVED)
