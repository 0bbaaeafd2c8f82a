"""The verification service: its parts in one table."""

from __future__ import annotations

from uuid import UUID

from contracts import accesses, sandbox, subscriptions
from contracts.pages import MENU
from contracts.telling import read
from kit.batches import each_batch
from kit.db import EVERY_TENANT, Tx
from kit.service import Service
from verification import pages, withdraw
from verification.api import BLUEPRINTS
from verification.consumers import HANDLERS
from verification.deps import Deps, build
from verification.holdings import HOLDINGS
from verification.jobs import JOBS, TIMERS
from verification.sample import load_sample
from verification.settings import Settings
from verification.store import heads, tasks
from verification.usecases.telling import tell_holder, tell_neighbourhood, tell_task


def after_migrate(deps: Deps) -> None:
    """Made-up neighbourhoods and heads, where they are wanted."""
    if deps.settings.sample_data:
        load_sample(deps)
    if deps.settings.sandbox:
        load_sample(deps, sandbox.CODE)


def republish(deps: Deps) -> int:
    """Tells neighbourhoods, officeholders and tasks again. What was decided are facts: told once, never again."""
    with deps.db.transaction(EVERY_TENANT) as tx:
        places, holders = heads.every_neighbourhood(tx), heads.every_holder(tx, deps.data_keys)
        for place in places:
            tell_neighbourhood(deps, tx, place)
        for holder in holders:
            tell_holder(deps, tx, holder)

    def tell_tasks(tx: Tx, after: UUID | None) -> list[UUID]:
        batch = tasks.lock_batch(tx, after=after)
        for task in batch:
            tell_task(deps, tx, task)
        return [task.id for task in batch]

    return len(places) + len(holders) + each_batch(deps.db, tell_tasks)


SERVICE = Service(
    name="verification",
    title="Pengantar: verification",
    description="Neighbourhoods, who heads them, and what these attest: introductions and documents.",
    settings=Settings,
    build=build,
    blueprints=BLUEPRINTS,
    pages=pages.BLUEPRINTS,
    menu=MENU,
    handlers=HANDLERS,
    read_event=read,
    subscriptions=subscriptions(),
    holdings=HOLDINGS,
    audited=accesses.told_by("access.recorded"),
    jobs=JOBS,
    timers=TIMERS,
    after_migrate=after_migrate,
    republish=republish,
    commands={
        "links": withdraw.list_main,
        "withdraw-link": withdraw.link_main,
        "withdraw-task": withdraw.task_main,
    },
)
