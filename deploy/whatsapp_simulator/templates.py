"""Message templates that a business handed in: approved at once, filled when they are sent."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from deploy.whatsapp_simulator.errors import GraphError, invalid, missing

CATEGORIES = ("UTILITY", "MARKETING", "AUTHENTICATION")
_PLACE = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_LONGEST = 1024
_OF_CODES = "*{{1}}* adalah kode verifikasi Anda. Demi keamanan, jangan bagikan kode ini."
"""Templates for codes have a text that is not the business's."""


@dataclass(frozen=True)
class Template:
    """`body` has a place for each parameter: {{1}} or {{name}}; `buttons` are the titles of its quick replies."""

    id: str
    name: str
    language: str
    category: str
    body: str
    buttons: tuple[str, ...] = ()

    @property
    def places(self) -> list[str]:
        """What is to be filled in, each once, in the order of the text."""
        return list(dict.fromkeys(_PLACE.findall(self.body)))

    def filled(self, parameters: Sequence[Mapping[str, Any]]) -> str:
        """The text with its parameters. Raises GraphError (132000, 132012)."""
        places = self.places
        if len(parameters) != len(places):
            details = f"body: number of localizable_params ({len(parameters)}) does not match the expected number"
            raise GraphError(132000, f"{details} of params ({len(places)})")
        values = dict(zip(sorted(places, key=_rank), map(_text, parameters), strict=True))
        if named := {one["parameter_name"]: _text(one) for one in parameters if "parameter_name" in one}:
            if named.keys() != set(places):
                raise GraphError(132012, f"body: parameters are named {', '.join(places)}")
            values = named
        text = _PLACE.sub(lambda found: values[found[1]], self.body)
        if len(text) > _LONGEST:
            raise GraphError(132005, f"The text is longer than {_LONGEST} characters.")
        return text


def _rank(place: str) -> tuple[bool, int]:
    return (not place.isdigit(), int(place) if place.isdigit() else 0)


def _text(parameter: Mapping[str, Any]) -> str:
    """What stands in a place. Raises GraphError (132012, 132018)."""
    if parameter.get("type") != "text" or not isinstance(text := parameter.get("text"), str) or not text:
        raise GraphError(132012, "body: a parameter is {type: text, text: …}, and not empty")
    if re.search(r"[\n\t]| {5}", text):
        raise GraphError(132018, "Param text cannot have new-line/tab characters or more than 4 consecutive spaces")
    return text


def handed_in(body: Mapping[str, Any], identity: str) -> Template:
    """A template as a business describes it. Raises GraphError."""
    for name in ("name", "language", "category", "components"):
        if not body.get(name):
            raise missing(name)
    if not re.fullmatch(r"[a-z0-9_]{1,512}", str(body["name"])):
        raise invalid("name", "small letters, digits and _ only")
    if body["category"] not in CATEGORIES:
        raise invalid("category", f"one of {', '.join(CATEGORIES)}")
    parts = {str(part.get("type", "")).upper(): part for part in body["components"]}
    text = str(parts.get("BODY", {}).get("text") or (_OF_CODES if body["category"] == "AUTHENTICATION" else ""))
    if not 0 < len(text) <= _LONGEST:
        raise invalid("components", f"a BODY with a text of at most {_LONGEST} characters")
    buttons = [one for one in parts.get("BUTTONS", {}).get("buttons", ()) if one.get("type") == "QUICK_REPLY"]
    titles = tuple(str(one.get("text", "")) for one in buttons)
    return Template(identity, body["name"], body["language"], body["category"], text, titles)
