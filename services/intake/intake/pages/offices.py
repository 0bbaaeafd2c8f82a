"""The offices, to choose one from; and all places where staff work."""

from __future__ import annotations

from intake.store import offices as store
from kit.answers import deps
from kit.db import EVERY_TENANT


def office_choices() -> list[tuple[str, str]]:
    """(code, name), by name."""
    with deps().db.transaction(EVERY_TENANT) as tx:
        found = store.names(tx)
    return sorted(((one["code"], one["name"]) for one in found), key=lambda one: one[1])


def places_of_staff() -> list[tuple[str, str]]:
    """(code, name) of the offices, then of the kecamatan and cities above them: staff work in all of these."""
    with deps().db.transaction(EVERY_TENANT) as tx:
        found = store.names(tx)
    kelurahan = sorted(((one["code"], f"Kelurahan {one['name']}") for one in found), key=lambda one: one[1])
    kecamatan = {one["code"][:8]: f"Kecamatan {one['kecamatan']}, {one['kota']}" for one in found}
    cities = {one["code"][:5]: one["kota"] for one in found}
    return [*kelurahan, *kecamatan.items(), *cities.items()]
