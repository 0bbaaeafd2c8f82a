"""What a SOP may speak of: the letters and forms that can be made, and when an item of it counts for a case.

A SOP is data. `reasons` binds an item to reasons of the case, `when` to values of its choices or to what follows from
the case's values (`contracts.derived`): `{"reasons": ["lost"], "when": {"from_other_city": ["yes"]}}`; without them it
always counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

LETTERS: Mapping[str, tuple[str, ...]] = {
    "kk_introduction": (),
    "ktp_introduction": (),
    "n1": ("father_name", "mother_name"),
    "marriage_statement": ("father_name", "mother_name", "partner_name"),
    "n6": ("former_spouse", "former_spouse_died_on"),
    "business_place": ("business_name", "business_type", "business_address"),
    "keterangan": (),
}
"""Letters that documents can make, with the fields that each cannot do without."""

FORMS: Mapping[str, tuple[str, ...]] = {"f102": (), "f101": (), "f106": (), "n2": (), "n4": (), "n5": ()}
"""Forms that are filled in for others to sign."""

GENERAL = "keterangan"
"""The letter whose title and words are in the SOP: for services that need no layout of their own."""

OF_APPLICANT = ("name", "nik", "birth_place", "birth_date", "sex", "address")
"""What no letter of the office can do without, whatever the SOP says."""

APPLICANT = (
    *OF_APPLICANT, "kk_number", "head_of_family", "nationality", "religion", "marital_status", "education",
    "occupation", "rt", "rw",
)  # fmt: skip
"""What is known of every applicant; a SOP's field of such a code has its value there."""

LETTER_OF_AUTHORITY, RECEIPT = "SURAT_KUASA", "TANDA_TERIMA"
HANDOVER_PAPERS = (LETTER_OF_AUTHORITY, RECEIPT)
"""Photographs that belong to a hand-over and to no SOP: by whom it may be received, and that it was."""

STEPS = ("receive", "verify", "produce")

_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
# A brace with its partner, or with a letter behind it and no partner: somebody meant a placeholder.
_MEANT = re.compile(r"\{[^{}]*\}|\{[A-Za-z_][^\s{}]*")


def applies(item: Mapping[str, Any], reason: str | None, given: Mapping[str, Any]) -> bool:
    """Whether a requirement, field, letter or form counts for a case with this reason and these values."""
    reasons, when = item.get("reasons"), item.get("when") or {}
    return (reasons is None or reason in reasons) and all(given.get(code) in values for code, values in when.items())


def placeholders(text: str) -> Iterator[str]:
    """The fields that a text of a general letter names, as in `{business_name}`."""
    return (found[1] for found in _PLACEHOLDER.finditer(text))


def broken_placeholders(text: str) -> Iterator[str]:
    """What looks like a placeholder and is none: `{Tahun}`, `{nama`. A brace that stands alone is only a brace."""
    return (found[0] for found in _MEANT.finditer(text) if not _PLACEHOLDER.fullmatch(found[0]))


def filled(text: str, value: Mapping[str, str]) -> str:
    """The text with the values in their places. Raises KeyError for a field that has none."""
    return _PLACEHOLDER.sub(lambda found: value[found[1]], text)


def fields_of(letter: Mapping[str, Any]) -> list[str]:
    """The fields that a letter of a SOP prints by its own words: of the general letter those it names."""
    named = [*letter.get("about", ()), *letter.get("rows", ())]
    return list(
        dict.fromkeys([*named, *(code for text in letter.get("text", ()) for code in placeholders(text["id"]))])
    )
