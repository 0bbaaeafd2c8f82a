"""A helper applies for somebody: that person agrees, says where messages go, and ends it when he likes."""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime
from typing import Any
from uuid import UUID

from contracts.phones import normalise_phone
from intake.deps import Deps
from intake.domain import consent as rules
from intake.domain.applications import NotAllowedNow, check_change
from intake.domain.case import Actor, Application
from intake.domain.identity import IdentityError, normalise_tracking_code
from intake.store import applications as store
from intake.store import consents, files, timeline
from intake.usecases import reading
from intake.usecases.claims import NO_OWNER, claim_hash, new_claim_code
from intake.usecases.offices import office, sop
from intake.usecases.telling import request_message, tell_application
from kit.answers import forget_answers
from kit.auth import Caller
from kit.db import Tx
from kit.problems import NotFound, TooManyRequests, Unprocessable, Words

_NO_PHONE = Words("Nomor HP tidak benar; contoh 0812 3456 7890.", "This is no mobile number; such as 0812 3456 7890.")


def send_code(deps: Deps, tx: Tx, app: Application, actor: Actor, phone: str) -> None:
    """A code to the person's own phone. Raises NotAllowedNow, NoHelper, OwnPhoneWanted, TooManyRequests."""
    check_change("give-consent", app.status, actor.roles)
    if not app.person.get("helper"):
        raise rules.NoHelper
    phone = _phone(phone)
    rules.check_own(app.person, phone)
    code = _new_code(deps, tx, app, rules.AGREE)
    app.person["consent"] = (app.person.get("consent") or {}) | {"asked": phone}
    app.changed_at = deps.clock.now()
    store.save(tx, app, actor, "consent_code_sent")
    store.save_person(tx, deps.data_keys, app)
    helper = app.person["helper"]
    values = {"code": code, "helper_name": helper["name"], "relation": helper["relation"]}
    tell_person(deps, tx, app, "consent_code", values, phone, holds=True)


def record(deps: Deps, tx: Tx, app: Application, actor: Actor, body: dict[str, Any], held: bytes | None) -> None:
    """How the person agreed: by the code, of which `held` is the hash, or as an officer heard it. Raises
    NotAllowedNow, NoHelper, ConsentCodeRefused, OwnPhoneWanted."""
    check_change("give-consent", app.status, actor.roles)
    if not app.person.get("helper"):
        raise rules.NoHelper
    if body["method"] == rules.CODE:
        _check_code(deps, app, rules.AGREE, body.get("code") or "", held)
        _know_phone(app, (app.person.get("consent") or {}).get("asked"))
    elif "officer" not in actor.roles:
        raise NotAllowedNow("give-consent", app.status)
    elif body.get("phone"):
        _know_phone(app, _phone(body["phone"]))
    _agreed(deps, tx, app, actor, body["method"], body.get("messages_to"))


def agree(deps: Deps, tx: Tx, caller: Caller, app: Application, body: dict[str, Any], held: bytes | None) -> None:
    """The person himself agrees, from his own login: from then on he sees the case too."""
    actor = Actor(frozenset({"owner"}), "applicant")
    check_change("give-consent", app.status, actor.roles)
    if caller.subject == app.helper:
        raise rules.ConsentCodeRefused
    _check_code(deps, app, rules.AGREE, body["code"], held)
    _know_phone(app, (app.person.get("consent") or {}).get("asked"))
    app.resident = caller.subject
    _agreed(deps, tx, app, actor, rules.CODE, body.get("messages_to"))


def send_revocation_code(deps: Deps, tx: Tx, tracking_code: str, phone: str) -> None:
    """The person wants to end it: a code to the phone from which he agreed, where it is this one. Whoever asks learns
    nothing of whether it was."""
    phone = _phone(phone)
    try:
        app = case_for(deps, tx, tracking_code)
        check_change("revoke-consent", app.status, {"resident"})
    except (NotFound, NotAllowedNow):
        return
    known = rules.own_phone(app.person)
    if known is None or not hmac.compare_digest(known, phone):
        return
    if rules.helper_of(app.person) is None:
        _send_claim_code_again(deps, tx, app, phone)
        return
    if consents.wait(tx, app.id, rules.REVOKE):
        return
    code = _new_code(deps, tx, app, rules.REVOKE)
    timeline.add(tx, app, deps.clock.now(), "revocation_code_sent", Actor(frozenset(), "applicant"))
    values = {"code": code, "helper_name": app.person["helper"]["name"]}
    tell_person(deps, tx, app, "consent_revocation_code", values, phone, holds=True)


def _send_claim_code_again(deps: Deps, tx: Tx, app: Application, phone: str) -> None:
    """The help has ended already, and the case waits: another code to take it over, in place of one that is lost."""
    if app.owner != NO_OWNER or consents.wait(tx, app.id, rules.REVOKE):
        return
    _new_code(deps, tx, app, rules.REVOKE)  # counted like any other, and worth nothing
    code = new_claim_code()
    app.claim_hash, app.claim_attempts = claim_hash(app, code), 0
    app.changed_at = deps.clock.now()
    store.save(tx, app, Actor(frozenset(), "applicant"), "claim_code_sent")
    values = {"helper_name": app.person["helper"]["name"], "claim_code": code}
    tell_person(deps, tx, app, "consent_revoked", values, phone)


def revoke_by_code(deps: Deps, tx: Tx, caller: Caller, app: Application, code: str, held: bytes | None) -> None:
    """The person himself, with the code: from then on the case is his. Raises ConsentCodeRefused, NotAllowedNow."""
    if caller.subject == app.helper:
        raise rules.ConsentCodeRefused
    _check_code(deps, app, rules.REVOKE, code, held)
    app.resident = caller.subject
    revoke(deps, tx, app, Actor(frozenset({"resident"}), "applicant"), {})


def revoke(deps: Deps, tx: Tx, app: Application, actor: Actor, body: dict[str, Any]) -> None:
    """The helper is out: he sees nothing more and does nothing more, and the person goes on: with his own login, or
    as soon as he takes the case over with the code that he is sent. Raises NotAllowedNow, NoHelper."""
    check_change("revoke-consent", app.status, actor.roles)
    if rules.helper_of(app.person) is None:
        raise rules.NoHelper
    helper = dict(app.person["helper"])
    if body.get("phone"):
        _know_phone(app, _phone(body["phone"]))
    rules.end_help(app.person)
    app.phone_index = phone_index(deps, app.person)
    app.consent, app.consent_at = rules.REVOKED, deps.clock.now()
    code = _hand_over_case(app)
    app.changed_at = deps.clock.now()
    store.save(tx, app, actor, "consent_revoked")
    store.save_person(tx, deps.data_keys, app)
    consents.forget(tx, app.id)
    _close_doors(tx, app)
    tell_application(deps, tx, app, "application.changed")
    if phone := rules.own_phone(app.person):
        tell_person(deps, tx, app, "consent_revoked", {"helper_name": helper["name"], "claim_code": code or ""}, phone)
    tell_person(deps, tx, app, "help_ended", {}, helper["phone"], name=helper["name"])


def _hand_over_case(app: Application) -> str | None:
    """The case goes to the person's own login; without one it waits for him to take it over. The code for that."""
    if app.resident is not None:
        app.owner = app.resident
        return None
    if app.owner == app.helper:  # at the counter it was an officer's from the beginning
        app.owner = NO_OWNER
    if rules.own_phone(app.person) is None:
        return None
    code = new_claim_code()
    app.claim_hash, app.claim_attempts = claim_hash(app, code), 0
    return code


def _close_doors(tx: Tx, app: Application) -> None:
    """Links to files, and answers that are kept for repeated requests."""
    if app.helper is not None:
        files.revoke_links_of(tx, app.id, app.helper)
        forget_answers(tx, app.helper, f"/v1/applications/{app.id}")


def rt_head_said(deps: Deps, tx: Tx, app: Application, head: Actor, agreed: bool, at: datetime) -> None:
    """With the introduction the RT head says whether the person agrees; the case is written by the caller. What was
    said after it stands."""
    if rules.helper_of(app.person) is None or (app.consent_at is not None and app.consent_at > at):
        return
    app.consent, app.consent_at = (rules.RT_HEAD if agreed else rules.DENIED), at
    event = "consent_given" if agreed else "consent_denied"
    timeline.add(tx, app, max(at, app.changed_at), event, head, rules.RT_HEAD)


def case_for(deps: Deps, tx: Tx, tracking_code: str) -> Application:
    """The helper's case of a tracking code, locked. Raises ConsentCodeRefused, whatever is wrong."""
    try:
        app = store.lock_by_code(tx, deps.data_keys, normalise_tracking_code(tracking_code))
    except IdentityError as error:
        raise rules.ConsentCodeRefused from error
    if app is None or not app.person.get("helper"):
        raise rules.ConsentCodeRefused
    return app


def take_try(deps: Deps, tenant: str, app_or_code: Any, purpose: str, by: str | None = None) -> bytes | None:
    """Counts a try in a transaction of its own, before anything is compared: guesses at the same instant count too. A
    helper has no tries at the code that ends his help."""
    with deps.db.transaction(tenant) as tx:
        app_id = app_or_code
        if isinstance(app_or_code, str):
            try:
                found = case_for(deps, tx, app_or_code)
            except NotFound:
                return None
            if by is not None and by == found.helper:
                return None
            app_id = found.id
        return consents.take_try(tx, app_id, purpose)


def take_try_in_case(deps: Deps, caller: Caller, application_id: UUID) -> bytes | None:
    """Counts a try of whoever may see the case. What the code is compared with, while there is something. Raises
    NotYours."""
    with deps.db.transaction(caller.tenant) as tx:
        reading.find(deps, tx, caller, application_id)
    return take_try(deps, caller.tenant, application_id, rules.AGREE)


def tell_person(
    deps: Deps, tx: Tx, app: Application, template: str, values: dict[str, Any], phone: str, *, holds: bool = False,
    name: str | None = None,
) -> None:  # fmt: skip
    """A message to this phone, of the person if no other is named, whatever the contact is."""
    found = office(deps, tx, app.kelurahan, app.office_version)
    service = sop(deps, tx, app.kelurahan, app.service, app.sop_version)
    about = {
        "tracking_code": app.tracking_code,
        "service_name": service["name"]["id"],
        "office_name": found.data["name"],
    }
    to = {"name": name or app.person["applicant"]["name"], "phone": phone}
    expires_at = deps.clock.now() + rules.CODE_HOLDS if holds else None
    kind = "code" if holds else "answer"
    request_message(deps, tx, app, template, about | values, message_class=kind, to=to, expires_at=expires_at)


def _agreed(deps: Deps, tx: Tx, app: Application, actor: Actor, method: str, choice: str | None) -> None:
    if app.consent == rules.REVOKED:
        rules.resume_help(app.person)
        if app.owner == NO_OWNER and app.helper is not None:
            app.owner, app.claim_hash = app.helper, None
    rules.choose_contact(app.person, choice)
    app.phone_index = phone_index(deps, app.person)
    app.consent, app.consent_at = method, deps.clock.now()
    app.changed_at = deps.clock.now()
    store.save(tx, app, actor, "consent_given", method)
    store.save_person(tx, deps.data_keys, app)
    consents.forget(tx, app.id)
    tell_application(deps, tx, app, "application.changed")
    if phone := rules.own_phone(app.person):
        tell_person(deps, tx, app, "consent_given", {"helper_name": app.person["helper"]["name"]}, phone)


def phone_index(deps: Deps, person: dict[str, Any]) -> bytes | None:
    """The keyed fingerprint of the contact's phone, by which a case is found."""
    phone = (person.get("contact") or {}).get("phone")
    return deps.data_keys.blind_index(phone, "phone") if phone else None


def _new_code(deps: Deps, tx: Tx, app: Application, purpose: str) -> str:
    """Six digits; only their keyed hash is kept. Raises TooManyRequests."""
    if rest := consents.wait(tx, app.id, purpose):
        raise TooManyRequests(rest.total_seconds())
    code = f"{secrets.randbelow(10**6):06d}"
    consents.put(tx, app, purpose, _hash(deps, app, purpose, code))
    return code


def _check_code(deps: Deps, app: Application, purpose: str, code: str, held: bytes | None) -> None:
    if held is None or not deps.data_keys.same(held, f"{app.id}:{code.strip()}", f"consent:{purpose}"):
        raise rules.ConsentCodeRefused


def _hash(deps: Deps, app: Application, purpose: str, code: str) -> bytes:
    return deps.data_keys.fingerprint(f"{app.id}:{code}", f"consent:{purpose}")


def _know_phone(app: Application, phone: str | None) -> None:
    if phone:
        rules.check_own(app.person, phone)
        app.person["consent"] = (app.person.get("consent") or {}) | {"phone": phone}


def _phone(text: str) -> str:
    try:
        return normalise_phone(text)
    except ValueError as error:
        raise Unprocessable(errors={"json": {"phone": [_NO_PHONE]}}) from error
