"""One's own sessions: looked at, and ended."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import Any
from uuid import UUID

from intake.deps import Deps
from intake.domain.errors import NotYours
from intake.store import accounts, conversations, provider_sign_ins
from intake.store import sessions as store
from intake.usecases import staff
from intake.usecases.access import account_ended, sessions_ended, tell_end
from kit import audit
from kit.auth import Caller
from kit.db import EVERY_TENANT, Tx

KEPT = timedelta(days=30)
_BATCH = 500


def own(deps: Deps, who: Caller) -> list[dict[str, Any]]:
    """Empty for a token that no account stands behind."""
    account = staff.own(deps, who)
    if account is None:
        return []
    with deps.db.transaction(who.tenant) as tx:
        found = store.of_account(tx, account.id)
    return [asdict(one) | {"current": str(one.id) == who.claims.get("sid")} for one in found]


def current(who: Caller) -> UUID:
    """Raises NotYours for a token without a session."""
    try:
        return UUID(who.claims["sid"])
    except (KeyError, ValueError) as error:
        raise NotYours("current") from error


def end_one(deps: Deps, who: Caller, session_id: UUID) -> None:
    """Raises NotYours."""
    with deps.db.transaction(who.tenant) as tx:
        end_in(deps, tx, who, session_id)
        audit.changed(tx, status=204, ended=str(session_id))


def end_in(deps: Deps, tx: Tx, who: Caller, session_id: UUID) -> None:
    """The same within a transaction, whose row of the audit the caller writes. Raises NotYours."""
    account = staff.own_in(deps, tx, who)
    if account is None:
        raise NotYours(session_id)
    why = "signed_out" if str(session_id) == who.claims.get("sid") else "ended"
    if not store.end(tx, account.id, why, session_id):
        raise NotYours(session_id)
    tell_end(deps, tx, account.kelurahan, account.id, session_id)


def end_all(deps: Deps, who: Caller) -> None:
    """Every session of the caller's account, and each token that was made until now. Raises NotYours for a token that
    no account stands behind."""
    account = staff.own(deps, who)
    if account is None:
        raise NotYours("current")
    with deps.db.transaction(who.tenant) as tx:
        count = sessions_ended(deps, tx, account, "ended")
        account_ended(deps, tx, account)
        audit.changed(tx, status=204, ended=count)


def prune(deps: Deps) -> int:
    """Forgets what ended a month ago, and codes and sign-ins that nobody finished; how many sessions."""
    total = 0
    with deps.db.transaction(EVERY_TENANT) as tx:
        provider_sign_ins.prune(tx)
        accounts.prune_codes(tx)
        conversations.prune_links(tx)
    while True:
        with deps.db.transaction(EVERY_TENANT) as tx:
            gone = store.prune(tx, KEPT, _BATCH)
        total += gone
        if gone < _BATCH:
            return total
