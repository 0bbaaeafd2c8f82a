"""intake: pages of administrators and of whoever reads figures. Who they are for is what the API says of the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from tests.access.calls import OBJECT, SCOPE, Call, Make, Table, World, only, route
from tests.access.people import ROHANA
from tests.support.tokens import BUKIT_SANGKAL


def _page(make: Make) -> Make:
    return lambda world: replace(make(world), page=True)


def _report(world: World) -> Call:
    """When the promises of both offices are past."""
    world.service.clock.at = max(world.service.clock.at, datetime(2026, 8, 28, 2, 0, tzinfo=UTC))
    late = {person: (case["tracking_code"],) for person, case in world.kept["late"].items()}
    return Call({"month": "2026-08"}, marks=late, page=True)


def _report_of_office(world: World) -> Call:
    mark = {ROHANA: (world.kept["late"][ROHANA]["tracking_code"],)}
    return replace(_report(world), query=f"?kelurahan={BUKIT_SANGKAL}", names=(BUKIT_SANGKAL,), marks=mark)


def _this_month(_world: World) -> Call:
    return Call(page=True)


TABLE: Table = {
    "GET /intake/laporan": route(SCOPE, _this_month),
    "GET /intake/laporan/<month>": route(
        OBJECT, _report_of_office, only(_report, "officer", "lurah", "administrator", kind=SCOPE)
    ),
}  # fmt: skip
