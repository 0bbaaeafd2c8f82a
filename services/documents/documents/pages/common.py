"""What several pages share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, current_app, request

from documents.api.common import deps
from documents.domain.letters import MAY_DO, Letter
from documents.store import copies
from documents.usecases import listing
from documents.usecases.listing import Entry
from kit import audit
from kit.auth import STRANGER, Caller, caller
from kit.objects import StoredObject
from kit.pages import page
from kit.problems import Problem

MOST_DIGITS = 9


def shown(template: str, **values: Any) -> Response:
    """A page with the office's name on top, and `clock`, which tells moments as the office's clock has them."""
    with deps().db.transaction(caller().tenant) as tx:
        office = copies.office(tx, tx.tenant) or {}
    zone = ZoneInfo(office.get("zone", "Asia/Jakarta"))

    def clock(at: datetime) -> datetime:
        return at.astimezone(zone)

    return page(template, office_name=office.get("name", ""), clock=clock, **values)


def chosen(**renamed: str) -> dict[str, str]:
    """What of the address's query is not empty, by the API's names: `renamed` has those that are Indonesian there."""
    return {renamed.get(name, name): value for name, value in request.args.items() if value.strip()}


def filled_in(fields: Mapping[str, str], *names: str) -> dict[str, str]:
    """Of these fields those that were filled in."""
    return {name: fields[name] for name in names if fields.get(name, "").strip()}


def number(typed: str) -> int | str:
    """A number as it is typed; what is none, or longer than any of ours, stays text, for the schema to refuse."""
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) <= MOST_DIGITS else typed


def with_names(letters: Sequence[Letter]) -> list[Entry]:
    """The letters with their titles and whom they are about; this reading is on record."""
    audit.concerns(*(letter.application_id for letter in letters))
    return listing.entries(deps(), caller().tenant, letters)


def may(who: Caller, letter: Letter) -> frozenset[str]:
    """What the caller may do with a letter as it stands."""
    return frozenset(act for act in letter.takes if who.has(*MAY_DO[act]))


def picture(opened: StoredObject, etag: str) -> Response:
    """The first pages of a PDF as a picture; who has it already gets 304. Raises TooManyRequests: each is a process of
    its own, so that what strangers ask for is counted."""
    with opened as stored:
        if request.if_none_match.contains(etag):
            return Response(status=304, headers=_kept(etag))
        if caller().claims.get(STRANGER):
            current_app.extensions["gate"].strangers.check_caller(caller())
        pdf = b"".join(stored)
    return drawn(deps().painter.draw(BytesIO(pdf)), headers=_kept(etag))


def drawn(picture: bytes, kind: str = "image/webp", headers: Mapping[str, str] | None = None) -> Response:
    """A picture of ours."""
    return Response(picture, mimetype=kind, headers=headers or {"Cache-Control": "private, no-cache"})


def _kept(etag: str) -> dict[str, str]:
    return {"ETag": f'"{etag}"', "Cache-Control": "private, no-cache"}


@contextmanager
def beside(field: str, *problems: type[Problem]) -> Iterator[None]:
    """What is wrong is told beside this field as well."""
    try:
        yield
    except problems as problem:
        problem.errors = {"json": {field: [problem.title]}}
        raise
