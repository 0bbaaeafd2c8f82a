"""What a browser is told with every answer: run nothing, frame nothing, tell nobody where you came from.

The gateway adds the same to its own answers, and Strict-Transport-Security where it speaks TLS. A route that needs
more than this (a page with a form, a script of ours) sets the header itself, and keeps it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

NOTHING = "default-src 'none'; frame-ancestors 'none'"
PAGE = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# Swagger UI sets styles from its script; its icons are data.
DOCUMENTATION = (
    "default-src 'none'; style-src 'self' 'unsafe-inline'; script-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
"""Content-Security-Policy of data and files, of our pages, of the page about the API."""

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]
_FIXED = tuple((name.lower(), (name, value)) for name, value in HEADERS.items())


def added(application: Wsgi) -> Wsgi:
    """The application, whose answers get what their route has not set. Not by Flask's hooks: its headers take twenty
    times as long for the same."""

    def call(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            there = {name.lower(): value for name, value in headers}
            headers += [pair for name, pair in _FIXED if name not in there]
            if "content-security-policy" not in there:
                page = there.get("content-type", "").startswith("text/html")
                headers.append(("Content-Security-Policy", PAGE if page else NOTHING))
            return start_response(status, headers, *more)

        return application(environ, start)

    return call
