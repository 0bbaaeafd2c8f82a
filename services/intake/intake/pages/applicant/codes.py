"""`/saya/ambil`, `/saya/setuju`, `/saya/tanpa-pendamping`: with the codes that came to one's own phone a case is taken
over, one agrees to being helped, or wants no help any more."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, Response

from intake.api.base import only_id
from intake.domain.case import Application
from intake.domain.consent import AGREE, REVOKE, ConsentCodeRefused
from intake.domain.errors import ClaimRefused
from intake.pages.applicant.case import change, find
from intake.schemas.applications import Claim
from intake.schemas.consent import Agreement, Revocation, RevocationByCode, RevocationCodeWanted
from intake.usecases import claims, consent
from kit import audit
from kit.answers import Answer, deps, once
from kit.auth import caller
from kit.db import Tx
from kit.pages import forms, page
from kit.pages.forms import NOTHING, Filled
from kit.pages.session import allow
from kit.problems import Forbidden, Unprocessable, Words

code_pages = Blueprint("code-pages", __name__, url_prefix="/saya")

_TAKEN = Words("Permohonan ini sekarang ada pada Anda.", "The application is with you now.")
_AGREED = Words("Persetujuan Anda tercatat.", "Your consent is recorded.")
_SENT = Words("Bila nomornya cocok, kode sudah dikirim.", "If it is that number, the code was sent.")
_ENDED = Words("Pendamping tidak lagi mengurus permohonan ini.", "The helper has no part in it any more.")


@code_pages.get("/ambil")
@allow("applicant")
@audit.shows_nobody("a form")
def show_claim(filled: Filled = NOTHING) -> Response:
    """Where the two codes of the message are typed."""
    return page("applicant/claim.html", filled=filled)


@code_pages.post("/ambil")
@allow("applicant")
@forms.keeps(show_claim)
def claim() -> Any:
    """Takes the case over."""
    body = forms.load(Claim(), _typed("tracking_code", "code"))
    try:
        case = _once(body, lambda tx: claims.claim(deps(), tx, caller(), body["tracking_code"], body["code"]))
    except ClaimRefused as refused:
        claims.count_wrong_claim(deps(), caller(), refused)
        raise Unprocessable(errors={"json": {"code": [refused.detail]}}) from refused
    return forms.done(f"/saya/{case}", _TAKEN)


@code_pages.get("/setuju")
@allow("applicant")
@audit.shows_nobody("a form")
def show_agreeing(filled: Filled = NOTHING) -> Response:
    """Where one agrees to being helped."""
    return page("applicant/agree.html", filled=filled)


@code_pages.post("/setuju")
@allow("applicant")
@forms.keeps(show_agreeing)
def agree() -> Any:
    """Agrees, and sees the case from then on."""
    body = forms.load(Agreement(), _typed("tracking_code", "code", "messages_to"))
    held = consent.take_try(deps(), caller().tenant, body["tracking_code"], AGREE)

    def act(tx: Tx) -> Application:
        app = consent.case_for(deps(), tx, body["tracking_code"])
        consent.agree(deps(), tx, caller(), app, body, held)
        return app

    return forms.done(f"/saya/{_with_code(body, act)}", _AGREED)


@code_pages.get("/tanpa-pendamping")
@allow("applicant")
@audit.shows_nobody("a form")
def show_revoking(filled: Filled = NOTHING) -> Response:
    """Where a code is asked for, and typed, by who wants no help any more."""
    return page("applicant/revoke.html", filled=filled)


@code_pages.post("/tanpa-pendamping/kode")
@allow("applicant")
@forms.keeps(show_revoking)
def send_revocation_code() -> Any:
    """A code to the phone from which he agreed."""
    body = forms.load(RevocationCodeWanted(), _typed("tracking_code", "phone"))
    parts, who = deps(), caller()

    def work(tx: Tx) -> Answer:
        consent.send_revocation_code(parts, tx, body["tracking_code"], body["phone"])
        return Answer(202, {})

    once(parts.db, parts.data_keys, who, who.tenant, body, work)
    return forms.done("/saya/tanpa-pendamping", _SENT)


@code_pages.post("/tanpa-pendamping")
@allow("applicant")
@forms.keeps(show_revoking)
def revoke_by_code() -> Any:
    """The helper is out, and the case is the caller's."""
    body = forms.load(RevocationByCode(), _typed("tracking_code", "code"))
    held = consent.take_try(deps(), caller().tenant, body["tracking_code"], REVOKE, by=caller().subject)

    def act(tx: Tx) -> Application:
        app = consent.case_for(deps(), tx, body["tracking_code"])
        consent.revoke_by_code(deps(), tx, caller(), app, body["code"], held)
        return app

    return forms.done(f"/saya/{_with_code(body, act)}", _ENDED)


@code_pages.get("/<uuid:application_id>/pendamping")
@allow("applicant")
@audit.shows("application")
def show_helper(application_id: UUID, filled: Filled = NOTHING) -> Response:
    """Asks once more before the help in one's own case ends."""
    case = find(application_id)
    if "revoke-consent" not in case.shown["actions"]:
        raise Forbidden(Words("Tidak ada bantuan yang dapat diakhiri di sini.", "There is no help to be ended here."))
    return page("applicant/helper_out.html", case=case, filled=filled)


@code_pages.post("/<uuid:application_id>/pendamping")
@allow("applicant")
@forms.keeps(show_helper)
def revoke(application_id: UUID) -> Any:
    """Ends it, with the own login and no code."""
    forms.typed()
    body = forms.load(Revocation(), {})
    change(application_id, body, lambda parts, tx, app, actor: consent.revoke(parts, tx, app, actor, body))
    return forms.done(f"/saya/{application_id}", _ENDED)


def _typed(*names: str) -> dict[str, str]:
    typed = forms.typed()
    return {name: found for name in names if (found := typed.get(name, "").strip())}


def _with_code(body: dict[str, Any], act: Callable[[Tx], Application]) -> str:
    """The case's id. A code that is wrong is so at its field. Raises Unprocessable."""
    try:
        return _once(body, act)
    except ConsentCodeRefused as refused:
        raise Unprocessable(errors={"json": {"code": [refused.detail]}}) from refused


def _once(body: dict[str, Any], act: Callable[[Tx], Application]) -> str:
    parts, who = deps(), caller()

    def work(tx: Tx) -> Answer:
        app = act(tx)
        audit.concerns(app.id)
        return only_id(app.id)

    return str(once(parts.db, parts.data_keys, who, who.tenant, body, work).get_json()["id"])
