"""Who read or changed what of which case: what the audits of the other services tell intake, where the person whose
case it is can read it. One list, since a person asks who saw his data and not which program kept them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from marshmallow import fields, validate

from contracts.fields import EventData, identifier, kelurahan_code, moment, optional_text, required_text

MOST = 500
CASE_IN_HAND = "case"
"""The purpose of whoever looked at one case."""


class Access(EventData):
    """The same reader, the same thing, within an hour."""

    application_id = identifier()
    reader = required_text()
    roles = fields.List(fields.String(), required=True)
    did = required_text(validate=validate.OneOf(("read", "changed")))
    kind = required_text()
    object = optional_text()
    purpose = required_text()
    times = fields.Integer(required=True)
    first_at = moment()
    last_at = moment()


class AccessRecorded(EventData):
    """Rows of the audit that were sealed together, of one office, summed up."""

    kelurahan = kelurahan_code()
    items = fields.List(fields.Nested(Access), required=True)


def summed(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of the audit as accesses to cases: the same reader and thing within an hour are one. In a fixed order, so
    that two who keep them at once do not wait for each other in a circle."""
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in rows:
        for case_id in row["about"]:
            one = _access(row, case_id)
            if one is None:
                continue
            key = _key(one)
            known = found.get(key)
            found[key] = one if known is None else _together(known, one)
    return [found[key] for key in sorted(found)]


def hour_of(at: datetime) -> datetime:
    """The hour in which accesses are counted together."""
    return at.replace(minute=0, second=0, microsecond=0)


def is_kelurahan(tenant: str) -> bool:
    """Whether rows of this office can be told: some are about no office at all."""
    return re.fullmatch(r"\d\d\.\d\d\.\d\d\.\d{4}", tenant) is not None


def _access(row: dict[str, Any], case_id: str) -> dict[str, Any] | None:
    """None for what is about somebody else than the person of a case (an RT head, a helper)."""
    try:
        application_id = UUID(case_id)
    except ValueError:
        return None
    purpose = row["purpose"] or CASE_IN_HAND
    return {
        "application_id": application_id,
        "reader": row["caller"],
        "roles": sorted(row["roles"]),
        "did": row["details"].get("did", "changed"),
        "kind": row["kind"],
        "object": row["object"],
        "purpose": CASE_IN_HAND if purpose == case_id else purpose,
        "times": 1,
        "first_at": row["at"],
        "last_at": row["at"],
    }


def _key(one: dict[str, Any]) -> tuple[str, ...]:
    named = ("application_id", "reader", "did", "kind", "object", "purpose")
    return (*(str(one[name] or "") for name in named), ",".join(one["roles"]), hour_of(one["first_at"]).isoformat())


def _together(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    return one | {
        "times": one["times"] + other["times"],
        "first_at": min(one["first_at"], other["first_at"]),
        "last_at": max(one["last_at"], other["last_at"]),
    }
