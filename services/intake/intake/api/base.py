"""What the views of intake share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from flask import Response, request

from intake.deps import Deps
from intake.domain.case import Actor, Application
from intake.domain.errors import NotYours
from intake.schemas.cases import ApplicationOut
from intake.usecases import reading
from kit.access import refuse
from kit.answers import answer, check_if_match, deps, once
from kit.auth import caller
from kit.db import Tx
from kit.paging import decode_cursor
from kit.problems import Unprocessable, Words
from kit.web import ProblemDocument, Resource

View = TypeVar("View", bound=Callable[..., Any])
Act = Callable[[Deps, Tx, Application, Actor], None]

_MEANING = {
    401: "No token, or one that does not hold.",
    403: "Not within the caller's role.",
    404: "It does not exist, or it is another's.",
    409: "Not possible in the present state.",
    412: "Changed by somebody else (`If-Match`).",
    415: "Not application/json.",
    422: "Some fields are not right; `errors` names them.",
    503: "A part that we stand on does not answer; ask again with the same key.",
}


def refusals(blp: Resource, *statuses: int) -> Callable[[View], View]:
    """Documents the problem documents that an operation may answer with, and whether it wants a token."""

    def decorate(view: View) -> View:
        for status in sorted({*statuses, 503}):
            view = blp.alt_response(
                status,
                schema=ProblemDocument,
                description=_MEANING[status],
                content_type="application/problem+json",
            )(view)
        if 401 in statuses:
            view = blp.doc(security=[{"bearer": []}])(view)
        return view

    return decorate


def in_case(application_id: UUID, body: Any, act: Act, **headers: str) -> Response:
    """Does something to a case in one transaction, once per Idempotency-Key, and shows the case after it."""
    parts, who = deps(), caller()

    def work(tx: Tx) -> Any:
        app, actor = reading.find_for_change(parts, tx, who, application_id)
        check_if_match(app.version)
        act(parts, tx, app, actor)
        shown = reading.view(parts, tx, app, actor)
        return answer(ApplicationOut, shown, 200, version=app.version, **headers)

    try:
        return once(parts.db, parts.data_keys, who, who.tenant, body, work)
    except NotYours as error:
        raise on_record(error) from error


def position(cursor: str | None, *parts: Callable[[str], Any]) -> list[Any] | None:
    """Where a list goes on, each part of the cursor read by its own rule. Raises Unprocessable."""
    found = decode_cursor(cursor, len(parts))
    if found is None:
        return None
    try:
        return [read(part) for read, part in zip(parts, found, strict=True)]
    except (TypeError, ValueError, AttributeError) as error:
        said = Words("Kursor tidak dikenal; mulai dari halaman pertama.", "Unknown cursor; start at the first page.")
        raise Unprocessable(errors={"query": {"cursor": [said]}}) from error


def on_record(error: NotYours) -> Exception:
    """The 404 to raise; the attempt is kept."""
    return refuse(deps().db, caller(), f"{request.method} {request.url_rule}", error.object_id)
