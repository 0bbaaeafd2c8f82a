"""`/saya`: one's own cases wherever they are, and the page of each."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, redirect, request

from intake.domain.erasure import CaseErased
from intake.pages.applicant.case import Case, change, find
from intake.pages.applicant.questions import Place, goes_on_at, place_of
from intake.pages.track import milestones
from intake.schemas.applications import Withdrawal
from intake.usecases import procedure, reading
from intake.usecases.listing import listed
from kit import audit
from kit.answers import deps
from kit.auth import caller
from kit.pages import forms, page
from kit.pages.forms import NOTHING, Filled
from kit.pages.session import allow
from kit.problems import Forbidden, Words

own_pages = Blueprint("own-pages", __name__)

_EACH = 20
_WITHDRAWN = Words("Permohonan dibatalkan.", "The application was withdrawn.")


@own_pages.get("/saya")
@allow("applicant", "rt_head", "rw_head")
@audit.shows("application", purpose="list")
def show_own() -> Response:
    """One's cases, the newest first."""
    query = {"status": None, "service": None, "limit": _EACH, "cursor": request.args.get("lanjut") or None}
    cases = listed(deps(), caller(), query)
    audit.concerns(*(one["id"] for one in cases["items"]))
    return page(
        "applicant/own.html", cases=cases["items"], further=cases["next_cursor"], name=cases["office_name"],
        kelurahan=caller().tenant,
    )  # fmt: skip


@own_pages.get("/saya/<uuid:application_id>")
@allow("applicant")
@audit.shows("application")
def show_case(application_id: UUID) -> Response:
    """How it stands, what it waits for, what is to be mended, and what happened; of an erased one the proof."""
    try:
        case = find(application_id, lambda parts, tx, app, actor: reading.lines(parts, tx, app, actor))
    except CaseErased:
        return redirect(f"/saya/{application_id}/data", 303)  # type: ignore[return-value]
    return page("applicant/case.html", case=case, returned=_returned(case), milestones=list(milestones(case.more)))


@own_pages.get("/saya/<uuid:application_id>/lanjut")
@allow("applicant")
@audit.shows_nobody("an address")
def go_on_with(application_id: UUID) -> Response:
    """On to the first page that lacks something."""
    return redirect(goes_on_at(find(application_id)), 303)  # type: ignore[return-value]


@own_pages.get("/saya/<uuid:application_id>/batal")
@allow("applicant")
@audit.shows("application")
def show_withdrawal(application_id: UUID, filled: Filled = NOTHING) -> Response:
    """Asks once more before a case ends."""
    case = find(application_id)
    if "withdraw" not in case.shown["actions"]:
        raise Forbidden(Words("Permohonan ini tidak dapat dibatalkan lagi.", "It can no longer be withdrawn."))
    return page("applicant/withdraw.html", case=case, filled=filled)


@own_pages.post("/saya/<uuid:application_id>/batal")
@allow("applicant")
@forms.keeps(show_withdrawal)
def withdraw(application_id: UUID) -> Any:
    """Ends the case."""
    body = forms.load(Withdrawal(), {"reason": forms.typed().get("reason", "").strip() or None})
    change(
        application_id, body, lambda parts, tx, app, actor: procedure.withdraw(parts, tx, app, actor, body["reason"])
    )
    return forms.done(f"/saya/{application_id}", _WITHDRAWN)


def _returned(case: Case) -> list[tuple[dict[str, Any], Place | None, Any]]:
    """What was returned, where it is mended, and what it is called."""
    names = {one["code"]: one["name"] for one in (*case.sop["requirements"], *case.sop["fields"])}
    return [
        (item, place_of(case, item["requirement"]), names.get(item["requirement"]))
        for item in case.shown["returned_items"]
    ]
