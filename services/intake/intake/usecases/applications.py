"""Opening a case, correcting it, taking it over."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Any

from intake.deps import Deps
from intake.domain import people
from intake.domain.applications import check_change
from intake.domain.case import Actor, Application
from intake.domain.catalogue import check_details, check_reason
from intake.domain.errors import ClaimRefused
from intake.domain.identity import IdentityError, new_tracking_code, normalise_tracking_code
from intake.store import applications as store
from intake.usecases.offices import in_force, office, sop
from intake.usecases.telling import request_message, tell_application
from kit.auth import Caller
from kit.db import Tx
from kit.ids import new_id

Sop = dict[str, Any]

MOST_CLAIM_ATTEMPTS = 5
NO_OWNER = "unclaimed"
"""The owner of a draft that nobody has taken over yet; no caller's subject."""


def open_application(deps: Deps, tx: Tx, caller: Caller, body: dict[str, Any]) -> Application:
    """A person applies for himself or as a helper, or an officer does it at the counter. Raises OfficeUnknown,
    ServiceUnknown, ReasonUnknown, DetailsNotAccepted, NotAccepted, DuplicateApplication."""
    found, rules = in_force(deps, tx, caller.tenant, body["service"])
    person = people.accept(body, found.today(deps.clock.now()))
    check_details(rules, person.get("details", {}))
    app = _new(deps, found.version, caller.tenant, rules, person)
    app.reason = check_reason(rules, body.get("reason"))
    app.owner = caller.subject
    app.channel = "counter" if caller.has("officer") else "http"
    app.intended_duplicate = body.get("intended_duplicate", False)
    helper = person.get("helper")
    consent = f"helper_consent:{helper['consent']}" if helper else None
    _add(deps, tx, app, Actor.towards(caller.subject, caller.roles, app.owner), consent)
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
    code = f"{secrets.randbelow(10**8):08d}"
    app.claim_hash = _claim_hash(app, code)
    _add(deps, tx, app, Actor(frozenset(), "rt_head"), None)
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


def claim(deps: Deps, tx: Tx, caller: Caller, tracking_code: str, code: str) -> Application:
    """The resident takes over the draft that the RT head's introduction opened. Raises ClaimRefused."""
    try:
        tracking_code = normalise_tracking_code(tracking_code)
    except IdentityError as error:
        raise ClaimRefused from error
    app = store.lock_by_code(tx, deps.data_keys, tracking_code)
    if app is None or app.claim_hash is None or app.status != "draft":
        raise ClaimRefused
    if not hmac.compare_digest(app.claim_hash, _claim_hash(app, code)):
        raise ClaimRefused(tracking_code)
    app.owner, app.claim_hash = caller.subject, None
    app.changed_at = deps.clock.now()
    store.save(tx, app, Actor.towards(caller.subject, caller.roles, app.owner), "claimed")
    tell_application(deps, tx, app, "application.changed")
    return app


def count_wrong_claim(deps: Deps, caller: Caller, refused: ClaimRefused) -> None:
    """In a transaction of its own: after a few wrong codes the draft cannot be taken over any more."""
    if refused.tracking_code:
        with deps.db.transaction(caller.tenant) as tx:
            store.count_claim(tx, refused.tracking_code, MOST_CLAIM_ATTEMPTS)


def change(deps: Deps, tx: Tx, app: Application, actor: Actor, body: dict[str, Any]) -> None:
    """Corrects what is known of the person, or the details; null removes a value. Raises NotAllowedNow and what the
    rules for a new case raise."""
    check_change("edit", app.status, actor.roles)
    rules = sop(deps, tx, app.kelurahan, app.service, app.sop_version)
    merged = dict(app.person)
    for part in ("applicant", "contact", "details"):
        if body.get(part) is not None:
            merged[part] = merged.get(part, {}) | body[part]
    if "reason" in body:
        app.reason = check_reason(rules, body["reason"])
    today = office(deps, tx, app.kelurahan, app.office_version).today(deps.clock.now())
    app.person = people.accept(merged, today)
    check_details(rules, app.person.get("details", {}))
    app.rt, app.rw = app.person["applicant"]["rt"], app.person["applicant"]["rw"]
    app.nik_index, app.phone_index = _nik_index(deps, app.person), _phone_index(deps, app.person)
    app.sent_back_reason = None
    app.changed_at = deps.clock.now()
    store.save(tx, app, actor, "changed")
    store.save_person(tx, deps.data_keys, app)
    tell_application(deps, tx, app, "application.changed")


def _new(deps: Deps, office_version: int, kelurahan: str, rules: Sop, person: dict[str, Any]) -> Application:
    now = deps.clock.now()
    return Application(
        id=new_id(), kelurahan=kelurahan, tracking_code=new_tracking_code(secrets.randbits),
        service=rules["service"], sop_version=rules["version"], reason=None, status="draft", channel="http",
        owner="", rw=person["applicant"]["rw"], rt=person["applicant"]["rt"], person_id=new_id(), person=person,
        opened_at=now, changed_at=now, nik_index=_nik_index(deps, person), phone_index=_phone_index(deps, person),
        office_version=office_version,
    )  # fmt: skip


def _add(deps: Deps, tx: Tx, app: Application, actor: Actor, note: str | None) -> None:
    store.add(tx, deps.data_keys, app, actor, note)
    tell_application(deps, tx, app, "application.opened", [])


def _nik_index(deps: Deps, person: dict[str, Any]) -> bytes | None:
    """The keyed fingerprint by which the same person is found again."""
    nik = person["applicant"].get("nik")
    return deps.data_keys.blind_index(nik, "nik") if nik else None


def _phone_index(deps: Deps, person: dict[str, Any]) -> bytes | None:
    phone = (person.get("contact") or {}).get("phone")
    return deps.data_keys.blind_index(phone, "phone") if phone else None


def _claim_hash(app: Application, code: str) -> bytes:
    """Slow on purpose: eight digits would be found at once from a plain hash."""
    return hashlib.scrypt(code.encode(), salt=app.id.bytes, n=2**12, r=8, p=1, dklen=32)
