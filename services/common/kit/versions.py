"""What descriptions say of versions: `ETag` in answers, `If-Match` and `If-None-Match` in requests.

    @versioned                  every answer of this shape, alone and not in a list, has the ETag of its row's version
    class ToyOut(Schema): …

The rest follows from what an operation may answer: whoever answers 412 reads `If-Match`; whoever answers 304 reads
`If-None-Match`, and its answers have the ETag of their bytes. `kit.answers` makes and compares them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from marshmallow import Schema

NOT_MODIFIED, PRECONDITION_FAILED = 304, 412

Shape = TypeVar("Shape", bound=type[Schema])

_VERSION = {"type": "string", "example": '"4"'}
_OF_BYTES = {"type": "string", "example": '"3a7bd3e2360a3d29eea436fcfb7e44c735d117c42d1c1835420b6b9942dd4f1b"'}


def _sends(description: str, schema: dict[str, str]) -> dict[str, Any]:
    return {"ETag": {"description": description, "required": True, "schema": schema}}


def _reads(name: str, description: str, schema: dict[str, str]) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": False, "description": description, "schema": schema}


_ETAG = _sends("Its version, to be sent back as `If-Match`.", _VERSION)
_ETAG_OF_BYTES = _sends("The SHA-256 of its bytes, to be sent back as `If-None-Match`.", _OF_BYTES)
_IF_MATCH = _reads("If-Match", "The ETag that you saw; nothing is done where somebody was faster.", _VERSION)
_IF_NONE_MATCH = _reads("If-None-Match", "The ETag of what you have, which is not sent again.", _OF_BYTES)


def versioned(shape: Shape) -> Shape:
    """Every answer that is one of these has its ETag."""
    shape.versioned = True  # type: ignore[attr-defined]
    return shape


def described(doc: dict[str, Any], told: dict[int, list[Any]], refused: Iterable[str]) -> None:
    """Adds to an operation's description what its answers imply; `told` are those, by status, `refused` the statuses of
    its refusals."""
    for status, answers in told.items():
        for answer in answers:
            if getattr(answer.get("schema"), "versioned", False):
                answer["headers"] = _ETAG
            elif NOT_MODIFIED in told and status in (200, NOT_MODIFIED):
                answer["headers"] = _ETAG_OF_BYTES
    statuses = {*told, *map(int, refused)}
    for reads, header in ((PRECONDITION_FAILED, _IF_MATCH), (NOT_MODIFIED, _IF_NONE_MATCH)):
        if reads in statuses:
            doc.setdefault("parameters", []).append(header)
