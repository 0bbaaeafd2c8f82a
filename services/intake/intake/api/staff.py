"""Who works here and which machines may ask, for administrators."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from intake.api.base import in_office, on_record
from intake.domain.accounts import ADMINISTRATORS, STAFF
from intake.domain.errors import NotYours
from intake.schemas import staff as shapes
from intake.schemas.base import Nothing
from intake.usecases import listing_accounts as as_listed
from intake.usecases import staff
from kit import audit
from kit.answers import Answer, answer, check_if_match, deps, etag
from kit.auth import allow, caller
from kit.db import Tx
from kit.openapi import refusals
from kit.paging import PageQuery
from kit.web import Resource

blp = Resource("staff", __name__, url_prefix="/v1/staff", description="Staff and machines of an office")

_WHO = {"name": "Nyimas Halimah", "username": "halimah", "roles": ["officer"]}
_WHAT: dict[str, Any] = {
    "name": "Dasbor Kota", "scopes": ["reports.read"], "within": ["16.71.10.1001"], "quota": {"requests": 600},
}  # fmt: skip


@blp.get("")
@allow(*sorted(ADMINISTRATORS))
@blp.arguments(PageQuery, location="query")
@blp.response(200, shapes.StaffPage)
@refusals(blp, 401, 403, 422)
@audit.shows_nobody("who works here, for the administrator of the same office")
def list_staff(query: dict[str, Any]) -> dict[str, Any]:
    """List who works here"""
    with deps().db.transaction(caller().tenant) as tx:
        return as_listed.staff(deps(), tx, query)


@blp.post("")
@allow(*sorted(ADMINISTRATORS))
@blp.arguments(shapes.StaffIn, example=_WHO)
@blp.response(201, shapes.StaffInvited)
@refusals(blp, 401, 403, 409, 415, 422)
def invite(body: dict[str, Any]) -> Response:
    """Invite somebody

    The invitation is shown this once; hand it over yourself. It holds for 72 hours: the person chooses a password and
    sets up an authenticator app."""

    def work(tx: Tx) -> Answer:
        account, invitation = staff.invite(
            deps(), tx, body["name"], body["username"], body["roles"], caller().subject, body["phone"]
        )  # fmt: skip
        return answer(
            shapes.StaffInvited, as_listed.person(account, invitation=invitation), 201, version=account.version,
            Location=f"/v1/staff/{account.id}",
        )  # fmt: skip

    return in_office(body, work)


@blp.get("/<uuid:account_id>")
@allow(*sorted(ADMINISTRATORS))
@blp.response(200, shapes.StaffOut)
@refusals(blp, 401, 403, 404)
@audit.shows_nobody("who works here, for the administrator of the same office")
def get_staff(account_id: UUID) -> Any:
    """Show one of them"""
    try:
        with deps().db.transaction(caller().tenant) as tx:
            account = staff.get(deps(), tx, account_id, STAFF)
    except NotYours as error:
        raise on_record(error) from error
    return as_listed.person(account), 200, {"ETag": etag(account.version)}


@blp.put("/<uuid:account_id>")
@allow(*sorted(ADMINISTRATORS))
@blp.arguments(shapes.StaffChange, example={"name": "Nyimas Halimah", "roles": ["officer", "signer"]})
@blp.response(200, shapes.StaffOut)
@refusals(blp, 401, 403, 404, 409, 412, 415, 422)
def change(body: dict[str, Any], account_id: UUID) -> Response:
    """Change name or roles

    In all services within a second or two. The last administrator stays one."""

    def work(tx: Tx) -> Answer:
        account = staff.change(
            deps(), tx, account_id, body["name"], body["roles"], check_if_match, body.get("phone", False)
        )
        return answer(shapes.StaffOut, as_listed.person(account), version=account.version)

    return in_office(body, work)


@blp.post("/<uuid:account_id>/invitation")
@allow(*sorted(ADMINISTRATORS))
@blp.arguments(Nothing)
@blp.response(200, shapes.StaffInvited)
@refusals(blp, 401, 403, 404, 409, 415, 422)
def invite_again(body: dict[str, Any], account_id: UUID) -> Response:
    """Invite again, who lost password or phone

    What he had counts no more, and he is signed out everywhere."""

    def work(tx: Tx) -> Answer:
        account, invitation = staff.invite_again(deps(), tx, account_id)
        return answer(shapes.StaffInvited, as_listed.person(account, invitation=invitation), version=account.version)

    return in_office(body, work)


@blp.delete("/<uuid:account_id>")
@allow(*sorted(ADMINISTRATORS))
@blp.response(204)
@refusals(blp, 401, 403, 404, 409, 412)
def close(account_id: UUID) -> None:
    """Close an account

    Of a person or a machine. In all services within a second or two; what was done with it stays on record."""
    try:
        with deps().db.transaction(caller().tenant) as tx:
            staff.close(deps(), tx, account_id, check_if_match)
            audit.changed(tx, status=204)
    except NotYours as error:
        raise on_record(error) from error


@blp.get("/machines")
@allow(*sorted(ADMINISTRATORS))
@blp.arguments(PageQuery, location="query")
@blp.response(200, shapes.MachinePage)
@refusals(blp, 401, 403, 422)
@audit.shows_nobody("machines")
def list_machines(query: dict[str, Any]) -> dict[str, Any]:
    """List machines"""
    with deps().db.transaction(caller().tenant) as tx:
        return as_listed.machines(deps(), tx, query)


@blp.post("/machines")
@allow(*sorted(ADMINISTRATORS))
@blp.arguments(shapes.MachineIn, example=_WHAT)
@blp.response(201, shapes.MachineMade)
@refusals(blp, 401, 403, 409, 415, 422)
def add_machine(body: dict[str, Any]) -> Response:
    """Let another system ask

    Its key is shown this once and holds for a year."""

    def work(tx: Tx) -> Answer:
        account, key = staff.add_machine(
            deps(), tx, body["name"], body["scopes"], caller().subject, body["within"], body["quota"]
        )
        return answer(
            shapes.MachineMade, as_listed.machine(tx, account, client_secret=key), 201, version=account.version
        )

    return in_office(body, work)


@blp.put("/machines/<uuid:account_id>")
@allow(*sorted(ADMINISTRATORS))
@blp.arguments(shapes.MachineChange, example={name: _WHAT[name] for name in ("scopes", "within", "quota")})
@blp.response(200, shapes.MachineOut)
@refusals(blp, 401, 403, 404, 409, 412, 415, 422)
def change_machine(body: dict[str, Any], account_id: UUID) -> Response:
    """Change what a machine may do, and where

    In all services within a second or two: its tokens count no more, and with its key it gets the next."""

    def work(tx: Tx) -> Answer:
        account = staff.change_machine(
            deps(), tx, account_id, body["scopes"], body["within"], body["quota"], check_if_match
        )
        return answer(shapes.MachineOut, as_listed.machine(tx, account), version=account.version)

    return in_office(body, work)


@blp.post("/machines/<uuid:account_id>/keys")
@allow(*sorted(ADMINISTRATORS))
@blp.arguments(Nothing)
@blp.response(201, shapes.MachineMade)
@refusals(blp, 401, 403, 404, 409, 415, 422)
def new_key(body: dict[str, Any], account_id: UUID) -> Response:
    """Make a machine's next key

    Shown this once. The one before still counts for seven days."""

    def work(tx: Tx) -> Answer:
        account, key = staff.new_key(deps(), tx, account_id)
        return answer(
            shapes.MachineMade, as_listed.machine(tx, account, client_secret=key), 201, version=account.version
        )

    return in_office(body, work)


@blp.delete("/machines/<uuid:account_id>/keys/<uuid:key_id>")
@allow(*sorted(ADMINISTRATORS))
@blp.response(204)
@refusals(blp, 401, 403, 404)
def end_key(account_id: UUID, key_id: UUID) -> None:
    """End a key at once"""
    try:
        with deps().db.transaction(caller().tenant) as tx:
            staff.end_key(deps(), tx, account_id, key_id)
            audit.changed(tx, status=204)
    except NotYours as error:
        raise on_record(error) from error
