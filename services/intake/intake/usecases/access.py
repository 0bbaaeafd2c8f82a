"""An access ends: here at once, and in the other services as soon as they hear of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from contracts.telling import tell
from intake.deps import Deps
from intake.domain.account_ends import AccountEnd
from intake.domain.accounts import ACTIVE, MACHINE, Account, Session
from intake.store import account_ends, accounts, conversations, sessions
from kit import ended
from kit.db import Tx
from kit.ids import new_id


def session_ended(deps: Deps, tx: Tx, session: Session, why: str) -> None:
    """Its refresh token counts no more, and its access tokens neither."""
    for session_id in sessions.end(tx, session.account_id, why, session.id):
        tell_end(deps, tx, session.kelurahan, session.account_id, session_id)


def sessions_ended(deps: Deps, tx: Tx, account: Account, why: str, but: UUID | None = None) -> int:
    """All sessions of an account, but one, and the links that would begin another; how many."""
    conversations.drop_links(tx, account.id)
    found = sessions.end(tx, account.id, why, None, but)
    for session_id in found:
        tell_end(deps, tx, account.kelurahan, account.id, session_id)
    return len(found)


def account_ended(deps: Deps, tx: Tx, account: Account) -> None:
    """Access tokens made until now count no more: what the account may do has changed. Sessions go on.

    No clock decides that: the epoch changes with the roles in one transaction, and a token names the epoch that its
    roles were read with, however late it is signed."""
    account.epoch = accounts.end_epoch(tx, account.id)
    tell_end(deps, tx, account.kelurahan, account.id, None, account.epoch, **_of_machine(account))


def _of_machine(account: Account) -> dict[str, Any]:
    """What it may from now on: others go on doing things for it that it asked for while it had a token."""
    if account.kind != MACHINE:
        return {}
    return {"roles": account.roles if account.state == ACTIVE else [], "within": account.within}


def ended_for_good(deps: Deps, tx: Tx, account: Account, kind: str, roles: Iterable[str] = ()) -> None:
    """Noted, since a backup from before would give it back."""
    end = AccountEnd(new_id(), account.kelurahan, kind, account.id, tuple(sorted(roles)), deps.clock.now())
    account_ends.add(tx, end)


def tell_end(
    deps: Deps, tx: Tx, kelurahan: str, account_id: UUID, session_id: UUID | None, epoch: int | None = None,
    **more: Any,
) -> None:  # fmt: skip
    """Of a session, or else of all that an account's tokens of before `epoch` may. Tokens are machine time, so this is
    too."""
    at = datetime.now(UTC)
    ended.keep(tx, ended.session_key(session_id) if session_id else ended.account_key(account_id), at, epoch)
    tell(
        tx, deps.event_keys, "access.changed", subject=account_id, tenant=kelurahan, time=deps.clock.now(),
        data={
            "account_id": account_id, "office": kelurahan, "session_id": session_id, "ended_at": at, "epoch": epoch,
        } | more,
    )  # fmt: skip
