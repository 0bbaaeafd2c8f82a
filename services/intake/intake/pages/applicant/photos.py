"""`/saya/{case}/foto/{requirement}`: one photo or scan on a page. The same bytes again are the same file, so a script
that lost its connection may send them as often as it likes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response

from contracts.consent import CONSENT_PAPER, CONSENT_PAPER_NAME
from intake import samples
from intake.api.files import taken
from intake.deps import Deps
from intake.domain.case import Actor, Application
from intake.domain.consent import helper_of
from intake.pages.applicant.case import Case, find, newest
from intake.pages.applicant.questions import before, next_after, way
from intake.pages.scan import shown_here
from intake.store import files as rows
from intake.usecases import uploads
from kit import audit
from kit.db import Tx
from kit.pages import forms, page
from kit.pages.forms import NOTHING, Filled
from kit.pages.session import allow
from kit.problems import NotFound, Words

photo_pages = Blueprint("photo-pages", __name__, url_prefix="/saya/<uuid:application_id>/foto")

_SAVED = Words("Foto tersimpan.", "The photo is saved.")
_PORTRAIT = "PAS_FOTO"


@photo_pages.get("/<requirement>")
@allow("applicant")
@audit.shows("application")
def show_photo(application_id: UUID, requirement: str, filled: Filled = NOTHING) -> Response:
    """What is to be photographed and how, and what is there for it."""

    def more(_parts: Deps, tx: Tx, app: Application, _actor: Actor) -> dict[str, Any]:
        row = newest(rows.of_case(tx, app.id), requirement)
        return {"file": uploads.shown(row) if row else None}

    case = find(application_id, more)
    wanted = _wanted(case, requirement)
    address, back = _around(case, requirement)
    photos = [place.address for place in way(case) if "/foto/" in place.address]
    return page(
        "applicant/photo.html", case=case, wanted=wanted, filled=filled, back=back,
        onwards=next_after(case, address), portrait=requirement == _PORTRAIT, sample=samples.of(requirement),
        number=photos.index(address) + 1 if address in photos else 0, of=len(photos),
        may="add-file" in case.shown["actions"], **case.more,
    )  # fmt: skip


@photo_pages.post("/<requirement>")
@allow("applicant")
@forms.keeps(show_photo)
def send_photo(application_id: UUID, requirement: str) -> Any:
    """Takes the file, and shows it."""
    taken(application_id, forms.check_ours, requirement)
    return forms.done(f"/saya/{application_id}/foto/{requirement}", _SAVED)


@photo_pages.get("/berkas/<uuid:file_id>")
@allow("applicant")
@audit.shows("file")
def show_file(application_id: UUID, file_id: UUID) -> Response:
    """What was sent, for the eyes of who may see the case; each reading is on record."""
    return shown_here(application_id, file_id)


def _around(case: Case, requirement: str) -> tuple[str, str]:
    """The page on the way that this photo belongs to, and the one to go back to: papers that something else can take
    the place of are photographed from that page."""
    kinds = {one["code"]: one["kind"] for one in case.sop["requirements"]}
    above = (
        "persetujuan"
        if requirement == CONSENT_PAPER
        else "pengantar"
        if kinds.get(requirement) == "introduction"
        else ""
    )
    address = f"{case.address}/{above or f'foto/{requirement}'}"
    return address, address if above else before(case, address)


def _wanted(case: Case, code: str) -> dict[str, Any]:
    """What the SOP says of the requirement. Raises NotFound."""
    if code == CONSENT_PAPER and helper_of(case.app.person):
        return {"code": code, "name": CONSENT_PAPER_NAME, "photo_hint": None}
    known = next((one for one in case.sop["requirements"] if one["code"] == code), None)
    state = next((one.state for one in case.shown["requirements"] if one.code == code), "not_needed")
    if known is None or state == "not_needed":
        raise NotFound
    return {"code": code, "name": known["name"], "photo_hint": known.get("photo_hint")}
