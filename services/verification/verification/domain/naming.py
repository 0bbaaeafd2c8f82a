"""Who can be named as a neighbour to be asked, and the sentence for who cannot."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from kit.problems import Words
from verification.domain.statements import MOST, Wanted, may_be_asked_anew
from verification.domain.tasks import Task

_SIDE = Words(
    "Sisi ini tidak ada dalam layanan; sebutkan hubungannya saja.",
    "No side of this service; give the relation instead.",
)
_WHO = Words(
    "Sebutkan sisinya, atau apa hubungannya dengan warga ini.",
    "Say on which side, or what he is to the resident.",
)
_NAME = Words(
    "Isi namanya, atau nyatakan tidak ada tetangga di sana.", "Give the name, or say that nobody lives there."
)
_NOBODY = Words("Bila tidak ada tetangga, isi sisinya saja.", "Where nobody lives, give the side only.")
_HEAD_ONLY = Words(
    "Hanya ketua RT yang menyatakan tidak ada tetangga.", "Only the RT head states that nobody lives there."
)
_TAKEN = Words("Sisi ini sudah ada tetangganya.", "Somebody was named for this side already.")
_HELPS = Words(
    "Pemohon, pendamping, dan ketua RT atau RW tidak dapat menjadi saksi.",
    "The applicant, the helper, and the heads of RT and RW cannot be witnesses.",
)
_TWICE = Words("Orang ini sudah disebut.", "This person was named already.")
TOO_MANY = Words(f"Paling banyak {MOST} tetangga untuk satu permohonan.", f"At most {MOST} neighbours of one case.")


def wrong_witnesses(
    fresh: Mapping[int, Mapping[str, Any]],
    wanted: Wanted,
    earlier: Sequence[Task],
    *,
    by_officer: bool,
    involved: Collection[str],
    seen: Collection[str],
) -> dict[str, Any]:
    """What is wrong with those who are named, by their place in the list. `involved`: phones of the applicant and the
    helper, who cannot be witnesses; `seen`: phones of who was asked before."""
    places: set[str] = set()
    phones = set(seen)
    errors: dict[str, Any] = {}
    for number, one in fresh.items():
        if wrong := _wrong_place(one, wanted, earlier, places) | _wrong_person(one, by_officer, involved, phones):
            errors[str(number)] = wrong
        places.add(one.get("position") or "")
        phones.add(one.get("phone") or "")
    return errors


def _wrong_place(
    one: Mapping[str, Any], wanted: Wanted, earlier: Sequence[Task], places: Collection[str]
) -> dict[str, Any]:
    position = one.get("position")
    if position is None:
        return {} if one.get("relation") and not one.get("absent") else {"position": [_WHO]}
    if position not in wanted.positions:
        return {"position": [_SIDE]}
    if position in places or not may_be_asked_anew(earlier, position):
        return {"position": [_TAKEN]}
    return {}


def _wrong_person(
    one: Mapping[str, Any], by_officer: bool, involved: Collection[str], seen: Collection[str]
) -> dict[str, Any]:
    if one.get("absent"):
        if by_officer:
            return {"absent": [_HEAD_ONLY]}
        return {"absent": [_NOBODY]} if one.get("name") or one.get("phone") else {}
    if not one.get("name"):
        return {"name": [_NAME]}
    if one.get("phone") is None:
        return {}  # an officer goes there, and records what is said
    if one["phone"] in involved:
        return {"phone": [_HELPS]}
    return {"phone": [_TWICE]} if one["phone"] in seen else {}
