"""What makes it clear who signs on which day: terms that end after they begin, and one holder of a post at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Any

from intake.domain.errors import UnusableOffice
from kit.problems import Words

_NO_DAY = Words("Tanggal ini tidak ada.", "There is no such day.")
_BACKWARDS = Words("Hari terakhir mendahului hari pertama.", "The last day is before the first.")
_OVERLAP = Words(
    "Masa jabatannya bertumpang tindih dengan pejabat lain pada jabatan yang sama.",
    "The term overlaps that of another holder of the same post.",
)
_NOT_ACTING = Words(
    "Hanya lurah, sekretaris dan kepala seksi dapat dijabat Plt. atau Plh.",
    "Only a lurah, a secretary or a head of section can be acting (Plt., Plh.).",
)

Official = Mapping[str, Any]


def check_officials(officials: Sequence[Official]) -> None:
    """Raises UnusableOffice, which names the place and says why."""
    posts: dict[tuple[str, ...], list[tuple[date, date, int]]] = {}
    for place, one in enumerate(officials):
        first, last = _day(one, "from", place) or date.min, _day(one, "to", place) or date.max
        if last < first:
            raise UnusableOffice(f"officials.{place}.to", _BACKWARDS)
        if one["role"] != "officer":
            posts.setdefault(_post(one), []).append((first, last, place))
        elif one.get("acting"):
            raise UnusableOffice(f"officials.{place}.acting", _NOT_ACTING)
    for terms in posts.values():
        for before, after in pairwise(sorted(terms)):
            if after[0] <= before[1]:
                raise UnusableOffice(f"officials.{max(before[2], after[2])}.from", _OVERLAP)


def _post(one: Official) -> tuple[str, ...]:
    """Sections have a head each; who is acting stands beside who holds the post."""
    section = " ".join(one["position"].lower().split()) if one["role"] == "section_head" else ""
    return (one["role"], section, "acting" if one.get("acting") else "")


def _day(one: Official, name: str, place: int) -> date | None:
    if not one.get(name):
        return None
    try:
        return date.fromisoformat(one[name])
    except ValueError as error:
        raise UnusableOffice(f"officials.{place}.{name}", _NO_DAY) from error
