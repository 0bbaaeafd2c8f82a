"""Lists of letters and hand-overs, for those who may see them; and what a letter is called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from documents.deps import Deps
from documents.domain.letters import Letter
from documents.domain.words import text
from documents.store import copies, handovers, letters, people
from documents.usecases import handing_over, reading
from documents.usecases.templates import title_of
from kit import paging
from kit.auth import Caller

MOST_HANDOVERS = 20
"""Of one case: each but the last was stopped when a letter of it was voided."""


@dataclass(frozen=True)
class Entry:
    """A letter, what it is called, and whom it is about, where that is known yet."""

    letter: Letter
    title: str
    name: str


def letters_of(deps: Deps, who: Caller, query: dict[str, Any]) -> dict[str, Any]:
    """A page of letters, oldest first: the office's, or those of the caller's own case. Raises NotFound, Unprocessable
    for a cursor that is none."""
    [after] = paging.position(query["cursor"], UUID) or [None]
    filters = {name: query[name] for name in ("application_id", "status", "kind")}
    reading.check_case(deps, who, query["application_id"])
    with deps.db.transaction(who.tenant) as tx:
        rows = letters.page(tx, filters, after, query["limit"] + 1)
    return paging.page(rows, query["limit"], lambda letter: (letter.id,))


def to_sign(deps: Deps, who: Caller, query: dict[str, Any]) -> dict[str, Any]:
    """A page of letters that wait for the caller: to be decided on, or, where he did, for his certificate. Raises as
    above."""
    [after] = paging.position(query["cursor"], UUID) or [None]
    with deps.db.transaction(who.tenant) as tx:
        rows = letters.to_sign(tx, who.subject, after, query["limit"] + 1)
    return paging.page(rows, query["limit"], lambda letter: (letter.id,))


def handovers_of(deps: Deps, who: Caller, query: dict[str, Any]) -> dict[str, Any]:
    """A page of hand-overs, oldest first: the office's, or those of the caller's own case. Raises as above."""
    [after] = paging.position(query["cursor"], UUID) or [None]
    reading.check_case(deps, who, query["application_id"])
    with deps.db.transaction(who.tenant) as tx:
        rows = handovers.page(tx, deps.data_keys, query["application_id"], query["status"], after, query["limit"] + 1)
    shown = paging.page(rows, query["limit"], lambda handover: (handover.id,))
    return shown | {"items": [handing_over.view(one, who) for one in shown["items"]]}


def handovers_of_case(deps: Deps, who: Caller, application_id: UUID) -> list[dict[str, Any]]:
    """All hand-overs of a case that the caller may see, with what can be chosen and where to go next."""
    reading.check_case(deps, who, application_id)
    with deps.db.transaction(who.tenant) as tx:
        case = copies.application(tx, deps.data_keys, application_id)
        found = handovers.page(tx, deps.data_keys, application_id, None, None, MOST_HANDOVERS) if case else []
        return [handing_over.detail(deps, tx, one, case, who) for one in found if case]


def entries(deps: Deps, tenant: str, found: Sequence[Letter]) -> list[Entry]:
    """The letters, each with its title and name as they are printed."""
    with deps.db.transaction(tenant) as tx:
        known = people.read_many(tx, deps.data_keys, {one.person_id for one in found if one.person_id})
    return [_entry(letter, known.get(letter.person_id) or {}) for letter in found]  # type: ignore[arg-type]


def names_of_cases(deps: Deps, tenant: str, application_ids: Sequence[UUID]) -> dict[UUID, str]:
    """By case, whom its letters are about, as they are printed."""
    with deps.db.transaction(tenant) as tx:
        where = letters.printed_of_cases(tx, application_ids)
        known = people.read_many(tx, deps.data_keys, where.values())
    return {case: _name(known.get(place) or {}) for case, place in where.items()}  # some may be erased meanwhile


def _entry(letter: Letter, printed: dict[str, Any]) -> Entry:
    return Entry(letter, text(printed.get("title")) or title_of(letter.kind), _name(printed))


def _name(printed: dict[str, Any]) -> str:
    return text((printed.get("person") or {}).get("name"))
