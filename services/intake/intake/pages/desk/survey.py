"""`/intake/survei`: the office's index of a year or a month, and what people wrote besides."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, request

from intake.api.surveys import READERS
from intake.pages.figures import said
from intake.schemas.surveys import PeriodQuery
from intake.store import offices
from intake.usecases import surveys
from intake.usecases.offices import office
from kit import audit
from kit.answers import deps
from kit.auth import caller
from kit.pages import forms, page
from kit.pages.session import allow

survey_desk_pages = Blueprint("survey-desk-pages", __name__, url_prefix="/intake/survei")

_EACH = 50


@survey_desk_pages.get("")
@allow(*READERS)
@audit.shows_nobody("an index, which names nobody")
def show_index() -> Response:
    """Index, bands and means; comments are behind a link, for who may read them."""
    parts, who = deps(), caller()
    typed = {"period": request.args["periode"].strip()} if request.args.get("periode", "").strip() else {}
    query = forms.load(PeriodQuery(), typed)
    with parts.db.transaction(who.tenant) as tx:
        shown = surveys.index_of(parts, tx, who.tenant, query["period"], public=False)
        found = office(parts, tx, who.tenant)
        today = found.today(parts.clock.now())
        named = _named(offices.catalogue(tx, who.tenant, today))
    before = today.replace(day=1) - timedelta(days=1)
    shortly = (f"{before:%Y-%m}", f"{today:%Y-%m}", f"{today:%Y}", str(today.year - 1))
    periods = [(one, said(one)) for one in shortly]
    return page(
        "desk/survey.html", shown=shown, name=found.data["name"], named=named, periods=periods,
        period=said(shown["period"]), monthly="-" in shown["period"], reads=who.has("officer", "lurah"),
    )  # fmt: skip


@survey_desk_pages.get("/saran")
@allow("officer", "lurah")
@audit.shows("comment", purpose="list")
def show_comments() -> Response:
    """What people wrote, the newest first, without names."""
    parts, who = deps(), caller()
    with parts.db.transaction(who.tenant) as tx:
        shown, cases = surveys.comments(parts, tx, {"cursor": request.args.get("lanjut") or None, "limit": _EACH})
        found = office(parts, tx, who.tenant)
        named = _named(offices.catalogue(tx, who.tenant, found.today(parts.clock.now())))
    audit.concerns(*cases)
    for one in shown["items"]:
        one["month"] = said(one["month"])
    return page(
        "desk/survey_comments.html", items=shown["items"], further=shown["next_cursor"], name=found.data["name"],
        named=named,
    )  # fmt: skip


def _named(services: Any) -> dict[str, Any]:
    """Names by code; what is offered no more goes by its code."""
    return {one["service"]: one["name"] for one in services}
