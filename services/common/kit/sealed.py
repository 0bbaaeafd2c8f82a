"""Encryption of people's data: AES-256-GCM, the key's id in front, and a keyed blind index for look-ups.

A keyring is text, `id:key[,id:key…]`, each key 32 bytes in base64url; the first seals and makes indexes, all can open
and look up. A sealed value is `id.nonce+ciphertext` in base64url. `context` is bound in (additional data): a value
sealed for one purpose does not open for another.

A ring that came from a file follows it, so that keys change without a restart: it looks at the file at most once a
second, and at once when it meets a key that it does not know.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import re
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kit.errors import Permanent

LOOKS_EVERY = 1.0
"""Seconds until a ring looks at its file again."""
_NONCE = 12
_SEALED = re.compile(r"[A-Za-z0-9_-]{1,40}\.[A-Za-z0-9_-]{38,}={0,2}")

log = structlog.get_logger()


class CannotOpen(Permanent):
    """The sealed value was changed, is bound to another purpose, or its key is not in the ring."""


@dataclass(frozen=True)
class _Keys:
    """What the ring's text says, at one moment."""

    current: str
    ciphers: dict[str, AESGCM]
    index_keys: tuple[bytes, ...]

    @classmethod
    def read(cls, text: str) -> _Keys:
        keys = dict(_parse(entry) for entry in text.strip().split(","))
        return cls(
            current=next(iter(keys)),
            ciphers={key_id: AESGCM(key) for key_id, key in keys.items()},
            index_keys=tuple(hmac.digest(key, b"blind-index", "sha256") for key in keys.values()),
        )


class Keyring:
    """Seals and opens JSON values. Raises ValueError when made from text that is no keyring; `source` is the file
    that the text came from, if it came from one."""

    def __init__(self, text: str, source: str | Path | None = None) -> None:
        self._keys = _Keys.read(text)
        self._source = Path(source) if source else None
        self._stamp: tuple[int, ...] | None = None  # as of nothing: the first look reads the file
        self._looked = 0.0
        self._lock = threading.Lock()

    @property
    def current(self) -> str:
        """The id of the key that seals."""
        return self._fresh().current

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of all keys, the one that seals first."""
        return tuple(self._fresh().ciphers)

    def seal(self, value: Any, context: str) -> str:
        """`value` (anything JSON can say) as sealed text."""
        keys = self._fresh()
        nonce = os.urandom(_NONCE)
        plain = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str).encode()
        secret = keys.ciphers[keys.current].encrypt(nonce, plain, context.encode())
        return f"{keys.current}.{base64.urlsafe_b64encode(nonce + secret).decode()}"

    def open(self, sealed: str, context: str) -> Any:
        """The value again. Raises CannotOpen."""
        key_id, _, body = sealed.partition(".")
        cipher = self._fresh().ciphers.get(key_id) or self._fresh(at_once=True).ciphers.get(key_id)
        if cipher is None:
            raise CannotOpen(f"no key {key_id[:20]!r} in the ring")
        try:
            raw = base64.urlsafe_b64decode(body)
            return json.loads(cipher.decrypt(raw[:_NONCE], raw[_NONCE:], context.encode()))
        except (InvalidTag, ValueError) as error:
            raise CannotOpen("a sealed value does not open") from error

    def reseal(self, sealed: str, context: str) -> str | None:
        """The same value sealed with the current key; None when it is already. Raises CannotOpen."""
        if key_of(sealed) == self.current:
            return None
        return self.seal(self.open(sealed, context), context)

    def blind_index(self, value: str, context: str) -> bytes:
        """A keyed fingerprint to find an equal value again without storing it in the clear."""
        return _index(self._fresh().index_keys[0], value, context)

    def blind_indexes(self, value: str, context: str) -> list[bytes]:
        """The fingerprint under every key, the current one's first: look-ups take any (`= ANY`), since rows that were
        written before the keys changed have an older one until the rotation has passed them."""
        return [_index(key, value, context) for key in self._fresh().index_keys]

    def same_index(self, known: bytes, value: str, context: str) -> bool:
        """Whether `known` is a fingerprint of `value` under any key."""
        return any(hmac.compare_digest(bytes(known), one) for one in self.blind_indexes(value, context))

    def fingerprint(self, value: str, context: str) -> bytes:
        """For what is only ever compared (`same`), never looked up: a sealed hash, which can be sealed anew."""
        return self.seal(hashlib.sha256(value.encode()).hexdigest(), context).encode()

    def same(self, known: bytes, value: str, context: str) -> bool:
        """Whether `known` is the fingerprint of `value`; an earlier release kept a blind index in its place."""
        sealed = bytes(known).decode("ascii", errors="replace")
        if not looks_sealed(sealed):
            return self.same_index(known, value, context)
        return hmac.compare_digest(str(self.open(sealed, context)), hashlib.sha256(value.encode()).hexdigest())

    def _fresh(self, *, at_once: bool = False) -> _Keys:
        if self._source is not None and (at_once or time.monotonic() - self._looked >= LOOKS_EVERY):
            with self._lock:
                self._follow(self._source)
        return self._keys

    def _follow(self, source: Path) -> None:
        """A file that is away or not whole at this moment changes nothing: it is read again at the next look."""
        self._looked = time.monotonic()
        try:
            found = source.stat()
            stamp = (found.st_ino, found.st_mtime_ns, found.st_size)
            if stamp == self._stamp:
                return
            self._keys, self._stamp = _Keys.read(source.read_text("ascii")), stamp
        except (OSError, ValueError) as error:
            log.warning("a keyring's file cannot be read", file=source.name, reason=type(error).__name__)


def key_of(sealed: str) -> str:
    """The id of the key that a value is sealed with."""
    return sealed.partition(".")[0]


def looks_sealed(text: str) -> bool:
    """Whether text has the form of a sealed value; it need not open."""
    return _SEALED.fullmatch(text) is not None


def new_key(key_id: str) -> str:
    """A fresh entry for a keyring's text."""
    return f"{key_id}:{base64.urlsafe_b64encode(os.urandom(32)).decode()}"


def key_ids(text: str) -> list[str]:
    """The ids in a keyring's text, in its order. Raises ValueError."""
    return [_parse(entry)[0] for entry in text.strip().split(",")]


def _index(key: bytes, value: str, context: str) -> bytes:
    return hmac.digest(key, f"{context}\0{value}".encode(), hashlib.sha256)


def _parse(entry: str) -> tuple[str, bytes]:
    key_id, _, text = entry.strip().partition(":")
    key = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if not key_id or "." in key_id or len(key) != 32:
        raise ValueError("a keyring entry is id:key with 32 bytes in base64url, and no dot in the id")
    return key_id, key
