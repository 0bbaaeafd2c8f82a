"""`/v1/letters/{id}/paragraph`: what an officer adds to one letter."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from documents.api.common import deps
from documents.api.letters import letters
from documents.domain.letters import MAY_DO
from documents.schemas.templates import ParagraphIn, ParagraphOut
from documents.usecases import paragraphs as usecase
from documents.usecases import reading
from kit import answers, audit
from kit.answers import Answer, once
from kit.auth import allow, caller
from kit.db import Tx
from kit.openapi import refusals

_EXAMPLE = {"text": "Yang bersangkutan sedang dirawat di rumah sakit."}


@letters.get("/<uuid:letter_id>/paragraph")
@allow("officer", "lurah")
@refusals(letters, 401, 403, 404)
@letters.response(200, ParagraphOut)
@audit.shows("letter")
def get_paragraph(letter_id: UUID) -> Any:
    """The paragraph of one letter

    And whether this letter takes one."""
    letter = reading.letter_for(deps(), caller(), letter_id)
    audit.concerns(letter.application_id)
    with deps().db.transaction(caller().tenant) as tx:
        return usecase.view(deps(), tx, letter), 200, {"ETag": answers.etag(letter.version)}


@letters.put("/<uuid:letter_id>/paragraph")
@allow(*MAY_DO["write"])
@letters.arguments(ParagraphIn, example=_EXAMPLE)
@refusals(letters, 400, 401, 403, 404, 409, 412, 415, 422, 503)
@letters.response(200, ParagraphOut)
def put_paragraph(body: dict[str, Any], letter_id: UUID) -> Response:
    """Add a paragraph to one letter

    Until it has its number; the draft is drawn up again. `null` takes it away. It stands below what is said of the
    case, as it was written: braces name nothing here."""

    def work(tx: Tx) -> Answer:
        letter, _case = reading.lock_letter(deps(), tx, letter_id)
        answers.check_if_match(letter.version)
        usecase.write(deps(), tx, letter, body["text"])
        return answers.answer(ParagraphOut, usecase.view(deps(), tx, letter), version=letter.version)

    reading.letter_for(deps(), caller(), letter_id)
    return once(deps().db, deps().data_keys, caller(), caller().tenant, body, work)
