"""What several routes share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast
from uuid import UUID

from flask import request

from kit import access, answers, paging
from kit.auth import caller
from kit.problems import NotFound, Unprocessable, Words
from kit.web import ProblemDocument
from notify.deps import Deps

_SAID = {
    400: "The body is not JSON.",
    401: "No valid token.",
    403: "Not within the caller's role.",
    404: "It does not exist, or it is another office's.",
    409: "Its state does not allow it; the document's type says which rule.",
    412: "If-Match names an older version.",
    415: "The body is not application/json.",
    422: "A field is wrong; `errors` names it.",
    503: "A part that the service stands on does not answer; ask again.",
}


def deps() -> Deps:
    """The parts of this service."""
    return cast(Deps, answers.deps())


def problem(blueprint: Any, *statuses: int) -> Any:
    """Documents the errors of a route, and whether it wants a token."""

    def decorate(view: Any) -> Any:
        for status in statuses:
            view = blueprint.alt_response(
                status, schema=ProblemDocument, description=_SAID[status], content_type="application/problem+json"
            )(view)
        return blueprint.doc(security=[{"bearer": []}])(view) if 401 in statuses else view

    return decorate


@contextmanager
def recorded(object_id: UUID) -> Iterator[None]:
    """An attempt at what is not the caller's is kept on record; he is told that there is nothing."""
    try:
        yield
    except NotFound as error:
        raise access.refuse(deps().db, caller(), f"{request.method} {request.url_rule}", object_id) from error


def place(cursor: str | None) -> int | None:
    """The place that a list goes on from. Raises Unprocessable."""
    position = paging.decode_cursor(cursor, 1)
    if position is None:
        return None
    if isinstance(position[0], int) and 0 <= position[0] < 2**63:
        return position[0]
    said = Words("Kursor tidak dikenal; mulai dari halaman pertama.", "Unknown cursor; start at the first page.")
    raise Unprocessable(errors={"query": {"cursor": [said]}})
