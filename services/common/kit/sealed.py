"""Encryption of people's data: AES-256-GCM, the key's id in front, and a keyed blind index for look-ups.

A keyring is text, `id:key[,id:key…]`, each key 32 bytes in base64url; the first seals, all can open.
A sealed value is `id.nonce+ciphertext` in base64url. `context` is bound in (additional data): a value
sealed for one purpose does not open for another.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kit.errors import Permanent

_NONCE = 12


class CannotOpen(Permanent):
    """The sealed value was changed, is bound to another purpose, or its key is not in the ring."""


class Keyring:
    """Seals and opens JSON values. Raises ValueError when made from text that is no keyring."""

    def __init__(self, text: str) -> None:
        self._keys = dict(_parse(entry) for entry in text.strip().split(","))
        self.current = next(iter(self._keys))
        self._ciphers = {key_id: AESGCM(key) for key_id, key in self._keys.items()}
        # The index key is the oldest one's: rotating the sealing key must not orphan look-ups.
        oldest = list(self._keys.values())[-1]
        self._index_key = hmac.digest(oldest, b"blind-index", "sha256")

    def seal(self, value: Any, context: str) -> str:
        """`value` (anything JSON can say) as sealed text."""
        nonce = os.urandom(_NONCE)
        plain = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str).encode()
        secret = self._ciphers[self.current].encrypt(nonce, plain, context.encode())
        return f"{self.current}.{base64.urlsafe_b64encode(nonce + secret).decode()}"

    def open(self, sealed: str, context: str) -> Any:
        """The value again. Raises CannotOpen."""
        key_id, _, body = sealed.partition(".")
        cipher = self._ciphers.get(key_id)
        if cipher is None:
            raise CannotOpen(f"no key {key_id[:20]!r} in the ring")
        try:
            raw = base64.urlsafe_b64decode(body)
            return json.loads(cipher.decrypt(raw[:_NONCE], raw[_NONCE:], context.encode()))
        except (InvalidTag, ValueError) as error:
            raise CannotOpen("a sealed value does not open") from error

    def blind_index(self, value: str, context: str) -> bytes:
        """A keyed fingerprint to find an equal value again without storing it in the clear."""
        return hmac.digest(self._index_key, f"{context}\0{value}".encode(), hashlib.sha256)


def new_key(key_id: str) -> str:
    """A fresh entry for a keyring's text."""
    return f"{key_id}:{base64.urlsafe_b64encode(os.urandom(32)).decode()}"


def _parse(entry: str) -> tuple[str, bytes]:
    key_id, _, text = entry.strip().partition(":")
    key = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if not key_id or "." in key_id or len(key) != 32:
        raise ValueError("a keyring entry is id:key with 32 bytes in base64url, and no dot in the id")
    return key_id, key
