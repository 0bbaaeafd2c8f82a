"""Which offices a caller may read, the same in all services: his own, or all below his kecamatan or city, or of these
the ones that an administrator named when a machine was let in.

    reach = reach_of(caller())                     what his token reaches
    reach.narrowed(query["kelurahan"])             of that, what he asks for; OutOfReach where he may not
    reach.covers(row.kelurahan)                    one office
    reach.among(codes)                             of the offices that there are, those that he reads, in order
    reach.under                                    the same as prefixes, for one statement over a table of all offices

Row-level security lets one office through in a transaction. Whoever reads several takes them one after the other, each
in a transaction of its own: a mistake in a statement shows no other office. Tables that only readers of many offices
look at may let through what is below instead (`below` in their policy).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from contracts.places import is_below
from kit.auth import Caller
from kit.problems import NotFound

WITHIN = "within"
"""The claim of a machine that may read some of the offices only: a list of their codes, or of those of kecamatan."""
MOST_NAMED = 200
"""How many offices can be named, in a restriction or a question."""

CODE = r"^[0-9]{2}(\.[0-9]{2}(\.[0-9]{2}(\.[0-9]{4})?)?)?\Z"
"""How a code is written, of an office or of a place above it: what requests are held against."""


class OutOfReach(NotFound):
    """An office that the caller may not read, whether it is there or not. The attempt is to be recorded."""

    def __init__(self, code: str) -> None:
        super().__init__()
        self.code = code


def is_code(text: str) -> bool:
    """Whether this is written like a code of a province, city, kecamatan or kelurahan."""
    return re.match(CODE, text) is not None


@dataclass(frozen=True)
class Reach:
    """All below one of the codes of `under`; none where it is empty."""

    under: tuple[str, ...]

    def covers(self, code: str) -> bool:
        """Whether the office, or all of the kecamatan or city, may be read."""
        return any(is_below(code, top) for top in self.under)

    def among(self, codes: Iterable[str]) -> list[str]:
        """Those of the offices that may be read, by code."""
        return sorted({code for code in codes if self.covers(code)})

    def narrowed(self, asked: Iterable[str]) -> Reach:
        """Only these offices (or kecamatan); all where nothing is asked for. Raises OutOfReach for the first that may
        not be read: who asks for too much is told so, and not given less."""
        wanted = tuple(dict.fromkeys(asked))
        for code in wanted:
            if not is_code(code) or not self.covers(code):
                raise OutOfReach(code)
        return Reach(wanted) if wanted else self


def reach_of(who: Caller) -> Reach:
    """What a caller's token reaches. A restriction that is not below his own place lets nothing in."""
    named = who.claims.get(WITHIN)
    if named is None:
        return Reach((who.tenant,))
    if not isinstance(named, list):
        return Reach(())
    return Reach(
        tuple(code for code in named if isinstance(code, str) and is_code(code) and is_below(code, who.tenant))
    )
