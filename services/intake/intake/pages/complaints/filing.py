"""`/keluhan`: somebody files a complaint, wish or question. Ticket and secret are shown at once."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, Response, redirect, request

from intake.api.complaints import DEAR, filed
from intake.domain.errors import OfficeUnknown
from intake.pages.complaints import holding
from intake.pages.complaints.holding import ADDRESS
from intake.pages.offices import office_choices
from intake.schemas.base import KELURAHAN_CODE, SERVICE_CODE
from intake.schemas.complaints import NewComplaint
from intake.store import offices as store
from intake.usecases.complaining.finding import TicketUnknown, ticket_of
from intake.usecases.offices import office
from intake.usecases.reading import CodeUnknown
from kit import audit
from kit.answers import deps
from kit.auth import public
from kit.language import language
from kit.pages import forms, page
from kit.pages.forms import NOTHING, Filled
from kit.pages.session import known
from kit.problems import Unprocessable

filing_pages = Blueprint("complaint-filing-pages", __name__, url_prefix=ADDRESS)


@filing_pages.after_request
def _keep_nothing(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


@filing_pages.get("")
@public
@audit.shows_nobody("a form")
def show_filing(filled: Filled = NOTHING) -> Response:
    """The form of an office; where there are several, which one first."""
    who, choices = known(), office_choices()
    wanted = request.values.get("kelurahan") or (who.tenant if who else "")
    code = wanted or (choices[0][0] if len(choices) == 1 else "")
    if not code:
        return page("complaints/offices.html", offices=choices)
    if not re.match(KELURAHAN_CODE, code):
        raise OfficeUnknown
    parts = deps()
    with parts.db.transaction(code) as tx:
        found = office(parts, tx, code)
        services = store.catalogue(tx, code, found.today(parts.clock.now()))
    asked = request.args
    return page(
        "complaints/new.html", filled=filled, kelurahan=code, name=found.data["name"],
        choices=[(one["service"], one["name"][language()]) for one in services], several=len(choices) > 1,
        signed_in=who is not None and who.has("applicant"),
        service=asked.get("layanan", "") if re.match(SERVICE_CODE, asked.get("layanan", "")) else "",
        code=asked.get("kode", "")[:64],
    )  # fmt: skip


@filing_pages.post("")
@public(cost=DEAR)
@forms.keeps(show_filing)
def file_by_page() -> Any:
    """Files it, and on to the page that shows its ticket and its secret, which is no part of that address. Raises
    Unprocessable for a code of no case."""
    typed = {name: value.strip() for name, value in forms.typed().items() if value.strip()}
    known()
    body = forms.load(NewComplaint(), typed | {"language": language()})
    try:
        made = filed(body, "page").get_json()
    except CodeUnknown as error:
        raise Unprocessable(errors={"json": {"tracking_code": [error.detail]}}) from error
    return holding.keep(forms.done(f"{ADDRESS}/{made['ticket']}/tiket"), made["ticket"], made["secret"])


@filing_pages.get("/cari")
@public
@audit.shows_nobody("a form")
def find_ticket() -> Response:
    """Where a ticket is typed."""
    typed = request.args.get("tiket", "").strip()
    if not typed:
        return page("complaints/find.html", ticket="", unknown=False)
    try:
        return redirect(f"{ADDRESS}/{ticket_of(typed)}", 303)  # type: ignore[return-value]
    except TicketUnknown as problem:
        return page("complaints/find.html", problem.status, ticket=typed, unknown=True)
