"""Opening a case and correcting it."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from intake.deps import Deps
from intake.domain import people, provenance
from intake.domain.applications import LURAH, NEIGHBOURS, OFFICER, DuplicateApplication, check_change
from intake.domain.case import Actor, Application
from intake.domain.catalogue import NOT_YOURS, DetailsNotAccepted, check_details, check_reason
from intake.domain.consent import AGREED, ContactChosen
from intake.domain.consent import NONE as CONSENT_NONE
from intake.domain.identity import new_tracking_code
from intake.domain.provenance import FileUnknown
from intake.store import applications as store
from intake.store import files
from intake.usecases import helpers
from intake.usecases.claims import NO_OWNER, claim_hash, new_claim_code
from intake.usecases.consent import phone_index
from intake.usecases.offices import in_force, office, sop
from intake.usecases.telling import request_message, tell_application
from kit.auth import Caller
from kit.db import Tx
from kit.ids import new_id

Sop = dict[str, Any]


def open_application(deps: Deps, tx: Tx, caller: Caller, body: dict[str, Any], *, channel: str = "http") -> Application:
    """A person applies for himself or as a helper, or an officer does it at the counter. Raises OfficeUnknown,
    ServiceUnknown, ReasonUnknown, DetailsNotAccepted, NotAccepted, DuplicateApplication, TooManyCases."""
    found, rules = in_force(deps, tx, caller.tenant, body["service"])
    person = people.accept(body, found.today(deps.clock.now()))
    check_details(rules, person.get("details", {}))
    app = _new(deps, found.version, caller.tenant, rules, person)
    _check_whose(person.get("details", {}), Actor.towards(caller.subject, caller.roles, app))
    app.reason = check_reason(rules, body.get("reason"))
    app.owner = caller.subject
    app.channel = "counter" if caller.has("officer") else channel
    app.intended_duplicate = body.get("intended_duplicate", False)
    if helper := person.get("helper"):
        app.helper = None if app.channel == "counter" else caller.subject
        app.helper_id = helpers.count(deps, tx, caller, found, helper)
    actor = Actor.towards(caller.subject, caller.roles, app)
    _note(app, app.given, actor, caller.subject)
    _add(deps, tx, app, actor)
    return app


def open_from_introduction(deps: Deps, tx: Tx, data: dict[str, Any]) -> Application:
    """The RT head began: a draft with what he gave, which the resident takes over with a code. Raises OfficeUnknown,
    ServiceUnknown, NotAccepted."""
    found, rules = in_force(deps, tx, data["kelurahan"], data["service"] or "")
    given = data["person"]
    applicant = given["applicant"] | {"rt": data["rt"], "rw": data["rw"]}
    person = people.accept({"applicant": applicant, "contact": given["contact"]}, found.today(deps.clock.now()))
    app = _new(deps, found.version, data["kelurahan"], rules, person)
    app.channel, app.owner = "rt_head", NO_OWNER
    app.introduction, app.introduction_id = "granted", data["introduction_id"]
    head = Actor(frozenset(), "rt_head")
    _note(app, app.given, head, f"officeholder:{data['officeholder_id']}")
    code = new_claim_code()
    app.claim_hash = claim_hash(app, code)
    _add(deps, tx, app, head)
    values = {
        "tracking_code": app.tracking_code,
        "claim_code": code,
        "service_name": rules["name"]["id"],
        "office_name": found.data["name"],
        "rt_head_name": (given.get("rt_head") or {}).get("name", ""),
        "purpose": data["purpose"],
    }
    request_message(deps, tx, app, "draft_opened", values)
    return app


def change(deps: Deps, tx: Tx, app: Application, actor: Actor, by: str, body: dict[str, Any]) -> None:
    """Corrects what is known of the person, or the details; null removes a value. `by` is who gives the values, and
    `read_from` the file that he read them from. Raises NotAllowedNow, FileUnknown and what the rules for a new case
    raise."""
    check_change("edit", app.status, actor.roles)
    file_id = body.get("read_from")
    if file_id is not None and not files.is_readable(tx, app.id, file_id):
        raise FileUnknown(errors={"json": {"read_from": [FileUnknown.detail]}})
    rules = sop(deps, tx, app.kelurahan, app.service, app.sop_version)
    before = _who(app.person)
    merged = dict(app.person)
    for part in ("applicant", "contact", "details"):
        if body.get(part) is not None:
            merged[part] = merged.get(part, {}) | body[part]
    if "reason" in body:
        app.reason = check_reason(rules, body["reason"])
    _check_whose(body.get("details") or {}, actor)
    if body.get("contact") and "helper" in actor.roles and (app.person.get("consent") or {}).get("messages_to"):
        raise ContactChosen
    today = office(deps, tx, app.kelurahan, app.office_version).today(deps.clock.now())
    number = (app.person.get("contact") or {}).get("phone")
    app.person = app.person | people.accept(merged, today)
    contact = app.person.get("contact") or {}
    if contact.get("phone") != number:  # news go there, and no more to who wrote before
        contact.pop("contact_id", None)
    if "helper" in actor.roles and _who(app.person) != before and app.consent in AGREED:
        app.consent, app.consent_at = CONSENT_NONE, None  # who agreed was somebody else
    app.changed_at = deps.clock.now()
    given = {**(body.get("applicant") or {}), **(body.get("details") or {})}
    _note(app, given, actor, by, file_id)
    check_details(rules, app.person.get("details", {}))
    app.rt, app.rw = app.person["applicant"]["rt"], app.person["applicant"]["rw"]
    app.nik_index, app.phone_index = _nik_index(deps, app.person), phone_index(deps, app.person)
    app.sent_back_reason = None
    if _who(app.person) != before:
        store.gather(tx, deps.data_keys, app)
    store.save(tx, app, actor, "changed")
    store.save_person(tx, deps.data_keys, app)
    tell_application(deps, tx, app, "application.changed")


def _check_whose(details: dict[str, Any], actor: Actor) -> None:
    """What neighbours said is theirs: only the office may write it for them. Raises DetailsNotAccepted."""
    if NEIGHBOURS in details and actor.roles.isdisjoint({OFFICER, LURAH}):
        raise DetailsNotAccepted(errors={"json": {"details": {NEIGHBOURS: [NOT_YOURS]}}})


def _who(person: dict[str, Any]) -> tuple[Any, Any]:
    return person["applicant"].get("name"), person["applicant"].get("nik")


@contextmanager
def naming_the_first(deps: Deps, tenant: str) -> Iterator[None]:
    """A duplicate that only the database saw names the open case all the same. Raises DuplicateApplication."""
    try:
        yield
    except DuplicateApplication as error:
        if error.of is None:
            raise
        with deps.db.transaction(tenant) as tx:
            first = store.open_case(tx, *error.of)
        raise (error.named(first) if first else error) from error


def _new(deps: Deps, office_version: int, kelurahan: str, rules: Sop, person: dict[str, Any]) -> Application:
    now = deps.clock.now()
    return Application(
        id=new_id(), kelurahan=kelurahan, tracking_code=new_tracking_code(secrets.randbits),
        service=rules["service"], sop_version=rules["version"], reason=None, status="draft", channel="http",
        owner="", rw=person["applicant"]["rw"], rt=person["applicant"]["rt"], person_id=new_id(), person=person,
        opened_at=now, changed_at=now, nik_index=_nik_index(deps, person), phone_index=phone_index(deps, person),
        office_version=office_version,
    )  # fmt: skip


def _add(deps: Deps, tx: Tx, app: Application, actor: Actor) -> None:
    store.add(tx, deps.data_keys, app, actor)
    tell_application(deps, tx, app, "application.opened", [])


def _note(app: Application, given: dict[str, Any], actor: Actor, by: str, file_id: UUID | None = None) -> None:
    """Keeps who gave these values, or read them from which file. A value that was taken away is nobody's."""
    known = provenance.without(app.person.get("provenance") or [], given)
    fresh = [code for code, value in given.items() if value is not None]
    app.person["provenance"] = provenance.note(known, fresh, actor.word, by, app.changed_at, file_id)


def _nik_index(deps: Deps, person: dict[str, Any]) -> bytes | None:
    """The keyed fingerprint by which the same person is found again."""
    nik = person["applicant"].get("nik")
    return deps.data_keys.blind_index(nik, "nik") if nik else None
