"""The person can read who touched his data: out of this service's audit, and what the others tell of theirs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from contracts.access import hour_of, summed
from intake.deps import Deps
from intake.domain.accesses import role_of
from intake.domain.case import Application
from intake.store import accesses as store
from intake.usecases.offices import office
from kit.db import EVERY_TENANT, Row, Tx


def audited(_deps: Deps, tx: Tx, rows: list[Row]) -> None:
    """Rows of intake's own audit, in the transaction that sealed them."""
    keep(tx, rows[0]["tenant"], "intake", summed(rows))


def keep(tx: Tx, reader_office: str, service: str, items: Iterable[Row]) -> None:
    """Counts accesses to cases. Readers may be of another office than the case (a camat), hence the whole of them."""
    tenant = tx.tenant
    tx.use_tenant(EVERY_TENANT)
    items = list(items)
    held = store.held(tx, [item["application_id"] for item in items])
    rows: dict[tuple[Any, ...], Row] = {}
    for item in items:
        found = held.get(item["application_id"])
        role = role_of(item["reader"], item["roles"], found) if found else None
        if found is None or role is None:
            continue
        one = {name: value for name, value in item.items() if name != "roles"} | {
            "kelurahan": found.kelurahan, "service": service, "role": role, "office": reader_office,
            "object": item["object"] or "", "hour": hour_of(item["first_at"]),
        }  # fmt: skip
        key = tuple(one[name] for name in one if name not in ("times", "first_at", "last_at"))
        rows[key] = _together(rows[key], one) if key in rows else one
    store.keep(tx, list(rows.values()))
    tx.use_tenant(tenant)


def _together(one: Row, other: Row) -> Row:
    return one | {
        "times": one["times"] + other["times"],
        "first_at": min(one["first_at"], other["first_at"]),
        "last_at": max(one["last_at"], other["last_at"]),
    }


def shown(deps: Deps, tx: Tx, app: Application, rows: list[Row]) -> list[dict[str, Any]]:
    """Accesses in office time: readers by role and office, by name only where the office publishes it (its lurah)."""
    found = office(deps, tx, app.kelurahan, app.office_version)
    lurah = [one["name"] for one in found.data["officials"] if one["role"] == "lurah"]
    return [
        {
            "first_at": row["first_at"].astimezone(found.zone),
            "last_at": row["last_at"].astimezone(found.zone),
            "times": row["times"],
            "by": row["role"],
            "office": found.data["name"] if row["office"] == app.kelurahan else row["office"],
            "name": lurah[0] if lurah and (row["role"], row["office"]) == ("lurah", app.kelurahan) else None,
            "did": row["did"],
            "kind": row["kind"],
            "object": row["object"] or None,
            "purpose": row["purpose"],
            "service": row["service"],
        }
        for row in rows
    ]


def whose(_deps: Deps, tx: Tx, ids: list[str]) -> dict[str, dict[str, Any]]:
    """For the breach kit: whose these cases are, as ids and logins."""
    return {
        str(row["id"]): {name: value and str(value) for name, value in row.items() if name != "id"}
        for row in store.whose(tx, [UUID(one) for one in ids])
    }
