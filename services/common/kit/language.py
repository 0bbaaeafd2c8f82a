"""In which language somebody is spoken to."""

from __future__ import annotations

from flask import request

LANGUAGES = ("id", "en")
COOKIE = "bahasa"


def language() -> str:
    """`id` or `en`: what was chosen on a page, else what the caller's software prefers, else Indonesian."""
    chosen = request.cookies.get(COOKIE)
    if chosen in LANGUAGES:
        return chosen
    return request.accept_languages.best_match(LANGUAGES, default="id") or "id"
