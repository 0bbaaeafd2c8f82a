"""What follows from a case's values, for `when` in a SOP: `{"when": {"widowed": ["yes"]}}`.

islam      of the applicant's religion; `unknown` while nobody has said it
widowed    the applicant's spouse died
under_21   the applicant is younger than that on the day of the wedding, so that the parents have to agree
under_19   one of the couple is: only a court can allow it

Ages are those on the day of the wedding; without one, on the day that is given.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

_ANSWERS = ("yes", "no", "unknown")

DERIVED: Mapping[str, tuple[str, ...]] = dict.fromkeys(("islam", "widowed", "under_21", "under_19"), _ANSWERS)
"""Codes that every SOP may name in `when`, each with its values; a field of the SOP's own must not be called so."""

MARRIAGE_AGE, AGE_OF_CONSENT = 19, 21


def derived(given: Mapping[str, Any], day: date) -> dict[str, str]:
    """The derived values of a case, from those of its fields. `day`: when a wedding has no day yet."""
    wedding = _date(given.get("wedding_date")) or day
    own, partner = (_age(_date(given.get(name)), wedding) for name in ("birth_date", "partner_birth_date"))
    youngest = min((age for age in (own, partner) if age is not None), default=None)
    return {
        "islam": _said(given.get("religion"), "islam"),
        "widowed": _said(given.get("marital_status"), "cerai mati", "janda mati", "duda mati", "janda cerai mati",
                         "duda cerai mati"),
        "under_21": _under(own, AGE_OF_CONSENT),
        "under_19": _under(youngest, MARRIAGE_AGE),
    }  # fmt: skip


def _said(value: Any, *words: str) -> str:
    plain = " ".join(str(value or "").lower().split())
    return "unknown" if not plain else "yes" if plain in words else "no"


def _under(age: int | None, limit: int) -> str:
    return "unknown" if age is None else "yes" if age < limit else "no"


def _age(born: date | None, day: date) -> int | None:
    if born is None or born > day:
        return None
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _date(value: Any) -> date | None:
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None
