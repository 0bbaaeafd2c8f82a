"""Signed permission to read one file of one case without a login: for the RT head who has to judge it.

A grant names file, case, RT and the round of asking, and is signed with a key of intake's own. It holds while the RT
head's question is open; intake decides that from the case's state at each reading.
"""

from __future__ import annotations

import base64
import hmac
from typing import Protocol
from uuid import UUID


class Signer(Protocol):
    """Something that fingerprints text with a key."""

    def blind_index(self, value: str, context: str) -> bytes: ...


def make_grant(keys: Signer, file_id: UUID, application_id: UUID, rw: str, rt: str, asked: int) -> str:
    """The grant's text; it is the signature alone, since its reader names file and case in the address."""
    signature = keys.blind_index(f"{file_id}:{application_id}:{rw}:{rt}:{asked}", "grant")
    return base64.urlsafe_b64encode(signature).decode().rstrip("=")


def grant_holds(keys: Signer, grant: str, file_id: UUID, application_id: UUID, rw: str, rt: str, asked: int) -> bool:
    """Whether this is our signature on just these five."""
    return hmac.compare_digest(grant.encode(), make_grant(keys, file_id, application_id, rw, rt, asked).encode())
