"""What several resources share."""

from __future__ import annotations

import re
from typing import Any, cast
from uuid import UUID

from flask import Response, request

from documents.deps import Deps
from documents.domain.letters import Letter
from documents.usecases.telling import check_url
from kit import answers, paging
from kit.objects import StoredObject
from kit.problems import Unprocessable, Words
from kit.web import ProblemDocument


def deps() -> Deps:
    """The parts of this service."""
    return cast(Deps, answers.deps())


def problem(blueprint: Any, *statuses: int) -> Any:
    """Documents the errors of a route, and whether it wants a token."""
    said = {
        400: "The body cannot be read.",
        401: "No valid token.",
        403: "Not within the caller's role.",
        404: "It does not exist, or it is not the caller's.",
        409: "Its state does not allow it; the document's type says which rule.",
        412: "If-Match names an older version.",
        415: "The body is not sent as application/json.",
        422: "A field is wrong; `errors` names it.",
        503: "A part that the service stands on does not answer; ask again.",
    }

    def decorate(view: Any) -> Any:
        for status in statuses:
            view = blueprint.alt_response(
                status, schema=ProblemDocument, description=said[status], content_type="application/problem+json"
            )(view)
        return blueprint.doc(security=[{"bearer": []}])(view) if 401 in statuses else view

    return decorate


def after_id(cursor: str | None) -> UUID | None:
    """The id that a list goes on after. Raises Unprocessable."""
    position = paging.decode_cursor(cursor, 1)
    try:
        return UUID(position[0]) if position else None
    except (ValueError, TypeError, AttributeError) as error:
        raise _unknown_cursor() from error


def after_line(cursor: str | None) -> tuple[str, int] | None:
    """The line of the book that a page goes on after. Raises Unprocessable."""
    position = paging.decode_cursor(cursor, 2)
    if position is None:
        return None
    series, n = position
    if not isinstance(series, str) or "\0" in series or not isinstance(n, int) or not 0 <= n < 2**31:
        raise _unknown_cursor()
    return series, n


def _unknown_cursor() -> Unprocessable:
    said = Words("Kursor tidak dikenal; mulai dari halaman pertama.", "Unknown cursor; start at the first page.")
    return Unprocessable(errors={"query": {"cursor": [said]}})


def letter_view(letter: Letter) -> dict[str, Any]:
    """A letter for LetterOut."""
    return vars(letter) | {"check_url": check_url(deps(), letter)}


def with_etag(body: Any, version: int) -> tuple[Any, int, dict[str, str]]:
    return body, 200, {"ETag": answers.etag(version)}


def send_pdf(stored: StoredObject, etag: str, filename: str) -> Response:
    """Streams a PDF; who has it already (`If-None-Match`) gets 304."""
    headers = {
        "ETag": f'"{etag}"',
        "Content-Disposition": f'attachment; filename="{filename}"',
        "Cache-Control": "private, no-cache",
    }
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
