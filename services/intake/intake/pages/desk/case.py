"""`/intake/permohonan/<id>`: a case on one screen: scans beside the fields, what is missing, what may be done now.

An action that has to be told more than that it is to be done has its own address under the case's
(`…/kembalikan`), where its form stands beside the scans; see `steps`.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, Response, request

from intake.api.base import on_record
from intake.domain.erasure import CaseErased
from intake.domain.errors import NotYours
from intake.pages.desk import fields
from intake.pages.erased import proof
from intake.schemas.applications import ApplicationQuery
from intake.usecases import desk
from kit import audit
from kit.answers import deps
from kit.auth import caller
from kit.pages import forms, page
from kit.pages.forms import NOTHING, Filled
from kit.pages.session import allow

case_pages = Blueprint("case-pages", __name__, url_prefix="/intake/permohonan")

_OF_A_LIST = ("limit", "cursor")
_PLACE = "sesudah"
"""Where the case stood in the queue when the officer opened it: what he does with it can move it."""


@case_pages.get("/<uuid:application_id>")
@allow("officer", "lurah")
@audit.shows("application")
def show_case(application_id: UUID) -> Response:
    """The case, with its scans, fields, history, and the next one of the queue."""
    return case_page(application_id)


@audit.shows("application")
def case_again(application_id: UUID, filled: Filled = NOTHING) -> Response:
    """The same after a form that could not be taken."""
    return case_page(application_id, filled=filled)


def case_page(application_id: UUID, step: str | None = None, filled: Filled = NOTHING) -> Response:
    """The case; `step` names the action whose form stands open, which `filled` belongs to."""
    try:
        found = desk.case(deps(), caller(), application_id, queue_query(), request.args.get(_PLACE) or None)
    except NotYours as error:
        raise on_record(error) from error
    except CaseErased:
        return proof(application_id, "/intake/antrean")
    form = fields.of_service(found["service"])
    return page(
        "desk/case.html",
        **found,
        step=step,
        filled=filled,
        fields=form,
        rows={one.name: _rows(one, found["case"], filled) for one in form if one.kind == "rows"},
        address=f"/intake/permohonan/{application_id}",
        query=_as_address(queue_filters()),
        queue_and_place=_as_address(queue_filters() | {_PLACE: found["place"]}),
    )


def queue_query() -> dict[str, Any]:
    """The queue that the officer comes from, as the case's address carries it on. Raises Unprocessable."""
    chosen = queue_filters()
    return {name: value for name, value in forms.load(ApplicationQuery(), chosen).items() if name in chosen}


def queue_filters() -> dict[str, str]:
    """Its filters as they stand in the address."""
    names = ApplicationQuery().fields.keys() - set(_OF_A_LIST)
    return {name: value for name, value in request.args.items() if value and name in names}


def back_to_case(application_id: UUID) -> str:
    """The case's address, with the queue that the officer comes from and its place there."""
    place = {_PLACE: request.args[_PLACE]} if request.args.get(_PLACE) else {}
    return f"/intake/permohonan/{application_id}{_as_address(queue_filters() | place)}"


def _as_address(chosen: dict[str, str]) -> str:
    return f"?{urlencode(chosen)}" if chosen else ""


def _rows(one: fields.Field, case: dict[str, Any], filled: Filled) -> list[dict[str, str]]:
    typed = {} if filled.overtaken else filled.values
    return fields.shown_rows(one, (case.get(one.part) or {}).get(one.code), typed)
