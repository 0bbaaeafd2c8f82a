"""All that intake seals, for the change of keys. A test compares it with the database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from intake.store.helpers import PURPOSE
from kit.db import Row
from kit.objects import ObjectStore
from kit.rotation import Holdings, IndexColumn, SealedColumn
from kit.spool import Spool


def _nik(person: Any, _row: Row) -> list[str | None]:
    return [(person.get("applicant") or {}).get("nik")]


def _contact(person: Any, _row: Row) -> list[str | None]:
    return [(person.get("contact") or {}).get("phone")]


def _helper(person: Any, row: Row) -> list[str | None]:
    """He is counted by his phone at the counter, else by his login, which stands in the cases that he opened."""
    return [f"phone:{person.get('phone')}", *(f"login:{owner}" for owner in row["owners"] or ())]


def _buckets(deps: Any) -> Sequence[tuple[ObjectStore, str, Spool]]:
    return [(deps.objects, deps.settings.s3_bucket, deps.spool)]


HOLDINGS = Holdings(
    columns=(
        SealedColumn("people", "sealed", "person:{id}"),
        SealedColumn("consent_code", "code_hash", "consent:{purpose}", ("application_id", "purpose")),
        SealedColumn("complaint", "secret_hash", "complaint:{id}"),
        SealedColumn("complaint_entry", "words", "complaint:{complaint_id}:{number}", ("complaint_id", "number")),
    ),
    indexes=(
        IndexColumn("people", "nik_index", "nik", _nik, join="", sealed="t.sealed", bound="'person:' || t.id"),
        IndexColumn("application", "nik_index", "nik", _nik),
        IndexColumn("application", "phone_index", "phone", _contact),
        IndexColumn(
            "helper", "key", PURPOSE, _helper,
            more="(SELECT array_agg(DISTINCT a.owner) FROM application a WHERE a.helper_id = t.id) AS owners",
        ),
    ),
    buckets=_buckets,
)  # fmt: skip
