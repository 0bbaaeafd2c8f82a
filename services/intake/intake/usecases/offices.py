"""Offices, their calendar and their published catalogue."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from contracts.calendar import ZONES, WorkingDay
from contracts.places import is_below
from contracts.reach import Reach
from contracts.telling import tell
from intake.catalogue import shipped_catalogue
from intake.deps import Deps
from intake.domain.accounts import is_office
from intake.domain.errors import OfficeUnknown, ServiceUnknown
from intake.domain.measuring import Terms
from intake.domain.office import check_office
from intake.known import Office
from intake.store import offices as store
from kit import jobs
from kit.auth import Caller
from kit.db import EVERY_TENANT, Row, Tx
from kit.problems import Forbidden, Unprocessable, Words

RECOMPUTE, RECOMPUTE_COMPLAINTS = "recompute_promises", "recompute_complaints"
"""Two jobs: a release that knows no complaints does the first as well, and not the second."""


def office(deps: Deps, tx: Tx, kelurahan: str, version: int | None = None) -> Office:
    """The office, at the version that a row named or else at its newest. Raises OfficeUnknown."""
    version = version or store.version(tx, kelurahan)
    if version and (known := deps.known.offices.get(kelurahan, version)):
        return known
    row = store.get(tx, kelurahan)
    if row is None:
        raise OfficeUnknown
    made = Office.from_data(row["data"], row["version"], row["since"])
    return deps.known.offices.put(made, kelurahan, row["version"])


def terms(deps: Deps, tx: Tx, kelurahan: str, at: datetime, version: int | None = None) -> Terms:
    """What the office's work was measured by at an instant. Raises OfficeUnknown."""
    found = office(deps, tx, kelurahan, version)
    return found.terms if at >= found.since else store.terms(tx, kelurahan, at)[0]


def all_terms(deps: Deps, tx: Tx, kelurahan: str) -> list[Terms]:
    """What it was measured by, the newest first. Raises OfficeUnknown."""
    return store.terms(tx, kelurahan) or [office(deps, tx, kelurahan).terms]


def within(deps: Deps, tx: Tx, reach: Reach) -> list[Office]:
    """The offices that somebody may read, by code."""
    return known_or_read(deps, tx, [one for one in store.names(tx) if reach.covers(one["code"])])


def known_or_read(deps: Deps, tx: Tx, rows: Sequence[Row]) -> list[Office]:
    """Offices by {code, version}, in that order; those that this process does not know yet are read at once."""
    found = {row["code"]: deps.known.offices.get(row["code"], row["version"]) for row in rows}
    for row in store.some(tx, [code for code, known in found.items() if known is None]):
        made = Office.from_data(row["data"], row["version"], row["since"])
        found[row["kelurahan"]] = deps.known.offices.put(made, row["kelurahan"], row["version"])
    return [known for known in found.values() if known is not None]


def reached(deps: Deps, reach: Reach) -> list[str]:
    """The codes of the offices that somebody may read."""
    with deps.db.transaction(EVERY_TENANT) as tx:
        return reach.among(store.codes(tx))


def zone_of(deps: Deps, code: str) -> ZoneInfo:
    """The clock of an office; of a kecamatan or city, that of its first office."""
    found = _first(deps, code)
    return found.zone if found else ZoneInfo(ZONES[0])


def place_name(deps: Deps, code: str) -> str:
    """What a kelurahan, kecamatan or city is called, as its offices say; its code, where it has none."""
    found = _first(deps, code)
    if not found:
        return code
    data = found.data
    if is_office(code):
        return f"Kelurahan {data['name']}"
    return f"Kecamatan {data['kecamatan']}, {data['kota']}" if code.count(".") == 2 else str(data["kota"])


def _first(deps: Deps, code: str) -> Office | None:
    """The office, as itself; of a kecamatan or city the first one below it."""
    if not is_office(code):
        with deps.db.transaction(EVERY_TENANT) as tx:
            below = [one for one in store.names(tx) if is_below(one["code"], code)]
            return next(iter(known_or_read(deps, tx, below[:1])), None)
    with deps.db.transaction(code) as tx, suppress(OfficeUnknown):
        return office(deps, tx, code)
    return None


def sop(deps: Deps, tx: Tx, kelurahan: str, service: str, version: int) -> dict[str, Any]:
    """One version of a service of the office's catalogue."""
    known = deps.known.sops.get(kelurahan, service, version)
    if known is None:
        known = store.sop_version(tx, kelurahan, service, version)
        deps.known.sops.put(known, kelurahan, service, version)
    return known


def in_force(deps: Deps, tx: Tx, kelurahan: str, service: str) -> tuple[Office, dict[str, Any]]:
    """The office, and the version of the service that a case begins with today.
    Raises OfficeUnknown, ServiceUnknown."""
    versions = store.versions_for(tx, kelurahan, service, deps.clock.now())
    if versions is None:
        raise OfficeUnknown
    if versions["sop"] is None:
        raise ServiceUnknown
    found = office(deps, tx, kelurahan, versions["office"])
    return found, sop(deps, tx, kelurahan, service, versions["sop"])


def write_office(
    deps: Deps, tx: Tx, who: Caller, kelurahan: str, data: dict[str, Any], check: Callable[[int], None]
) -> Row:
    """The caller's own office, as given. Raises Forbidden, UnusableOffice, Unprocessable for another code in the data,
    and what `check` of the version raises."""
    if kelurahan != data["code"]:
        said = Words("Kode tidak sama dengan alamat.", "This is not the code in the address.")
        raise Unprocessable(errors={"json": {"code": [said]}})
    if who.tenant != kelurahan:
        raise Forbidden
    known = store.lock(tx, kelurahan)
    if known is not None:
        check(known["version"])
    return put_office(deps, tx, data)


def put_office(deps: Deps, tx: Tx, data: dict[str, Any]) -> Row:
    """Takes the office as given; a new one gets the shipped catalogue, and open cases of one whose calendar
    changed get their dates anew. Raises UnusableOffice."""
    check_office(data)
    known = keep_terms(tx, data["code"])
    version = store.put(tx, data["code"], data, deps.clock.now())
    store.put_terms(tx, Office.from_data(data, version, deps.clock.now()))
    tell_office(deps, tx, data)
    if known is None:
        for each in shipped_catalogue():
            publish_sop(deps, tx, data["code"], each)
    elif any(known["data"][name] != data[name] for name in ("calendar", "zone")):
        jobs.add(tx, RECOMPUTE, data["code"], {})
        jobs.add(tx, RECOMPUTE_COMPLAINTS, data["code"], {})
    return {"kelurahan": data["code"], "data": data, "version": version}


def keep_terms(tx: Tx, kelurahan: str) -> Row | None:
    """The locked office, its calendar and targets noted as from its last change on: the release before changes them
    without a note, as long as it still runs beside this one."""
    known = store.lock(tx, kelurahan)
    if known is not None:
        store.put_terms(tx, Office.from_data(known["data"], known["version"], known["changed_at"]))
    return known


def publish_sop(deps: Deps, tx: Tx, kelurahan: str, data: dict[str, Any]) -> None:
    """A version of a service, told to all; a version that is there already stays as it is."""
    if store.add_sop(tx, kelurahan, data):
        tell_sop(deps, tx, kelurahan, data)


def tell_office(deps: Deps, tx: Tx, data: dict[str, Any]) -> None:
    told = {name: data[name] for name in ("name", "kecamatan", "kota", "province", "zone")}
    tell(
        tx, deps.event_keys, "office.changed", subject=data["code"], tenant=data["code"], time=deps.clock.now(),
        data=told | {"kelurahan": data["code"], "office": data},
    )  # fmt: skip


def tell_sop(deps: Deps, tx: Tx, kelurahan: str, data: dict[str, Any], retired_from: date | None = None) -> None:
    """A version, and from which day on it is offered no more."""
    if retired_from is not None:
        data = data | {"retired_from": retired_from.isoformat()}
    tell(
        tx, deps.event_keys, "sop.published", subject=f"{kelurahan}/{data['service']}", tenant=kelurahan,
        time=deps.clock.now(),
        data={
            "kelurahan": kelurahan, "service": data["service"], "version": data["version"],
            "name": data["name"]["id"], "effective_from": date.fromisoformat(data["effective_from"]), "sop": data,
        },
    )  # fmt: skip


def days(found: Office, first: date, last: date) -> list[dict[str, Any]]:
    """The office's days from first to last: worked or not, why, hours, and whether visitors are received."""
    return [_day(found, first + timedelta(days=number)) for number in range((last - first).days + 1)]


def warnings(found: Office, first: date, last: date) -> list[Words]:
    """Years of which cuti bersama is not known yet: until the office enters it a promise there may still move."""
    return [
        Words(
            f"Cuti bersama {year} belum diketahui. Isi `holidays_added` bila sudah ditetapkan.",
            f"Cuti bersama of {year} is not known yet. Enter it in `holidays_added` once it is decreed.",
        )
        for year in range(first.year, last.year + 1)
        if not found.calendar.knows_cuti_bersama(year)
    ]


def _day(found: Office, day: date) -> dict[str, Any]:
    known = found.calendar.day(day)
    visitors = found.calendar.receives_visitors(day)
    if isinstance(known, WorkingDay):
        hours: dict[str, datetime] = {"opens": known.opens, "closes": known.closes, "cut_off": known.cut_off}
        return {"date": day, "working": True, "receives_visitors": visitors} | hours
    return {
        "date": day, "working": False, "reason": str(known.reason), "name": known.name, "receives_visitors": False,
    }  # fmt: skip
