"""What several resources share."""

from __future__ import annotations

import re
from typing import Any, cast

from flask import Response, request

from documents.deps import Deps
from documents.domain.letters import Letter
from documents.usecases.telling import check_url
from kit import answers
from kit.downloads import attachment
from kit.objects import StoredObject

HAVE_IT = "The same that the caller has already (`If-None-Match`)."


def deps() -> Deps:
    """The parts of this service."""
    return cast(Deps, answers.deps())


def letter_view(letter: Letter) -> dict[str, Any]:
    """A letter for LetterOut."""
    return vars(letter) | {
        "check_url": check_url(deps(), letter), "prepared": letter.prepared_key is not None,
    }  # fmt: skip


def with_etag(body: Any, version: int) -> tuple[Any, int, dict[str, str]]:
    return body, 200, {"ETag": answers.etag(version)}


def send_pdf(stored: StoredObject, etag: str, filename: str) -> Response:
    """Streams a PDF; who has it already (`If-None-Match`) gets 304."""
    headers = {"ETag": f'"{etag}"', "Cache-Control": "private, no-cache", **attachment(filename)}
    if request.if_none_match.contains(etag):
        stored.close()
        return Response(status=304, headers=headers)
    response = Response(iter(stored), mimetype="application/pdf", headers=headers)
    response.call_on_close(stored.close)
    response.content_length = stored.stat.size
    return response


def filename(letter: Letter, mark: str = "") -> str:
    """A name for the file that tells which letter it is and nothing of a person."""
    number = re.sub(r"[^A-Za-z0-9.]+", "-", letter.number or str(letter.id)).strip("-.")
    return f"{letter.kind.replace('_', '-')}-{number}"[:100].rstrip("-.") + f"{mark}.pdf"
