"""`/t/{token}`: a task on one screen, for whoever was sent the link."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, redirect

from kit import audit
from kit.auth import public
from kit.openapi import refusals
from kit.pages import forms, wanted
from kit.pages.forms import NOTHING, Filled
from kit.problems import Words
from kit.web import Resource
from verification.api import examples
from verification.api.common import deps
from verification.api.links import changed_by_link, show
from verification.pages import task_screen
from verification.schemas.tasks import LinkOut
from verification.usecases import deciding

short_links = Resource("short-links", __name__, url_prefix="/t", description="The address that messages carry.")
link_pages = Blueprint("link-pages", __name__, url_prefix="/t")

_ASKED = Words("Tetangga akan ditanya.", "The neighbours will be asked.")


@short_links.get("/<token>")
@public
@refusals(short_links, 404, 503)
@short_links.response(200, LinkOut, example=examples.LINK)
@audit.shows("task")
def get_short_link(token: str) -> Any:
    """The task of a link, at the address that messages carry

    The same as `/v1/links/{token}`. Browsers are answered with a page."""
    return _task_page(token) if wanted() else show(token)


@audit.shows("task")
def _again(token: str, filled: Filled = NOTHING) -> Response:
    return _task_page(token, filled)


def _task_page(token: str, filled: Filled = NOTHING) -> Response:
    task, _, _ = show(token)
    by_link = {"by_link": True, "for_office": False, "may_decide": True, "may_see_originals": True}
    return task_screen.task_screen(task | by_link, f"/t/{token}", filled)


@link_pages.post("/<token>")
@public
@forms.keeps(_again)
def decide(token: str) -> Any:
    """Decides, as the form on the page says."""
    body = task_screen.decision(forms.typed())
    changed_by_link(token, body, "decision", lambda tx, link: deciding.decide_by_link(deps(), tx, link, body))
    return redirect(f"/t/{token}", 303)


@link_pages.post("/<token>/asli")
@public
@forms.keeps(_again)
def show_originals(token: str) -> Any:
    """Notes which originals were shown to him."""
    body = task_screen.originals(forms.typed())
    changed_by_link(
        token, body, "originals", lambda tx, link: deciding.show_originals_by_link(deps(), tx, link, body["file_ids"])
    )
    return redirect(f"/t/{token}", 303)


@link_pages.post("/<token>/tetangga")
@public
@forms.keeps(_again)
def ask_neighbours(token: str) -> Any:
    """Has neighbours asked."""
    body = task_screen.neighbours(forms.typed())
    changed_by_link(
        token, body, "witnesses", lambda tx, link: deciding.ask_witnesses_by_link(deps(), tx, link, body["witnesses"])
    )
    return forms.done(f"/t/{token}", _ASKED)
