"""`/keluhan/{ticket}`: how a complaint stands, for anybody; all of it, and what can be done with it, for whoever filed
it. The address is in messages and never changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, redirect
from marshmallow import Schema

from intake.api.complaints import DEAR, changed, seen, taken
from intake.api.complaints_desk import sent
from intake.deps import Deps
from intake.domain.complaints.complaint import Complaint
from intake.domain.complaints.filing import MOST_PHOTOS
from intake.domain.complaints.states import CLOSED
from intake.pages.complaints import holding
from intake.pages.complaints.holding import ADDRESS
from intake.pages.scan import within_page
from intake.schemas.complaints import BySecret, Reopening, Supplied
from intake.usecases.complaining import following, photos, reading
from intake.usecases.complaining.finding import SecretRefused, TicketUnknown, ticket_of
from kit import audit
from kit.answers import deps
from kit.auth import public
from kit.db import Tx
from kit.pages import forms, page
from kit.pages.forms import NOTHING, Filled
from kit.pages.session import known
from kit.problems import Unprocessable, Words

following_pages = Blueprint("complaint-following-pages", __name__, url_prefix=ADDRESS)

_OPENED = Words("Kunci cocok.", "The secret is right.")
_PHOTO = Words("Foto tersimpan.", "The photo is saved.")


@dataclass(frozen=True)
class Act:
    """How a form becomes a change: the schema that reads it, the use case, what is said when it is done, and whether it
    is the erasure."""

    schema: type[Schema]
    act: Callable[[Deps, Tx, Complaint, dict[str, Any]], None]
    said: Words
    erases: bool = False


ACTS = {
    "tambah": Act(
        Supplied, lambda deps, tx, found, body: following.supply(deps, tx, found, body["text"]),
        Words("Keterangan tersimpan.", "What you added is saved."),
    ),
    "puas": Act(
        BySecret, lambda deps, tx, found, _body: following.satisfied(deps, tx, found),
        Words("Terima kasih. Pengaduan ditutup.", "Thank you. It is closed."),
    ),
    "keberatan": Act(
        Reopening, lambda deps, tx, found, body: following.reopen(deps, tx, found, body["text"]),
        Words("Pengaduan dibuka lagi.", "It is open again."),
    ),
    "cabut": Act(
        BySecret, lambda deps, tx, found, _body: following.withdraw(deps, tx, found),
        Words("Pengaduan dicabut.", "It is withdrawn."),
    ),
    "hapus": Act(
        BySecret, lambda deps, tx, found, _body: following.erase(deps, tx, found),
        Words("Data Anda sedang dihapus.", "Your data are being erased."), erases=True,
    ),
}  # fmt: skip
"""By the word in the address."""


@following_pages.after_request
def _keep_nothing(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


@following_pages.get("/<ticket>")
@public
@audit.shows("complaint")
def show_complaint(ticket: str, filled: Filled = NOTHING) -> Response:
    """All of it for whoever filed it; for others how it stands, and where the secret is typed."""
    return _shown(ticket, filled)


@audit.shows("complaint")
def _again(ticket: str, act: str = "", filled: Filled = NOTHING) -> Response:
    return _shown(ticket, filled, act)


def _shown(ticket: str, filled: Filled, act: str = "") -> Response:
    try:
        one = reading.status(deps(), ticket)
    except TicketUnknown as problem:
        audit.concerns()
        return page("complaints/find.html", problem.status, ticket=ticket, unknown=True)
    whole = _whole(one["ticket"])
    if whole is None:
        audit.concerns()
        return page("complaints/status.html", one=one, filled=filled)
    counted = [photo for photo in whole["photos"] if photo["status"] in ("checking", "ready")]
    return page(
        "complaints/whole.html", one=whole, filled=filled, untouched=NOTHING, act=act,
        may_erase=whole["status"] == CLOSED,
        room=whole["status"] != CLOSED and len(counted) < MOST_PHOTOS, most=MOST_PHOTOS,
    )  # fmt: skip


def _whole(ticket: str) -> dict[str, Any] | None:
    """All of it, where the browser or the login says that it is his."""
    by = holding.by(ticket)
    if by["secret"] is None and known() is None:
        return None
    try:
        return seen(ticket, by, reading.for_filer)
    except SecretRefused:
        return None


@following_pages.post("/<ticket>")
@public(cost=DEAR)
@audit.changes_nothing
@audit.shows_nobody("whether the secret is right")
@forms.keeps(_again)
def open_complaint(ticket: str) -> Any:
    """Takes the secret, and shows all of it. Raises Unprocessable for a wrong one, TooManyRequests."""
    body = forms.load(BySecret(), {"secret": forms.typed().get("secret", "").strip() or None})
    ticket = ticket_of(ticket)
    if not body["secret"]:
        raise Unprocessable(errors={"json": {"secret": [_MISSING]}})
    try:
        seen(ticket, body, reading.status_of)
    except SecretRefused as refused:
        raise Unprocessable(errors={"json": {"secret": [refused.detail]}}) from refused
    return holding.keep(forms.done(f"{ADDRESS}/{ticket}", _OPENED), ticket, body["secret"])


_MISSING = Words("Isi kunci yang diberikan bersama tiket.", "Type the secret that came with the ticket.")


@following_pages.get("/<ticket>/tiket")
@public
@audit.shows_nobody("a ticket and its secret, to whoever was just given them")
def show_ticket(ticket: str) -> Response:
    """Ticket and secret, to be kept."""
    secret = holding.secret_of(ticket)
    if secret is None:
        return redirect(f"{ADDRESS}/{ticket_of(ticket)}", 303)  # type: ignore[return-value]
    return page("complaints/ticket.html", one=reading.status(deps(), ticket), secret=secret)


@following_pages.post("/<ticket>/tutup-halaman")
@public
@audit.changes_nothing
@audit.shows_nobody("an address")
def leave(ticket: str) -> Response:
    """The browser forgets the secret: somebody else has the phone next."""
    forms.typed()
    return holding.forget(forms.done(f"{ADDRESS}/{ticket_of(ticket)}"))


@following_pages.post("/<ticket>/foto")
@public(cost=DEAR)
@forms.keeps(_again)
def send_photo(ticket: str) -> Any:
    """Takes one photo, and shows it."""
    ticket = ticket_of(ticket)
    taken(ticket, forms.check_ours, holding.by(ticket)["secret"])
    return forms.done(f"{ADDRESS}/{ticket}#foto", _PHOTO)


@following_pages.get("/<ticket>/foto/<uuid:file_id>")
@public
@audit.shows("complaint")
def show_photo(ticket: str, file_id: UUID) -> Response:
    """One's own photo."""
    ticket = ticket_of(ticket)
    return within_page(
        sent(seen(ticket, holding.by(ticket), lambda _parts, tx, found: photos.readable(tx, found, file_id)))
    )


@following_pages.post("/<ticket>/<act>")
@public
@forms.keeps(_again)
def act_by_page(ticket: str, act: str) -> Any:
    """Does it, once."""
    if act not in ACTS:
        abort(404)
    ticket, chosen = ticket_of(ticket), ACTS[act]
    typed = {name: value.strip() for name, value in forms.typed().items() if value.strip()}
    body = forms.load(chosen.schema(), typed | holding.by(ticket))
    changed(ticket, body, lambda parts, tx, found: chosen.act(parts, tx, found, body), erases=chosen.erases)
    return forms.done(f"{ADDRESS}/{ticket}", chosen.said)
