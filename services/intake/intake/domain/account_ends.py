"""How an access ends for good: what a backup from before would give back, and a restore takes away again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

LEFT, CLOSED, INVITED, ROLES, KEY = KINDS = ("left", "closed", "invited", "roles", "key")
"""A person gave his account up; an account of staff or a machine was closed; somebody was invited again, so that his
former password and phone count no more; roles were taken away; a machine's key was ended."""


@dataclass(frozen=True)
class AccountEnd:
    """`id` is the end's own, of a key the key's; `roles` those that were taken away, and are not back."""

    id: UUID
    kelurahan: str
    kind: str
    account_id: UUID
    roles: tuple[str, ...]
    at: datetime
