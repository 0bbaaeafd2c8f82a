"""Pages for people: HTML made on the server, by the same use cases and rules as the API; none has a rule of its own.

    page("task.html", task=task)      an answer in the reader's language
    wanted()                          whether whoever asks is a browser
    forms.typed()                     what one of our own forms sent

A service's templates are in its `pages/templates`, and begin with `layout.html` of this folder. They are written in
Indonesian; `texts/en.po` beside them has the same in English. A page works without its script, and asks no other host
for anything.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources
from typing import Any

from flask import Flask, Response, abort, current_app, g, redirect, render_template, request
from jinja2 import ChoiceLoader, PackageLoader, StrictUndefined

from kit.auth import public
from kit.language import COOKIE, LANGUAGES, language
from kit.pages import dates, forms, texts
from kit.problems import Problem, Words

HTML, JSON = "text/html", "application/json"
TYPE_SIZE = "huruf"
LARGE = "besar"
KEPT = 365 * 24 * 3600
"""Seconds for which a browser keeps what was chosen."""

MENU = "menu"

_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


@dataclass(frozen=True)
class Entry:
    """A place that people with one of these roles go to from any page."""

    address: str
    words: Words
    roles: frozenset[str]


def install(app: Flask, service: str, menu: Sequence[Entry] = ()) -> None:
    """Templates, texts, style, script and menu for an application's pages; also for what goes wrong with one."""
    app.extensions[MENU] = menu
    packages = ["kit", service] if _has_pages(service) else ["kit"]
    app.jinja_loader = ChoiceLoader([PackageLoader(f"{name}.pages") for name in reversed(packages)])  # type: ignore[assignment]
    app.jinja_options = {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        *texts.of(packages), newstyle=True
    )
    app.jinja_env.globals.update(
        asset=asset, csrf=forms.csrf, once=forms.once_key, here=_here, language=language, menu=_menu, said=forms.said
    )
    app.jinja_env.filters.update(
        day=dates.day, iso_day=dates.iso_day, moment=dates.moment, month=dates.month,
        short_month=dates.short_month, number=dates.number,
    )  # fmt: skip
    app.add_url_rule("/static/<mark>/<name>", "static_file", public(_static_file, cost=0))
    app.add_url_rule("/tampilan", "appearance", public(_appearance))
    app.after_request(forms.keep_csrf)
    app.after_request(forms.forget_said)


def wanted() -> bool:
    """Whether a page is to be answered: what asks prefers HTML (a browser), and this is no address of the API."""
    if request.path.startswith("/v1/"):
        return False
    return request.accept_mimetypes.best_match([JSON, HTML], default=JSON) == HTML


def page(template: str, status: int = 200, **values: Any) -> Response:
    """The page that a template makes of `values`, never kept by what lies between."""
    body = render_template(template, type_size=request.cookies.get(TYPE_SIZE), **{"filled": forms.NOTHING} | values)
    return Response(
        body,
        status,
        {
            "Content-Language": language(),
            # A form tells where it was sent from, and nobody else is told.
            "Referrer-Policy": "same-origin",
            "Vary": "Accept, Accept-Language, Cookie",
        },
        mimetype=HTML,
    )


def problem_page(problem: Problem) -> Response:
    """What went wrong, and what to do, for people."""
    document = problem.document(language())
    response = page("problem.html", problem.status, title=document["title"], detail=document["detail"])
    response.headers.update(problem.headers)
    return response


def asset(name: str) -> str:
    """The address of a file of `static`: another one whenever its content is another. Raises KeyError."""
    return f"/static/{_files()[name].mark}/{name}"


@dataclass(frozen=True)
class _File:
    content: bytes
    kind: str

    @cached_property
    def mark(self) -> str:
        return hashlib.sha256(self.content).hexdigest()[:12]


@cache
def _files() -> dict[str, _File]:
    """All that there is, read once: whoever asks for more makes us keep nothing."""
    there = resources.files("kit.pages").joinpath("static").iterdir()
    return {one.name: _File(one.read_bytes(), _TYPES[f".{one.name.rpartition('.')[2]}"]) for one in there}


def _static_file(mark: str, name: str) -> Response:
    found = _files().get(name)
    if found is None or mark != found.mark:
        abort(404)
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    return Response(found.content, mimetype=found.kind, headers=headers)


def _appearance() -> Response:
    """Language and size of type, as they were chosen; then back to where that was."""
    response = redirect(forms.local(request.args.get("ke", "/")), 303)
    for name, allowed in ((COOKIE, LANGUAGES), (TYPE_SIZE, ("biasa", LARGE))):
        if (chosen := request.args.get(name)) in allowed:
            response.set_cookie(name, chosen, max_age=KEPT, secure=True, httponly=True, samesite="Lax")
    return response  # type: ignore[return-value]


def home(roles: Collection[str]) -> str:
    """Where people with these roles begin: the first place of the menu that is theirs, else the front page."""
    found = (one.address for one in current_app.extensions[MENU] if not one.roles.isdisjoint(roles))
    return next(found, "/")


def _menu() -> list[tuple[str, str, bool]]:
    """Where who is signed in may go: (address, words, whether this is it or a part of it)."""
    who = g.get("caller") if g.get("by_cookie") else None
    if who is None:
        return []
    entries = [one for one in current_app.extensions[MENU] if who.has(*one.roles)]
    here = max((one.address for one in entries if _is_within(one.address)), key=len, default=None)
    return [(one.address, one.words.in_language(language()), one.address == here) for one in entries]


def _is_within(address: str) -> bool:
    return request.path == address or request.path.startswith(f"{address}/")


def _here() -> str:
    """The page that is shown, for the way back; after a form that is where it was shown."""
    return request.full_path.rstrip("?") if request.method == "GET" else forms.shown_at()


def _has_pages(service: str) -> bool:
    try:
        return resources.files(f"{service}.pages").joinpath("templates").is_dir()
    except ModuleNotFoundError:
        return False
