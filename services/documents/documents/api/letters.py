"""`/v1/letters`: drafts, decisions, issued letters and forms."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, request

from documents.api import examples
from documents.api.common import HAVE_IT, change_letter, deps, filename, letter_view, send_pdf, with_etag
from documents.domain.cases import Application
from documents.domain.letters import MAY_DO, SIGNERS, Letter
from documents.schemas.archive import OfficeQuery
from documents.schemas.letters import (
    Decision,
    InitialsRequest,
    LetterOut,
    LetterPage,
    LettersQuery,
    OutcomeRequest,
    VoidRequest,
)
from documents.usecases import certificates, drafting, ending, issuing, listing, reading, scanning, signing
from kit import audit
from kit.auth import allow, caller
from kit.db import Tx
from kit.openapi import refusals
from kit.uploads import UploadLimits, received_file
from kit.web import Resource

SCAN_BODY = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object", "required": ["file"],
                "properties": {"file": {"type": "string", "format": "binary"}},
            }
        }
    },
}  # fmt: skip

letters = Resource(
    "letters", __name__, url_prefix="/v1/letters", description="Letters and forms, from the draft to the issued PDF."
)


@letters.get("")
@allow("officer", *SIGNERS, "applicant")
@letters.arguments(LettersQuery, location="query")
@refusals(letters, 401, 403, 404, 422, 503)
@letters.response(200, LetterPage, example=examples.LETTERS)
def list_letters(query: dict[str, Any]) -> dict[str, Any]:
    """Letters and forms, oldest first

    The office sees all of its own. An applicant names a case of his own."""
    found = listing.letters_of(deps(), caller(), query)
    return found | {"items": [letter_view(one) for one in found["items"]]}


@letters.get("/<uuid:letter_id>")
@allow("officer", *SIGNERS, "applicant", "rt_head")
@refusals(letters, 401, 403, 404, 503)
@letters.response(200, LetterOut, example=examples.LETTER)
def get_letter(letter_id: UUID) -> Any:
    """One letter or form

    For the office, for the owner of its case, and an introduction also for the head of its RT."""
    letter = reading.letter_for(deps(), caller(), letter_id)
    return with_etag(letter_view(letter), letter.version)


@letters.get("/<uuid:letter_id>/preview")
@allow("officer", *SIGNERS, "applicant")
@refusals(letters, 401, 403, 404, 409, 503)
@letters.response(200, {"type": "string", "format": "binary"}, content_type="application/pdf")
@letters.alt_response(304, description=HAVE_IT)
@audit.shows("letter")
def get_preview(letter_id: UUID) -> Response:
    """The draft as PDF, marked DRAF

    For the office, and for the owner of its case. It has neither number nor QR code. Its ETag is the `preview_sha256`
    that a decision names."""
    letter = reading.letter_for(deps(), caller(), letter_id)
    audit.concerns(letter.application_id)
    stored = reading.open_preview(deps(), letter)
    return send_pdf(stored, letter.preview_sha256 or "", filename(letter, "-draf"))


@letters.get("/<uuid:letter_id>/content")
@allow("officer", *SIGNERS, "applicant", "rt_head", reading.ARCHIVE)
@letters.arguments(OfficeQuery, location="query")
@refusals(letters, 401, 403, 404, 409, 422, 503)
@letters.response(200, {"type": "string", "format": "binary"}, content_type="application/pdf")
@letters.alt_response(304, description=HAVE_IT)
@audit.shows("letter")
def get_content(query: dict[str, Any], letter_id: UUID) -> Response:
    """The issued PDF

    Its bytes never change; the ETag is their SHA-256. A void letter is shown to the office and archives only. 404 with
    the problem `file-missing` when the store has lost it, 503 when the store does not answer."""
    letter = reading.letter_for(deps(), caller(), letter_id, query["kelurahan"])
    audit.concerns(letter.application_id, tenant=letter.kelurahan)
    return send_pdf(reading.open_content(deps(), caller(), letter), letter.sha256 or "", filename(letter))


@letters.post("/<uuid:letter_id>/initials")
@allow(*MAY_DO["initial"])
@letters.arguments(InitialsRequest, example=examples.INITIALS)
@refusals(letters, 400, 401, 403, 404, 409, 412, 415, 422, 503)
@letters.response(200, LetterOut, example=examples.LETTER)
def initial(body: dict[str, Any], letter_id: UUID) -> Response:
    """An officer's initials (paraf) on the draft that was read

    An office can want them before the lurah decides. A new draft needs new ones."""

    return change_letter(
        letter_id, body, lambda tx, letter, _case: signing.initial(tx, letter, body["preview_sha256"], caller().subject)
    )


@letters.get("/<uuid:letter_id>/sheet")
@allow("officer", *SIGNERS)
@refusals(letters, 401, 403, 404, 409, 503)
@letters.response(200, {"type": "string", "format": "binary"}, content_type="application/pdf")
@letters.alt_response(304, description=HAVE_IT)
@audit.shows("letter")
def get_sheet(letter_id: UUID) -> Response:
    """The numbered sheet to be printed, signed by hand and stamped

    Its QR code works once the scan is here. 409 `not-prepared` while it is being made."""
    letter = reading.letter_for(deps(), caller(), letter_id)
    audit.concerns(letter.application_id)
    stored = reading.open_sheet(deps(), letter)
    return send_pdf(stored, letter.prepared_sha256 or "", filename(letter, "-untuk-ditandatangani"))


@letters.post("/<uuid:letter_id>/scan")
@allow(*MAY_DO["scan"])
@letters.doc(requestBody=SCAN_BODY)
@refusals(letters, 400, 401, 403, 404, 409, 412, 413, 415, 422, 503)
@letters.response(200, LetterOut, example=examples.LETTER)
def add_scan(letter_id: UUID) -> Response:
    """The signed and stamped sheet comes back

    A PDF, or a photo (JPEG, PNG). From now on the letter is issued: the scan is what the applicant gets."""
    found = reading.letter_for(deps(), caller(), letter_id)
    with received_file(request, UploadLimits(file=scanning.MOST_BYTES), deps().spool) as upload:
        stored = scanning.store(deps(), found, upload)
    return change_letter(
        letter_id, {"sha256": upload.sha256},
        lambda tx, letter, _case: signing.take_scan(deps(), tx, letter, stored),
    )  # fmt: skip


@letters.post("/<uuid:letter_id>/outcome")
@allow(*MAY_DO["settle"])
@letters.arguments(OutcomeRequest, example=examples.OUTCOME)
@refusals(letters, 400, 401, 403, 404, 409, 412, 415, 422, 503)
@letters.response(200, LetterOut, example=examples.NUMBERED)
def settle(body: dict[str, Any], letter_id: UUID) -> Response:
    """What became of a signing whose outcome was unknown

    The system never sends such a letter again by itself: ask the signing service first."""

    return change_letter(letter_id, body, lambda tx, letter, _case: signing.sign_again(tx, letter))


@letters.post("/<uuid:letter_id>/decision")
@allow(*MAY_DO["decide"])
@letters.arguments(Decision, example=examples.DECISION)
@refusals(letters, 400, 401, 403, 404, 409, 412, 415, 422, 503)
@letters.response(200, LetterOut, example=examples.NUMBERED)
def decide(body: dict[str, Any], letter_id: UUID) -> Response:
    """The lurah decides on the draft, or sends it back

    `issue` names the hash of the draft that was read: the letter takes number, date and check code at once
    (`numbered`). With the method `approval` it is `issued` a moment later; with the others it is signed first: by hand
    (`sheet`, then `scan`), or with `POST /v1/signatures`, which can decide as well. `send_back` says what is to be
    changed."""

    decision = issuing.Decision(
        caller().subject, body.get("preview_sha256", ""), body.get("method"), certificates.of_caller(deps(), caller())
    )

    def decided(tx: Tx, letter: Letter, case: Application | None) -> None:
        if body["decision"] == "issue":
            issuing.decide_issue(deps(), tx, letter, case, decision)
        else:
            issuing.send_back(deps(), tx, letter, body["reason"], caller().subject)

    return change_letter(letter_id, body, decided)


@letters.post("/<uuid:letter_id>/draft")
@allow(*MAY_DO["draft"])
@refusals(letters, 401, 403, 404, 409, 412, 422, 503)
@letters.response(200, LetterOut, example=examples.DRAFTING)
def draft_again(letter_id: UUID) -> Response:
    """Draws the draft up again from what is known now

    For instance after the lurah sent it back. A correction of the case does this by itself."""

    return change_letter(letter_id, {}, lambda tx, letter, _case: drafting.draft_again(tx, letter))


@letters.post("/<uuid:letter_id>/void")
@allow(*MAY_DO["void"])
@letters.arguments(VoidRequest, example=examples.VOIDING)
@refusals(letters, 400, 401, 403, 404, 409, 412, 415, 422, 503)
@letters.response(200, LetterOut, example=examples.VOID)
def void(body: dict[str, Any], letter_id: UUID) -> Response:
    """Voids a letter that has its number

    The number stays taken, the book and the public check show the letter as void. While its case goes on, a new
    letter is drafted in its place."""

    return change_letter(
        letter_id, body,
        lambda tx, letter, case: ending.void(deps(), tx, letter, case, caller().subject, body["reason"]),
    )  # fmt: skip
