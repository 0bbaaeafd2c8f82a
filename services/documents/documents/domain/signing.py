"""How the letters of an office are signed, and by whose leave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from contracts.signing import METHODS, USUAL
from documents.domain.errors import Initials, MethodNotUsed
from documents.domain.letters import Letter

SECRET = frozenset({"certificate", "bsre"})
"""Methods for which the signer types a secret; it lives in the memory of that request only."""

TRIES = 5
"""Wrong passphrases before a certificate is locked for LOCKED minutes."""
LOCKED = 15


@dataclass(frozen=True)
class Certificate:
    """A signer's certificate as it is known without its passphrase."""

    id: UUID
    kelurahan: str
    account: str
    person_id: UUID
    sha256: str
    certified: bool
    issuer: str
    not_before: datetime
    not_after: datetime
    kept_at: datetime
    tries: int = 0
    locked_until: datetime | None = None


def methods_of(office: Mapping[str, Any]) -> tuple[str, ...]:
    """The ways that the office uses, its usual one first."""
    named = (office.get("signing") or {}).get("methods") or USUAL
    return tuple(method for method in named if method in METHODS)


def method_for(office: Mapping[str, Any], asked: str | None) -> str:
    """The way in which a letter is signed. Raises MethodNotUsed."""
    used = methods_of(office)
    method = asked or used[0]
    if method not in used:
        raise MethodNotUsed(used)
    return method


def check_initials(office: Mapping[str, Any], letter: Letter) -> None:
    """Where the office wants an officer's initials first, they are on the draft. Raises Initials."""
    if (office.get("signing") or {}).get("initials") and letter.initialled_by is None:
        raise Initials
