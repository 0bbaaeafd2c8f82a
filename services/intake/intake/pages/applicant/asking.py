"""`/saya/{case}/pengantar`, `/persetujuan`, `/izin`: what others say of a case, and what the applicant allows."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response

from contracts.consent import CONSENT_PAPER, KINDS, NEIGHBOURS
from intake.api.base import only_id, recording, within_case
from intake.domain.case import Actor, Application
from intake.domain.consent import CODE, ConsentCodeRefused, helper_of
from intake.pages.applicant.case import Case, change, find
from intake.pages.applicant.questions import before, next_after
from intake.schemas.applications import IntroductionRequest
from intake.schemas.consent import CodeWanted, Consent
from intake.schemas.consents import ConsentWord
from intake.usecases import consent, consents, procedure
from kit import audit
from kit.answers import Answer, deps
from kit.auth import caller
from kit.db import Tx
from kit.pages import forms, page
from kit.pages.forms import NOTHING, Filled
from kit.pages.session import allow
from kit.problems import NotFound, Unprocessable, Words

asking_pages = Blueprint("asking-pages", __name__, url_prefix="/saya/<uuid:application_id>")

_ASKED = Words("Ketua RT sudah kami tanya. Anda bisa melanjutkan.", "We have asked the RT head. You can go on.")
_SENT = Words("Kode sudah dikirim ke HP pemohon.", "The code was sent to the applicant's phone.")
_AGREED = Words("Persetujuan tercatat.", "The consent is recorded.")
_SAVED = Words("Tersimpan.", "Saved.")


@asking_pages.get("/pengantar")
@allow("applicant")
@audit.shows("application")
def show_introduction(application_id: UUID, filled: Filled = NOTHING) -> Response:
    """The RT head's introduction: asked for here, or photographed where it is on paper already."""
    case = find(application_id)
    wanted = next((one for one in case.sop["requirements"] if one["kind"] == "introduction"), None)
    if wanted is None:
        raise NotFound
    state = next(one for one in case.shown["requirements"] if one.code == wanted["code"])
    address = f"{case.address}/pengantar"
    return page(
        "applicant/introduction.html", case=case, wanted=wanted, state=state, filled=filled, back=before(case, address),
        onwards=next_after(case, address),
    )  # fmt: skip


@asking_pages.post("/pengantar")
@allow("applicant")
@forms.keeps(show_introduction)
def ask_introduction(application_id: UUID) -> Any:
    """Asks the RT head, who answers on his phone."""
    typed = forms.typed()
    body = forms.load(IntroductionRequest(), {"purpose": typed.get("purpose", "").strip() or None})
    change(
        application_id, body,
        lambda parts, tx, app, actor: procedure.request_introduction(parts, tx, app, actor, body["purpose"]),
    )  # fmt: skip
    case = find(application_id)
    return forms.done(next_after(case, f"{case.address}/pengantar"), _ASKED)


# --- a helper's case: the applicant agrees ----------------------------------------------------------------------------


@asking_pages.get("/persetujuan")
@allow("applicant")
@audit.shows("application")
def show_agreement(application_id: UUID, filled: Filled = NOTHING) -> Response:
    """How the person can agree to being helped, and whether that was done."""
    case = _helped(application_id)
    address = f"{case.address}/persetujuan"
    return page(
        "applicant/agreement.html", case=case, filled=filled, paper=CONSENT_PAPER, back=before(case, address),
        onwards=next_after(case, address), asked=bool((case.app.person.get("consent") or {}).get("asked")),
    )  # fmt: skip


@asking_pages.post("/persetujuan/kode")
@allow("applicant")
@forms.keeps(show_agreement)
def send_agreement_code(application_id: UUID) -> Any:
    """A code to the applicant's own phone."""
    typed = forms.typed()
    body = forms.load(CodeWanted(), {"phone": typed.get("phone", "").strip() or None})
    change(application_id, body, lambda parts, tx, app, actor: consent.send_code(parts, tx, app, actor, body["phone"]))
    return forms.done(f"/saya/{application_id}/persetujuan", _SENT)


@asking_pages.post("/persetujuan")
@allow("applicant")
@forms.keeps(show_agreement)
def record_agreement(application_id: UUID) -> Any:
    """With the code that the applicant was sent and tells the helper."""
    typed = forms.typed()
    sent = {"method": CODE, "code": typed.get("code", "").strip() or None, "messages_to": typed.get("messages_to")}
    body = forms.load(Consent(), {name: value for name, value in sent.items() if value or name == "code"})
    with recording():
        held = consent.take_try_in_case(deps(), caller(), application_id)
    try:
        change(application_id, body, lambda parts, tx, app, actor: consent.record(parts, tx, app, actor, body, held))
    except ConsentCodeRefused as refused:  # nothing is not found here: what was typed is wrong
        raise Unprocessable(errors={"json": {"code": [refused.detail]}}) from refused
    case = find(application_id)
    return forms.done(next_after(case, f"{case.address}/persetujuan"), _AGREED)


def _helped(application_id: UUID) -> Case:
    """Raises NotFound where nobody helps."""
    case = find(application_id)
    if helper_of(case.app.person) is None:
        raise NotFound
    return case


# --- what the applicant allows ----------------------------------------------------------------------------------------


@asking_pages.get("/izin")
@allow("applicant")
@audit.shows("application")
def show_permissions(application_id: UUID, filled: Filled = NOTHING) -> Response:
    """What is asked apart from the letter: each by itself, and withdrawn as easily."""
    case = find(application_id, lambda parts, tx, app, _actor: consents.view(parts, tx, app)["items"])
    return page("applicant/permissions.html", case=case, filled=filled, asked=asked_in(case))


def _again(application_id: UUID, kind: str, filled: Filled = NOTHING) -> Response:
    return show_permissions(application_id, filled)


@asking_pages.post("/izin/<kind>")
@allow("applicant")
@forms.keeps(_again)
def say_permission(application_id: UUID, kind: str) -> Any:
    """His word about one kind."""
    if kind not in KINDS:
        raise NotFound
    typed = forms.typed()
    sent = {"given": typed.get("given"), "text_version": typed.get("text_version")}
    body = forms.load(ConsentWord(), {name: value for name, value in sent.items() if value})

    def work(tx: Tx, app: Application, actor: Actor) -> Answer:
        consents.say(deps(), tx, app, actor, kind, body)
        return only_id(app.id)

    within_case(application_id, body, work)
    return forms.done(f"/saya/{application_id}/izin", _SAVED)


def asked_in(case: Case) -> list[dict[str, Any]]:
    """The kinds that this service can come to; of what was said already all."""
    hears = bool(case.sop.get("witnesses"))
    return [one for one in case.more if one["kind"] != NEIGHBOURS or hears or one["state"] != "unsaid"]
