"""A link that lets somebody in without a code: sent to his own contact, for one case, and it counts once."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from intake.deps import Deps
from intake.domain.accounts import ACTIVE, PERSON
from intake.domain.sign_in_errors import LinkRefused
from intake.store import accounts, conversations
from intake.usecases.tokens import Tokens, begin_session, hash_of, new_secret
from kit.db import EVERY_TENANT, Tx

HOLDS = timedelta(hours=24)
PATH = "/masuk/tautan"


def make(deps: Deps, tx: Tx, kelurahan: str, account_id: UUID, application_id: UUID) -> str:
    """The address of a new one; those of the account before it count no more."""
    secret = new_secret()
    conversations.put_link(tx, hash_of(secret), kelurahan, account_id, application_id, HOLDS)
    return f"{deps.settings.public_url}{PATH}/{secret}"


def counts(deps: Deps, secret: str) -> bool:
    """Whether it would let somebody in. Looking uses nothing up: programs look at links in messages by themselves."""
    with deps.db.transaction(EVERY_TENANT) as tx:
        return conversations.link(tx, hash_of(secret)) is not None


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
