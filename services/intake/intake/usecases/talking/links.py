"""A link that lets somebody in without a code: sent to his own contact, for one case, and it counts once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from intake.deps import Deps
from intake.domain.accounts import ACTIVE, PERSON
from intake.domain.sign_in_errors import LinkRefused
from intake.store import accounts, applications, conversations
from intake.usecases.tokens import Tokens, begin_session, hash_of, new_secret
from kit.db import EVERY_TENANT, Tx

HOLDS = timedelta(hours=24)
PATH = "/masuk/tautan"
DIGITS = 3


def make(deps: Deps, tx: Tx, kelurahan: str, account_id: UUID, application_id: UUID) -> str:
    """The address of a new one; those of the account before it count no more."""
    secret = new_secret()
    conversations.put_link(tx, hash_of(secret), kelurahan, account_id, application_id, HOLDS)
    return f"{deps.settings.public_url}{PATH}/{secret}"


@dataclass(frozen=True)
class Bearer:
    """Whom a link lets in, as far as he has to know it is he: a first name, and the end of a number (or nothing)."""

    account_id: UUID
    first_name: str
    digits: str


def bearer(deps: Deps, secret: str) -> Bearer | None:
    """Whom it would let in; None where it counts no more. Looking uses nothing up: programs look at links in messages
    by themselves."""
    with deps.db.transaction(EVERY_TENANT) as tx:
        found = conversations.link(tx, hash_of(secret))
        if found is None:
            return None
        tx.use_tenant(found["kelurahan"])
        account = accounts.get(tx, deps.data_keys, found["account_id"])
        app = applications.get(tx, deps.data_keys, found["application_id"])
    if account is None or app is None:
        return None
    name = str((app.person.get("contact") or {}).get("name") or "").split()
    return Bearer(account.id, name[0] if name else "", str(account.person.get("phone") or "")[-DIGITS:])


def come_in(deps: Deps, secret: str, device: str) -> tuple[Tokens, UUID]:
    """A session, and the case that the link is for. Raises LinkRefused."""
    with deps.db.transaction(EVERY_TENANT) as tx:
        found = conversations.take_link(tx, hash_of(secret))
        if found is None:
            raise LinkRefused
        tx.use_tenant(found["kelurahan"])
        account = accounts.get(tx, deps.data_keys, found["account_id"])
        if account is None or account.kind != PERSON or account.state != ACTIVE:
            raise LinkRefused
        return begin_session(deps, tx, account, device), found["application_id"]
