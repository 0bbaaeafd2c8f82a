"""What an officer types beside the scans: a correction, as the API takes it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from intake.api.base import change_case
from intake.deps import Deps
from intake.domain.case import Actor, Application
from intake.pages.desk import fields
from intake.pages.desk.case import back_to_case, case_again, case_page, case_pages
from intake.schemas.applications import ApplicationChange
from intake.usecases import applications
from intake.usecases.offices import sop
from kit import audit
from kit.answers import deps
from kit.auth import caller
from kit.db import Tx
from kit.pages import forms
from kit.pages.session import allow
from kit.problems import Words

_SAID = Words("Tersimpan.", "Saved.")


@case_pages.get("/<uuid:application_id>/data")
@allow("officer", "lurah")
@audit.shows("application")
def show_data(application_id: UUID) -> Response:
    """The case, for who comes here by the address alone."""
    return case_page(application_id)


@case_pages.post("/<uuid:application_id>/data")
@allow("officer")
@forms.keeps(case_again)
def correct(application_id: UUID) -> Response:
    """Takes what was typed otherwise than it is known; of the rest it stays known who gave it."""
    typed, who = forms.typed(), caller().subject

    def act(parts: Deps, tx: Tx, app: Application, actor: Actor) -> None:
        service = sop(parts, tx, app.kelurahan, app.service, app.sop_version)
        sent: dict[str, Any] = fields.changes(fields.of_service(service), app.person, typed)
        if typed.get("reason") and typed["reason"] != app.reason:
            sent["reason"] = typed["reason"]
        if not sent:
            return
        if typed.get("read_from"):
            sent["read_from"] = typed["read_from"]
        applications.change(parts, tx, app, actor, who, forms.load(ApplicationChange(), sent))

    with applications.naming_the_first(deps(), caller().tenant):
        change_case(application_id, typed.to_dict(), act)
    return forms.done(back_to_case(application_id), _SAID)
