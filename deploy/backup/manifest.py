"""What a backup says of itself, and whether its parts are still what was written."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

NAME = "manifest.json"
OWN_HASH = "manifest.sha256"
FORMAT = 1
_BLOCK = 1024 * 1024


class Damaged(Exception):
    """A backup is not what was written; the text names the part."""


@dataclass(frozen=True)
class Part:
    """A file of a backup."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Database:
    """What a dump holds: the last migration by package, rows by table, and who dumped it."""

    migrations: dict[str, int]
    rows: dict[str, int]
    server: int


@dataclass(frozen=True)
class Manifest:
    """`taken_at` is the moment of the databases' snapshots; what happened later is not in the backup. `clock_offset`:
    seconds by which the business clock was ahead (0 in production)."""

    taken_at: datetime
    clock_offset: float
    command: str
    release: str
    databases: dict[str, Database]
    rings: dict[str, list[str]]
    with_keys: bool
    parts: tuple[Part, ...]

    def text(self) -> str:
        """As it is written."""
        told = asdict(self) | {"format": FORMAT, "taken_at": self.taken_at.isoformat()}
        return json.dumps(told, indent=1, sort_keys=True) + "\n"

    @property
    def business_time(self) -> datetime:
        """`taken_at` by the business clock."""
        return self.taken_at + timedelta(seconds=self.clock_offset)

    @property
    def bound_to(self) -> bytes:
        """What the keys are bound to: every other part."""
        return bound_to(self.parts)


def bound_to(parts: tuple[Part, ...]) -> bytes:
    """The parts' names and hashes, but for the keys' own."""
    return "\n".join(f"{part.sha256} {part.name}" for part in parts if part.name.endswith((".dump", ".tar"))).encode()


def read(folder: Path) -> Manifest:
    """The manifest of a complete backup. Raises Damaged."""
    try:
        text = (folder / NAME).read_bytes()
        said = (folder / OWN_HASH).read_text("ascii").split()[0]
    except (OSError, IndexError, UnicodeDecodeError) as error:
        raise Damaged(f"{folder} is no complete backup: its {NAME} or {OWN_HASH} cannot be read ({error}).") from error
    if hashlib.sha256(text).hexdigest() != said:
        raise Damaged(f"{NAME} was changed since it was written. Take another backup.")
    return _parsed(json.loads(text))


def _parsed(told: Mapping[str, Any]) -> Manifest:
    if told["format"] != FORMAT:
        raise Damaged(
            f"This backup has format {told['format']}, this release reads {FORMAT}: use the release it names."
        )
    return Manifest(
        taken_at=datetime.fromisoformat(told["taken_at"]),
        clock_offset=told["clock_offset"],
        command=told["command"],
        release=told["release"],
        databases={name: Database(**one) for name, one in told["databases"].items()},
        rings=told["rings"],
        with_keys=told["with_keys"],
        parts=tuple(Part(**one) for one in told["parts"]),
    )


def check(folder: Path, manifest: Manifest) -> None:
    """Reads every part. Raises Damaged with the names of those that are missing or changed."""
    wrong = [f"{part.name} ({fault})" for part in manifest.parts if (fault := _fault(folder / part.name, part))]
    if wrong:
        raise Damaged(f"Damaged: {', '.join(wrong)}. Nothing was restored. Take another backup.")


def _fault(file: Path, part: Part) -> str | None:
    try:
        if file.stat().st_size != part.size:
            return f"{file.stat().st_size} bytes, not {part.size}"
        return None if hash_of(file) == part.sha256 else "its bytes were changed"
    except OSError as error:
        return error.strerror or type(error).__name__


def hash_of(file: Path) -> str:
    """The SHA-256 of a file."""
    digest = hashlib.sha256()
    with file.open("rb") as content:
        while block := content.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()
