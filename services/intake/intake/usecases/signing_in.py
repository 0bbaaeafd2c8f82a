"""Coming in: by a code that is sent to a phone, by name with password and app, by a machine's key.

Whoever guesses is counted by what he guesses at and from where together, so that a stranger who knows a number or a
name uses up his own tries and not its owner's. What counts for a number or name alone stops nobody for long.
"""

from __future__ import annotations

import base64
import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from contracts.phones import normalise_phone
from contracts.telling import tell
from intake.deps import Deps
from intake.domain.accounts import (
    ACTIVE,
    APPLICANT,
    CODE,
    GRACE,
    MACHINE,
    PERSON,
    SESSIONS,
    STAFF,
    Account,
    username_of,
)
from intake.domain.sign_in_errors import SessionEnded, SignInRefused
from intake.store import accounts, sessions
from intake.usecases import passwords
from intake.usecases.access import account_ended, session_ended
from intake.usecases.offices import office
from intake.usecases.tokens import Tokens, begin_session, hash_of, issue, new_secret
from kit import audit, rates
from kit.db import EVERY_TENANT, Tx
from kit.ids import new_id
from kit.problems import TooManyRequests, Unprocessable, Words
from kit.rates import Rate

_MOST_LATE = 10
"""How many tokens later than the present one a former one may be, while it is taken."""
_NO_PHONE = Words("Nomor HP tidak benar; contoh 0812 3456 7890.", "This is no mobile number; such as 0812 3456 7890.")

# A village behind one address must not be kept out, and nobody may make us send messages without end.
CODES_TO_PHONE = Rate("codes-to-phone", most=3, within=900)
CODES_OF_DAY = Rate("codes-of-day", most=15, within=86_400)
CODES_OF_OFFICE = Rate("codes-of-office", most=600, within=3600)
TRIES_OF_PHONE_THERE = Rate("tries-of-phone-there", most=10, within=900)
PASSWORDS_OF_NAME_THERE = Rate("passwords-of-name-there", most=5, within=900)
PASSWORDS_OF_NAME = Rate("passwords-of-name", most=60, within=60)
"""From wherever they come: it slows a crowd down, and its owner waits a second or two among them."""
APP_CODES_OF_ACCOUNT = Rate("app-codes-of-account", most=5, within=900)
"""With the right password: whoever has that guesses six digits no faster from many places than from one."""
KEYS_OF_MACHINE = Rate("keys-of-machine", most=60, within=60)


@dataclass(frozen=True)
class Place:
    """Where somebody wants to come in: the address of the request, and the kind of device."""

    address: str
    device: str


def send_code(deps: Deps, kelurahan: str, phone: str, language: str) -> str:
    """A code to a phone, and the id that it counts with, for who asks alone. He learns nothing of whether anybody with
    this phone was here before. Raises OfficeUnknown, Unprocessable, TooManyRequests."""
    phone = _phone(phone)
    with deps.db.transaction(kelurahan) as tx:
        found = office(deps, tx, kelurahan)
    limits = [(CODES_TO_PHONE, phone), (CODES_OF_DAY, phone), (CODES_OF_OFFICE, kelurahan)]
    rates.check_all(deps.db, deps.fingerprints, limits)
    code, code_id, message_id = f"{secrets.randbelow(10**6):06d}", new_secret(), new_id()
    known = accounts.known_by(deps.fingerprints, PERSON, phone)
    with deps.db.transaction(kelurahan) as tx:
        accounts.put_code(tx, hash_of(code_id), known, _code_hash(deps, code_id, code), CODE)
        now = deps.clock.now()
        tell(
            tx, deps.event_keys, "message.requested", subject=message_id, tenant=kelurahan, time=now,
            data={
                "message_id": message_id, "kelurahan": kelurahan, "template": "sign_in_code", "message_class": "code",
                "application_id": None, "tracking_code": None, "expires_at": now + CODE,
            },
            person={
                "to": {"name": "", "phone": phone, "language": language},
                "values": {"code": code, "office_name": found.data["name"]},
            },
        )  # fmt: skip
    return code_id


def by_code(deps: Deps, kelurahan: str, phone: str, code_id: str, code: str, place: Place) -> Tokens:
    """The first time makes the account. Raises SignInRefused, TooManyRequests."""
    try:
        phone = normalise_phone(phone)
    except ValueError as error:
        raise SignInRefused from error
    rates.check(deps.db, deps.fingerprints, TRIES_OF_PHONE_THERE, f"{place.address}/{phone}")
    known = accounts.known_by(deps.fingerprints, PERSON, phone)
    with deps.db.transaction(kelurahan) as tx:  # of its own: a wrong try counts whatever comes after it
        held = accounts.take_code_try(tx, hash_of(code_id), known)
    tried = _code_hash(deps, code_id, code.strip())
    if held is None or not hmac.compare_digest(held, tried):
        raise SignInRefused
    with deps.db.transaction(kelurahan) as tx:
        if not accounts.drop_code(tx, hash_of(code_id)):
            raise SignInRefused
        account = accounts.known(tx, deps.data_keys, PERSON, known)
        if account is None:
            account = _new_person(deps, kelurahan, phone)
            if not accounts.add(tx, deps.data_keys, account, known):
                raise SignInRefused  # made this instant by another sign-in: the code was used there
            accounts.hold_posts(tx, known)
        if account.state != ACTIVE:
            raise SignInRefused
        return begin_session(deps, tx, account, place.device)


def by_password(deps: Deps, kelurahan: str, username: str, password: str, totp: str, place: Place) -> Tokens:
    """Takes as long for a name that is not known. Raises SignInRefused, TooManyRequests."""
    known = accounts.known_by(deps.fingerprints, STAFF, username_of(username))
    name = f"{kelurahan}/{known.hex()}"
    # Both or none: whoever waits because of others has his own tries left when it is his turn.
    limits = [(PASSWORDS_OF_NAME_THERE, f"{place.address}/{name}"), (PASSWORDS_OF_NAME, name)]
    rates.check_all(deps.db, deps.fingerprints, limits)
    with deps.db.transaction(kelurahan) as tx:
        account = accounts.known(tx, deps.data_keys, STAFF, known)
    usable = account is not None and account.state == ACTIVE
    right = passwords.is_right(password, account.password_hash if usable and account else None)
    if account is None or not right:
        raise SignInRefused
    _count_app_code(deps, account)
    with deps.db.transaction(kelurahan) as tx:
        locked = accounts.get(tx, deps.data_keys, account.id, lock=True)
        if locked is None or locked.state != ACTIVE or locked.password_hash != account.password_hash:
            raise SignInRefused
        if not passwords.take_totp(tx, locked, totp):
            raise SignInRefused
        if newer := passwords.hashed_anew(password, locked.password_hash):
            accounts.keep_hash(tx, locked.id, newer)
        return begin_session(deps, tx, locked, place.device)


def by_key(deps: Deps, account_id: UUID, key: str, scopes: list[str]) -> Tokens:
    """A machine's access token, for the scopes that it asks for or else all of its own. Raises SignInRefused,
    TooManyRequests."""
    rates.check(deps.db, deps.fingerprints, KEYS_OF_MACHINE, str(account_id))
    with deps.db.transaction(EVERY_TENANT) as tx:
        account = accounts.get(tx, deps.data_keys, account_id)
        if account is None or account.kind != MACHINE or account.state != ACTIVE:
            raise SignInRefused
        if not accounts.account_of_key(tx, account_id, hash_of(key)) or not set(scopes) <= set(account.roles):
            raise SignInRefused
        account.roles = scopes or account.roles
        tx.use_tenant(account.kelurahan)
        audit.changed(tx, status=201, who=str(account.id))
        return issue(deps, tx, account, None, None)


def refresh(deps: Deps, refresh_token: str) -> Tokens:
    """The next tokens. One that was used before, but for the moment in which an answer may have been lost, is in two
    hands: the session ends for both. Raises SessionEnded."""
    with deps.db.transaction(EVERY_TENANT) as tx:
        found = sessions.presented(tx, hash_of(refresh_token))
        if found is not None and found.goes_on:
            tx.use_tenant(found.session.kelurahan)
            account = accounts.get(tx, deps.data_keys, found.session.account_id)
            if found.used_since is not None and found.used_since > GRACE:
                session_ended(deps, tx, found.session, "token_reused")
            elif account is not None and account.state == ACTIVE:
                present = _goes_on_as(deps, tx, found, refresh_token, SESSIONS[account.kind].rests)
                return issue(deps, tx, account, found.session, present)
    raise SessionEnded  # after the commit, which keeps the end of a session whose token is in two hands


def _goes_on_as(deps: Deps, tx: Tx, found: sessions.Presented, token: str, rests: timedelta) -> str:
    """The session's present refresh token, for who sent its present or, a moment late, a former one. Each follows from
    the one before: pages that are opened at once are all handed the same, whichever answer comes last."""
    after = _next_token(deps, token)
    if found.used_since is None:
        sessions.refresh(tx, found.session.id, hash_of(after), rests)
        return after
    present = sessions.present_hash(tx, found.session.id)
    for _ in range(_MOST_LATE):
        if hash_of(after) == present:
            return after
        after = _next_token(deps, after)
    raise SessionEnded


def _next_token(deps: Deps, token: str) -> str:
    return base64.urlsafe_b64encode(deps.fingerprints.blind_index(token, "refresh")).decode().rstrip("=")


def roles_changed(deps: Deps, tx: Any, data: dict[str, Any], sequence: int) -> None:
    """Verification says who heads an RT or RW: who heads it no more, or by another phone, asks for new tokens."""
    phone = (data.get("person") or {}).get("phone")
    known = accounts.known_by(deps.fingerprints, PERSON, phone) if phone else None
    held = accounts.keep_officeholder(tx, data, known, sequence)
    accounts.keep_name(tx, deps.data_keys, data, sequence)
    for changed in held:
        account = accounts.known(tx, deps.data_keys, PERSON, changed)
        if account is not None:
            account_ended(deps, tx, account)


def _count_app_code(deps: Deps, account: Account) -> None:
    """Too many are refused as a wrong one is: whoever is told to wait would know that he has the password. Raises
    SignInRefused."""
    try:
        rates.check(deps.db, deps.fingerprints, APP_CODES_OF_ACCOUNT, str(account.id))
    except TooManyRequests as error:
        raise SignInRefused from error


def _new_person(deps: Deps, kelurahan: str, phone: str) -> Account:
    return Account(
        new_id(), kelurahan, PERSON, new_id(), [APPLICANT], ACTIVE, None, 0, None, deps.clock.now(), "self", 1,
        {"name": "", "phone": phone},
    )  # fmt: skip


def _code_hash(deps: Deps, code_id: str, code: str) -> bytes:
    return deps.fingerprints.blind_index(f"{code_id}:{code}", "sign-in-code")


def _phone(text: str) -> str:
    try:
        return normalise_phone(text)
    except ValueError as error:
        raise Unprocessable(errors={"json": {"phone": [_NO_PHONE]}}) from error
