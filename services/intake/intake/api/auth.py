"""Coming in, staying in, going out."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import current_app, request

from intake.api.base import on_record
from intake.domain.accounts import CODE, ROLES_OF_LEVEL, device_of
from intake.domain.errors import NotYours
from intake.domain.sign_in_errors import SignInRefused
from intake.schemas import auth as shapes
from intake.usecases import leaving, sessions, signing_in, staff
from intake.usecases.tokens import Tokens
from kit import audit
from kit.answers import deps
from kit.auth import allow, caller, public
from kit.gate import Gate
from kit.language import language
from kit.openapi import refusals
from kit.rates import Rate
from kit.settings import reread
from kit.strangers import Strangers
from kit.web import Resource

EVERYBODY = ("applicant", "rt_head", "rw_head", *sorted(set().union(*ROLES_OF_LEVEL.values())))
STAFF = tuple(sorted(set().union(*ROLES_OF_LEVEL.values())))
DEAR = 10
"""What a try to come in costs of an address's limit."""

CODES_OF_ADDRESS = Rate("codes-of-address", most=60, within=3600)
"""A village behind one router sends so many; who makes up numbers uses up his own address, not the office's codes."""
WRONG_OF_ADDRESS = Rate("wrong-of-address", most=60, within=3600)
"""Guesses at other people's codes and passwords, whosever they are."""

blp = Resource("auth", __name__, url_prefix="/v1/auth", description="Signing in and out")


def strangers() -> Strangers:
    """Counts who comes without a token."""
    gate: Gate = current_app.extensions["gate"]
    return gate.strangers


def place_of() -> signing_in.Place:
    return signing_in.Place(strangers().address(request), device_of(request.headers.get("User-Agent", "")))


def counted(come_in: Callable[[], Tokens]) -> Tokens:
    """What was wrong counts for the address as well; after too much of it nothing is tried from there for a while.
    Raises SignInRefused, TooManyRequests."""
    strangers().look(request, WRONG_OF_ADDRESS)
    try:
        return come_in()
    except SignInRefused:
        strangers().check(request, WRONG_OF_ADDRESS)
        raise


@blp.post("/codes")
@public(cost=DEAR)
@blp.arguments(shapes.SignInCodeWanted, example={"kelurahan": "16.71.10.1001", "phone": "0812-7100-0071"})
@blp.response(202, shapes.CodeSent)
@refusals(blp, 404, 415, 422, 429)
@audit.shows_nobody("the answer is the same for every number")
@audit.changes_nothing
def send_code(body: dict[str, Any]) -> dict[str, Any]:
    """Have a code sent to a phone

    Six digits, for five minutes and five tries; three in a quarter of an hour. The answer is the same for every
    number, whether anybody with it was here before or not: an id without which the code does not count. Keep it where
    you asked: tries are counted by it, and codes that others ask for take nothing from it."""
    strangers().check(request, CODES_OF_ADDRESS)
    code_id = signing_in.send_code(deps(), body["kelurahan"], body["phone"], language())
    return {"code_id": code_id, "expires_in": int(CODE.total_seconds())}


@blp.post("/sessions")
@public(cost=DEAR)
@blp.arguments(shapes.SignInByCode, example=shapes.BY_CODE)
@blp.response(201, shapes.TokensOut, example=shapes.EXAMPLE)
@refusals(blp, 401, 404, 415, 422, 429)
def sign_in(body: dict[str, Any]) -> Any:
    """Sign in with the code

    And with the id that was answered when it was asked for. Whoever heads an RT or RW of the office, with this phone,
    has that role too, until the day the term ends."""
    return counted(
        lambda: signing_in.by_code(
            deps(), body["kelurahan"], body["phone"], body["code_id"], body["code"], place_of()
        )
    )  # fmt: skip


@blp.post("/sessions/staff")
@public(cost=DEAR)
@blp.arguments(shapes.SignInByPassword)
@blp.response(201, shapes.TokensOut, example=shapes.EXAMPLE | {"roles": ["officer"]})
@refusals(blp, 401, 415, 422, 429)
def sign_in_staff(body: dict[str, Any]) -> Any:
    """Sign in with name, password and app

    Five tries in a quarter of an hour for a name from one address, whether the name is known or not."""
    return counted(
        lambda: signing_in.by_password(
            deps(), body["office"], body["username"], body["password"], body["totp"], place_of()
        )
    )  # fmt: skip


@blp.post("/machines")
@public(cost=DEAR)
@blp.arguments(shapes.SignInByKey)
@blp.response(201, shapes.TokensOut, example=shapes.EXAMPLE | {"roles": ["reports.read"], "refresh_token": None})
@refusals(blp, 401, 415, 422, 429)
def sign_in_machine(body: dict[str, Any]) -> Any:
    """Get a machine's access token"""
    return signing_in.by_key(deps(), body["client_id"], body["client_secret"], body["scopes"])


@blp.post("/refresh")
@public
@blp.arguments(shapes.Refresh, example={"refresh_token": "Vb3…"})
@blp.response(200, shapes.TokensOut, example=shapes.EXAMPLE)
@refusals(blp, 401, 415, 422, 429)
@audit.shows_nobody("tokens, for whoever has the one before")
@audit.changes_nothing
def refresh(body: dict[str, Any]) -> Any:
    """Get the next tokens

    Each refresh token counts once. The one before is taken for twenty seconds more, as an answer may get lost; one
    that comes later is in two hands, and ends the session for both."""
    return signing_in.refresh(deps(), body["refresh_token"])


@blp.get("/sessions")
@allow(*EVERYBODY)
@blp.response(200, shapes.SessionList)
@refusals(blp, 401, 403)
def list_sessions() -> dict[str, Any]:
    """List one's own sessions"""
    return {"items": sessions.own(deps(), caller())}


@blp.delete("/sessions")
@allow(*EVERYBODY)
@blp.response(204)
@refusals(blp, 401, 403, 404, 429)
def end_sessions() -> None:
    """Sign out everywhere

    This session too."""
    try:
        sessions.end_all(deps(), caller())
    except NotYours as error:
        raise on_record(error) from error


@blp.delete("/sessions/<uuid:session_id>")
@allow(*EVERYBODY)
@blp.response(204)
@refusals(blp, 401, 403, 404, 429)
def end_session(session_id: UUID) -> None:
    """Sign out on one device"""
    try:
        sessions.end_one(deps(), caller(), session_id)
    except NotYours as error:
        raise on_record(error) from error


@blp.delete("/sessions/current")
@allow(*EVERYBODY)
@blp.response(204)
@refusals(blp, 401, 403, 404, 429)
def sign_out() -> None:
    """Sign out

    Within a second or two the access token counts nowhere any more."""
    try:
        sessions.end_one(deps(), caller(), sessions.current(caller()))
    except NotYours as error:
        raise on_record(error) from error


@blp.delete("/account")
@allow("applicant", "rt_head", "rw_head")
@blp.response(204)
@refusals(blp, 401, 403, 409, 429)
@audit.by_each
def leave() -> None:
    """Give one's account up

    Phone and sessions go at once, and what is kept of one's ended cases is erased (see `…/erasure`): take letters and
    the record along before. With an open case it is 409. Signing in again makes another account."""
    leaving.leave(deps(), caller())


@blp.post("/invitations")
@public(cost=DEAR)
@blp.arguments(shapes.Invitation)
@blp.response(200, shapes.InvitationOut)
@refusals(blp, 404, 415, 422, 429)
@audit.shows_nobody("an invitation shows its own bearer's user name")
@audit.changes_nothing
def look_at_invitation(body: dict[str, Any]) -> dict[str, Any]:
    """Look at an invitation

    What the authenticator app needs, before it is accepted."""
    account, uri = staff.look_at_invitation(deps(), body["invitation"])
    return {
        "username": account.person["username"], "office": account.kelurahan, "roles": account.roles, "totp_uri": uri,
        "totp_secret": account.person["totp"],
    }  # fmt: skip


@blp.post("/invitations/acceptance")
@public(cost=DEAR)
@blp.arguments(shapes.Acceptance)
@blp.response(204)
@refusals(blp, 404, 415, 422, 429)
def accept_invitation(body: dict[str, Any]) -> None:
    """Accept an invitation, with a password and the app's first code"""
    staff.accept(deps(), body["invitation"], body["password"], body["totp"])


@blp.put("/password")
@allow(*STAFF)
@blp.arguments(shapes.PasswordChange)
@blp.response(204)
@refusals(blp, 401, 403, 415, 422, 429)
def change_password(body: dict[str, Any]) -> None:
    """Change one's own password

    Other sessions end."""
    staff.change_password(deps(), caller(), body["current"], body["totp"], body["password"])


@blp.get("/keys")
@public
@blp.response(200, shapes.KeysOut)
@refusals(blp)
def keys() -> Any:
    """Show the public keys of access tokens

    To check one without asking: EdDSA, issuer and audience `pengantar`. Keys come and go: ask again every hour, and
    for a key that you do not know."""
    return json.loads(reread("TOKEN_PUBLIC_KEYS"))
