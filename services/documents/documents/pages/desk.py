"""An officer's desk: `/documents/berkas` (a case as one PDF, to be printed), `/documents/nomor` (a number for a letter
that is made elsewhere)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request

from documents.api.common import deps, once_for_caller, send_pdf
from documents.pages.common import chosen, filled_in, shown
from documents.schemas.bundles import BundleOut, NewBundle
from documents.schemas.letters import VoidRequest
from documents.schemas.registers import NewNumber, NumberOut
from documents.usecases import bundles, reading, registers
from kit import answers, audit
from kit.access import recorded
from kit.answers import Answer
from kit.auth import caller
from kit.db import Tx
from kit.pages import forms
from kit.pages.forms import NOTHING, Filled
from kit.pages.session import allow
from kit.problems import Words

desk_pages = Blueprint("desk-pages", __name__, url_prefix="/documents")
_DESK = ("officer", "lurah")
_BUNDLE, _NUMBER = "/berkas/<uuid:bundle_id>", "/nomor/<uuid:number_id>"


@desk_pages.get("/berkas")
@allow(*_DESK)
@audit.shows_nobody("a form")
def show_bundle_form(filled: Filled = NOTHING) -> Response:
    """Asks for the bundle of a case."""
    asked = request.form if request.method == "POST" else request.args
    body = forms.load(NewBundle(), {"application_id": asked.get("permohonan", "")})
    reading.check_case_of_office(deps(), caller(), body["application_id"])
    return shown("bundle_form.html", case=body["application_id"], filled=filled)


@desk_pages.post("/berkas")
@allow(*_DESK)
@forms.keeps(show_bundle_form)
def ask_for_bundle() -> Response:
    """The one that there is, or a new one that is being made."""
    body = forms.load(NewBundle(), {"application_id": forms.typed().get("permohonan", "")})
    reading.check_case_of_office(deps(), caller(), body["application_id"])

    def work(tx: Tx) -> Answer:
        return answers.answer(BundleOut, bundles.ask(deps(), tx, body["application_id"]), 202)

    return forms.done(f"/documents/berkas/{_id(once_for_caller(body, work))}")


@desk_pages.get(_BUNDLE)
@allow(*_DESK)
@audit.shows_nobody("how far it is")
def show_bundle(bundle_id: UUID) -> Response:
    """How it stands; ready, it can be downloaded."""
    return shown("bundle.html", bundle=_bundle(bundle_id))


@desk_pages.get(f"{_BUNDLE}/pdf")
@allow(*_DESK)
@audit.shows("bundle")
def get_bundle(bundle_id: UUID) -> Response:
    """The PDF."""
    bundle = _bundle(bundle_id)
    audit.concerns(bundle.application_id)
    return send_pdf(bundles.open_content(deps(), bundle), bundle.sha256 or "", f"berkas-{bundle.id}.pdf")


def _bundle(bundle_id: UUID) -> bundles.Bundle:
    with recorded(bundle_id), deps().db.transaction(caller().tenant) as tx:
        return bundles.found(tx, bundle_id)


def _id(answered: Any) -> str:
    return str(answered.get_json()["id"])


# --- numbers ----------------------------------------------------------------------------------------------------------


@desk_pages.get("/nomor")
@allow(*_DESK)
@audit.shows_nobody("a form")
def show_number_form(filled: Filled = NOTHING) -> Response:
    """Where a number is taken."""
    return shown("number_form.html", filled=filled, asked=chosen())


@desk_pages.post("/nomor")
@allow(*_DESK)
@forms.keeps(show_number_form)
def take_number() -> Response:
    """Of the same book as our own letters."""
    body = forms.load(NewNumber(), filled_in(forms.typed(), "kind", "classification", "addressee", "subject"))

    def work(tx: Tx) -> Answer:
        letter = registers.take(deps(), tx, body, caller().subject)
        return answers.answer(NumberOut, letter, 201, version=letter.version)

    return forms.done(f"/documents/nomor/{_id(once_for_caller(body, work))}")


@desk_pages.get(_NUMBER)
@allow(*_DESK)
@audit.shows("register")
def show_number(number_id: UUID, filled: Filled = NOTHING) -> Response:
    """The number, to be written on the letter."""
    with recorded(number_id), deps().db.transaction(caller().tenant) as tx:
        letter = registers.outside_letter(deps(), tx, number_id)
    audit.concerns()  # a letter that is made elsewhere: no case of ours
    return shown("number.html", letter=letter, filled=filled)


@desk_pages.post(f"{_NUMBER}/batalkan")
@allow(*_DESK)
@forms.keeps(show_number)
def void_number(number_id: UUID) -> Response:
    """It stays taken, and the book shows why it is void."""
    typed = forms.typed()
    body = forms.load(VoidRequest(), filled_in(typed, "reason"))

    def work(tx: Tx) -> Answer:
        letter = registers.void_as_shown(
            deps(), tx, number_id, caller().subject, body["reason"], answers.check_if_match
        )
        return answers.answer(NumberOut, letter, version=letter.version)

    with recorded(number_id), deps().db.transaction(caller().tenant) as tx:
        registers.outside_letter(deps(), tx, number_id)
    once_for_caller(body, work)
    return forms.done(f"/documents/nomor/{number_id}", Words("Nomor dibatalkan.", "The number is void."))
