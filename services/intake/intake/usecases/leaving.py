"""A person gives his account up: phone and sessions go, and what is kept of his ended cases and closed complaints is
erased with it. An open complaint goes on: by its ticket and the secret, if it was told, as it is not by chat of one
that has a name; there whoever writes from the same contact or number still goes on with it."""

from __future__ import annotations

from contracts.erasing import ErasedCase, hold
from intake.deps import Deps
from intake.domain.account_ends import LEFT
from intake.domain.accounts import PERSON, Account
from intake.domain.erasure import CasesOpen, OnlyPeople
from intake.store import accounts, applications, conversations, erasures, sessions
from intake.usecases import erasing, staff
from intake.usecases.access import account_ended, ended_for_good, sessions_ended
from intake.usecases.complaining import erasing as complaints
from kit import audit
from kit.auth import Caller
from kit.db import Tx


def leave(deps: Deps, who: Caller) -> None:
    """Done twice it does no more; nothing for a token without an account. Raises OnlyPeople, CasesOpen."""
    account = staff.own(deps, who)
    if account is None:
        return
    if account.kind != PERSON:
        raise OnlyPeople
    with deps.db.transaction(account.kelurahan) as tx:
        _check_none_open(tx, account)
        kept = erasures.kept_of(tx, str(account.id))
        closed = complaints.closed_of(tx, account.kelurahan, str(account.id))
    for one in closed:
        with deps.db.transaction(account.kelurahan) as tx:
            if found := complaints.to_erase(deps, tx, account.kelurahan, one, "person"):
                erasing.begin(deps, tx, found, deps.clock.now())
    for row in kept:
        with deps.db.transaction(account.kelurahan) as tx:
            hold(tx, row["id"], row["introduction_id"])
            app = applications.lock(tx, deps.data_keys, row["id"])
            if app is not None and erasures.get(tx, app.id) is None:
                case = ErasedCase(app.id, app.introduction_id, app.kelurahan, "person")
                erasing.begin(deps, tx, case, deps.clock.now())
    _remove(deps, who, account)


def _check_none_open(tx: Tx, account: Account) -> None:
    if erasures.open_of(tx, str(account.id)):
        raise CasesOpen


def _remove(deps: Deps, who: Caller, account: Account) -> None:
    with deps.db.transaction(account.kelurahan) as tx:
        locked = accounts.get(tx, deps.data_keys, account.id, lock=True)
        if locked is None:
            return
        _check_none_open(tx, locked)  # one may have been opened meanwhile
        remove(deps, tx, locked)
        ended_for_good(deps, tx, locked, LEFT)
        audit.changed(tx, status=204, who=who)


def remove(deps: Deps, tx: Tx, account: Account) -> None:
    """A locked account of a person goes."""
    sessions_ended(deps, tx, account, "account_closed")
    account_ended(deps, tx, account)
    sessions.forget(tx, account.id)
    conversations.forget_of_account(tx, account.id)
    complaints.part_with(tx, account.kelurahan, str(account.id))
    accounts.forget(tx, account)
