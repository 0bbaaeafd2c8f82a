"""The parts of a SOP that a form writes: words in both languages, days, procedure, requirements. What it does not have
stays as it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

from werkzeug.datastructures import MultiDict

from intake.domain.sop_words import PARTS, key, named
from intake.domain.sop_words import value as word
from kit.language import language
from kit.pages import forms
from kit.problems import Words

TEXTS = tuple((name, PARTS[name]) for name in ("name", "cost", "product", "next_step", "complaint"))
"""Said in both languages; `name-id` and `name-en` are its fields."""
LANGUAGES = (("id", Words("Indonesia", "Indonesian")), ("en", Words("Inggris", "English")))
_SPARE = 2
"""Empty rows for more."""


def rows(items: list[Any]) -> list[Any]:
    """The items and empty ones after them."""
    return [*items, *({} for _ in range(_SPARE))]


def names(sop: Mapping[str, Any]) -> Iterator[tuple[str, Words]]:
    """What each field of the form is called, for the list of what is wrong."""
    for name, words in TEXTS:
        for code, tongue in LANGUAGES:
            yield f"sop-{name}-{code}", Words(f"{words.id} ({tongue.id})", f"{words.en} ({tongue.en})")
    for name in ("days", "legal_basis"):
        yield f"sop-{name}", PARTS[name]
    for number, one in enumerate(rows(sop.get("requirements", []))):
        what = named("requirements", str(number + 1), one)
        yield f"requirements-{number}-code", Words(f"{what.id}, kode", f"{what.en}, code")
        for part, words in (("name", key("name")), ("photo_hint", key("photo_hint"))):
            for code, tongue in LANGUAGES:
                said = Words(f"{what.id}, {words.id.lower()} ({tongue.id})", f"{what.en}, {words.en} ({tongue.en})")
                yield f"requirements-{number}-{part}-{code}", said
    for number, _ in enumerate(rows(sop.get("procedure", []))):
        for code, tongue in LANGUAGES:
            said = Words(f"Langkah {number + 1} ({tongue.id})", f"Step {number + 1} ({tongue.en})")
            yield f"procedure-{number}-{code}", said


def written(sop: Mapping[str, Any], typed: MultiDict[str, str]) -> dict[str, Any]:
    """The SOP with what was typed into the form that showed it."""
    made = deepcopy(dict(sop))
    for name, _ in TEXTS:
        made[name] = _words(typed, f"sop-{name}-")
    days = typed.get("sop-days", "").strip()
    made["days"] = int(days) if days.isdecimal() and len(days) < 6 else days
    made["legal_basis"] = [line.strip() for line in typed.get("sop-legal_basis", "").splitlines() if line.strip()]
    rows = forms.nested(typed, "kind")
    made["procedure"] = [_words(one) for one in rows.get("procedure", [])]
    made["requirements"] = [_requirement(sop, one) for one in rows.get("requirements", [])]
    return made


def as_typed(place: str, moved: Mapping[str, str]) -> str:
    """The form's field for a place in the SOP (`requirements.0.name.en`). `moved`: rows that were left empty moved
    those after them up."""
    part, _, rest = place.partition(".")
    if part not in ("procedure", "requirements") or not rest:
        return "-".join(["sop", *place.split(".")])
    number, _, name = rest.partition(".")
    row = moved.get(f"{part}-{number}", f"{part}-{number}")
    return "-".join([row, *name.split(".")]) if name else row


def _words(typed: Mapping[str, str], before: str = "") -> dict[str, str]:
    found = {code: typed.get(f"{before}{code}", "").strip() for code, _ in LANGUAGES}
    return {code: text for code, text in found.items() if text}


def _requirement(sop: Mapping[str, Any], typed: Mapping[str, str]) -> dict[str, Any]:
    """One that was there keeps what the form does not have: for which reasons it counts, and when."""
    code = typed.get("code", "").strip()
    kept = next((dict(one) for one in sop.get("requirements", ()) if one["code"] == code), {})
    kept |= {name: typed[name].strip() for name in ("code", "kind") if name in typed}
    kept |= {name: _words(typed, f"{name}-") for name in ("name", "photo_hint")}
    kept.pop("optional", None)
    return kept | ({"optional": True} if typed.get("optional") else {})


def said(value: Any, name: str = "") -> list[str]:
    """Any part of a SOP in lines that people read; `name` says what it is a value of."""
    if value is None:
        return []
    if isinstance(value, Mapping):
        if set(value) == {"id", "en"}:
            return [f"{value['id']} / {value['en']}"]
        return [
            f"{key(name).in_language(language())}: {line}" for name, part in value.items() for line in said(part, name)
        ]
    if isinstance(value, list | tuple):
        return [line for part in value for line in said(part, name)]
    if isinstance(value, bool):
        return [(Words("ya", "yes") if value else Words("tidak", "no")).in_language(language())]
    return [word(name, str(value)).in_language(language())]
