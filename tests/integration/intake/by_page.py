"""Somebody of the staff who sits before a browser."""

from __future__ import annotations

from typing import Any

from kit.pages.session import ACCESS_COOKIE
from tests.support.browsing import Browser, Form, browser, forms_of
from tests.support.services import InProcess
from tests.support.tokens import token


def at_desk(service: InProcess, role: str, **who: Any) -> Browser:
    """Signed in with a role."""
    made = browser(service)
    made.client.set_cookie(ACCESS_COOKIE, token(role, **who), domain="kelurahan.example", secure=True)
    return made


def form_to(text: str, action: str) -> Form:
    """The form of a page that goes to this address."""
    return next(form for form in forms_of(text) if form.action == action)
