"""What several resources share."""

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
from verification.deps import Deps

_SAID = {
    400: "The body is not JSON.",
    401: "No valid token.",
    403: "Not within the caller's role, or somebody else decides for the RT today.",
    404: "It does not exist, or it is not the caller's.",
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


def after_id(cursor: str | None) -> UUID | None:
    """The id that a list goes on after. Raises Unprocessable."""
    position = paging.decode_cursor(cursor, 1)
    try:
        return UUID(position[0]) if position else None
    except (ValueError, TypeError, AttributeError) as error:
        raise _unknown_cursor() from error


def after_place(cursor: str | None) -> list[str] | None:
    """The RW and RT that a list goes on after. Raises Unprocessable."""
    position = paging.decode_cursor(cursor, 2)
    if position is not None and not all(isinstance(part, str) and part.isdigit() for part in position):
        raise _unknown_cursor()
    return position


def _unknown_cursor() -> Unprocessable:
    said = Words("Kursor tidak dikenal; mulai dari halaman pertama.", "Unknown cursor; start at the first page.")
    return Unprocessable(errors={"query": {"cursor": [said]}})
