"""Offices and their calendars as the city sends them: each in a transaction of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from contracts.masterdata import ADDED, CHANGED, UNCHANGED, WRONG, check_reach
from contracts.reach import reach_of
from intake.deps import Deps
from intake.domain import masterdata as rules
from intake.domain.errors import UnusableOffice
from intake.domain.office import check_office
from intake.offices import shipped_office, shipped_offices
from intake.store import offices as store
from intake.usecases.offices import put_office
from kit import audit
from kit.auth import Caller
from kit.problems import Words

_TWICE = Words("Kantor ini sudah disebut di atas.", "This office is named above already.")


def take(deps: Deps, who: Caller, offices: Sequence[Mapping[str, Any]], *, dry_run: bool) -> list[dict[str, Any]]:
    """What became of each office: {code, result, changed, errors}. Raises OutOfReach before anything is done."""
    check_reach(reach_of(who), (given["code"] for given in offices))
    results: list[dict[str, Any]] = []
    seen: set[str] = set()
    for given in offices:
        results.append(_wrong(given, {"code": [_TWICE]}) if given["code"] in seen else _one(deps, given, dry_run))
        seen.add(given["code"])
    return results


def _one(deps: Deps, given: Mapping[str, Any], dry_run: bool) -> dict[str, Any]:
    code = given["code"]
    with deps.db.transaction(code) as tx:
        row = store.lock(tx, code)
        known = row["data"] if row else {}
        if not known and (lacks := rules.missing(given)):
            return _wrong(given, lacks)
        data = rules.merged(known, given) if known else rules.begun(given, shipped_office(shipped_offices()[0]))
        different = rules.changed(known, data)
        if not different:
            return {"code": code, "result": UNCHANGED, "changed": [], "errors": {}}
        try:
            check_office(data)
        except UnusableOffice as error:
            return _wrong(given, {error.more["path"]: [error.detail]})
        if not dry_run:
            put_office(deps, tx, data)
            audit.changed(tx, object_id=code, parts=different)
    return {"code": code, "result": CHANGED if known else ADDED, "changed": different, "errors": {}}


def _wrong(given: Mapping[str, Any], errors: dict[str, list[Words]]) -> dict[str, Any]:
    return {"code": given["code"], "result": WRONG, "changed": [], "errors": errors}
