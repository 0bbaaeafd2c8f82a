"""`/v1/letters`: drafts, decisions, issued letters and forms."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, request

from documents.api import examples
from documents.api.common import HAVE_IT, deps, filename, letter_view, send_pdf, with_etag
from documents.domain.letters import Letter
from documents.domain.signing import SIGNERS
from documents.schemas.letters import (
    Decision,
    InitialsRequest,
    LetterOut,
    LetterPage,
    LettersQuery,
    OutcomeRequest,
    VoidRequest,
)
from documents.store import letters as store
from documents.usecases import certificates, drafting, ending, issuing, reading, scanning, signing
from kit import answers, audit, paging
from kit.answers import Answer, once
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
    [after] = paging.position(query["cursor"], UUID) or [None]
    filters = {name: query[name] for name in ("application_id", "status", "kind")}
    reading.check_case(deps(), caller(), query["application_id"])
    with deps().db.transaction(caller().tenant) as tx:
        rows = store.page(tx, filters, after, query["limit"] + 1)
    return paging.page([letter_view(row) for row in rows], query["limit"], lambda row: (row["id"],))


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
@allow("officer", *SIGNERS, "applicant", "rt_head")
@refusals(letters, 401, 403, 404, 409, 503)
@letters.response(200, {"type": "string", "format": "binary"}, content_type="application/pdf")
@letters.alt_response(304, description=HAVE_IT)
@audit.shows("letter")
def get_content(letter_id: UUID) -> Response:
    """The issued PDF

    Its bytes never change; the ETag is their SHA-256. A void letter is shown to the office only. 404 with the
    problem `file-missing` when the store has lost it, 503 when the store does not answer."""
    letter = reading.letter_for(deps(), caller(), letter_id)
    audit.concerns(letter.application_id)
    return send_pdf(reading.open_content(deps(), caller(), letter), letter.sha256 or "", filename(letter))


@letters.post("/<uuid:letter_id>/initials")
@allow("officer")
@letters.arguments(InitialsRequest, example=examples.INITIALS)
@refusals(letters, 400, 401, 403, 404, 409, 412, 415, 422, 503)
@letters.response(200, LetterOut, example=examples.LETTER)
def initial(body: dict[str, Any], letter_id: UUID) -> Response:
    """An officer's initials (paraf) on the draft that was read

    An office can want them before the lurah decides. A new draft needs new ones."""

    def work(tx: Tx) -> Answer:
        letter, _case = reading.lock_letter(deps(), tx, letter_id)
        answers.check_if_match(letter.version)
        signing.initial(tx, letter, body["preview_sha256"], caller().subject)
        return _answer(letter)

    reading.letter_for(deps(), caller(), letter_id)
    return _once(body, work)


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
@allow("officer")
@letters.doc(requestBody=SCAN_BODY)
@refusals(letters, 400, 401, 403, 404, 409, 412, 413, 415, 422, 503)
@letters.response(200, LetterOut, example=examples.LETTER)
def add_scan(letter_id: UUID) -> Response:
    """The signed and stamped sheet comes back

    A PDF, or a photo (JPEG, PNG). From now on the letter is issued: the scan is what the applicant gets."""
    found = reading.letter_for(deps(), caller(), letter_id)
    with received_file(request, UploadLimits(file=scanning.MOST_BYTES), deps().spool) as upload:
        stored = scanning.store(deps(), found, upload)

    def work(tx: Tx) -> Answer:
        letter, _case = reading.lock_letter(deps(), tx, letter_id)
        answers.check_if_match(letter.version)
        signing.take_scan(deps(), tx, letter, stored)
        return _answer(reading.lock_letter(deps(), tx, letter_id)[0])

    return _once({"sha256": upload.sha256}, work)


@letters.post("/<uuid:letter_id>/outcome")
@allow("officer", *SIGNERS)
@letters.arguments(OutcomeRequest, example=examples.OUTCOME)
@refusals(letters, 400, 401, 403, 404, 409, 412, 415, 422, 503)
@letters.response(200, LetterOut, example=examples.NUMBERED)
def settle(body: dict[str, Any], letter_id: UUID) -> Response:
    """What became of a signing whose outcome was unknown

    The system never sends such a letter again by itself: ask the signing service first."""

    def work(tx: Tx) -> Answer:
        letter, _case = reading.lock_letter(deps(), tx, letter_id)
        answers.check_if_match(letter.version)
        signing.sign_again(tx, letter)
        return _answer(letter)

    reading.letter_for(deps(), caller(), letter_id)
    return _once(body, work)


@letters.post("/<uuid:letter_id>/decision")
@allow(*SIGNERS)
@letters.arguments(Decision, example=examples.DECISION)
@refusals(letters, 400, 401, 403, 404, 409, 412, 415, 422, 503)
@letters.response(200, LetterOut, example=examples.NUMBERED)
def decide(body: dict[str, Any], letter_id: UUID) -> Response:
    """The lurah decides on the draft, or sends it back

    `issue` names the hash of the draft that was read: the letter takes number, date and check code at once
    (`numbered`). With the method `approval` it is `issued` a moment later; with the others it is signed first: by hand
    (`sheet`, then `scan`), or with `POST /v1/signatures`, which can decide as well. `send_back` says what is to be
    changed."""

    def work(tx: Tx) -> Answer:
        letter, case = reading.lock_letter(deps(), tx, letter_id)
        answers.check_if_match(letter.version)
        if body["decision"] == "issue":
            issuing.decide_issue(deps(), tx, letter, case, decision)
        else:
            issuing.send_back(deps(), tx, letter, body["reason"], caller().subject)
        return _answer(letter)

    reading.letter_for(deps(), caller(), letter_id)
    decision = issuing.Decision(
        caller().subject, body.get("preview_sha256", ""), body.get("method"), certificates.of_caller(deps(), caller())
    )
    return _once(body, work)


@letters.post("/<uuid:letter_id>/draft")
@allow("officer", "lurah")
@refusals(letters, 401, 403, 404, 409, 412, 422, 503)
@letters.response(200, LetterOut, example=examples.DRAFTING)
def draft_again(letter_id: UUID) -> Response:
    """Draws the draft up again from what is known now

    For instance after the lurah sent it back. A correction of the case does this by itself."""

    def work(tx: Tx) -> Answer:
        letter, _case = reading.lock_letter(deps(), tx, letter_id)
        answers.check_if_match(letter.version)
        drafting.draft_again(tx, letter)
        return _answer(letter)

    reading.letter_for(deps(), caller(), letter_id)
    return _once({}, work)


@letters.post("/<uuid:letter_id>/void")
@allow("lurah")
@letters.arguments(VoidRequest, example=examples.VOIDING)
@refusals(letters, 400, 401, 403, 404, 409, 412, 415, 422, 503)
@letters.response(200, LetterOut, example=examples.VOID)
def void(body: dict[str, Any], letter_id: UUID) -> Response:
    """Voids a letter that has its number

    The number stays taken, the book and the public check show the letter as void. While its case goes on, a new
    letter is drafted in its place."""

    def work(tx: Tx) -> Answer:
        letter, case = reading.lock_letter(deps(), tx, letter_id)
        answers.check_if_match(letter.version)
        ending.void(deps(), tx, letter, case, caller().subject, body["reason"])
        return _answer(letter)

    reading.letter_for(deps(), caller(), letter_id)
    return _once(body, work)


def _answer(letter: Letter) -> Answer:
    return answers.answer(LetterOut, letter_view(letter), version=letter.version, Retry_After="1")


def _once(body: dict[str, Any], work: Any) -> Response:
    return once(deps().db, deps().data_keys, caller(), caller().tenant, body, work)
