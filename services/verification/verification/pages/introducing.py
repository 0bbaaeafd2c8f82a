"""`/verification/pengantar`: an RT head introduces a resident by himself."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response

from kit import answers, audit
from kit.answers import Answer, once
from kit.auth import caller
from kit.db import Tx
from kit.language import language
from kit.pages import forms, page
from kit.pages.forms import NOTHING, Filled
from kit.pages.session import allow
from kit.problems import Words
from verification.api.common import deps
from verification.pages.tasks import TASKS
from verification.schemas.tasks import NewIntroduction, TaskOut
from verification.store import copies
from verification.usecases import callers, deciding, showing
from verification.usecases.telling import today

introducing_pages = Blueprint("introducing-pages", __name__, url_prefix="/verification/pengantar")

_INTRODUCED = Words(
    "Pengantar sudah tercatat. Warga diberi tahu lewat pesan.",
    "The introduction is recorded. The resident is told by a message.",
)


@introducing_pages.get("")
@allow("rt_head")
@audit.shows_nobody("a form")
def show_form(filled: Filled = NOTHING) -> Response:
    """Whom he introduces, and what for."""
    tenant = caller().tenant
    with deps().db.transaction(tenant) as tx:
        rw, rt = callers.own_rt(tx, caller())
        services = copies.offered(tx, tenant, today(deps(), tx, tenant))
        name = copies.office_name(tx, tenant) or tenant
    choices = sorted(
        ((code, names.get(language()) or names["id"]) for code, names in services.items()), key=lambda one: one[1]
    )
    return page("introduce.html", filled=filled, rw=rw, rt=rt, services=choices, name=name)


@introducing_pages.post("")
@allow("rt_head")
@forms.keeps(show_form)
def introduce() -> Any:
    """Granted at once; then its page."""
    typed = forms.typed()
    named = ("name", "phone", "purpose", "service")
    body = forms.load(NewIntroduction(), {name: typed[name] for name in named if typed.get(name, "").strip()})

    def work(tx: Tx) -> Answer:
        task = deciding.introduce(deps(), tx, caller(), body)
        shown = showing.view(deps(), tx, caller(), task, language())
        return answers.answer(TaskOut, shown, 201, version=task.version)

    made = once(deps().db, deps().data_keys, caller(), caller().tenant, body, work)
    return forms.done(f"{TASKS}/{made.get_json()['id']}", _INTRODUCED)
