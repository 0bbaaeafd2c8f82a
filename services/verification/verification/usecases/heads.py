"""Neighbourhoods and who heads them: entering, ending a term, and what follows from either."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from kit import paging
from kit.auth import Caller
from kit.db import EVERY_TENANT, Tx
from kit.due import each_by_itself
from kit.ids import new_id
from kit.problems import NotFound, Unprocessable
from verification.deps import Deps
from verification.domain.dates import day_at, zone_of
from verification.domain.errors import NotInOffice, OfficeTaken, UnknownNeighbourhood
from verification.domain.heads import Neighbourhood, Officeholder, decider, in_the_way, wrong_absence, wrong_term
from verification.store import heads as store
from verification.store import messages
from verification.usecases import asking
from verification.usecases.callers import place_of
from verification.usecases.telling import tell_holder, tell_neighbourhood, today


def put_neighbourhood(deps: Deps, tx: Tx, kelurahan: str, rw: str, rt: str) -> tuple[Neighbourhood, bool]:
    """Registers an RT, and whether it is new."""
    headed = asking.who_decides(deps, tx, kelurahan, rw, rt) is not None
    added = store.add_neighbourhood(tx, kelurahan, rw, rt, headed=headed)
    if added is not None:
        tell_neighbourhood(deps, tx, added)
        return added, True
    found = store.neighbourhood(tx, kelurahan, rw, rt)
    if found is None:
        raise NotFound
    return found, False


def enter_holder(deps: Deps, tx: Tx, kelurahan: str, given: Mapping[str, Any]) -> Officeholder:
    """Somebody takes office. Raises UnknownNeighbourhood, OfficeTaken, Unprocessable."""
    holder = Officeholder(id=new_id(), kelurahan=kelurahan, **given)
    places = store.locked_neighbourhoods(tx, kelurahan, holder.rw)
    if not places:
        raise UnknownNeighbourhood("rw")
    _check_term(holder)
    if holder.rt is not None and holder.rt not in {place.rt for place in places}:
        raise UnknownNeighbourhood("rt")
    _check_room(deps, tx, holder)
    store.add_holder(tx, deps.data_keys, holder)
    tell_holder(deps, tx, holder)
    follow(deps, tx, kelurahan, places, holder.rw)
    return holder


def end_term(
    deps: Deps, tx: Tx, holder_id: UUID, to_date: date | None, check_version: Callable[[int], None]
) -> Officeholder:
    """Sets the last day of somebody's term, or opens it again. Raises NotFound, OfficeTaken, Unprocessable, and
    what `check_version` raises."""
    found = find_holder(deps, tx, holder_id)
    places = store.locked_neighbourhoods(tx, found.kelurahan, found.rw)
    holder = store.holder(tx, deps.data_keys, holder_id, lock=True)
    if holder is None:
        raise NotFound
    check_version(holder.version)
    if holder.to_date == to_date:
        return holder
    holder = replace(holder, to_date=to_date, version=holder.version + 1)
    _check_term(holder)
    _check_room(deps, tx, holder)
    store.end_term(tx, holder_id, to_date)
    tell_holder(deps, tx, holder)
    follow(deps, tx, holder.kelurahan, places, holder.rw)
    return holder


def set_absence(
    deps: Deps,
    tx: Tx,
    holder_id: UUID,
    first: date | None,
    until: date | None,
    check_version: Callable[[int], None] = lambda _version: None,
) -> Officeholder:
    """He is away until that day, from today where no first day is said; without `until` he is back. Questions that are
    open with him go to whoever decides meanwhile. Raises NotFound, Unprocessable, and what `check_version` raises."""
    found = find_holder(deps, tx, holder_id)
    places = store.locked_neighbourhoods(tx, found.kelurahan, found.rw)
    holder = store.holder(tx, deps.data_keys, holder_id, lock=True)
    if holder is None:
        raise NotFound
    check_version(holder.version)
    day = today(deps, tx, holder.kelurahan)
    first = (first or holder.away_from or day) if until else None
    if first and until and (wrong := wrong_absence(first, until, day)):
        raise Unprocessable(errors={"json": {"until": [wrong]}})
    if (first, until) == (holder.away_from, holder.away_until):
        return holder
    store.set_absence(tx, holder_id, first, until)
    follow(deps, tx, holder.kelurahan, places, holder.rw)
    return replace(holder, away_from=first, away_until=until, version=holder.version + 1)


def reached(deps: Deps, tx: Tx, kelurahan: str, phone: str, wanted: bool, said_at: datetime) -> None:
    """Whoever has the number wants no messages any more, or has them again. What is open with him goes to whoever
    decides then, as in an absence; so it does when he is back."""
    for holder_id in sorted(messages.holders_with_phone(tx, deps.data_keys, kelurahan, phone)):
        rw = find_holder(deps, tx, holder_id).rw
        places = store.locked_neighbourhoods(tx, kelurahan, rw)
        if store.reach(tx, holder_id, None if wanted else said_at, said_at):
            follow(deps, tx, kelurahan, places, rw)


def own_office(deps: Deps, tx: Tx, caller: Caller) -> Officeholder:
    """The office that the caller holds today, away or not. Raises NoNeighbourhood, NotInOffice."""
    rw, rt = place_of(caller)
    role = "rt_head" if rt else "rw_head"
    day = today(deps, tx, caller.tenant)
    for holder in store.holders_of(tx, deps.data_keys, caller.tenant, [rw]):
        if (holder.role, holder.rt) == (role, rt) and holder.serves(day):
            return holder
    raise NotInOffice


def set_own_absence(deps: Deps, tx: Tx, caller: Caller, first: date | None, until: date | None) -> Officeholder:
    """The caller is away, or back. Raises NoNeighbourhood, NotInOffice, Unprocessable."""
    return set_absence(deps, tx, own_office(deps, tx, caller).id, first, until)


def stand_in(deps: Deps, tx: Tx, holder: Officeholder) -> Officeholder | None:
    """Who would decide today if he were away; None: an officer."""
    if holder.rt is None:
        return None
    others = store.holders_of(tx, deps.data_keys, holder.kelurahan, [holder.rw])
    day = today(deps, tx, holder.kelurahan)
    return decider((one for one in others if one.id != holder.id), holder.rw, holder.rt, day)


def _check_term(holder: Officeholder) -> None:
    if wrong := wrong_term(holder):
        field, why = wrong
        raise Unprocessable(errors={"json": {field: [why]}})


def _check_room(deps: Deps, tx: Tx, holder: Officeholder) -> None:
    others = store.holders_of(tx, deps.data_keys, holder.kelurahan, [holder.rw])
    if in_the_way(holder, others):
        raise OfficeTaken


def follow(deps: Deps, tx: Tx, kelurahan: str, places: Sequence[Neighbourhood], rw: str | None = None) -> None:
    """What a change of office holders, or of the day, brings about: whether an RT is headed, and whom open tasks
    are with."""
    day = today(deps, tx, kelurahan)
    holders = store.holders_of(tx, deps.data_keys, kelurahan, sorted({place.rw for place in places}))
    for place in places:
        headed = decider(holders, place.rw, place.rt, day) is not None
        if headed != place.headed:
            store.set_headed(tx, place.id, headed)
            tell_neighbourhood(deps, tx, replace(place, headed=headed))
    asking.ask_successors(deps, tx, kelurahan, rw)


def follow_days(deps: Deps) -> None:
    """Terms begin and end with the day: each office is looked through once on each of its days, and again while a
    question lies with nobody although somebody decides."""
    with deps.db.transaction(EVERY_TENANT) as tx:
        offices = store.kelurahans(tx)
    now = deps.clock.now()
    for office in offices:
        day = day_at(now, office["zone"] or zone_of(office["kelurahan"]))
        if office["day"] is not None and office["day"] >= day and not office["waiting"]:
            continue
        kelurahan = office["kelurahan"]
        mine = each_by_itself("the day of an office was not followed", kelurahan=kelurahan)
        with mine, deps.db.transaction(kelurahan) as tx:
            follow(deps, tx, kelurahan, store.locked_neighbourhoods(tx, kelurahan))
            store.set_followed(tx, kelurahan, day)


def listed_places(deps: Deps, tx: Tx, kelurahan: str, query: Mapping[str, Any]) -> dict[str, Any]:
    """A page of neighbourhoods by RW and RT, with who decides for each. `query` has rw, cursor and limit. Raises
    Unprocessable for a cursor that is none."""
    after = paging.position(query["cursor"], paging.plain, paging.plain)
    rows = store.neighbourhoods(tx, rw=query["rw"], after=after, limit=query["limit"] + 1)
    views = neighbourhood_views(deps, tx, kelurahan, rows)
    return paging.page(views, query["limit"], lambda row: (row["rw"], row["rt"]))


def find_place(deps: Deps, tx: Tx, kelurahan: str, rw: str, rt: str) -> dict[str, Any] | None:
    """One neighbourhood with who decides for it."""
    place = store.neighbourhood(tx, kelurahan, rw, rt)
    return neighbourhood_views(deps, tx, kelurahan, [place])[0] if place else None


def listed_holders(deps: Deps, tx: Tx, query: Mapping[str, Any]) -> dict[str, Any]:
    """A page of everybody who holds or held an office, in the order of entry. `query` has rw, rt, cursor and limit.
    Raises Unprocessable for a cursor that is none."""
    [after] = paging.position(query["cursor"], UUID) or [None]
    rows = store.holders(tx, deps.data_keys, rw=query["rw"], rt=query["rt"], after=after, limit=query["limit"] + 1)
    return paging.page(rows, query["limit"], lambda row: (row.id,))


def find_holder(deps: Deps, tx: Tx, holder_id: UUID) -> Officeholder:
    """Raises NotFound."""
    found = store.holder(tx, deps.data_keys, holder_id)
    if found is None:
        raise NotFound
    return found


def neighbourhood_views(deps: Deps, tx: Tx, kelurahan: str, places: Sequence[Neighbourhood]) -> list[dict[str, Any]]:
    """Neighbourhoods with who decides for each today."""
    day = today(deps, tx, kelurahan)
    holders = store.holders_of(tx, deps.data_keys, kelurahan, sorted({place.rw for place in places}))
    return [_view(place, decider(holders, place.rw, place.rt, day)) for place in places]


def _view(place: Neighbourhood, holder: Officeholder | None) -> dict[str, Any]:
    decides = {"officeholder_id": holder.id, "role": holder.role, "name": holder.name} if holder else None
    return vars(place) | {"headed": holder is not None, "decides": decides}
