"""What a letter lacks before it can be signed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from contracts.sop import GENERAL, LETTERS, OF_APPLICANT, applies, placeholders
from documents.domain.cases import Case
from documents.domain.errors import SIGNER
from documents.domain.general import letter_of
from documents.domain.parts import Given
from documents.domain.signers import signing_official


def incomplete(kind: str, case: Case) -> list[str]:
    """The empty fields that keep a letter of this kind from being signed: `applicant.nik`, `details.father_name`,
    `office.lurah`."""
    return list(dict.fromkeys(_missing(kind, case)))


def _missing(kind: str, case: Case) -> Iterator[str]:
    given = Given(case).values
    for name in OF_APPLICANT:
        if _empty(given.get(name)):
            yield f"applicant.{name}"
    reason = case.application.reason
    asked = {
        entry["code"]
        for entry in case.sop.get("fields") or ()
        if entry.get("required") and applies(entry, reason, given)
    }
    own = set(case.application.person.get("applicant") or {})
    for code in (*LETTERS.get(kind, ()), *_in_words(kind, case), *sorted(asked)):
        if _empty(given.get(code)) and code not in OF_APPLICANT:
            yield f"applicant.{code}" if code in own else f"details.{code}"
    if signing_official(case.office, case.today) is None:
        yield SIGNER


def _in_words(kind: str, case: Case) -> list[str]:
    """What the general letter names in its sentences: a gap there cannot be printed."""
    if kind != GENERAL:
        return []
    return [code for text in letter_of(case).get("text", ()) for code in placeholders(text["id"])]


def _empty(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip()) or value == []
