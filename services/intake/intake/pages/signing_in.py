"""`/masuk`: coming in by a code or by password, staying in without noticing, going out."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, Response, redirect, request

from intake.api.auth import CODES_OF_ADDRESS, DEAR, EVERYBODY, counted, place_of, strangers
from intake.domain.accounts import CODE, PERSON, SESSIONS, STAFF
from intake.domain.errors import NotYours
from intake.domain.sign_in_errors import SessionEnded
from intake.pages.offices import office_choices, places_of_staff
from intake.schemas import auth as shapes
from intake.usecases import sessions, signing_in
from intake.usecases.tokens import Tokens
from kit import audit
from kit.answers import deps
from kit.auth import caller, public
from kit.language import language
from kit.pages import forms, home, page
from kit.pages.forms import NOTHING, Filled
from kit.pages.session import ACCESS_COOKIE, CONTINUE, REFRESH_COOKIE, SIGN_IN, allow, forget, keep, subject_of
from kit.sealed import CannotOpen

sign_in_pages = Blueprint("sign-in-pages", __name__, url_prefix=SIGN_IN)
sign_out_pages = Blueprint("sign-out-pages", __name__)

_HELD, _WHOSE = "isian", "milik"
"""A form that met the end of its session, as it was sent, and whose it is; it goes on after he has signed in."""
_NOT_HELD = frozenset({forms.CSRF, forms.ONCE, forms.SHOWN_AT}) | forms.SECRET | {"nik"}
_MOST_HELD = 50_000
_OF_OFFICE = re.compile(r"/ajukan/([0-9.]{13})/")
_ASKED = "__Secure-asked"
"""The number that a code was sent to, and the id that it counts with: sealed, as headers may be written down."""


@sign_in_pages.get("")
@public
@audit.shows_nobody("a form")
def show_sign_in(filled: Filled = NOTHING) -> Response:
    """Where a code is asked for."""
    return _page("sign_in.html", filled=filled, offices=office_choices())


@sign_in_pages.post("/kode")
@public(cost=DEAR)
@audit.changes_nothing
@audit.shows_nobody("what was typed")
@forms.keeps(show_sign_in)
def send_code() -> Any:
    """A code to the phone; then it is asked for."""
    typed = forms.typed()
    body = forms.load(shapes.SignInCodeWanted(), _filled_in(typed, "kelurahan", "phone"))
    strangers().check(request, CODES_OF_ADDRESS)
    asked = body | {"code_id": signing_in.send_code(deps(), body["kelurahan"], body["phone"], language())}
    if held := _held():
        return _page("sign_in_code.html", held=held, **asked)
    response = redirect(f"{SIGN_IN}/kode?{_query(forms.local(request.values.get('ke', '/')))}", 303)
    response.set_cookie(
        _ASKED, deps().data_keys.seal(asked, _ASKED), max_age=int(CODE.total_seconds()), path=SIGN_IN, secure=True,
        httponly=True, samesite="Lax",
    )  # fmt: skip
    return response


@sign_in_pages.get("/kode")
@public
@audit.shows_nobody("what was typed")
def ask_for_code(filled: Filled = NOTHING) -> Any:
    """Where the code is typed. What it was asked with is in a cookie: a page of an answer to a form could not be come
    back to."""
    asked = _asked()
    values = {name: filled.value(name, asked.get(name)) for name in ("code_id", "kelurahan", "phone")}
    if not all(values.values()):
        return redirect(f"{SIGN_IN}?{_query(forms.local(request.values.get('ke', '/')))}", 303)
    return _page("sign_in_code.html", filled=filled, **values)


@sign_in_pages.post("")
@public(cost=DEAR)
@forms.keeps(ask_for_code)
def sign_in() -> Any:
    """With the code that came."""
    typed = forms.typed()
    body = forms.load(shapes.SignInByCode(), _filled_in(typed, "kelurahan", "phone", "code_id", "code"))
    return _came_in(lambda: signing_in.by_code(deps(), **body, place=place_of()), PERSON)


@sign_in_pages.get("/petugas")
@public
@audit.shows_nobody("a form")
def show_staff_sign_in(filled: Filled = NOTHING) -> Response:
    """Where staff come in."""
    return _page("sign_in_staff.html", filled=filled, offices=places_of_staff())


@sign_in_pages.post("/petugas")
@public(cost=DEAR)
@forms.keeps(show_staff_sign_in)
def sign_in_staff() -> Any:
    """With name, password and the app's code."""
    typed = forms.typed()
    body = forms.load(shapes.SignInByPassword(), _filled_in(typed, "office", "username", "password", "totp"))
    return _came_in(
        lambda: signing_in.by_password(
            deps(), body["office"], body["username"], body["password"], body["totp"], place_of()
        ),
        STAFF,
    )


@sign_in_pages.route("/lanjut", methods=["GET", "POST"])
@public
@audit.changes_nothing
@audit.shows_nobody("a form")
def go_on() -> Any:
    """New tokens, and back to where the old ones counted no more, with the same method and body."""
    if request.method == "POST":  # another site's form is not held until somebody has signed in, nor signs anybody out
        forms.typed() if _is_plain() else _pass_over_file()
    to = forms.local(request.args.get("ke", "/"))
    if to.startswith(CONTINUE):
        to = "/"
    token = request.cookies.get(REFRESH_COOKIE)
    try:
        tokens = signing_in.refresh(deps(), token) if token else None
    except SessionEnded:
        tokens = None
    if tokens is not None:
        kind = PERSON if set(tokens.roles) & {"applicant", "rt_head", "rw_head"} else STAFF
        return _with(tokens, kind, redirect(to, 303 if request.method == "GET" else 307))
    if request.method == "GET":
        return forget(redirect(f"{SIGN_IN}?{_query(to)}", 303))  # type: ignore[arg-type]
    return forget(_page("sign_in.html", 401, offices=office_choices(), ended=True))


@sign_out_pages.post("/keluar")
@allow(*EVERYBODY)
@audit.by_each
def sign_out() -> Any:
    """Out of this session."""
    forms.typed()
    with suppress(NotYours):  # a token without a session: there is nothing to end, and the cookies go
        sessions.end_one(deps(), caller(), sessions.current(caller()))
    return forget(redirect(SIGN_IN, 303))  # type: ignore[arg-type]


def _came_in(come_in: Callable[[], Tokens], kind: str) -> Response:
    """Raises SignInRefused, TooManyRequests."""
    tokens = counted(come_in)
    to, held = forms.local(request.form.get("ke", "/")), request.form.get(_HELD, "")
    if to == "/":  # nobody signs in to read the front page
        to = home(tokens.roles)
    if held and request.form.get(_WHOSE) in ("", subject_of(tokens.access_token)):
        fields = parse_qsl(held, keep_blank_values=True)
        response = page("sign_in_again.html", to=to, fields=fields)
    else:
        response = redirect(to, 303)  # type: ignore[assignment]
    response.delete_cookie(_ASKED, path=SIGN_IN, secure=True, httponly=True, samesite="Lax")
    return _with(tokens, kind, response)


def _with(tokens: Tokens, kind: str, response: Any) -> Response:
    return keep(response, tokens.access_token, tokens.refresh_token, lasts=SESSIONS[kind].ends.total_seconds())


def _page(template: str, status: int = 200, **values: Any) -> Response:
    sent = request.form if _is_plain() else {}
    to = forms.local(request.args.get("ke") or sent.get("ke") or "/")
    known = {"ended": False, "to": to, "held": _held(), "whose": _whose(), "wanted": _office_of(to)}
    return page(template, status, **known | values)


def _office_of(address: str) -> str:
    """The office of the service that somebody was about to ask for, which is the one to sign in at."""
    found = _OF_OFFICE.match(address)
    return found[1] if found else ""


def _held() -> str:
    """The form that is to go on after the sign-in, where there is one; secrets in it are typed once more."""
    if not _is_plain():
        return ""
    if not _meets_its_end():
        return request.form.get(_HELD, "")
    sent = urlencode([one for one in request.form.items(multi=True) if one[0] not in _NOT_HELD])
    return sent if len(sent) <= _MOST_HELD else ""


def _whose() -> str:
    """Whose form that is: on one phone there may be several people."""
    if not _meets_its_end():
        return request.form.get(_WHOSE, "") if _is_plain() else ""
    return subject_of(request.cookies.get(ACCESS_COOKIE, ""))


def _meets_its_end() -> bool:
    return request.path == CONTINUE and request.method == "POST"


def _is_plain() -> bool:
    """Whether the form has no file: one with a file is not read here, and not held."""
    return request.mimetype == "application/x-www-form-urlencoded"


def _pass_over_file() -> None:
    """To its end, since browsers that have not sent all of it do not read the answer. Raises Forged."""
    forms.check_origin()
    while request.stream.read(64 * 1024):
        pass


def _asked() -> dict[str, str]:
    """What a code was asked for with; nothing of a cookie that is not ours."""
    try:
        found: dict[str, str] = deps().data_keys.open(request.cookies.get(_ASKED, ""), _ASKED)
    except CannotOpen:
        return {}
    return found


def _filled_in(typed: Mapping[str, str], *names: str) -> dict[str, str]:
    return {name: typed[name] for name in names if typed.get(name)}


def _query(to: str) -> str:
    return urlencode({"ke": to})
