"""Somebody of the staff who sits before a browser."""

from __future__ import annotations

from typing import Any

from tests.support.browsing import Browser, Form, forms_of, signed_in
from tests.support.services import InProcess


def at_desk(service: InProcess, role: str, **who: Any) -> Browser:
    """Signed in with a role."""
    return signed_in(service, role, **who)


def form_to(text: str, action: str) -> Form:
    """The form of a page that goes to this address."""
    return next(form for form in forms_of(text) if form.action == action)
