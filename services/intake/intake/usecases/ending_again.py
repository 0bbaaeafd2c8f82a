"""A backup brought accesses back that were taken away since: they end again. Each end counts once, by its id, so that
what was given to somebody afterwards stays his."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from intake.deps import Deps
from intake.domain.account_ends import CLOSED, INVITED, KEY, LEFT, AccountEnd
from intake.domain.accounts import ACTIVE, ADMINISTRATORS, MACHINE, PERSON, STAFF, Account
from intake.domain.accounts import CLOSED as IS_CLOSED
from intake.store import account_ends, accounts
from intake.usecases import leaving, staff
from intake.usecases.access import account_ended, sessions_ended
from kit import audit
from kit.db import Tx

BY = "restore"


def end_again(deps: Deps, tx: Tx, end: AccountEnd) -> Account | None:
    """In a transaction of the end's office: the account as it was before; None where there was nothing to do, since the
    end is known, or its account is not here. Nobody asks whether an office keeps an administrator: who was shut out
    stays out."""
    accounts.lock_administrators(tx)  # first, as whoever changes staff does
    account = accounts.get(tx, deps.data_keys, end.account_id, lock=True)
    if end.kind != KEY and not account_ends.add(tx, end):
        return None
    if account is None:
        return None
    before = replace(account)
    if not _end(deps, tx, end, account):
        return None
    audit.changed(tx, {"id": str(account.id)}, who=BY, ended=end.kind)
    return before


def lacks_administrator(tx: Tx, before: Account) -> bool:
    """Whether the office of somebody who was shut out has nobody left who could invite others."""
    was_one = before.state == ACTIVE and not ADMINISTRATORS.isdisjoint(before.roles)
    return was_one and not accounts.lock_administrators(tx)


def _end(deps: Deps, tx: Tx, end: AccountEnd, account: Account) -> bool:
    if end.kind == KEY:
        return _end_key(deps, tx, end, account)
    if end.kind == LEFT and account.kind == PERSON:
        leaving.remove(deps, tx, account)
        return True
    if account.kind not in (STAFF, MACHINE) or account.state == IS_CLOSED:
        return False
    if end.kind == CLOSED:
        staff.shut(deps, tx, account)
    elif end.kind == INVITED:
        staff.lock_out(deps, tx, account)
    else:
        return _take_roles(deps, tx, account, end.roles)
    return True


def _take_roles(deps: Deps, tx: Tx, account: Account, lost: tuple[str, ...]) -> bool:
    left = [role for role in account.roles if role not in lost]
    if left == account.roles:
        return False
    account.roles = left
    accounts.save(tx, deps.data_keys, account)
    sessions_ended(deps, tx, account, "ended")
    account_ended(deps, tx, account)
    return True


def _end_key(deps: Deps, tx: Tx, end: AccountEnd, account: Account) -> bool:
    if not accounts.end_key(tx, account.id, end.id, datetime.now(UTC)):
        return False
    account_ended(deps, tx, account)
    return True
