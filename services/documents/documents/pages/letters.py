"""`/documents/surat`: letters and forms, as a list and one by one."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response

from documents.api.common import deps, filename, send_pdf
from documents.domain.letters import SIGNERS, Letter
from documents.pages.common import chosen, may, picture, shown, with_names
from documents.schemas.letters import LettersQuery
from documents.usecases import listing, paragraphs, reading
from documents.usecases.telling import check_url
from documents.usecases.templates import LISTED, title_of
from kit import audit
from kit.auth import caller
from kit.pages import forms
from kit.pages.forms import NOTHING, Filled
from kit.pages.session import allow

letter_pages = Blueprint("letter-pages", __name__, url_prefix="/documents/surat")
_ONE = "/<uuid:letter_id>"


@letter_pages.get("")
@allow("officer", *SIGNERS, "applicant")
@audit.shows("letter", purpose="list")
def show_letters() -> Response:
    """Letters and forms, oldest first: the office's, or those of one case, with what follows."""
    asked = chosen(permohonan="application_id", lanjut="cursor")
    query = forms.load(LettersQuery(), asked)
    found = listing.letters_of(deps(), caller(), query)
    case = query["application_id"]
    follows = case and caller().has("officer", "lurah", "applicant")
    handovers = listing.handovers_of_case(deps(), caller(), case) if follows else []
    audit.concerns(case)
    return shown(
        "letters.html", entries=with_names(found["items"]), further=found["next_cursor"], asked=asked, case=case,
        urls={one.id: check_url(deps(), one) for one in found["items"]}, handovers=handovers,
        office=caller().has(*reading.STAFF), desk=caller().has("officer", "lurah"),
        kinds=[(kind, title_of(kind)) for kind in LISTED],
    )  # fmt: skip


@letter_pages.get(_ONE)
@allow("officer", *SIGNERS, "applicant", "rt_head")
@audit.shows("letter")
def show_letter(letter_id: UUID, filled: Filled = NOTHING) -> Response:
    """One letter: how it stands, how it looks, and what whoever looks may do with it."""
    letter = reading.letter_for(deps(), caller(), letter_id)
    [entry] = with_names([letter])
    paragraph = None
    if caller().has("officer", "lurah"):
        with deps().db.transaction(caller().tenant) as tx:
            paragraph = paragraphs.view(deps(), tx, letter)
    return shown(
        "letter.html", entry=entry, letter=letter, url=check_url(deps(), letter), may=may(caller(), letter),
        view=_view(letter), paragraph=paragraph, office=caller().has(*reading.STAFF), filled=filled,
    )  # fmt: skip


def _view(letter: Letter) -> str | None:
    """By which of its files the letter is looked at now, as the address has it; by none before there is one."""
    office = caller().has(*reading.STAFF)
    if letter.key is not None and letter.issued_at is not None and (office or letter.status != "void"):
        return "pdf"
    if letter.preview_key is not None and letter.status in ("drafted", "sent_back") and _not_a_head(letter):
        return "draf"
    return "lembar" if letter.by_hand and letter.prepared_key is not None and office else None


def _not_a_head(letter: Letter) -> bool:
    return caller().has(*reading.STAFF) or letter.owner == caller().subject


def _looked_at(letter_id: UUID) -> Letter:
    letter = reading.letter_for(deps(), caller(), letter_id)
    audit.concerns(letter.application_id)
    return letter


@letter_pages.get(f"{_ONE}/pdf")
@allow("officer", *SIGNERS, "applicant", "rt_head")
@audit.shows("letter")
def get_content(letter_id: UUID) -> Response:
    """The issued PDF."""
    letter = _looked_at(letter_id)
    return send_pdf(reading.open_content(deps(), caller(), letter), letter.sha256 or "", filename(letter))


@letter_pages.get(f"{_ONE}/pdf/gambar")
@allow("officer", *SIGNERS, "applicant", "rt_head")
@audit.shows("letter")
def see_content(letter_id: UUID) -> Response:
    """The same as a picture, for pages: phones show no PDF inside a page."""
    letter = _looked_at(letter_id)
    return picture(reading.open_content(deps(), caller(), letter), letter.sha256 or "")


@letter_pages.get(f"{_ONE}/draf")
@allow("officer", *SIGNERS, "applicant")
@audit.shows("letter")
def get_preview(letter_id: UUID) -> Response:
    """The draft as PDF."""
    letter = _looked_at(letter_id)
    return send_pdf(reading.open_preview(deps(), letter), letter.preview_sha256 or "", filename(letter, "-draf"))


@letter_pages.get(f"{_ONE}/draf/gambar")
@allow("officer", *SIGNERS, "applicant")
@audit.shows("letter")
def see_preview(letter_id: UUID) -> Response:
    """The draft as a picture."""
    letter = _looked_at(letter_id)
    return picture(reading.open_preview(deps(), letter), letter.preview_sha256 or "")


@letter_pages.get(f"{_ONE}/lembar")
@allow("officer", *SIGNERS)
@audit.shows("letter")
def get_sheet(letter_id: UUID) -> Response:
    """The sheet to be signed by hand."""
    letter = _looked_at(letter_id)
    stored = reading.open_sheet(deps(), letter)
    return send_pdf(stored, letter.prepared_sha256 or "", filename(letter, "-untuk-ditandatangani"))


@letter_pages.get(f"{_ONE}/lembar/gambar")
@allow("officer", *SIGNERS)
@audit.shows("letter")
def see_sheet(letter_id: UUID) -> Response:
    """The sheet as a picture."""
    letter = _looked_at(letter_id)
    return picture(reading.open_sheet(deps(), letter), letter.prepared_sha256 or "")
