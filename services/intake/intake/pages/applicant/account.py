"""`/saya/akun`: where one is signed in, signing out there, and giving the account up."""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, redirect

from intake.api.base import in_office, only_id
from intake.domain.errors import NotYours
from intake.usecases import leaving, sessions
from intake.usecases.offices import office
from kit import audit
from kit.answers import Answer, deps
from kit.auth import caller
from kit.db import Tx
from kit.pages import forms, page
from kit.pages.forms import NOTHING, Filled
from kit.pages.session import SIGN_IN, allow, forget
from kit.problems import Words

account_pages = Blueprint("account-pages", __name__, url_prefix="/saya/akun")

PEOPLE = ("applicant", "rt_head", "rw_head")
_ENDED = Words("Perangkat itu sudah dikeluarkan.", "That device is signed out.")


@account_pages.get("")
@allow(*PEOPLE)
@audit.shows_nobody("one's own sessions: devices and times")
def show_account() -> Response:
    """One's sessions, on each device."""
    parts, tenant = deps(), caller().tenant
    with parts.db.transaction(tenant) as tx:
        zone = office(parts, tx, tenant).zone
    own = [one | {"used_at": one["used_at"].astimezone(zone)} for one in sessions.own(parts, caller())]
    return page("applicant/account.html", sessions=own)


@account_pages.post("/sesi/<uuid:session_id>/akhiri")
@allow(*PEOPLE)
def end_session(session_id: UUID) -> Any:
    """Signs out on one device."""
    forms.typed()

    def work(tx: Tx) -> Answer:
        sessions.end_in(deps(), tx, caller(), session_id)
        return only_id(session_id)

    in_office({}, work)
    return forms.done("/saya/akun", _ENDED)


@account_pages.post("/keluar-semua")
@allow(*PEOPLE)
@audit.by_each
def end_sessions() -> Any:
    """Signs out everywhere, here too."""
    forms.typed()
    with suppress(NotYours):  # a token without an account: there is nothing to end, and the cookies go
        sessions.end_all(deps(), caller())
    return forget(redirect(SIGN_IN, 303))  # type: ignore[arg-type]


@account_pages.get("/hapus")
@allow(*PEOPLE)
@audit.shows_nobody("a question")
def show_leaving(filled: Filled = NOTHING) -> Response:
    """Asks once more before an account goes."""
    return page("applicant/account_leave.html", filled=filled)


@account_pages.post("/hapus")
@allow(*PEOPLE)
@audit.by_each
@forms.keeps(show_leaving)
def leave() -> Any:
    """Gives the account up."""
    forms.typed()
    leaving.leave(deps(), caller())
    return forget(redirect("/", 303))  # type: ignore[arg-type]
