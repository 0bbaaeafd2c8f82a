"""SOPs that change: drafted, compared, tried on past cases, published from a day on, and retired."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from contracts.sop import FORMS, LETTERS
from intake.catalogue import shipped_drafts
from intake.deps import Deps
from intake.domain import sops as rules
from intake.domain.errors import DraftExists, NoSuchService, NoSuchVersion, NotPublishable, PastDay
from intake.store import applications, files, offices
from intake.store import sops as store
from intake.usecases.offices import office, publish_sop, sop, tell_sop
from kit.auth import Caller
from kit.db import Row, Tx
from kit.problems import NotFound

CHANGING = ("lurah", "administrator")
READING = ("officer", *CHANGING)
SHIPPED = ("administrator", "shipped")


def by(caller: Caller) -> tuple[str, str]:
    """(role, account) for the record."""
    return next(role for role in CHANGING if caller.has(role)), caller.subject


def begin(deps: Deps, tx: Tx, caller: Caller, service: str, given: Mapping[str, Any] | None) -> Row:
    """A draft: as given, or from the newest version. Raises NoSuchService, DraftExists."""
    versions = store.versions(tx, caller.tenant, service)
    if given is None and not versions:
        raise NoSuchService
    data = _plain(given if given is not None else versions[0]["data"])
    based_on = versions[0]["version"] if versions else None
    return _begin(deps, tx, caller.tenant, service, data, based_on, by(caller))


def _begin(
    deps: Deps, tx: Tx, kelurahan: str, service: str, data: dict[str, Any], based_on: int | None, who: tuple[str, str]
) -> Row:
    now = deps.clock.now()
    draft_id = store.add_draft(tx, kelurahan, service, based_on, data, now, who[1])
    if draft_id is None:
        raise DraftExists(more={"draft": f"/v1/services/drafts/{store.draft_of(tx, kelurahan, service)}"})
    store.record(tx, kelurahan, service, now, who, "drafted", None, [])
    return found(tx, draft_id)


def ship_drafts(deps: Deps, tx: Tx, kelurahan: str) -> None:
    """The services that ship as drafts, for an office that never had them, not even as drafts that were given up."""
    for data in shipped_drafts():
        service = data["service"]
        if not store.versions(tx, kelurahan, service) and not store.was_ever_here(tx, kelurahan, service):
            _begin(deps, tx, kelurahan, service, _plain(data), None, SHIPPED)


def _plain(sop: Mapping[str, Any]) -> dict[str, Any]:
    """A SOP without what its publication gives it."""
    return {name: value for name, value in sop.items() if name not in ("service", "version", "effective_from")}


def found(tx: Tx, draft_id: UUID, *, lock: bool = False) -> Row:
    """A draft. Raises NotFound."""
    row = store.draft(tx, draft_id, lock=lock)
    if row is None:
        raise NotFound
    return row


def edit(
    deps: Deps, tx: Tx, caller: Caller, draft_id: UUID, data: Mapping[str, Any], check: Callable[[int], None]
) -> Row:
    """Another text for the whole draft. Raises NotFound and what `check` of its version raises."""
    row = found(tx, draft_id, lock=True)
    check(row["version"])
    parts = rules.parts_of(rules.compare(row["data"], data))
    if row["data"] != data:
        now = deps.clock.now()
        store.change_draft(tx, draft_id, dict(data), now, caller.subject)
        store.record(tx, row["kelurahan"], row["service"], now, by(caller), "edited", None, parts)
    return found(tx, draft_id)


def discard(deps: Deps, tx: Tx, caller: Caller, draft_id: UUID, check: Callable[[int], None]) -> None:
    """The draft is given up; the record stays. Raises NotFound, and what `check` raises."""
    row = found(tx, draft_id, lock=True)
    check(row["version"])
    store.drop_draft(tx, draft_id)
    store.record(tx, row["kelurahan"], row["service"], deps.clock.now(), by(caller), "discarded", None, [])


def publish(
    deps: Deps, tx: Tx, caller: Caller, draft_id: UUID, day: date | None, check: Callable[[int], None]
) -> dict[str, Any]:
    """The draft becomes the next version: new cases begin with it from that day on, those that run keep theirs.
    Raises NotFound, NotPublishable with every reason, PastDay, and what `check` raises."""
    offices.lock(tx, caller.tenant)  # one version after the other
    row = found(tx, draft_id, lock=True)
    check(row["version"])
    day = _from_today(deps, tx, caller.tenant, day)
    if wrong := rules.problems(row["data"]):
        errors: dict[str, list[Any]] = {}
        for problem in wrong:
            errors.setdefault(problem.where, []).append(problem.words)
        raise NotPublishable(errors={"sop": errors}, more={"letters": sorted(LETTERS), "forms": sorted(FORMS)})
    versions = store.versions(tx, caller.tenant, row["service"])
    number = versions[0]["version"] + 1 if versions else 1
    data: dict[str, Any] = {"service": row["service"], "version": number, "effective_from": day.isoformat()}
    data |= row["data"]
    parts = rules.parts_of(rules.compare(versions[0]["data"] if versions else {}, data))
    publish_sop(deps, tx, caller.tenant, data)
    store.drop_draft(tx, draft_id)
    store.record(tx, caller.tenant, row["service"], deps.clock.now(), by(caller), "published", number, parts)
    return data


def retire(deps: Deps, tx: Tx, caller: Caller, service: str, day: date | None) -> list[dict[str, Any]]:
    """No new cases from that day on; those that run go on. Raises NoSuchService, PastDay."""
    offices.lock(tx, caller.tenant)
    versions = store.versions(tx, caller.tenant, service)
    if not versions:
        raise NoSuchService
    day = _from_today(deps, tx, caller.tenant, day)
    newest = versions[0]["version"]
    known = store.retirements(tx, caller.tenant, service).get((caller.tenant, service))
    if known is None or (known["from_date"], known["up_to"]) != (day, newest):
        store.retire(tx, caller.tenant, service, day, newest)
        store.record(tx, caller.tenant, service, deps.clock.now(), by(caller), "retired", newest, [])
        for row in versions:
            tell_sop(deps, tx, caller.tenant, row["data"], day)
    return listed(deps, tx, caller.tenant, service)


def _from_today(deps: Deps, tx: Tx, kelurahan: str, day: date | None) -> date:
    today = office(deps, tx, kelurahan).today(deps.clock.now())
    if day is not None and day < today:
        raise PastDay
    return day or today


def listed(deps: Deps, tx: Tx, kelurahan: str, service: str) -> list[dict[str, Any]]:
    """The versions of a service, the newest first. Raises NoSuchService."""
    versions = store.versions(tx, kelurahan, service)
    if not versions:
        raise NoSuchService
    today = office(deps, tx, kelurahan).today(deps.clock.now())
    retirement = store.retirements(tx, kelurahan, service).get((kelurahan, service))
    in_force = next((row["version"] for row in versions if row["effective_from"] <= today), None)
    found = []
    for row in versions:
        retired = retirement["from_date"] if retirement and row["version"] <= retirement["up_to"] else None
        now = row["version"] == in_force and (retired is None or retired > today)
        found.append(row | {"service": service, "in_force": now, "retired_from": retired})
    return found


def version(tx: Tx, kelurahan: str, service: str, number: int) -> dict[str, Any]:
    """One published version. Raises NoSuchVersion."""
    data = next((row["data"] for row in store.versions(tx, kelurahan, service) if row["version"] == number), None)
    if data is None:
        raise NoSuchVersion
    return dict(data)


def changed_by(tx: Tx, draft: Row) -> list[rules.Difference]:
    """In what a draft differs from the version that it is based on; from nothing, where it is based on none."""
    based_on = draft["based_on"]
    before = version(tx, draft["kelurahan"], draft["service"], based_on) if based_on else {}
    return rules.compare(before, draft["data"])


def overview(deps: Deps, tx: Tx, kelurahan: str) -> list[dict[str, Any]]:
    """Every service that the office has or has had, by code: {service, name, versions, draft}; the newest version
    first, `draft` is None where there is none."""
    drafts = {row["service"]: row for row in store.drafts(tx, kelurahan)}
    found = []
    for service in sorted({*store.services(tx, kelurahan), *drafts}):
        draft = drafts.get(service)
        versions = listed(deps, tx, kelurahan, service) if store.versions(tx, kelurahan, service) else []
        newest = versions[0]["data"] if versions else drafts[service]["data"]
        found.append({"service": service, "name": newest["name"], "versions": versions, "draft": draft})
    return found


def dry_run(deps: Deps, tx: Tx, draft: Row, last: int) -> dict[str, Any]:
    """What the draft would have changed in the last cases of its service: nothing is written, and nobody's data are
    shown."""
    cases = applications.last_of_service(tx, deps.data_keys, draft["kelurahan"], draft["service"], last)
    current = files.current_for(tx, [app.id for app in cases])
    changed = []
    for app in cases:
        own = sop(deps, tx, app.kelurahan, app.service, app.sop_version)
        there = {row["requirement"] for row in current.get(app.id, [])}
        effects = [
            vars(effect) | {"there": _there(effect, there, app.given)}
            for effect in rules.effects(own, draft["data"], app.reason, app.facts)
        ]
        if effects:
            changed.append({
                "application_id": app.id, "tracking_code": app.tracking_code, "sop_version": app.sop_version,
                "effects": effects,
            })  # fmt: skip
    return {"looked_at": len(cases), "changed": changed}


def _there(effect: rules.Effect, present: set[str], given: Mapping[str, Any]) -> bool | None:
    if effect.part == "requirements":
        return effect.code in present
    return given.get(effect.code) not in (None, "", []) if effect.part == "fields" else None
