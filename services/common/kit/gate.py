"""Who comes in: what every request meets first, the same in all services."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kit.auth import Caller, TokenReader
from kit.db import Database
from kit.ended import EndedAccess
from kit.own_key import OwnKey
from kit.quotas import Quotas
from kit.sealed import Keyring
from kit.settings import Settings, reread
from kit.strangers import Strangers, networks


@dataclass(frozen=True)
class Gate:
    """Reads tokens, knows which have ended, counts strangers, and what machines ask."""

    tokens: TokenReader
    ended: EndedAccess
    strangers: Strangers
    quotas: Quotas

    def identify(self, token: str) -> Caller:
        """Raises Unauthorized, DatabaseUnavailable."""
        found = self.tokens.read(token)
        self.ended.check(found)
        return found


def make_gate(settings: Settings, db: Database, keys: Keyring, token_keys: Callable[[], str] | None = None) -> Gate:
    """As the settings have it; the public keys are read from where the settings had them, again and again."""
    trusted = networks(settings.trusted_proxies)
    counting = OwnKey(db, keys, "rate")
    return Gate(
        TokenReader(token_keys or (lambda: reread("TOKEN_PUBLIC_KEYS"))),
        EndedAccess(db),
        Strangers(db, counting, settings.address_rate, settings.caller_rate, trusted),
        Quotas(db, counting, settings.machine_rate, settings.machine_bytes),
    )
