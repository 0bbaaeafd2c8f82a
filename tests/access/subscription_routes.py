"""notify: subscriptions of other systems. Each is a machine's own, and its administrator's where it was made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from contracts import contract
from contracts.telling import read
from kit.db import EVERY_TENANT
from kit.ids import new_id
from notify.domain.feed import envelope
from notify.domain.pushing import EVENT, Item, Outcome
from notify.domain.signatures import new_secret
from notify.domain.subscriptions import ACTIVE, PAUSED, Subscription
from notify.store import deliveries, feed
from notify.store import subscriptions as store
from notify.usecases import feeding
from tests.access.calls import OBJECT, SCOPE, Call, Table, Target, World, only, route, sent_by_page
from tests.access.people import CAST, KECAMATAN
from tests.support.services import InProcess
from tests.support.tokens import BUKIT_SANGKAL

MACHINE = CAST["subscriptions.manage"].own
PLACES = {"administrator": BUKIT_SANGKAL, "area_administrator": KECAMATAN, "subscriptions.manage": MACHINE["tenant"]}
PAGES = "/notify/langganan"
_NOWHERE = "https://192.0.2.7/acara"
"""Judged by its number, and never asked."""
_NEW = "Percobaan"


def known(notify: InProcess) -> None:
    """One thing that happened, so that there is something to send again."""
    case = str(uuid4())
    data = contract("application.changed").example | {"application_id": case, "kelurahan": BUKIT_SANGKAL}
    event = notify.make_event("application.changed", data, subject=case, tenant=BUKIT_SANGKAL)
    with notify.deps.db.transaction(BUKIT_SANGKAL) as tx:
        feed.arrive(tx, event, envelope(read(notify.deps.event_keys, event)))
    feeding.give_positions(notify.deps)


def _subscription(world: World, tenant: str, state: str = PAUSED) -> Subscription:
    """One of the machine's, or of a machine at the same place; with an event that is held and a line in its log."""
    deps, now = world.service.deps, datetime.now(UTC)
    with deps.db.transaction(EVERY_TENANT) as tx:
        made = Subscription(
            new_id(), tenant, MACHINE["sub"], _NOWHERE, "Dasbor", ["*"], [tenant], [new_secret()], state,
            feed.newest(tx), now, now,
        )  # fmt: skip
        store.add(tx, deps.data_keys, made)
        item = Item(EVENT, new_id(), "application.changed", "case", {}, made.position)
        deliveries.hold(tx, made, [(item, None)])
        deliveries.log(tx, made, [(item, "failed", Outcome(now, 12, 500, "answer 500"))])
    return made


def _each(make: Callable[[World, str], Call]) -> list[Target]:
    """The same at each place, for whoever has it there."""

    def of(tenant: str) -> Callable[[World], Call]:
        return lambda world: make(world, tenant)

    return [only(of(tenant), role, apart=True) for role, tenant in PLACES.items()]


def _one(body: Mapping[str, Any] | None = None, query: str = "") -> list[Target]:
    return _each(lambda world, tenant: Call(_ids(world, tenant), query=query, json=body))


def _ids(world: World, tenant: str) -> dict[str, UUID]:
    return {"subscription_id": _subscription(world, tenant).id}


def _listed(*, page: bool = False) -> list[Target]:
    """A few, so that the last is on the first page."""

    def make(world: World, tenant: str) -> Call:
        world.service.rows(
            "DELETE FROM subscription WHERE kelurahan = %(at)s AND id NOT IN"
            " (SELECT id FROM subscription WHERE kelurahan = %(at)s ORDER BY id DESC LIMIT 30) RETURNING id",
            {"at": tenant},
        )
        made = _subscription(world, tenant)
        return Call(query="" if page else "?limit=100", private=(str(made.id),), page=page)

    return _each(make)


def _new(world: World, tenant: str) -> Call:
    """There is room for it."""
    world.service.rows("DELETE FROM subscription WHERE description = %s RETURNING id", [_NEW])
    world.service.rows("DELETE FROM subscription WHERE kelurahan = %s RETURNING id", [tenant])
    body = {"url": "https://acara.palembang.example/pengantar", "types": ["application.*"], "description": _NEW}
    return Call(json=body)


def _on_page(form: bool = False, state: str = PAUSED) -> list[Target]:
    def make(world: World, tenant: str) -> Call:
        made = _subscription(world, tenant, state)
        fields = sent_by_page({"versi": str(made.version)}) if form else {}
        return Call({"subscription_id": made.id}, page=True, **fields)

    return [target for target in _each(make) if target.roles != {"subscriptions.manage"}]


_PERIOD = {"since": "2020-01-01T00:00:00+00:00", "until": "2100-01-01T00:00:00+00:00"}

TABLE: Table = {
    "GET /v1/subscriptions": route(SCOPE, *_listed()),
    "POST /v1/subscriptions": route(SCOPE, *_each(_new)),
    "GET /v1/subscriptions/<uuid:subscription_id>": route(OBJECT, *_one()),
    "PATCH /v1/subscriptions/<uuid:subscription_id>": route(OBJECT, *_one({"description": "Dasbor kota"})),
    "DELETE /v1/subscriptions/<uuid:subscription_id>": route(OBJECT, *_one()),
    "POST /v1/subscriptions/<uuid:subscription_id>/secret": route(OBJECT, *_one({"overlap_hours": 1})),
    "POST /v1/subscriptions/<uuid:subscription_id>/test": route(OBJECT, *_one({})),
    "POST /v1/subscriptions/<uuid:subscription_id>/suspend": route(OBJECT, *_one({})),
    "POST /v1/subscriptions/<uuid:subscription_id>/resume": route(OBJECT, *_one({})),
    "POST /v1/subscriptions/<uuid:subscription_id>/replay": route(OBJECT, *_one(_PERIOD)),
    "GET /v1/subscriptions/<uuid:subscription_id>/deliveries": route(OBJECT, *_one(query="?outcome=failed")),
    f"GET {PAGES}": route(SCOPE, *[one for one in _listed(page=True) if one.roles != {"subscriptions.manage"}]),
    f"GET {PAGES}/<uuid:subscription_id>": route(OBJECT, *_on_page()),
    f"POST {PAGES}/<uuid:subscription_id>/uji": route(OBJECT, *_on_page(form=True)),
    f"POST {PAGES}/<uuid:subscription_id>/jalankan": route(OBJECT, *_on_page(form=True)),
    f"POST {PAGES}/<uuid:subscription_id>/hentikan": route(OBJECT, *_on_page(form=True, state=ACTIVE)),
}
