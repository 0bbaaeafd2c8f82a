"""`/intake/pegawai/mesin`: which machines may ask, and their keys."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response
from werkzeug.datastructures import MultiDict

from intake.api.base import in_office, on_record, only_id
from intake.domain.accounts import ADMINISTRATORS, CLOSED, MACHINE, SCOPES
from intake.domain.errors import NotYours
from intake.pages.administration.staff import chosen, close_here, query_of
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
from kit.problems import Words

machine_pages = Blueprint("machine-pages", __name__, url_prefix="/intake/pegawai/mesin")

_MANAGING = tuple(sorted(ADMINISTRATORS))


def _limits(typed: MultiDict[str, str]) -> dict[str, Any]:
    """Where, and how much, as the API takes it: codes are typed with spaces or commas between."""
    quota = {name: said for name in ("requests", "bytes") if (said := typed.get(f"quota-{name}"))}
    return {"within": (typed.get("within") or "").replace(",", " ").split(), "quota": quota}


@machine_pages.get("")
@allow(*_MANAGING)
@audit.shows_nobody("machines")
def list_machines(filled: Filled = NOTHING) -> Response:
    """Machines, and where another is added."""
    with deps().db.transaction(caller().tenant) as tx:
        found = listing_accounts.machines(deps(), tx, query_of())
    return own_page(
        "administration/machines.html",
        filled=filled,
        machines=found["items"],
        further=found["next_cursor"],
        scopes=sorted(SCOPES),
    )


@machine_pages.post("")
@allow(*_MANAGING)
@audit.shows_nobody("a key, for whoever made it")
@forms.keeps(list_machines)
def add_machine() -> Response:
    """Another system may ask from now on; its key is on the page that follows, and nowhere else."""
    typed = forms.typed()
    body = forms.load(shapes.MachineIn(), chosen(typed, ("name",), "scopes") | _limits(typed))

    def work(tx: Tx) -> Answer:
        account, key = staff.add_machine(
            deps(), tx, body["name"], body["scopes"], caller().subject, body["within"], body["quota"]
        )
        return answer(shapes.MachineMade, listing_accounts.machine(tx, account, client_secret=key), 201)

    return own_page("administration/machine_key.html", machine=in_office(body, work).get_json())


@machine_pages.get("/<uuid:account_id>")
@allow(*_MANAGING)
@audit.shows_nobody("machines")
def show_machine(account_id: UUID, filled: Filled = NOTHING) -> Response:
    """One of them, with its keys that count."""
    try:
        with deps().db.transaction(caller().tenant) as tx:
            account = staff.get(deps(), tx, account_id, MACHINE)
            found = listing_accounts.machine(tx, account, closed=account.state == CLOSED)
    except NotYours as error:
        raise on_record(error) from error
    zone = zone_of(deps(), caller().tenant)
    for key in found["keys"]:
        key |= {name: key[name] and key[name].astimezone(zone) for name in ("made_at", "ends_at", "used_at")}
    return own_page("administration/machine.html", filled=filled, machine=found, scopes=sorted(SCOPES))


@machine_pages.post("/<uuid:account_id>")
@allow(*_MANAGING)
@forms.keeps(show_machine)
def change_machine(account_id: UUID) -> Response:
    """What it may do, and where."""
    typed = forms.typed()
    body = forms.load(shapes.MachineChange(), chosen(typed, (), "scopes") | _limits(typed))

    def work(tx: Tx) -> Answer:
        staff.change_machine(
            deps(), tx, account_id, body["scopes"], body["within"], body["quota"], check_if_match
        )  # fmt: skip
        return only_id(account_id)

    in_office(body, work)
    return forms.done(f"/intake/pegawai/mesin/{account_id}", Words("Perubahan disimpan.", "The change was saved."))


@machine_pages.post("/<uuid:account_id>/kunci")
@allow(*_MANAGING)
@audit.shows_nobody("a key, for whoever made it")
@forms.keeps(show_machine)
def new_key(account_id: UUID) -> Response:
    """The machine's next key."""
    forms.typed()
    body = forms.load(Nothing(), {})

    def work(tx: Tx) -> Answer:
        account, key = staff.new_key(deps(), tx, account_id)
        return answer(shapes.MachineMade, listing_accounts.machine(tx, account, client_secret=key), 201)

    return own_page("administration/machine_key.html", machine=in_office(body, work).get_json())


@machine_pages.post("/<uuid:account_id>/kunci/<uuid:key_id>/akhiri")
@allow(*_MANAGING)
@forms.keeps(lambda account_id, key_id, **more: show_machine(account_id, **more))
def end_key(account_id: UUID, key_id: UUID) -> Any:
    """A key's end."""
    forms.typed()

    def work(tx: Tx) -> Answer:
        staff.end_key(deps(), tx, account_id, key_id)
        return only_id(key_id)

    in_office({}, work)
    return forms.done(
        f"/intake/pegawai/mesin/{account_id}", Words("Kunci tidak berlaku lagi.", "The key counts no more.")
    )


@machine_pages.post("/<uuid:account_id>/tutup")
@allow(*_MANAGING)
@forms.keeps(show_machine)
def close_machine(account_id: UUID) -> Response:
    """The machine's end."""
    forms.typed()
    close_here(account_id)
    return forms.done(
        f"/intake/pegawai/mesin/{account_id}",
        Words("Mesin ini tidak dapat bertanya lagi.", "This machine can ask no more."),
    )
