"""All that verification seals, for the change of keys. A test compares it with the database."""

from __future__ import annotations

from typing import Any

from kit.db import Row
from kit.rotation import Holdings, IndexColumn, SealedColumn


def _phone(person: Any, _row: Row) -> list[str | None]:
    return [person.get("phone")]


def _code(code: Any, _row: Row) -> list[str | None]:
    return [code]


HOLDINGS = Holdings(
    columns=(
        SealedColumn("people", "sealed", "person:{id}"),
        SealedColumn("enrolment", "sealed", "enrolment:{id}"),
        SealedColumn("conversation", "sealed", "conversation:{contact_id}", ids=("contact_id",)),
        SealedColumn("task", "decision_print", "decision:{id}"),
        SealedColumn("task", "granted_print", "decision:{id}"),
    ),
    indexes=(
        IndexColumn("people", "phone_index", "phone", _phone, join="", sealed="t.sealed", bound="'person:' || t.id"),
        IndexColumn(
            "enrolment", "code_index", "enrolment", _code, join="", sealed="t.sealed", bound="'enrolment:' || t.id"
        ),
        # A link that went to a number which is not the holder's any more opens nothing, whatever its index.
        IndexColumn(
            "link", "phone_index", "phone", _phone, ids=("token_hash",),
            join="JOIN officeholder o ON o.id = t.officeholder_id JOIN people p ON p.id = o.person_id",
        ),
    ),
)  # fmt: skip
