"""`/t/{token}`: a task on one screen, for whoever was sent the link."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, redirect

from kit import audit
from kit.auth import public
from kit.openapi import refusals
from kit.pages import forms, page, wanted
from kit.pages.forms import NOTHING, Filled
from kit.web import Resource
from verification.api import examples
from verification.api.common import deps
from verification.api.links import changed_by_link, show
from verification.domain.decisions import ACKNOWLEDGE, GRANT, REFUSE
from verification.schemas.tasks import DecisionIn, LinkOut, OriginalsIn
from verification.usecases import deciding

short_links = Resource("short-links", __name__, url_prefix="/t", description="The address that messages carry.")
link_pages = Blueprint("link-pages", __name__, url_prefix="/t")

_OF_DECISION = {
    GRANT: ("decision", "purpose", "owner_agrees", "verdicts"),
    REFUSE: ("decision", "reason", "note"),
    ACKNOWLEDGE: ("decision",),
}
"""Of what was typed, the fields of what was chosen in the end."""


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
    for file in task["files"]:
        file["is_picture"] = file["type"].startswith("image/")
    return page("task.html", task=task, filled=filled, token=token)


@link_pages.post("/<token>")
@public
@forms.keeps(_again)
def decide(token: str) -> Any:
    """Decides, as the form on the page says."""
    typed = forms.typed()
    hidden = ("position",) if typed.get("all") else ("position", "file_id")
    body = forms.load(DecisionIn(), _decision(forms.nested(typed, *hidden)))
    changed_by_link(token, body, "decision", lambda tx, link: deciding.decide_by_link(deps(), tx, link, body))
    return redirect(f"/t/{token}", 303)


@link_pages.post("/<token>/asli")
@public
@forms.keeps(_again)
def show_originals(token: str) -> Any:
    """Notes which originals were shown to him."""
    body = forms.load(OriginalsIn(), {"file_ids": forms.typed().getlist("file_ids")})
    changed_by_link(
        token, body, "originals", lambda tx, link: deciding.show_originals_by_link(deps(), tx, link, body["file_ids"])
    )
    return redirect(f"/t/{token}", 303)


def _decision(typed: dict[str, Any]) -> dict[str, Any]:
    """The form as the API takes it: one verdict for all where that was chosen, and nothing of what was not."""
    everything = typed.pop("all", None)
    if everything:
        for verdict in typed.get("verdicts", []):
            verdict.setdefault("verdict", everything)
    verdicts = [one for one in typed.get("verdicts", []) if "verdict" in one or "note" in one]
    typed["verdicts"] = verdicts or None
    kept = _OF_DECISION.get(typed.get("decision", ""), tuple(typed))
    return {name: value for name, value in typed.items() if name in kept}
