"""The offices, to choose one from."""

from __future__ import annotations

from intake.store import offices as store
from kit.answers import deps
from kit.db import EVERY_TENANT


def office_choices() -> list[tuple[str, str]]:
    """(code, name), by name."""
    with deps().db.transaction(EVERY_TENANT) as tx:
        found = store.names(tx)
    return sorted(((one["code"], one["name"]) for one in found), key=lambda one: one[1])
