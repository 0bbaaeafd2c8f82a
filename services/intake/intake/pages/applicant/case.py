"""What the pages of one's own cases share: finding the case, and changing it once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Response

from intake.api.base import Act, change_case, recording
from intake.deps import Deps
from intake.domain.case import Actor, Application
from intake.usecases import reading
from intake.usecases.offices import office, sop
from kit.answers import deps
from kit.auth import caller
from kit.db import Row, Tx
from kit.problems import PreconditionFailed, Words


@dataclass(frozen=True)
class Case:
    """A case as its page needs it: itself, its service, what its reader is shown, and more that was asked for."""

    app: Application
    actor: Actor
    sop: dict[str, Any]
    shown: dict[str, Any]
    office_name: str
    more: Any = None

    @property
    def address(self) -> str:
        return f"/saya/{self.app.id}"

    @property
    def given(self) -> dict[str, Any]:
        """Values by part and field."""
        return {part: self.app.person.get(part) or {} for part in ("applicant", "contact", "details")}


class Changed(PreconditionFailed):
    """Somebody, or himself elsewhere, has changed the case since the page was opened."""

    title = Words("Permohonan ini sudah berubah", "This application has changed")
    detail = Words(
        "Ada perubahan sejak halaman ini dibuka. Periksa isiannya, lalu kirim sekali lagi.",
        "Something has changed since this page was opened. Please check, and send it once more.",
    )


def find(application_id: UUID, more: Callable[[Deps, Tx, Application, Actor], Any] | None = None) -> Case:
    """The caller's case; `more` is read in the same transaction. Raises NotFound, CaseErased."""
    parts, who = deps(), caller()
    with recording(), parts.db.transaction(who.tenant) as tx:
        app, actor = reading.find(parts, tx, who, application_id)
        return Case(
            app, actor, sop(parts, tx, app.kelurahan, app.service, app.sop_version),
            reading.view(parts, tx, app, actor),
            office(parts, tx, app.kelurahan, app.office_version).data["name"],
            more(parts, tx, app, actor) if more else None,
        )  # fmt: skip


def change(application_id: UUID, body: Any, act: Act) -> Response:
    """Does something to the caller's case, once for each form; where the form has the version that its page showed, to
    that one. Raises NotFound, Changed, and what `act` raises."""
    try:
        return change_case(application_id, body, act)
    except PreconditionFailed as error:
        raise Changed from error


def newest(rows: list[Row], requirement: str) -> Row | None:
    """Of a case's files the one that came last for a requirement."""
    found = [row for row in rows if row["requirement"] == requirement]
    return max(found, key=lambda row: row["uploaded_at"], default=None)
