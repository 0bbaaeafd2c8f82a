"""Forms: only our own pages may send them, what was typed stays when something is wrong with it, and sending one twice
does it once.

    def show(token, filled=NOTHING): ...                    the page with the form
    @keeps(show)                                            what is wrong is shown beside what was typed
    def decide(token):
        body = load(DecisionIn(), {"decision": typed()["decision"]})
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import quote, unquote, urlsplit

from flask import Response, g, redirect, request
from marshmallow import Schema, ValidationError
from werkzeug.datastructures import MultiDict

from kit import audit
from kit.answers import StillRunning
from kit.language import language
from kit.pages.plain import plain
from kit.problems import Forbidden, PreconditionFailed, Problem, Unauthorized, Unprocessable, Words

CSRF_COOKIE = "__Host-csrf"
SAID_COOKIE = "__Host-said"
CSRF, ONCE, SHOWN_AT, VERSION = "csrf", "once", "dari", "versi"
BY_SCRIPT = "X-By-Script"
"""The header of a form that our script sends."""
OF_OURS = (CSRF, ONCE, SHOWN_AT, VERSION)
SECRET = frozenset({"passphrase", "password", "current", "totp"})
"""Fields that are typed anew rather than kept until somebody has signed in again."""

View = TypeVar("View", bound=Callable[..., Any])


class Forged(Forbidden):
    """The form was not sent by a page of ours, or its page is older than the browser's cookies."""

    slug = "form-not-ours"
    title = Words("Formulir tidak dapat diterima", "The form was not accepted")
    detail = Words(
        "Buka kembali halamannya, lalu kirim sekali lagi.",
        "Please open the page again, and send the form once more.",
    )


@dataclass(frozen=True)
class Filled:
    """A form as it was sent, and what is wrong with it."""

    values: MultiDict[str, str] = field(default_factory=MultiDict)
    title: str = ""
    detail: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)
    status: int = 0

    def value(self, name: str, otherwise: Any = "") -> Any:
        """What was typed into a field, else what stands there at first."""
        return self.values.get(name, otherwise if otherwise is not None else "")

    def chosen(self, name: str, value: str, otherwise: bool = False) -> bool:
        """Whether a box or button was chosen."""
        return value in self.values.getlist(name) if self.values else otherwise

    @property
    def wrong(self) -> bool:
        return bool(self.title)

    @property
    def overtaken(self) -> bool:
        """Somebody else has changed since what the form was made from."""
        return self.status == PreconditionFailed.status


NOTHING = Filled()


def typed() -> MultiDict[str, str]:
    """The fields of the form, without those that are ours. Raises Forged."""
    check_ours(request.form)
    return MultiDict((name, value) for name, value in request.form.items(multi=True) if name not in OF_OURS)


def check_ours(fields: Mapping[str, str]) -> None:
    """That a page of ours sent the form with these fields (one with a file is read by `kit.uploads`). Raises Forged."""
    check_origin()
    cookie, sent = request.cookies.get(CSRF_COOKIE, ""), fields.get(CSRF, "")
    if not cookie or not hmac.compare_digest(cookie.encode(), sent.encode()):
        raise Forged
    g.idempotency_key, g.version_seen = fields.get(ONCE) or None, fields.get(VERSION) or None


def load(schema: Schema, fields: Mapping[str, Any]) -> Any:
    """Fields by a schema of the API. Raises Unprocessable, its errors by field."""
    try:
        return schema.load(fields)
    except ValidationError as error:
        raise Unprocessable(errors={"json": error.messages}) from error


def nested(fields: MultiDict[str, str], *hidden: str) -> dict[str, Any]:
    """`verdicts-0-note: …` as `{"verdicts": [{"note": …}]}`; what was left empty is left out, and so is an item of
    which only `hidden` fields are there. Errors find their way back to the fields' own names."""
    plain: dict[str, Any] = {}
    items: dict[str, dict[int, dict[str, str]]] = {}
    for name, value in fields.items():
        parts = name.split("-", 2)
        if not value.strip():
            continue
        if len(parts) == 3 and parts[1].isdecimal():
            items.setdefault(parts[0], {}).setdefault(int(parts[1]), {})[parts[2]] = value
        else:
            plain[name] = value
    g.places = {}
    for name, found in items.items():
        kept = [(number, item) for number, item in sorted(found.items()) if not item.keys() <= set(hidden)]
        g.places |= {f"{name}-{place}": f"{name}-{number}" for place, (number, _) in enumerate(kept)}
        plain[name] = [item for _, item in kept]
    return {name: value for name, value in plain.items() if value != []}


def day(fields: Mapping[str, str], name: str) -> str | None:
    """A day that was typed in three fields, as `2026-08-14`; None when all are empty. What makes no day stays as it
    was typed, for the schema to refuse."""
    year, month, of_month = (fields.get(f"{name}-{part}", "").strip() for part in ("tahun", "bulan", "hari"))
    return f"{year}-{month.zfill(2)}-{of_month.zfill(2)}" if year or month or of_month else None


def keeps(show: Callable[..., Response], *, apart: tuple[type[Problem], ...] = ()) -> Callable[[View], View]:
    """What goes wrong in the view is told on the page that `show` makes, which is handed the same arguments and the
    form as `filled`. What is in `apart` is told on a page of its own: who meets it is shown nothing."""

    def decorate(view: View) -> View:
        @wraps(view)
        def kept(*args: Any, **kwargs: Any) -> Any:
            try:
                return view(*args, **kwargs)
            except Problem as problem:
                if isinstance(problem, (Forged, *apart)):
                    raise
                if problem.status >= 500 or problem.status == 404 or type(problem) is Unauthorized:
                    raise
                g.sent_again = isinstance(problem, StillRunning)
                response = show(*args, **kwargs, filled=wrong(problem, _sent()))
                if 300 <= response.status_code < 400:  # there is no such form any more
                    audit.nothing_done()
                    return response
                response.status_code = problem.status
                response.headers.update(problem.headers)
                return response

        return kept  # type: ignore[return-value]

    return decorate


def wrong(problem: Problem, sent: MultiDict[str, str]) -> Filled:
    """What was sent, and what is wrong with it."""
    document = problem.document(language())
    fields = MultiDict((name, value) for name, value in sent.items(multi=True) if name not in OF_OURS)
    errors = dict(_by_field(document.get("errors", {})))
    return Filled(fields, document["title"], document["detail"], errors, problem.status)


def _by_field(errors: Any, before: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    """`{"json": {"witnesses": {0: {"name": ["…"]}}}}` as `witnesses-0-name: …`; the API's place is left out."""
    if isinstance(errors, Mapping):
        for name, found in errors.items():
            yield from _by_field(found, before if not before and name == "json" else (*before, str(name)))
    else:
        told = errors if isinstance(errors, list) else [errors]
        said = " ".join(dict.fromkeys(plain(str(one), language()) for one in told))
        yield _as_typed("-".join(before)), said


def _as_typed(name: str) -> str:
    """The name of a field on the page, where items that were left empty moved those after them up."""
    item, _, rest = name.rpartition("-")
    moved: str = g.get("places", {}).get(item, item)
    return f"{moved}-{rest}" if item else name


def csrf() -> str:
    """For the hidden field of a form; the browser gets the same as a cookie."""
    if "csrf" not in g:
        g.csrf = request.cookies.get(CSRF_COOKIE) or secrets.token_urlsafe(24)
    made: str = g.csrf
    return made


def keep_csrf(response: Response) -> Response:
    """Sends the cookie, where a page had a form and the browser had none."""
    if "csrf" in g and request.cookies.get(CSRF_COOKIE) != g.csrf:
        response.set_cookie(CSRF_COOKIE, g.csrf, secure=True, httponly=True, samesite="Lax", path="/")
    return response


def done(address: str, words: Words | None = None) -> Response:
    """On to the page that shows what a form did, so that "back" and "again" do nothing; `words` stand on top of it.
    They pass through a cookie: nobody's name or number is in them. A script that sent the form itself is told where to
    go (204), as it cannot see where a 303 leads without going there."""
    response = redirect(address, 303)
    if request.headers.get(BY_SCRIPT):
        response.status_code = 204
        response.set_data(b"")
    if words is not None:
        response.set_cookie(
            SAID_COOKIE, quote(words.in_language(language())), max_age=60, path="/", secure=True, httponly=True,
            samesite="Lax",
        )  # fmt: skip
    return response  # type: ignore[return-value]


def said() -> str:
    """What the form before this page came to, once."""
    g.said = unquote(request.cookies.get(SAID_COOKIE, ""))[:500]
    shown: str = g.said
    return shown


def forget_said(response: Response) -> Response:
    """Takes it out of the browser, where a page has shown it."""
    if g.get("said"):
        response.delete_cookie(SAID_COOKIE, path="/", secure=True, httponly=True, samesite="Lax")
    return response


def once_key() -> str:
    """A form's own key: sent again, it does nothing again. What may still be going on keeps its key."""
    kept: str | None = g.get("idempotency_key") if g.get("sent_again") else None
    return kept or secrets.token_urlsafe(18)


def shown_at() -> str:
    """Where the form was, as it or the browser says."""
    _, _, path = (request.referrer or "").partition(f"://{request.host}")
    return local(_sent().get(SHOWN_AT) or path or "/")


def _sent() -> MultiDict[str, str]:
    """What was read of the form already: a body that was too large, or was read as a file, is not read again."""
    return request.__dict__.get("form") or MultiDict()


def local(address: str) -> str:
    """An address of ours to go on to; the front page for anything else."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return "/"
    sound = address.startswith("/") and not address.startswith(("//", "/\\")) and not parts.scheme and not parts.netloc
    return address if sound and address.isprintable() and "\\" not in address else "/"


def check_origin() -> None:
    """Browsers say where a form comes from. Those that do not have the cookie alone. Raises Forged."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site is not None and site != "same-origin":
        raise Forged
    if origin is not None and origin.partition("://")[2] != request.host:
        raise Forged
