"""The fields of a case as a form has them, and what a form that was sent changes of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from intake.pages.typed import as_number, as_rows, cells_of
from intake.schemas.applications import Applicant
from kit.language import language

APPLICANT, CONTACT, DETAILS = "applicant", "contact", "details"
_APPLICANTS = ("name", "nik", "birth_place", "birth_date", "sex", "address", "rt", "rw")
"""Those that every case has; the service names the others."""
_CONTACTS = ("name", "phone", "email")
_KINDS = {"birth_date": "date", "sex": "sex"}
_DIGITS = {"nik", "kk_number"}


@dataclass(frozen=True)
class Field:
    """One of a form: `name` is what the form calls it. Rows have columns, a choice has choices."""

    part: str
    code: str
    kind: str = "text"
    label: str = ""
    """Of the service's own; the others' stand in the template."""
    required: bool = False
    choices: tuple[tuple[str, str], ...] = ()
    columns: tuple[tuple[str, str], ...] = ()

    @property
    def name(self) -> str:
        return f"{self.part}-{self.code}"

    @property
    def digits(self) -> bool:
        return self.code in _DIGITS


def of_service(service: Mapping[str, Any]) -> list[Field]:
    """What is known of every applicant, what this service asks for, and whom messages go to."""
    applicants = [Field(APPLICANT, code, _KINDS.get(code, "text")) for code in _APPLICANTS]
    own = [_own(one) for one in service["fields"]]
    return [*applicants, *own, *(Field(CONTACT, code) for code in _CONTACTS)]


def _own(one: Mapping[str, Any]) -> Field:
    part = APPLICANT if one["code"] in Applicant().fields else DETAILS
    return Field(
        part,
        one["code"],
        one["type"],
        one["name"][language()],
        bool(one.get("required")),
        _named(one.get("choices")),
        _named(one.get("columns")),
    )


def _named(items: Any) -> tuple[tuple[str, str], ...]:
    return tuple((item["code"], item["name"][language()]) for item in items or ())


def changes(fields: list[Field], person: Mapping[str, Any], typed: Mapping[str, str]) -> dict[str, Any]:
    """What was typed otherwise than it is known of this person, by part, as a correction has it; null takes a value
    away. Fields that the form did not have stay as they are."""
    changed: dict[str, dict[str, Any]] = {}
    for one in fields:
        known = (person.get(one.part) or {}).get(one.code)
        value = as_rows(one.name, typed) if one.kind == "rows" else _value(one, typed.get(one.name))
        was_there = any(name == one.name or name.startswith(f"{one.name}-") for name in typed)
        if was_there and value != (_without_nothing(known) if one.kind == "rows" else _shown(known)):
            changed.setdefault(one.part, {})[one.code] = value
    return dict(changed)


def _shown(known: Any) -> Any:
    """As an empty field and a missing value are the same."""
    return None if known in ("", None) else known


def _value(one: Field, text: str | None) -> Any:
    text = (text or "").strip()
    if not text:
        return None
    return as_number(text) if one.kind == "number" else text


def _without_nothing(rows: Any) -> Any:
    kept = [{name: value for name, value in row.items() if value} for row in rows or ()]
    return [row for row in kept if row] or None


def shown_rows(one: Field, known: Any, typed: Mapping[str, str]) -> list[dict[str, str]]:
    """The rows of a field as the form shows them: what was typed, else what is known, and an empty one."""
    rows = as_rows(one.name, typed) if any(True for _ in cells_of(one.name, typed)) else _without_nothing(known)
    return [*(rows or []), {}]
