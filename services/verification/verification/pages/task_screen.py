"""The screen of a task, whoever came how: by its link, or signed in. And what its forms send."""

from __future__ import annotations

from typing import Any

from flask import Response
from werkzeug.datastructures import MultiDict

from kit.pages import forms, page
from kit.pages.forms import Filled
from verification.domain.decisions import ACKNOWLEDGE, GRANT, REFUSE
from verification.schemas.tasks import DecisionIn, OriginalsIn, WitnessesIn

_OF_DECISION = {
    GRANT: ("decision", "purpose", "owner_agrees", "verdicts"),
    REFUSE: ("decision", "reason", "note"),
    ACKNOWLEDGE: ("decision",),
}
"""Of what was typed, the fields of what was chosen in the end."""


def task_screen(task: dict[str, Any], at: str, filled: Filled) -> Response:
    """The page of a task; its forms go to `at` and to what lies under it."""
    for file in task["files"]:
        file["is_picture"] = file["type"].startswith("image/")
    return page("task.html", task=task, at=at, filled=filled, field_names=_field_names(task))


def _field_names(task: dict[str, Any]) -> dict[str, str]:
    """What the fields are about that a page has several times: documents, and sides on which neighbours live."""
    files = {f"verdicts-{number}": file["requirement_name"] for number, file in enumerate(task["files"])}
    sides = [side["name"] for side in task["positions"] if side["open"]]
    named = files | {f"witnesses-{number}": side for number, side in enumerate(sides)}
    fields = ("verdict", "note", "name", "phone", "address", "position", "absent")
    return named | {f"{one}-{field}": name for one, name in named.items() for field in fields}


def decision(typed: MultiDict[str, str]) -> Any:
    """A decision, or verdicts with neighbours, as the API takes it. Raises Unprocessable."""
    hidden = ("position",) if typed.get("all") else ("position", "file_id")
    return forms.load(DecisionIn(), _decision(forms.nested(typed, *hidden)))


def neighbours(typed: MultiDict[str, str]) -> Any:
    """Neighbours to be asked. Raises Unprocessable."""
    return forms.load(WitnessesIn(), forms.nested(typed, "position"))


def originals(typed: MultiDict[str, str]) -> Any:
    """Originals that were seen. Raises Unprocessable."""
    return forms.load(OriginalsIn(), {"file_ids": typed.getlist("file_ids")})


def _decision(typed: dict[str, Any]) -> dict[str, Any]:
    """One verdict for all where that was chosen, and nothing of what was not."""
    everything = typed.pop("all", None)
    if everything:
        for verdict in typed.get("verdicts", []):
            verdict.setdefault("verdict", everything)
    verdicts = [one for one in typed.get("verdicts", []) if "verdict" in one or "note" in one]
    typed["verdicts"] = verdicts or None
    kept = _OF_DECISION.get(typed.get("decision", ""), tuple(typed))
    return {name: value for name, value in typed.items() if name in kept}
