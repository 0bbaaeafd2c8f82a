"""RTs and who heads them as the city sends them: each office in a transaction of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from contracts.masterdata import UNCHANGED, WRONG, check_reach
from contracts.reach import reach_of
from kit import audit
from kit.auth import Caller
from verification.deps import Deps
from verification.domain.table import Line
from verification.usecases import importing

Sent = Mapping[str, Any]


def take(
    deps: Deps, who: Caller, neighbourhoods: Sequence[Sent], officeholders: Sequence[Sent], *, dry_run: bool
) -> list[dict[str, Any]]:
    """What became of each: {list, index, kelurahan, result, errors}. Raises OutOfReach before anything is done."""
    sent = [("neighbourhoods", at, one) for at, one in enumerate(neighbourhoods)]
    sent += [("officeholders", at, one) for at, one in enumerate(officeholders)]
    check_reach(reach_of(who), (one["kelurahan"] for _, _, one in sent))
    lines: dict[str, list[Line]] = {}
    for number, (_, _, one) in enumerate(sent):
        values = {name: value for name, value in one.items() if name != "kelurahan"}
        lines.setdefault(one["kelurahan"], []).append(Line(number, None, values))
    found: dict[int, dict[str, Any]] = {}
    for kelurahan in sorted(lines):
        found |= _of_office(deps, kelurahan, lines[kelurahan], dry_run)
    return [
        {"list": name, "index": at, "kelurahan": one["kelurahan"]} | found[number]
        for number, (name, at, one) in enumerate(sent)
    ]


def _of_office(deps: Deps, kelurahan: str, lines: Sequence[Line], dry_run: bool) -> dict[int, dict[str, Any]]:
    with deps.db.transaction(kelurahan) as tx:
        table = importing.read(deps, tx, kelurahan, lines)
        if not dry_run and {*table.results.values()} - {UNCHANGED}:
            table.write(deps, tx)
            audit.changed(tx, object_id=kelurahan)
    return {
        line.number: {"result": table.results.get(line.number, WRONG), "errors": table.wrong.get(str(line.number), {})}
        for line in lines
    }
