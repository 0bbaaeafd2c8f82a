"""`/v1/letters`: drafts, decisions, issued letters and forms."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from documents.api import examples
from documents.api.common import deps, filename, letter_view, send_pdf, with_etag
from documents.domain.letters import Letter
from documents.schemas.letters import Decision, LetterOut, LetterPage, LettersQuery, VoidRequest
from documents.store import letters as store
from documents.usecases import drafting, ending, issuing, reading
from kit import answers, paging
from kit.answers import Answer, once
from kit.auth import allow, caller
from kit.db import Tx
from kit.openapi import refusals
from kit.web import Resource

letters = Resource(
    "letters", __name__, url_prefix="/v1/letters", description="Letters and forms, from the draft to the issued PDF."
)


@letters.get("")
@allow("officer", "lurah", "applicant")
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
@allow("officer", "lurah", "applicant", "rt_head")
@refusals(letters, 401, 403, 404, 503)
@letters.response(200, LetterOut, example=examples.LETTER)
def get_letter(letter_id: UUID) -> Any:
    """One letter or form

    For the office, for the owner of its case, and an introduction also for the head of its RT."""
    letter = reading.letter_for(deps(), caller(), letter_id)
    return with_etag(letter_view(letter), letter.version)


@letters.get("/<uuid:letter_id>/preview")
@allow("officer", "lurah")
@refusals(letters, 401, 403, 404, 409, 503)
@letters.response(200, {"type": "string", "format": "binary"}, content_type="application/pdf")
def get_preview(letter_id: UUID) -> Response:
    """The draft as PDF, marked DRAF

    It has neither number nor QR code. Its ETag is the `preview_sha256` that a decision names."""
    letter = reading.letter_for(deps(), caller(), letter_id)
    stored = reading.open_preview(deps(), letter)
    return send_pdf(stored, letter.preview_sha256 or "", filename(letter, "-draf"))


@letters.get("/<uuid:letter_id>/content")
@allow("officer", "lurah", "applicant", "rt_head")
@refusals(letters, 401, 403, 404, 409, 503)
@letters.response(200, {"type": "string", "format": "binary"}, content_type="application/pdf")
def get_content(letter_id: UUID) -> Response:
    """The issued PDF

    Its bytes never change; the ETag is their SHA-256. A void letter is shown to the office only. 404 with the
    problem `file-missing` when the store has lost it, 503 when the store does not answer."""
    letter = reading.letter_for(deps(), caller(), letter_id)
    return send_pdf(reading.open_content(deps(), caller(), letter), letter.sha256 or "", filename(letter))


@letters.post("/<uuid:letter_id>/decision")
@allow("lurah")
@letters.arguments(Decision, example=examples.DECISION)
@refusals(letters, 400, 401, 403, 404, 409, 412, 415, 422, 503)
@letters.response(200, LetterOut, example=examples.NUMBERED)
def decide(body: dict[str, Any], letter_id: UUID) -> Response:
    """The lurah signs the draft, or sends it back

    `issue` names the hash of the draft that was read: the letter takes number, date and check code at once
    (`numbered`), and is `issued` a moment later; poll the letter. `send_back` says what is to be changed."""

    def work(tx: Tx) -> Answer:
        letter, case = reading.lock_letter(deps(), tx, letter_id)
        answers.check_if_match(letter.version)
        if body["decision"] == "issue":
            issuing.decide_issue(deps(), tx, letter, case, body["preview_sha256"], caller().subject)
        else:
            issuing.send_back(deps(), tx, letter, body["reason"], caller().subject)
        return _answer(letter)

    reading.letter_for(deps(), caller(), letter_id)
    return _once(body, work)


@letters.post("/<uuid:letter_id>/draft")
@allow("officer", "lurah")
@refusals(letters, 401, 403, 404, 409, 412, 503)
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
