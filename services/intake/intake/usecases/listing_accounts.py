"""Who works here and which machines may ask, as administrators see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from intake.deps import Deps
from intake.domain.accounts import MACHINE, STAFF, Account
from intake.store import accounts
from kit.db import Tx
from kit.paging import page, position


def staff(deps: Deps, tx: Tx, query: dict[str, Any]) -> dict[str, Any]:
    """A page of the people. Raises Unprocessable for a cursor that is none."""
    shown = _page(deps, tx, STAFF, query)
    return shown | {"items": [person(account) for account in shown["items"]]}


def machines(deps: Deps, tx: Tx, query: dict[str, Any]) -> dict[str, Any]:
    """A page of the machines, with their keys that count. Raises Unprocessable for a cursor that is none."""
    shown = _page(deps, tx, MACHINE, query)
    return shown | {"items": _machines(tx, shown["items"])}


def person(account: Account, **more: Any) -> dict[str, Any]:
    """One of the people."""
    person = account.person
    return asdict(account) | {
        "name": person["name"], "username": person["username"], "phone": person.get("phone")
    } | more  # fmt: skip


def machine(tx: Tx, account: Account, **more: Any) -> dict[str, Any]:
    """One of the machines."""
    return _machines(tx, [account])[0] | more


def _page(deps: Deps, tx: Tx, kind: str, query: dict[str, Any]) -> dict[str, Any]:
    after = position(query["cursor"], UUID)
    found = accounts.listed(tx, deps.data_keys, kind, after[0] if after else None, query["limit"])
    return page(found, query["limit"], lambda account: (account.id,))


def _machines(tx: Tx, found: Sequence[Account]) -> list[dict[str, Any]]:
    keys = accounts.keys_of(tx, [account.id for account in found])
    return [
        asdict(account)
        | {
            "name": account.person["name"],
            "scopes": account.roles,
            "keys": [key for key in keys if key["account_id"] == account.id],
        }
        for account in found
    ]
