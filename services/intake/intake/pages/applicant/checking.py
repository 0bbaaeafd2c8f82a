"""`/saya/{case}/periksa`: all answers before they are sent, what is missing, and the sending."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response

from contracts.consent import CONSENT_PAPER
from intake.domain.applications import RESIDENT
from intake.domain.consent import helper_of
from intake.pages.applicant.asking import asked_in
from intake.pages.applicant.case import Case, change, find
from intake.pages.applicant.questions import place_of, questions, value_of
from intake.usecases import consents, procedure
from kit import audit
from kit.pages import forms, page
from kit.pages.forms import NOTHING, Filled
from kit.pages.session import allow
from kit.problems import Words

check_pages = Blueprint("case-check-pages", __name__, url_prefix="/saya/<uuid:application_id>")

_SENT = Words("Permohonan terkirim.", "The application was sent.")


@check_pages.get("/periksa")
@allow("applicant")
@audit.shows("application")
def show_check(application_id: UUID, filled: Filled = NOTHING) -> Response:
    """Everything that was answered, each with a way to mend it."""
    case = find(application_id, lambda parts, tx, app, _actor: consents.view(parts, tx, app)["items"])
    asked = [(one, [(field, value_of(case, field)) for field in one.fields]) for one in questions(case)]
    papers = [one for one in case.shown["requirements"] if one.state != "not_needed"]
    return page(
        "applicant/check_answers.html", case=case, filled=filled, asked=asked,
        papers=[(one, place_of(case, one.code)) for one in papers if one.code != CONSENT_PAPER],
        missing=_missing(case), permissions=asked_in(case) if RESIDENT in case.actor.roles else [],
        helped=helper_of(case.app.person),
        again=case.app.status == "returned",
    )  # fmt: skip


@check_pages.post("/kirim")
@allow("applicant")
@forms.keeps(show_check)
def send(application_id: UUID) -> Any:
    """Into the office; a returned case once more."""
    typed = forms.typed()
    act = procedure.resubmit if typed.get("lagi") else procedure.submit
    change(application_id, {"again": bool(typed.get("lagi"))}, act)
    return forms.done(f"/saya/{application_id}", _SENT)


def _missing(case: Case) -> list[Any]:
    """The places where something is still to be done, each once."""
    found = {place.address: place for code in case.shown["missing"] if (place := place_of(case, code))}
    return list(found.values())
