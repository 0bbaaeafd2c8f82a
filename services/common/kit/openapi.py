"""What an operation's documentation says of its refusals."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from kit.web import ProblemDocument, Resource

View = TypeVar("View", bound=Callable[..., Any])

_MEANING = {
    400: "The body cannot be read.",
    401: "No token, or one that does not hold.",
    403: "Not within the caller's role.",
    404: "It does not exist, or it is another's.",
    406: "None of the forms that this address answers in.",
    409: "Not possible in the present state; the document's type says which rule.",
    410: "It was there and is not kept any more; the document says where to go on.",
    412: "Changed by somebody else (`If-Match`).",
    413: "More than this address takes.",
    415: "Not the Content-Type that this address takes.",
    422: "Some fields are not right; `errors` names them.",
    429: "More than is allowed in this time; `Retry-After` says when it may go on.",
    503: "A part that we stand on does not answer; ask again with the same key.",
}


def refusals(blp: Resource, *statuses: int) -> Callable[[View], View]:
    """Documents the problem documents that an operation may answer with, and that it wants a token where 401 is.

    Always among them: 401 (a token that does not hold is refused where none is wanted too), 429 and 503; and where a
    body is read (415), 400 and 413."""
    body = {400, 413} if 415 in statuses else set[int]()
    said: dict[str, Any] = {"responses": {str(one): _refusal(one) for one in sorted({*statuses, *body, 401, 429, 503})}}
    if 401 in statuses:
        said["security"] = [{"bearer": []}]
    return cast(Callable[[View], View], blp.doc(**said))  # all at once: each decorator copies what is said before it


def _refusal(status: int) -> dict[str, Any]:
    return {"description": _MEANING[status], "content": {"application/problem+json": {"schema": ProblemDocument}}}
