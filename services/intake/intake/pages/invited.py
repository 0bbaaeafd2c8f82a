"""`/masuk/undangan`: where an invitation is accepted. `/masuk/sandi`: where staff change their own password."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, redirect, request

from intake.api.auth import DEAR
from intake.api.auth import STAFF as EVERY_ROLE
from intake.domain.sign_in_errors import InvitationRefused
from intake.pages import qr
from intake.pages.offices import own_page
from intake.schemas import auth as shapes
from intake.usecases import staff
from kit import audit
from kit.answers import deps
from kit.auth import caller, public
from kit.pages import forms, page
from kit.pages.forms import NOTHING, Filled
from kit.pages.session import SIGN_IN, allow
from kit.problems import Unprocessable, Words

invited_pages = Blueprint("invited-pages", __name__, url_prefix=SIGN_IN)

_WHERE = f"{SIGN_IN}/undangan"
_INVITED = "__Secure-invited"
"""The invitation, between the page where it was typed and the one where it is accepted: no address has it."""
_KEPT = 3600


@invited_pages.get("/undangan")
@public
@audit.shows_nobody("a form")
def ask_for_invitation(filled: Filled = NOTHING) -> Response:
    """Where an invitation is typed; the script takes it from behind the `#` of the address."""
    return page("invitation.html", filled=filled)


@invited_pages.post("/undangan")
@public(cost=DEAR)
@audit.changes_nothing
@audit.shows_nobody("what was typed")
@forms.keeps(ask_for_invitation)
def look_at_invitation() -> Any:
    """On to where it is accepted, if it is one."""
    typed = forms.typed()
    body = forms.load(
        shapes.Invitation(), {name: value.strip() for name, value in _filled_in(typed, "invitation").items()}
    )
    try:
        staff.look_at_invitation(deps(), body["invitation"])
    except InvitationRefused as problem:
        raise _refused(problem) from problem
    response = redirect(f"{_WHERE}/terima", 303)
    response.set_cookie(
        _INVITED, body["invitation"], max_age=_KEPT, path=_WHERE, secure=True, httponly=True, samesite="Lax"
    )
    return response


@invited_pages.get("/undangan/terima")
@public
@audit.shows_nobody("an invitation shows its own bearer's user name")
def show_acceptance(filled: Filled = NOTHING) -> Any:
    """What the authenticator app needs, and where a password is chosen."""
    invitation = request.cookies.get(_INVITED, "")
    if not invitation:
        return redirect(_WHERE, 303)
    try:
        account, uri = staff.look_at_invitation(deps(), invitation)
    except InvitationRefused:
        return _forgotten(redirect(_WHERE, 303))  # type: ignore[arg-type]
    return page(
        "invitation_accept.html", filled=filled, uri=uri, secret=account.person["totp"], picture=qr.picture(uri),
        username=account.person["username"],
    )  # fmt: skip


@invited_pages.post("/undangan/terima")
@public(cost=DEAR)
@forms.keeps(show_acceptance)
def accept() -> Any:
    """With a password and the app's first code."""
    typed = forms.typed()
    sent = {"invitation": request.cookies.get(_INVITED, "")} | _filled_in(typed, "password", "totp")
    body = forms.load(shapes.Acceptance(), sent)
    try:
        staff.accept(deps(), body["invitation"], body["password"], body["totp"])
    except InvitationRefused as problem:
        raise _refused(problem) from problem
    return _forgotten(
        forms.done(
            f"{SIGN_IN}/petugas",
            Words("Undangan diterima. Silakan masuk.", "The invitation was accepted. Please sign in."),
        )
    )


@invited_pages.get("/sandi")
@allow(*EVERY_ROLE)
@audit.shows_nobody("a form")
def show_password(filled: Filled = NOTHING) -> Response:
    """Where one's own password is changed."""
    return own_page("password.html", filled=filled)


@invited_pages.post("/sandi")
@allow(*EVERY_ROLE)
@forms.keeps(show_password)
def change_password() -> Response:
    """Another password; other sessions end."""
    body = forms.load(shapes.PasswordChange(), _filled_in(forms.typed(), "current", "totp", "password"))
    staff.change_password(deps(), caller(), body["current"], body["totp"], body["password"])
    return forms.done(
        f"{SIGN_IN}/sandi",
        Words("Kata sandi sudah diganti. Sesi lain berakhir.", "Your password was changed. Other sessions ended."),
    )


def _refused(problem: InvitationRefused) -> Unprocessable:
    """On the page, where it can be typed again."""
    return Unprocessable(problem.detail, errors={"json": {"invitation": [problem.title]}})


def _forgotten(response: Response) -> Response:
    response.delete_cookie(_INVITED, path=_WHERE, secure=True, httponly=True, samesite="Lax")
    return response


def _filled_in(typed: Any, *names: str) -> dict[str, str]:
    return {name: typed[name] for name in names if typed.get(name)}
