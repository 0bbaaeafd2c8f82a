"""Vulnerabilities that somebody looked at and found to be none of ours: accepted.toml, each with a reason and a day."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from deploy.audit.registry import Vulnerability

FILE = Path(__file__).with_name("accepted.toml")


class NotReviewed(SystemExit):
    """The file says too little."""


@dataclass(frozen=True)
class Accepted:
    """One entry: of which package, why it does not concern us, who may rely on it until when."""

    id: str
    package: str
    reason: str
    until: date


def accepted(file: Path = FILE) -> list[Accepted]:
    """The entries. Raises NotReviewed."""
    entries = tomllib.loads(file.read_text("utf-8")).get("accepted", [])
    try:
        found = [Accepted(**entry) for entry in entries]
    except TypeError as error:
        raise NotReviewed(f"{file.name}: each entry has id, package, reason and until ({error})") from error
    for one in found:
        if type(one.until) is not date or len(one.reason) < 20:
            raise NotReviewed(f"{file.name}: {one.id} needs a date in `until` and a reason that can be followed")
    return found


def unaccepted(found: Iterable[Vulnerability], entries: list[Accepted], today: date) -> list[Vulnerability]:
    """Those that no entry covers today."""
    valid = {(one.package, one.id) for one in entries if one.until >= today}
    return [one for one in found if not any((one.release.name, name) in valid for name in one.names)]


def idle(found: Iterable[Vulnerability], entries: list[Accepted]) -> list[Accepted]:
    """Entries that cover nothing any more."""
    named = {(one.release.name, name) for one in found for name in one.names}
    return [one for one in entries if (one.package, one.id) not in named]
