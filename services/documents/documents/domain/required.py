"""What a letter lacks before it can be signed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from documents.domain.cases import Case
from documents.domain.parts import Given, lurah_of

# What no letter of the office can do without, whatever the SOP says.
_OF_APPLICANT = ("name", "nik", "birth_place", "birth_date", "sex", "address")

_OF_KIND: Mapping[str, tuple[str, ...]] = {
    "n1": ("father_name", "mother_name"),
    "business_place": ("business_name", "business_type", "business_address"),
}


def incomplete(kind: str, case: Case) -> list[str]:
    """The empty fields that keep a letter of this kind from being signed: `applicant.nik`, `details.father_name`,
    `office.lurah`."""
    return list(dict.fromkeys(_missing(kind, case)))


def _missing(kind: str, case: Case) -> Iterator[str]:
    given = Given(case).values
    for name in _OF_APPLICANT:
        if _empty(given.get(name)):
            yield f"applicant.{name}"
    asked = {entry["code"] for entry in case.sop.get("fields") or () if _asked(entry, case.application.reason)}
    own = set(case.application.person.get("applicant") or {})
    for code in (*_OF_KIND.get(kind, ()), *sorted(asked)):
        if _empty(given.get(code)) and code not in _OF_APPLICANT:
            yield f"applicant.{code}" if code in own else f"details.{code}"
    if lurah_of(case.office) is None:
        yield "office.lurah"


def _asked(entry: Mapping[str, Any], reason: str | None) -> bool:
    return bool(entry.get("required")) and (entry.get("reasons") is None or reason in entry["reasons"])


def _empty(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip()) or value == []
