"""Who signs a letter of the office on its date, and as whom.

Each of the office's officials may have a term (`from`, `to`, both days included) and may be `acting`. A letter is
signed by the first of these who is in office that day:

lurah, acting   `Plt. Lurah …` or `Plh. Lurah …`: while the post is vacant, or its holder away
lurah           `Lurah …`
secretary       `a.n. Lurah …`, below it the own position
section_head    `a.n. Lurah …`, the secretary's position, `u.b.`, the own position

So a secretary without a term signs only on days that no lurah's term covers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from documents.domain import words
from documents.domain.words import text
from documents.render.data import Signer

LURAH, SECRETARY, SECTION_HEAD = "lurah", "secretary", "section_head"
LADDER = (LURAH, SECRETARY, SECTION_HEAD)

_ACTING = {"plt": "Plt. ", "plh": "Plh. "}
_SECRETARY = "Sekretaris Kelurahan"

Official = Mapping[str, Any]


def signer_of(office: Mapping[str, Any], day: date) -> Signer:
    """Who signs that day; empty names where there is nobody (then nothing is signed)."""
    found = signing_official(office, day) or {}
    lines = _ladder(office, found)
    return Signer(
        position=_in_full(office, _position(office, found)),
        lines=(*lines[:-1], f"{lines[-1]},"),
        name=text(found.get("name")),
        rank=text(found.get("rank")),
        nip=text(found.get("nip")),
    )


def signing_official(office: Mapping[str, Any], day: date) -> Official | None:
    """The highest of the ladder who is in office that day; an acting lurah goes before the lurah."""
    on_duty = [one for one in _officials(office) if _can_sign(one) and _in_office(one, day)]
    return min(on_duty, key=lambda one: (LADDER.index(one["role"]), not one.get("acting")), default=None)


def shows(frozen: Mapping[str, Any], signer: Signer) -> bool:
    """Whether a draft's block is this signer's; an office may have put lines of its own above."""
    same = all(frozen[name] == getattr(signer, name) for name in ("position", "name", "rank", "nip"))
    return same and tuple(frozen["lines"][-len(signer.lines) :]) == signer.lines


def has_terms(office: Mapping[str, Any]) -> bool:
    """Whether who signs depends on the day."""
    return any(one.get("from") or one.get("to") for one in _officials(office))


def _officials(office: Mapping[str, Any]) -> Sequence[Official]:
    return office.get("officials") or ()


def _can_sign(one: Official) -> bool:
    return one.get("role") in LADDER and bool(text(one.get("name")))


def _in_office(one: Official, day: date) -> bool:
    first, last = words.read_date(one.get("from")), words.read_date(one.get("to"))
    return (first is None or first <= day) and (last is None or day <= last)


def _ladder(office: Mapping[str, Any], one: Official) -> tuple[str, ...]:
    own, lurah = _position(office, one), f"a.n. Lurah {text(office['name'])}"
    if one.get("role") == SECRETARY:
        return (lurah, own)
    if one.get("role") == SECTION_HEAD:
        secretaries = (text(other.get("position")) for other in _officials(office) if other.get("role") == SECRETARY)
        return (lurah, next(secretaries, "") or _SECRETARY, "u.b.", own)
    return (own,)


def _position(office: Mapping[str, Any], one: Official) -> str:
    plain = text(one.get("position")) or f"Lurah {text(office['name'])}"
    acting = _ACTING.get(text(one.get("acting")), "")
    return plain if plain.lower().startswith(acting.lower()) else acting + plain


def _in_full(office: Mapping[str, Any], position: str) -> str:
    """As the letter opens with it: `Sekretaris Kelurahan Bukit Sangkal`."""
    name = text(office["name"])
    if name.lower() in position.lower():
        return position
    return f"{position.removesuffix(' Kelurahan')} {words.with_kind('Kelurahan', name)}"
