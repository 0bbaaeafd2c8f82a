"""What is done with one letter on its page: sent back, initialled, drawn up again, scanned, voided."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request

from documents.api.common import change_letter, deps
from documents.domain.cases import Application
from documents.domain.letters import MAY_DO, Letter
from documents.pages.common import filled_in
from documents.pages.letters import show_letter
from documents.schemas.letters import Decision, InitialsRequest, OutcomeRequest, VoidRequest
from documents.schemas.templates import ParagraphIn
from documents.usecases import drafting, ending, issuing, paragraphs, reading, scanning, signing
from kit.auth import caller
from kit.db import Tx
from kit.pages import forms
from kit.pages.session import allow
from kit.problems import Words
from kit.uploads import UploadLimits, received_file

acting_pages = Blueprint("letter-acting-pages", __name__, url_prefix="/documents/surat/<uuid:letter_id>")


def _done(letter_id: UUID, body: Any, act: Callable[[Tx, Letter, Application | None], None], words: Words) -> Response:
    """Does it with the letter as it was shown, and goes back to it."""
    change_letter(letter_id, body, act)
    return forms.done(f"/documents/surat/{letter_id}", words)


@acting_pages.post("/kembalikan")
@allow(*MAY_DO["decide"])
@forms.keeps(show_letter)
def send_back(letter_id: UUID) -> Response:
    """The lurah wants something changed first."""
    typed = forms.typed()
    body = forms.load(Decision(), {"decision": "send_back"} | filled_in(typed, "reason"))
    return _done(
        letter_id, body,
        lambda tx, letter, _case: issuing.send_back(deps(), tx, letter, body["reason"], caller().subject),
        Words("Surat dikembalikan kepada petugas.", "The letter goes back to the officer."),
    )  # fmt: skip


@acting_pages.post("/paraf")
@allow(*MAY_DO["initial"])
@forms.keeps(show_letter)
def initial(letter_id: UUID) -> Response:
    """An officer's initials on the draft that was shown."""
    typed = forms.typed()
    body = forms.load(InitialsRequest(), filled_in(typed, "preview_sha256"))
    return _done(
        letter_id, body,
        lambda tx, letter, _case: signing.initial(tx, letter, body["preview_sha256"], caller().subject),
        Words("Draf sudah diparaf.", "The draft is initialled."),
    )  # fmt: skip


@acting_pages.post("/susun-ulang")
@allow(*MAY_DO["draft"])
@forms.keeps(show_letter)
def draft_again(letter_id: UUID) -> Response:
    """The draft is drawn up from what is known now."""
    forms.typed()
    return _done(
        letter_id, {}, lambda tx, letter, _case: drafting.draft_again(tx, letter),
        Words("Draf sedang disusun ulang.", "The draft is being drawn up again."),
    )  # fmt: skip


@acting_pages.post("/paragraf")
@allow(*MAY_DO["write"])
@forms.keeps(show_letter)
def write_paragraph(letter_id: UUID) -> Response:
    """A paragraph for this letter; left empty it is taken away."""
    typed = forms.typed()
    body = forms.load(ParagraphIn(), {"text": typed.get("text", "").strip() or None})
    return _done(
        letter_id, body, lambda tx, letter, _case: paragraphs.write(deps(), tx, letter, body["text"]),
        Words("Paragraf tersimpan; draf sedang disusun ulang.", "The paragraph is kept; the draft is drawn up again."),
    )  # fmt: skip


@acting_pages.post("/pindai")
@allow(*MAY_DO["scan"])
@forms.keeps(show_letter)
def add_scan(letter_id: UUID) -> Response:
    """The sheet comes back signed and stamped."""
    found = reading.letter_for(deps(), caller(), letter_id)
    with received_file(request, UploadLimits(file=scanning.MOST_BYTES), deps().spool) as upload:
        forms.check_ours(upload.fields)
        stored = scanning.store(deps(), found, upload)
    return _done(
        letter_id, {"sha256": upload.sha256},
        lambda tx, letter, _case: signing.take_scan(deps(), tx, letter, stored),
        Words("Pindaian diterima; surat terbit.", "The scan is here; the letter is issued."),
    )  # fmt: skip


@acting_pages.post("/hasil")
@allow(*MAY_DO["settle"])
@forms.keeps(show_letter)
def settle(letter_id: UUID) -> Response:
    """It is known by now that the letter was not signed."""
    typed = forms.typed()
    body = forms.load(OutcomeRequest(), filled_in(typed, "outcome"))
    return _done(
        letter_id, body, lambda tx, letter, _case: signing.sign_again(tx, letter),
        Words("Surat dapat ditandatangani lagi.", "The letter may be signed again."),
    )  # fmt: skip


@acting_pages.post("/batalkan")
@allow(*MAY_DO["void"])
@forms.keeps(show_letter)
def void(letter_id: UUID) -> Response:
    """The letter is void from now on, and keeps its number."""
    typed = forms.typed()
    body = forms.load(VoidRequest(), filled_in(typed, "reason"))
    return _done(
        letter_id, body,
        lambda tx, letter, case: ending.void(deps(), tx, letter, case, caller().subject, body["reason"]),
        Words("Surat dibatalkan.", "The letter is void."),
    )  # fmt: skip
