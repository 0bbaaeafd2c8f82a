"""All that notify seals, for the change of keys. A test compares it with the database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kit.db import Row
from kit.objects import ObjectStore
from kit.rotation import Holdings, IndexColumn, SealedColumn
from kit.spool import Spool
from notify.store.messages import address, said_to


def _phone(person: Any, _row: Row) -> list[str | None]:
    return [person.get("phone")]


def _user(person: Any, _row: Row) -> list[str | None]:
    return [person.get("user_id")]


def _content(person: Any, _row: Row) -> list[str | None]:
    text = person.get("text")
    return [said_to(address(person), text)] if text else []


def _pair(person: Any, _row: Row) -> list[str | None]:
    return [address(person) or None]


def _buckets(deps: Any) -> Sequence[tuple[ObjectStore, str, Spool]]:
    return [(deps.objects, deps.settings.s3_bucket, deps.spool)]


HOLDINGS = Holdings(
    columns=(
        SealedColumn("people", "sealed", "person:{id}"),
        SealedColumn("webhook", "sealed", "webhook:{id}"),
        SealedColumn("subscription", "sealed", "subscription:{id}"),
    ),
    indexes=(
        IndexColumn("people", "phone_index", "phone", _phone, join="", sealed="t.sealed", bound="'person:' || t.id"),
        IndexColumn("message", "content", "content", _content),
        IndexColumn("message", "pair", "pair", _pair),
        IndexColumn("contact", "phone_index", "phone", _phone),
        IndexColumn("contact", "user_index", "user", _user),
    ),
    buckets=_buckets,
)
