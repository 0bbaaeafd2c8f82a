"""The tables of the four services, and what makes the world that they are about."""

from __future__ import annotations

from collections.abc import Callable

from tests.access import documents_routes, intake_routes, notify_routes, verification_routes
from tests.access.calls import Table, World
from tests.support.services import InProcess

TABLES: dict[str, Table] = {
    "intake": intake_routes.TABLE,
    "verification": verification_routes.TABLE,
    "documents": documents_routes.TABLE,
    "notify": notify_routes.TABLE,
}
WORLDS: dict[str, Callable[[InProcess], World]] = {
    "intake": intake_routes.world,
    "verification": verification_routes.world,
    "documents": documents_routes.world,
    "notify": notify_routes.world,
}
