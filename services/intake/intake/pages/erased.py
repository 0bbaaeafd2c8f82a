"""What is left to show of an erased case: the proof, for its person and for the office."""

from __future__ import annotations

from uuid import UUID

from flask import Response

from intake.api.base import recording
from intake.usecases import erasing
from intake.usecases.offices import office
from kit.answers import deps
from kit.auth import caller
from kit.pages import page


def proof(application_id: UUID, back: str) -> Response:
    """What went, what stays and why, and which part of the system was done when; `back` is where the reader came from.
    Raises NotFound, OnlyHimself."""
    parts, who = deps(), caller()
    with recording(), parts.db.transaction(who.tenant) as tx:
        found = erasing.look(parts, tx, who, application_id)
        name = office(parts, tx, who.tenant).data["name"]
    return page("erased.html", erasure=found, name=name, back=back)
