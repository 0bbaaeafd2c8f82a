"""A key that a service makes for itself and keeps sealed: what it signs stays good when the ring's keys change."""

from __future__ import annotations

import base64
import hmac
import os

from kit.db import EVERY_TENANT, Database
from kit.sealed import Keyring


class OwnKey:
    """The service's key for a purpose; made at first use, by whichever process comes first, and read once by each."""

    def __init__(self, db: Database, keys: Keyring, purpose: str) -> None:
        self._db, self._keys, self._purpose = db, keys, purpose
        self._key: bytes | None = None

    def blind_index(self, value: str, context: str) -> bytes:
        """A keyed fingerprint of `value`. Raises DatabaseUnavailable, CannotOpen."""
        if self._key is None:
            self._key = self._kept()
        return hmac.digest(self._key, f"{context}\0{value}".encode(), "sha256")

    def _kept(self) -> bytes:
        context = f"key:{self._purpose}"
        fresh = self._keys.seal(base64.b64encode(os.urandom(32)).decode(), context)
        with self._db.transaction(EVERY_TENANT) as tx:
            tx.later(
                "INSERT INTO service_key (purpose, sealed) VALUES (%s, %s) ON CONFLICT DO NOTHING",
                [self._purpose, fresh],
            )
            sealed = tx.value("SELECT sealed FROM service_key WHERE purpose = %s", [self._purpose])
        return base64.b64decode(self._keys.open(sealed, context))
