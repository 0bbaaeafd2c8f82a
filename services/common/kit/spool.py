"""Bounded disk for files in work.

A file here has no name, so that the kernel removes it when its process dies, however it dies. `prune_spool`
deletes what a file system that cannot make nameless files might keep.
"""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, cast

from kit.problems import Unavailable, Words

_PREFIX = "spool-"


class SpoolFull(Unavailable):
    """No room at this moment: too much is being received at once, or the disk is full."""

    slug = "spool-full"
    title = Words("Sedang banyak kiriman", "Too many uploads at this moment")
    detail = Words("Coba kirim lagi sebentar lagi.", "Please send it again in a moment.")


class Spool:
    """A folder for files in work, with a limit on what this process keeps there at once.

    The count is the process's own: it cannot leak when one is killed, nor be wrong after a fork. A service
    with several processes gives each its share.
    """

    def __init__(self, folder: Path | str, limit: int = 512_000_000) -> None:
        self.folder = Path(folder)
        self._limit = limit
        self._used = 0
        self._lock = threading.Lock()

    @property
    def used(self) -> int:
        """Bytes promised at this moment."""
        return self._used

    @contextmanager
    def room(self, size: int) -> Iterator[None]:
        """Promise `size` bytes for as long as the block lasts, or raise SpoolFull."""
        with self._lock:
            if self._used + size > self._limit:
                raise SpoolFull("spool full")
            self._used += size
        try:
            yield
        finally:
            with self._lock:
                self._used -= size

    def open(self, in_memory: int = 0) -> BinaryIO:
        """A nameless file; on disk from the first byte over `in_memory`, or once its fileno() is wanted."""
        if not self.folder.is_dir():
            self.folder.mkdir(parents=True, exist_ok=True)
        if in_memory:
            spooled = tempfile.SpooledTemporaryFile(in_memory, prefix=_PREFIX, dir=str(self.folder))  # noqa: SIM115
            return cast("BinaryIO", spooled)
        return cast("BinaryIO", tempfile.TemporaryFile(prefix=_PREFIX, dir=self.folder))


def prune_spool(folder: Path | str, older_than: float = 3600.0) -> int:
    """Delete what killed processes left behind; returns how many. `older_than` is seconds of machine time."""
    pruned = 0
    before = time.time() - older_than
    for path in Path(folder).glob(f"{_PREFIX}*"):
        with suppress(FileNotFoundError):  # another process prunes too
            if path.stat().st_mtime < before:
                path.unlink()
                pruned += 1
    return pruned
