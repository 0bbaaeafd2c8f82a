"""The made-up neighbourhoods and heads that a system for trying out begins with."""

from __future__ import annotations

import json
from datetime import date
from importlib import resources
from typing import Any

from kit.db import Tx
from kit.ids import new_id
from verification.deps import Deps
from verification.domain.heads import Officeholder, decider
from verification.store import heads as store
from verification.usecases.heads import follow
from verification.usecases.telling import tell_holder, tell_neighbourhood, today

SHIPPED = "16.71.10.1001"


def read_sample(kelurahan: str = SHIPPED) -> dict[str, Any]:
    """The shipped table of a kelurahan."""
    text = resources.files("verification.sample").joinpath(f"{kelurahan}.json").read_text("utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def load_sample(deps: Deps, kelurahan: str = SHIPPED) -> None:
    """Enters what is not there yet: loading twice is loading once."""
    sample = read_sample(kelurahan)
    with deps.db.transaction(kelurahan) as tx:
        tx.execute("SELECT pg_advisory_xact_lock(hashtext('sample neighbourhoods'))")
        _enter_holders(deps, tx, kelurahan, sample["officeholders"])
        _enter_places(deps, tx, kelurahan, sample["neighbourhoods"])
        follow(deps, tx, kelurahan, store.locked_neighbourhoods(tx, kelurahan))


def _enter_places(deps: Deps, tx: Tx, kelurahan: str, places: list[dict[str, Any]]) -> None:
    holders = store.holders_of(tx, deps.data_keys, kelurahan, sorted({place["rw"] for place in places}))
    day = today(deps, tx, kelurahan)
    for place in places:
        headed = decider(holders, place["rw"], place["rt"], day) is not None
        added = store.add_neighbourhood(tx, kelurahan, place["rw"], place["rt"], headed=headed, made_up=True)
        if added is not None:
            tell_neighbourhood(deps, tx, added)


def _enter_holders(deps: Deps, tx: Tx, kelurahan: str, officeholders: list[dict[str, Any]]) -> None:
    rws = sorted({given["rw"] for given in officeholders})
    there = {(one.role, one.rw, one.rt) for one in store.holders_of(tx, deps.data_keys, kelurahan, rws)}
    for given in officeholders:
        if (given["role"], given["rw"], given["rt"]) in there:
            continue
        began = date.fromisoformat(given["from_date"])
        holder = Officeholder(
            new_id(),
            kelurahan,
            given["role"],
            given["rw"],
            given["rt"],
            began,
            None,
            given["name"],
            given["phone"],
            True,
        )
        store.add_holder(tx, deps.data_keys, holder)
        tell_holder(deps, tx, holder)
