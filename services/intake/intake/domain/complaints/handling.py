"""Who handles a complaint: never the person complained about, nor whoever works under him; and the level above once it
is late.

    about            handled by
    the office       officers and lurah
    an officer       the lurah                      an RT or RW head    the lurah
    the lurah        the camat                      the camat           the city
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from contracts.complaining import LEVELS

OFFICER, LURAH, CAMAT, CITY = "officer", "lurah", "camat", "city"
STAFF = (OFFICER, LURAH, CAMAT, CITY)

_AT_OFFICE: Mapping[str, frozenset[str]] = {
    "office": frozenset({OFFICER, LURAH}),
    "officer": frozenset({LURAH}),
    "rt_head": frozenset({LURAH}),
    "rw_head": frozenset({LURAH}),
    "lurah": frozenset(),
    "camat": frozenset(),
}
_BEGINS: Mapping[str, str] = {"lurah": CAMAT, "camat": CITY}


def first_level(about: str) -> str:
    """Where a complaint about this begins."""
    return _BEGINS.get(about, "office")


def rank(level: str) -> int:
    """How far up a level is."""
    return LEVELS.index(level)


def handlers(about: str, level: str) -> frozenset[str]:
    """The roles that handle it by now."""
    found = set(_AT_OFFICE[about])
    if rank(level) >= rank(CAMAT) and about != CAMAT:
        found.add(CAMAT)
    if rank(level) >= rank(CITY):
        found.add(CITY)
    return frozenset(found)


def acts_as(roles: Iterable[str], account: str, about: str, about_staff: str | None, level: str) -> str | None:
    """As what somebody with these roles handles it, the highest of them first; None where he does not."""
    if about_staff is not None and account == about_staff:
        return None
    may = handlers(about, level) & set(roles)
    return next((role for role in reversed(STAFF) if role in may), None)


def told_of(roles: Iterable[str]) -> list[str]:
    """Whom complaints are about that somebody with these roles may know of, be it only how many there are: those that
    he handles, at once or once they have come up to him. The rest of an office's staff knows what an officer knows."""
    own = set(roles) & set(STAFF) or {OFFICER}
    return [about for about in _AT_OFFICE if any(own & handlers(about, level) for level in LEVELS)]


def listed_for(roles: Iterable[str]) -> list[tuple[str, str]]:
    """Pairs of whom it is about and its level that somebody with these roles handles: what his desk lists."""
    own = set(roles)
    return [(about, level) for about in _AT_OFFICE for level in LEVELS if own & handlers(about, level)]
