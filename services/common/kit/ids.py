"""Identifiers: UUIDv7, so that rows made together lie together."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from uuid_utils.compat import uuid7


def new_id(at: datetime | None = None) -> UUID:
    """`at`: the second that it is to be of, where the one in which it is made shall not be read from it."""
    return uuid7() if at is None else uuid7(nanoseconds=int(at.timestamp()) * 1_000_000_000)
