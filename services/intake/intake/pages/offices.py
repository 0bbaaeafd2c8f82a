"""The offices, to choose one from; and all places where staff work."""

from __future__ import annotations

from typing import Any

from flask import Response

from contracts.sandbox import is_sandbox
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
    """(code, name), by name, of those in which people live."""
    with deps().db.transaction(EVERY_TENANT) as tx:
        found = [one for one in store.names(tx) if not is_sandbox(one["code"])]
    return sorted(((one["code"], one["name"]) for one in found), key=lambda one: one[1])


def places_of_staff() -> list[tuple[str, str]]:
    """(code, name) of the offices, then of the kecamatan and cities above them: staff work in all of these."""
    with deps().db.transaction(EVERY_TENANT) as tx:
        found = store.names(tx)
    kelurahan = sorted(((one["code"], f"Kelurahan {one['name']}") for one in found), key=lambda one: one[1])
    below = [one for one in found if not is_sandbox(one["code"])]
    kecamatan = {one["code"][:8]: f"Kecamatan {one['kecamatan']}, {one['kota']}" for one in below}
    cities = {one["code"][:5]: one["kota"] for one in below}
    return [*kelurahan, *kecamatan.items(), *cities.items()]
