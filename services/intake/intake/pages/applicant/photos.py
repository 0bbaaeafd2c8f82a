"""`/saya/{case}/foto/{requirement}`: one photo or scan on a page. The same bytes again are the same file, so a script
that lost its connection may send them as often as it likes."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from flask import Blueprint, Response, request

from contracts.consent import CONSENT_PAPER, CONSENT_PAPER_NAME
from intake.deps import Deps
from intake.domain.case import Actor, Application
from intake.domain.consent import helper_of
from intake.domain.erasure import CaseErased
from intake.pages.applicant.case import Case, find, newest, on_record
from intake.pages.applicant.questions import before, next_after, way
from intake.schemas.files import FileOut
from intake.store import files as rows
from intake.usecases import files, uploads
from kit import audit
from kit.answers import Answer, answer, deps, once
from kit.auth import caller
from kit.db import Row, Tx
from kit.pages import forms, page
from kit.pages.forms import NOTHING, Filled
from kit.pages.session import allow
from kit.problems import NotFound, Words
from kit.uploads import UploadLimits, received_file

photo_pages = Blueprint("photo-pages", __name__, url_prefix="/saya/<uuid:application_id>/foto")

_SAVED = Words("Foto tersimpan.", "The photo is saved.")
_PORTRAIT = "PAS_FOTO"


@photo_pages.get("/<requirement>")
@allow("applicant")
@audit.shows("application")
def show_photo(application_id: UUID, requirement: str, filled: Filled = NOTHING) -> Response:
    """What is to be photographed and how, and what is there for it."""

    def more(parts: Deps, tx: Tx, app: Application, _actor: Actor) -> dict[str, Any]:
        row = newest(rows.of_case(tx, app.id), requirement)
        return {"file": uploads.shown(row) if row else None, "link": _link(parts, tx, app, row)}

    case = find(application_id, more)
    wanted = _wanted(case, requirement)
    address, back = _around(case, requirement)
    photos = [place.address for place in way(case) if "/foto/" in place.address]
    return page(
        "applicant/photo.html", case=case, wanted=wanted, filled=filled, back=back,
        onwards=next_after(case, address), portrait=requirement == _PORTRAIT,
        number=photos.index(address) + 1 if address in photos else 0, of=len(photos),
        may="add-file" in case.shown["actions"], **case.more,
    )  # fmt: skip


@photo_pages.post("/<requirement>")
@allow("applicant")
@forms.keeps(show_photo)
def send_photo(application_id: UUID, requirement: str) -> Any:
    """Takes the file, and shows it."""
    parts, who = deps(), caller()
    limits = UploadLimits(file=parts.settings.upload_limit)
    with on_record(), received_file(request, limits, parts.spool) as upload:
        forms.check_ours(upload.fields)
        uploads.check(parts, who, application_id, requirement)
        stored = uploads.store(parts, application_id, requirement, upload)

    def work(tx: Tx) -> Answer:
        return answer(FileOut, uploads.record(parts, tx, who, application_id, requirement, stored), 201)

    try:
        with on_record():
            once(parts.db, parts.data_keys, who, who.tenant, {"sha256": stored["sha256"]}, work)
    except (CaseErased, NotFound):
        uploads.leave(parts, who, stored)
        raise
    return forms.done(f"/saya/{application_id}/foto/{requirement}", _SAVED)


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


def _link(parts: Deps, tx: Tx, app: Application, row: Row | None) -> str | None:
    """For the reader's own eyes and some minutes, once somebody has looked at the file."""
    if row is None or row["state"] != "ready":
        return None
    parts_of = urlsplit(files.make_link(parts, tx, app, row["id"], caller().subject)["url"])
    return f"{parts_of.path}?{parts_of.query}"
