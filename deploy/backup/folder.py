"""Where backups are kept: one folder each, whole under its name or not at all; old ones go."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from deploy.backup import manifest
from deploy.backup.manifest import Damaged, Manifest

PARTIAL = ".partial-"
_EXPIRED = ".expired-"


class Busy(Exception):
    """Another backup is being written to this folder."""


@contextmanager
def writing(out: Path) -> Iterator[Path]:
    """A folder to write to, alone; what earlier runs left unfinished is removed first. Raises Busy."""
    out.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(out, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy(f"Another backup is being written to {out}.") from None
        for left in [*out.glob(f"{PARTIAL}*"), *out.glob(f"{_EXPIRED}*")]:
            shutil.rmtree(left)
        draft = out / f"{PARTIAL}{os.getpid()}"
        draft.mkdir(mode=0o700)
        try:
            yield draft
        finally:
            shutil.rmtree(draft, ignore_errors=True)  # under its own name it is whole and gone from here
    finally:
        os.close(descriptor)


def finish(draft: Path, told: Manifest) -> Path:
    """Writes the manifest, syncs everything, and gives the backup its name."""
    text = told.text()
    (draft / manifest.NAME).write_text(text, "utf-8")
    (draft / manifest.OWN_HASH).write_text(f"{manifest.hash_of(draft / manifest.NAME)}  {manifest.NAME}\n", "ascii")
    for file in draft.iterdir():
        file.chmod(0o600)
        sync(file)
    sync(draft)
    whole = draft.parent / told.taken_at.strftime("%Y-%m-%dT%H%M%S.%fZ")
    draft.rename(whole)
    sync(draft.parent)
    return whole


def complete(out: Path) -> list[tuple[datetime, Path]]:
    """The complete backups of a folder, oldest first."""
    found = []
    for place in out.iterdir():
        if place.is_dir() and not place.name.startswith("."):
            try:
                found.append((manifest.read(place).taken_at, place))
            except (Damaged, ValueError, KeyError, TypeError):
                continue  # a stranger's folder, or a damaged backup: only a person removes these
    return sorted(found)


def expire(out: Path, keep_days: int, now: datetime) -> list[str]:
    """Removes complete backups that are older, never the newest; the names of those that went."""
    old = [place for taken, place in complete(out)[:-1] if taken < now - timedelta(days=keep_days)]
    for place in old:
        hidden = place.with_name(f"{_EXPIRED}{place.name}")
        place.rename(hidden)  # what is removed halfway does not look whole
        sync(out)
        shutil.rmtree(hidden)
    return [place.name for place in old]


def sync(path: Path) -> None:
    """Until the disk has it."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
