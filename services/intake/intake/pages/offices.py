"""The offices, to choose one from; and all places where staff work."""

from __future__ import annotations

from typing import Any

from flask import Response

from intake.store import offices as store
from intake.usecases.offices import place_name
from kit.answers import deps
from kit.auth import caller
from kit.db import EVERY_TENANT
from kit.pages import page


def own_page(template: str, **values: Any) -> Response:
    """A page for whoever works here, with the name of the place in its head."""
    return page(template, office=place_name(deps(), caller().tenant), **values)


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
