"""Who works here, and which machines may ask: invited, changed and closed by an administrator of the same office."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Literal
from uuid import UUID

from contracts.places import is_below
from contracts.reach import is_code
from intake.deps import Deps
from intake.domain import account_ends
from intake.domain.accounts import (
    ACTIVE,
    ADMINISTRATORS,
    CLOSED,
    INVITATION,
    INVITED,
    KEY,
    MACHINE,
    OVERLAP,
    SCOPES,
    STAFF,
    Account,
    roles_at,
    username_of,
)
from intake.domain.errors import NotYours
from intake.domain.sign_in_errors import (
    AccountClosed,
    CodeNotRight,
    ComesByProvider,
    InvitationRefused,
    LastAdministrator,
    NameTaken,
    PlaceNotHere,
    RoleNotHere,
    SignInRefused,
)
from intake.store import accounts
from intake.store import offices as store_of_offices
from intake.usecases import passwords
from intake.usecases.access import account_ended, ended_for_good, sessions_ended
from intake.usecases.tokens import hash_of, new_secret
from kit import audit, rates
from kit.auth import Caller
from kit.db import EVERY_TENANT, Tx
from kit.ids import new_id
from kit.rates import Rate

Check = Callable[[int], None]

CODES_OF_APP = Rate("codes-of-app", most=10, within=900)


def invite(
    deps: Deps, tx: Tx, name: str, username: str, roles: Iterable[str], by: str, phone: str | None = None
) -> tuple[Account, str]:
    """An account of the transaction's office that waits for its person, and the invitation, which is shown once.
    `phone` is where he is told of the day's work. Raises NameTaken, RoleNotHere."""
    chosen = _roles(tx.tenant, roles)
    invitation = new_secret()
    account = Account(
        new_id(), tx.tenant, STAFF, new_id(), chosen, INVITED, None, 0, datetime.now(UTC) + INVITATION,
        datetime.now(UTC), by, 1,
        {"name": name, "username": username.strip(), "totp": passwords.new_totp_secret(), "phone": phone},
    )  # fmt: skip
    known = accounts.known_by(deps.fingerprints, STAFF, username_of(username))
    if not accounts.add(tx, deps.data_keys, account, known, hash_of(invitation)):
        raise NameTaken
    return account, invitation


def invite_again(deps: Deps, tx: Tx, account_id: UUID) -> tuple[Account, str]:
    """Another invitation for who lost password or phone: what he had counts no more, and he is signed out everywhere.
    Raises NotYours, AccountClosed, ComesByProvider, LastAdministrator."""
    account = _locked(deps, tx, account_id, STAFF)
    if account.state == CLOSED:
        raise AccountClosed
    if account.by_provider:  # a password would be a second way in, past those who look after the provider
        raise ComesByProvider
    if account.state == ACTIVE:
        _keep_an_administrator(tx, account, [])
    invitation = new_secret()
    lock_out(deps, tx, account, invitation)
    ended_for_good(deps, tx, account, account_ends.INVITED)
    return account, invitation


def lock_out(deps: Deps, tx: Tx, account: Account, invitation: str | None = None) -> None:
    """Password and app of a locked account count no more, and neither does an invitation but this one."""
    account.state, account.password_hash = INVITED, None
    account.invitation_until = datetime.now(UTC) + INVITATION if invitation else None
    account.person["totp"] = passwords.new_totp_secret()
    accounts.save(tx, deps.data_keys, account, invitation_hash=hash_of(invitation) if invitation else None)
    sessions_ended(deps, tx, account, "ended")
    account_ended(deps, tx, account)


def look_at_invitation(deps: Deps, invitation: str) -> tuple[Account, str]:
    """The account, and what its authenticator app reads. Raises InvitationRefused."""
    with deps.db.transaction(EVERY_TENANT) as tx:
        account = _invited(deps, tx, invitation)
        office = _office_name(tx, account)
    return account, passwords.totp_uri(account.person["totp"], account.person["username"], office)


def accept(deps: Deps, invitation: str, password: str, totp: str) -> Account:
    """The invited person has a password and an app from now on. Raises InvitationRefused, PasswordTooWeak,
    CodeNotRight, TooManyRequests."""
    with deps.db.transaction(EVERY_TENANT) as tx:
        account = _invited(deps, tx, invitation)
    rates.check(deps.db, deps.fingerprints, CODES_OF_APP, str(account.id))
    hashed = passwords.hashed(password, but=(account.person["username"], account.person["name"]))
    with deps.db.transaction(EVERY_TENANT) as tx:
        account = _invited(deps, tx, invitation)
        tx.use_tenant(account.kelurahan)
        if not passwords.take_totp(tx, account, totp):
            raise CodeNotRight
        account = accounts.get(tx, deps.data_keys, account.id) or account  # with the step that was taken
        account.state, account.password_hash, account.invitation_until = ACTIVE, hashed, None
        accounts.save(tx, deps.data_keys, account, invitation_hash=None)
        audit.changed(tx, status=204, who=str(account.id))
    return account


def change_password(deps: Deps, who: Caller, current: str, totp: str, password: str) -> None:
    """One's own; other sessions end. Raises SignInRefused, PasswordTooWeak, TooManyRequests."""
    rates.check(deps.db, deps.fingerprints, CODES_OF_APP, who.subject)
    account = own(deps, who)
    if account is None or not passwords.is_right(current, account.password_hash):
        raise SignInRefused
    hashed = passwords.hashed(password, but=(account.person["username"], account.person["name"]))
    with deps.db.transaction(who.tenant) as tx:
        locked = accounts.get(tx, deps.data_keys, account.id, lock=True)
        if locked is None or locked.password_hash != account.password_hash:
            raise SignInRefused
        if not passwords.take_totp(tx, locked, totp):
            raise SignInRefused
        accounts.keep_hash(tx, locked.id, hashed)
        session = who.claims.get("sid")
        sessions_ended(deps, tx, locked, "password_changed", UUID(session) if session else None)
        audit.changed(tx, status=204)


def own(deps: Deps, who: Caller) -> Account | None:
    """The caller's account; None for a token that no account stands behind."""
    with deps.db.transaction(who.tenant) as tx:
        return own_in(deps, tx, who)


def own_in(deps: Deps, tx: Tx, who: Caller) -> Account | None:
    """The same within a transaction."""
    try:
        account_id = UUID(who.subject)
    except ValueError:
        return None
    return accounts.get(tx, deps.data_keys, account_id)


def change(
    deps: Deps, tx: Tx, account_id: UUID, name: str, roles: Iterable[str], check: Check,
    phone: str | None | Literal[False] = False,
) -> Account:  # fmt: skip
    """Another name or other roles; tokens with the former ones count no more. `phone`: another number, or (None) no
    more; left alone where it is not said. Raises NotYours, AccountClosed,
    RoleNotHere, ComesByProvider, LastAdministrator, and what `check` raises."""
    account = _locked(deps, tx, account_id, STAFF)
    check(account.version)
    if account.state == CLOSED:
        raise AccountClosed
    chosen = _roles(tx.tenant, roles)
    if account.state == ACTIVE:
        _keep_an_administrator(tx, account, chosen)
    changed = chosen != account.roles
    if changed and account.by_provider:
        raise ComesByProvider
    lost = set(account.roles) - set(chosen)
    account.roles, account.person["name"] = chosen, name
    if phone is not False:
        account.person["phone"] = phone
    accounts.save(tx, deps.data_keys, account)
    if changed:
        account_ended(deps, tx, account)
    if lost:
        ended_for_good(deps, tx, account, account_ends.ROLES, lost)
    return account


def close(deps: Deps, tx: Tx, account_id: UUID, check: Check) -> Account:
    """Nobody comes in with it any more; what was done with it stays on record. Raises NotYours, LastAdministrator,
    and what `check` raises."""
    account = _locked(deps, tx, account_id)
    check(account.version)
    if account.state == CLOSED:
        return account
    if account.state == ACTIVE:
        _keep_an_administrator(tx, account, [])
    shut(deps, tx, account)
    ended_for_good(deps, tx, account, account_ends.CLOSED)
    return account


def shut(deps: Deps, tx: Tx, account: Account) -> None:
    """A locked account is closed."""
    account.state, account.password_hash, account.invitation_until = CLOSED, None, None
    account.person.pop("totp", None)
    account.person.pop("phone", None)
    accounts.save(tx, deps.data_keys, account, invitation_hash=None)
    sessions_ended(deps, tx, account, "account_closed")
    account_ended(deps, tx, account)


def add_machine(
    deps: Deps, tx: Tx, name: str, scopes: Iterable[str], by: str, within: Iterable[str] = (),
    quota: Mapping[str, int] | None = None,
) -> tuple[Account, str]:  # fmt: skip
    """Another system, and its key, which is shown once. `within`: the only offices that it may read; none: all below
    this one's place. Raises NameTaken, RoleNotHere, PlaceNotHere."""
    now = datetime.now(UTC)
    account = Account(
        new_id(), tx.tenant, MACHINE, new_id(), _scopes(scopes), ACTIVE, None, 0, None, now, by, 1, {"name": name},
        within=_within(tx.tenant, within), quota=dict(quota or {}),
    )  # fmt: skip
    known = accounts.known_by(deps.fingerprints, MACHINE, username_of(name))
    if not accounts.add(tx, deps.data_keys, account, known):
        raise NameTaken
    key = new_secret()
    accounts.add_key(tx, account.id, hash_of(key), now, now + KEY, OVERLAP)
    return account, key


def change_machine(
    deps: Deps, tx: Tx, account_id: UUID, scopes: Iterable[str], within: Iterable[str], quota: Mapping[str, int],
    check: Check,
) -> Account:  # fmt: skip
    """What it may do, and where; its keys stay, and tokens that say otherwise count no more. Raises NotYours,
    AccountClosed, RoleNotHere, PlaceNotHere, and what `check` raises."""
    account = _locked(deps, tx, account_id, MACHINE)
    check(account.version)
    if account.state == CLOSED:
        raise AccountClosed
    before = (account.roles, account.within, account.quota)
    lost = set(account.roles) - set(chosen := _scopes(scopes))
    account.roles, account.within, account.quota = chosen, _within(tx.tenant, within), dict(quota)
    accounts.save(tx, deps.data_keys, account)
    if before != (account.roles, account.within, account.quota):
        account_ended(deps, tx, account)
    if lost:
        ended_for_good(deps, tx, account, account_ends.ROLES, lost)
    return account


def new_key(deps: Deps, tx: Tx, account_id: UUID) -> tuple[Account, str]:
    """The machine's next key, shown once; the one before still counts for a week. Raises NotYours, AccountClosed."""
    account = _locked(deps, tx, account_id, MACHINE)
    if account.state != ACTIVE:
        raise AccountClosed
    now, key = datetime.now(UTC), new_secret()
    accounts.add_key(tx, account.id, hash_of(key), now, now + KEY, OVERLAP)
    return account, key


def end_key(deps: Deps, tx: Tx, account_id: UUID, key_id: UUID) -> None:
    """A key counts no more, and the tokens that were got with it neither. Raises NotYours."""
    account = _locked(deps, tx, account_id, MACHINE)
    if not accounts.end_key(tx, account_id, key_id, datetime.now(UTC)):
        raise NotYours(key_id)
    account_ended(deps, tx, account)


def get(deps: Deps, tx: Tx, account_id: UUID, kind: str) -> Account:
    """Raises NotYours."""
    account = accounts.get(tx, deps.data_keys, account_id)
    if account is None or account.kind != kind:
        raise NotYours(account_id)
    return account


def _locked(deps: Deps, tx: Tx, account_id: UUID, kind: str | None = None) -> Account:
    """The office's administrators are locked before it: two who close each other meet there, and not in a deadlock."""
    accounts.lock_administrators(tx)
    account = accounts.get(tx, deps.data_keys, account_id, lock=True)
    if account is None or (kind is not None and account.kind != kind) or account.kind not in (STAFF, MACHINE):
        raise NotYours(account_id)
    return account


def _invited(deps: Deps, tx: Tx, invitation: str) -> Account:
    account = accounts.invited(tx, deps.data_keys, hash_of(invitation))
    if account is None or account.state != INVITED:
        raise InvitationRefused
    return account


def _roles(code: str, roles: Iterable[str]) -> list[str]:
    chosen, known = sorted(set(roles)), roles_at(code)
    if not chosen or not set(chosen) <= known:
        raise RoleNotHere(sorted(known))
    return chosen


def _scopes(scopes: Iterable[str]) -> list[str]:
    chosen = sorted(set(scopes))
    if not chosen or not set(chosen) <= SCOPES:
        raise RoleNotHere(sorted(SCOPES))
    return chosen


def _within(code: str, places: Iterable[str]) -> list[str]:
    named = sorted(set(places))
    for place in named:
        if not is_code(place) or not is_below(place, code):
            raise PlaceNotHere(place)
    return named


def _keep_an_administrator(tx: Tx, account: Account, roles: list[str]) -> None:
    """An office without one could not invite anybody any more."""
    leaves = not ADMINISTRATORS.isdisjoint(account.roles) and ADMINISTRATORS.isdisjoint(roles)
    if leaves and accounts.lock_administrators(tx) == [account.id]:
        raise LastAdministrator


def _office_name(tx: Tx, account: Account) -> str:
    row = store_of_offices.get(tx, account.kelurahan)
    return str(row["data"]["name"]) if row else account.kelurahan
