"""A table of neighbourhoods and their heads, taken whole or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from contracts.places import same_kelurahan
from kit.db import Tx
from kit.ids import new_id
from kit.problems import Words
from verification.deps import Deps
from verification.domain.errors import TableWrong
from verification.domain.heads import Neighbourhood, Officeholder, in_the_way, wrong_term
from verification.domain.table import Line
from verification.store import copies
from verification.store import heads as store
from verification.usecases.heads import follow
from verification.usecases.telling import tell_holder, tell_neighbourhood

_ELSEWHERE = Words("Ini kelurahan lain.", "That is another kelurahan.")
_TAKEN = Words("Ada ketua lain pada tanggal itu.", "Somebody else heads it on one of these days.")
_OTHERWISE = Words(
    "Orangnya tercatat lain. Akhiri dahulu masa jabatannya.", "Somebody else is on record. End that term first."
)
_NO_RW = Words("RW ini tidak punya RT.", "This RW has no RT.")

ADDED, CHANGED, UNCHANGED = "added", "changed", "unchanged"


def import_table(deps: Deps, tx: Tx, kelurahan: str, lines: Sequence[Line], *, dry_run: bool) -> list[dict[str, Any]]:
    """Enters what is not there yet; what became of each line. Raises TableWrong with all that is wrong."""
    table = read(deps, tx, kelurahan, lines)
    if table.wrong:
        raise TableWrong(errors={"lines": table.wrong})
    if not dry_run:
        table.write(deps, tx)
    return [{"line": line.number, "result": table.results[line.number]} for line in lines]


def read(deps: Deps, tx: Tx, kelurahan: str, lines: Sequence[Line]) -> Table:
    """What the lines would change; nothing is written yet. Whoever else reads a table of the kelurahan waits."""
    store.lock_kelurahan(tx, kelurahan)  # there may be no row yet that could be locked
    places = {(place.rw, place.rt) for place in store.locked_neighbourhoods(tx, kelurahan)}
    wanted = {(line.values["rw"], line.values["rt"]) for line in lines if line.values.get("rt")}
    rws = sorted({rw for rw, _ in wanted} | {line.values["rw"] for line in lines})
    holders = store.holders_of(tx, deps.data_keys, kelurahan, rws)
    table = Table(kelurahan, holders, {rw for rw, _ in {*places, *wanted}})
    office = copies.office_name(tx, kelurahan) or ""
    for line in lines:
        if line.kelurahan and line.kelurahan != kelurahan and not same_kelurahan(line.kelurahan, office):
            table.refuse(line, "kelurahan", _ELSEWHERE)
        elif line.is_holder:
            table.take(line)
        else:
            table.results[line.number] = UNCHANGED if (line.values["rw"], line.values["rt"]) in places else ADDED
    right = (line for line in lines if str(line.number) not in table.wrong and line.values.get("rt"))
    table.places = sorted({(line.values["rw"], line.values["rt"]) for line in right} - places)
    return table


class Table:
    """What is on record, and what the lines so far would make of it."""

    def __init__(self, kelurahan: str, holders: Sequence[Officeholder], rws: set[str]) -> None:
        self.kelurahan = kelurahan
        self.holders = list(holders)
        self.rws = rws
        self.places: list[tuple[str, str]] = []
        self.new: list[Officeholder] = []
        self.ended: list[Officeholder] = []
        self.results: dict[int, str] = {}
        self.wrong: dict[str, Any] = {}

    def refuse(self, line: Line, field: str, why: Words) -> None:
        self.wrong[str(line.number)] = {field: [why]}

    def take(self, line: Line) -> None:
        holder = Officeholder(id=new_id(), kelurahan=self.kelurahan, **({"to_date": None} | line.values))
        if wrong := wrong_term(holder):
            self.refuse(line, *wrong)
        elif holder.rt is None and holder.rw not in self.rws:
            self.refuse(line, "rw", _NO_RW)
        elif known := next((one for one in self.holders if _same_term(one, holder)), None):
            self._again(line, known, holder)
        elif in_the_way(holder, self.holders):
            self.refuse(line, "from_date", _TAKEN)
        else:
            self.holders.append(holder)
            self.new.append(holder)
            self.results[line.number] = ADDED

    def _again(self, line: Line, known: Officeholder, given: Officeholder) -> None:
        """The same term again: its end may be another, the person may not. A number that he confirmed stays, and so
        does what the line does not say."""
        same = {"name", "phone", "nik", "kk_number"} & line.values.keys()
        if known.phone_confirmed_at:
            same -= {"phone"}
        if any(getattr(known, name) != getattr(given, name) for name in same):
            self.refuse(line, "name", _OTHERWISE)
            return
        if known.to_date == given.to_date or "to_date" not in line.values:
            self.results[line.number] = UNCHANGED
            return
        changed = replace(known, to_date=given.to_date, version=known.version + 1)
        if in_the_way(changed, self.holders):
            self.refuse(line, "to_date", _TAKEN)
            return
        self.holders[self.holders.index(known)] = changed
        self.ended.append(changed)
        self.results[line.number] = CHANGED

    def write(self, deps: Deps, tx: Tx) -> None:
        """Enters all that is right, and tells of it."""
        for rw, rt in self.places:
            added = store.add_neighbourhood(tx, self.kelurahan, rw, rt, headed=False)
            if added is not None:
                tell_neighbourhood(deps, tx, added)
        for holder in self.new:
            store.add_holder(tx, deps.data_keys, holder)
            tell_holder(deps, tx, holder)
        for holder in self.ended:
            store.end_term(tx, holder.id, holder.to_date)
            tell_holder(deps, tx, holder)
        follow(deps, tx, self.kelurahan, store.locked_neighbourhoods(tx, self.kelurahan))


def _same_term(one: Officeholder, other: Officeholder) -> bool:
    named = ("role", "rw", "rt", "from_date")
    if not all(getattr(one, name) == getattr(other, name) for name in named):
        return False
    if one.role != "substitute":
        return True
    return one.name == other.name if one.phone_confirmed_at else one.phone == other.phone


def export_table(deps: Deps, tx: Tx, kelurahan: str) -> list[dict[str, Any]]:
    """Every RT without a head of its own as a line, and everybody who holds or held an office."""
    places: list[Neighbourhood] = store.locked_neighbourhoods(tx, kelurahan)
    holders = store.holders_of(tx, deps.data_keys, kelurahan, sorted({place.rw for place in places}))
    held = {(holder.rw, holder.rt) for holder in holders}
    rows = [{"rw": place.rw, "rt": place.rt} for place in places if (place.rw, place.rt) not in held]
    rows += [vars(holder) for holder in holders]
    rows.sort(key=lambda row: (row["rw"], row.get("rt") or "", str(row.get("from_date") or "")))
    return [row | {"kelurahan": kelurahan} for row in rows]
