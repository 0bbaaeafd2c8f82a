"""Identifiers: UUIDv7, so that rows made together lie together."""

from __future__ import annotations

from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    return uuid7()
