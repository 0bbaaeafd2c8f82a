"""`/intake/pegawai`: who works here, invited, changed and closed by an administrator."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request
from werkzeug.datastructures import MultiDict

from intake.api.base import in_office, on_record, only_id
from intake.domain.accounts import ADMINISTRATORS, CLOSED, INVITATION, STAFF, roles_at
from intake.domain.errors import NotYours
from intake.pages.offices import own_page
from intake.schemas import staff as shapes
from intake.schemas.base import Nothing
from intake.usecases import listing_accounts, staff
from intake.usecases.offices import zone_of
from kit import audit
from kit.answers import Answer, answer, check_if_match, deps
from kit.auth import caller
from kit.db import Tx
from kit.pages import forms
from kit.pages.forms import NOTHING, Filled
from kit.pages.session import allow
from kit.paging import PageQuery
from kit.problems import Words

staff_pages = Blueprint("staff-pages", __name__, url_prefix="/intake/pegawai")

_MANAGING = tuple(sorted(ADMINISTRATORS))
_HOURS = int(INVITATION / timedelta(hours=1))
_CLOSED = Words("Akun ditutup.", "The account was closed.")


def query_of() -> dict[str, Any]:
    """Which page of a list the address names. Raises Unprocessable."""
    found: dict[str, Any] = forms.load(PageQuery(), {name: value for name, value in request.args.items() if value})
    return found


def chosen(typed: MultiDict[str, str], names: tuple[str, ...], boxes: str) -> dict[str, Any]:
    """What was typed and ticked, as the API takes it; what is not there is left out, so that it is asked for."""
    found: dict[str, Any] = {name: typed[name] for name in names if typed.get(name)}
    return found | ({boxes: typed.getlist(boxes)} if typed.getlist(boxes) else {})


def close_here(account_id: UUID) -> None:
    """Closes the account of a person or machine, once for each form. Raises NotFound, PreconditionFailed,
    LastAdministrator."""

    def work(tx: Tx) -> Answer:
        staff.close(deps(), tx, account_id, check_if_match)
        return only_id(account_id)

    in_office({}, work)


@staff_pages.get("")
@allow(*_MANAGING)
@audit.shows_nobody("who works here, for the administrator of the same office")
def list_people() -> Response:
    """Who works here."""
    with deps().db.transaction(caller().tenant) as tx:
        found = listing_accounts.staff(deps(), tx, query_of())
    return own_page("administration/staff.html", people=found["items"], further=found["next_cursor"])


@staff_pages.get("/undang")
@allow(*_MANAGING)
@audit.shows_nobody("a form")
def show_invite(filled: Filled = NOTHING) -> Response:
    """Where somebody is invited."""
    return own_page("administration/staff_invite.html", filled=filled, roles=_roles())


@staff_pages.post("/undang")
@allow(*_MANAGING)
@audit.shows_nobody("an invitation, for whoever made it")
@forms.keeps(show_invite)
def invite() -> Response:
    """Somebody is invited; the invitation is on the page that follows, and nowhere else."""
    typed = forms.typed()
    body = forms.load(shapes.StaffIn(), chosen(typed, ("name", "username", "phone"), "roles"))

    def work(tx: Tx) -> Answer:
        account, invitation = staff.invite(
            deps(), tx, body["name"], body["username"], body["roles"], caller().subject, body["phone"]
        )  # fmt: skip
        return answer(shapes.StaffInvited, listing_accounts.person(account, invitation=invitation), 201)

    return _invited(in_office(body, work))


@staff_pages.get("/<uuid:account_id>")
@allow(*_MANAGING)
@audit.shows_nobody("who works here, for the administrator of the same office")
def show_person(account_id: UUID, filled: Filled = NOTHING) -> Response:
    """One of them: what he may do, his invitation, his account's end."""
    try:
        with deps().db.transaction(caller().tenant) as tx:
            account = staff.get(deps(), tx, account_id, STAFF)
    except NotYours as error:
        raise on_record(error) from error
    found = listing_accounts.person(account, closed=account.state == CLOSED, by_provider=account.by_provider)
    zone = zone_of(deps(), caller().tenant)
    for name in ("invitation_until", "made_at"):
        found[name] = found[name] and found[name].astimezone(zone)
    return own_page("administration/staff_person.html", filled=filled, person=found, roles=_roles(), hours=_HOURS)


@staff_pages.post("/<uuid:account_id>")
@allow(*_MANAGING)
@forms.keeps(show_person)
def change_person(account_id: UUID) -> Response:
    """Another name, another number, or other roles."""
    typed = forms.typed()
    body = forms.load(shapes.StaffChange(), {"phone": None} | chosen(typed, ("name", "phone"), "roles"))

    def work(tx: Tx) -> Answer:
        account = staff.change(
            deps(), tx, account_id, body["name"], body["roles"], check_if_match, body.get("phone", False)
        )
        return answer(shapes.StaffOut, listing_accounts.person(account), version=account.version)

    in_office(body, work)
    return forms.done(f"/intake/pegawai/{account_id}", Words("Tersimpan.", "Saved."))


@staff_pages.post("/<uuid:account_id>/undangan")
@allow(*_MANAGING)
@audit.shows_nobody("an invitation, for whoever made it")
@forms.keeps(show_person)
def invite_again(account_id: UUID) -> Response:
    """Another invitation, for who lost password or phone."""
    forms.typed()
    body = forms.load(Nothing(), {})

    def work(tx: Tx) -> Answer:
        account, invitation = staff.invite_again(deps(), tx, account_id)
        return answer(shapes.StaffInvited, listing_accounts.person(account, invitation=invitation))

    return _invited(in_office(body, work))


@staff_pages.post("/<uuid:account_id>/tutup")
@allow(*_MANAGING)
@forms.keeps(show_person)
def close_person(account_id: UUID) -> Response:
    """The account's end."""
    forms.typed()
    close_here(account_id)
    return forms.done(f"/intake/pegawai/{account_id}", _CLOSED)


def _invited(made: Response) -> Response:
    """The page with the invitation. Sent again, the form shows the same."""
    person = made.get_json()
    where = f"{deps().settings.public_url}/masuk/undangan"
    return own_page("administration/staff_invited.html", person=person, where=where, hours=_HOURS)


def _roles() -> list[str]:
    return sorted(roles_at(caller().tenant))
