"""Content in authenticated pieces (the STREAM construction): long objects are sealed and opened as they pass by.

The content is cut into chunks of 64 KiB. Chunk *n* is sealed with AES-256-GCM under the nonce `n` (11 bytes) and a byte
that is 1 for the last chunk: one that is missing, repeated, changed or in another place, and an end that was cut off
or added to, are noticed. The nonces are fixed, so a key seals one content and never another.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kit.errors import Permanent

MAGIC = b"\x89SEALED1"
CHUNK = 64 * 1024
_TAG = 16
_FRAME = CHUNK + _TAG


class Damaged(Permanent):
    """Sealed content is not what was sealed."""


class Readable(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


def new_data_key() -> bytes:
    """A key for one content."""
    return os.urandom(32)


def sealed_size(size: int) -> int:
    """How long sealed content of `size` bytes is. Empty content has a chunk too, for its end."""
    return len(MAGIC) + size + _TAG * max(1, -(-size // CHUNK))


class Sealing:
    """Reads as the sealed form of the next `size` bytes of `plain`. Raises EOFError when there are fewer."""

    def __init__(self, plain: Readable, size: int, key: bytes) -> None:
        self._plain, self._left, self._cipher = plain, size, AESGCM(key)
        self._number, self._ended = 0, False
        self._ready: list[bytes] = [MAGIC]
        self._length = len(MAGIC)

    def read(self, size: int = -1, /) -> bytes:
        while not self._ended and (size < 0 or self._length < size):
            self._seal_next()
        ready = b"".join(self._ready)  # all at once: whoever stores it asks for the whole
        taken, rest = (ready, b"") if size < 0 or len(ready) <= size else (ready[:size], ready[size:])
        self._ready, self._length = [rest], len(rest)
        return taken

    def _seal_next(self) -> None:
        chunk = _exactly(self._plain, min(CHUNK, self._left))
        self._left -= len(chunk)
        self._ended = self._left == 0
        frame = self._cipher.encrypt(_nonce(self._number, self._ended), chunk, None)
        self._ready.append(frame)
        self._length += len(frame)
        self._number += 1


def opened(sealed: Iterable[bytes], size: int, key: bytes) -> Iterator[bytes]:
    """The content of `size` bytes again, chunk by chunk, each only after it was found genuine. Raises Damaged."""
    cipher, number, done = AESGCM(key), 0, 0
    frames = _frames(sealed)
    if next(frames) != MAGIC:
        raise Damaged("sealed content does not begin as such")
    for frame, last in _with_last(frames):
        try:
            chunk = cipher.decrypt(_nonce(number, last), frame, None)
        except InvalidTag as error:
            raise Damaged("sealed content was changed or cut off") from error
        number, done = number + 1, done + len(chunk)
        if chunk:
            yield chunk
    if number == 0 or done != size:
        raise Damaged("sealed content is not whole")


def _exactly(source: Readable, size: int) -> bytes:
    parts: list[bytes] = []
    while size:
        part = source.read(size)
        if not part:
            raise EOFError("the content is shorter than it was said to be")
        parts.append(part)
        size -= len(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def _frames(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The magic, then frames of full length and a last one of any."""
    held, wanted = bytearray(), len(MAGIC)
    for piece in pieces:
        held += piece
        while len(held) >= wanted:
            yield bytes(memoryview(held)[:wanted])
            del held[:wanted]
            wanted = _FRAME
    if held or wanted != _FRAME:
        yield bytes(held)


def _with_last(frames: Iterator[bytes]) -> Iterator[tuple[bytes, bool]]:
    before: bytes | None = None
    for frame in frames:
        if before is not None:
            yield before, False
        before = frame
    if before is not None:
        yield before, True


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + (b"\1" if last else b"\0")
