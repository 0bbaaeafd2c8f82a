"""Checking letters. `/periksa/{token}`, as it is printed on them, is in `documents.pages.checks`."""

from __future__ import annotations

from typing import Any

from flask import request

from documents.api import examples
from documents.api.common import deps
from documents.domain.check_errors import NotAPdf
from documents.schemas.checks import FileCheckOut
from documents.schemas.letters import CheckOut
from documents.usecases import checking, reading
from kit import audit
from kit.auth import public
from kit.openapi import refusals
from kit.problems import Unprocessable, Words
from kit.uploads import UploadLimits, received_file
from kit.web import Resource

checks = Resource("checks", __name__, url_prefix="/v1/checks", description="Is this letter genuine? For anyone.")

PDF = "application/pdf"
LIMITS = UploadLimits(file=10_000_000, fields=3, field=1_000)
_NO_FIELD = Words("Isian tidak dikenal.", "Unknown field.")


@checks.get("/<token>")
@public
@refusals(checks, 404, 503)
@checks.response(200, CheckOut, example=examples.CHECK)
@audit.shows_nobody("the name is masked")
def check(token: str) -> dict[str, Any]:
    """What is on record about the letter with this code

    Compare it with the paper. Codes that are not known, not issued yet or misspelt all get the same 404."""
    return reading.check(deps(), token)


@checks.post("")
@public(cost=20)
@checks.doc(
    requestBody={
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary"}},
                }
            },
            PDF: {"schema": {"type": "string", "format": "binary"}},
        },
    }
)
@refusals(checks, 400, 413, 415, 422, 503)
@checks.response(200, FileCheckOut, example=examples.CHECKED_FILE)
@audit.changes_nothing
@audit.shows_nobody("the name is masked")
def check_file() -> dict[str, Any]:
    """Is this PDF the letter that was issued?

    One PDF of at most 10 MB and 200 pages, as multipart/form-data or as the body itself. Its bytes are compared with
    those of all letters; otherwise the first three pages and the last are searched for our QR code, our address and the
    letter's number. The file is not kept, so the same question may be asked again."""
    parts = deps()
    with received_file(request, LIMITS, parts.spool, plain=(PDF,)) as upload:
        if upload.fields:
            raise Unprocessable(errors={"form": dict.fromkeys(upload.fields, [_NO_FIELD])})
        if not upload.size:
            raise NotAPdf
        return checking.check_file(parts, upload.stream, upload.sha256)
