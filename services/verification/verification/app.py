"""The verification service: its parts in one table."""

from __future__ import annotations

from contracts import subscriptions
from contracts.telling import read
from kit.db import Tx
from kit.service import Service
from verification.api import BLUEPRINTS
from verification.consumers import HANDLERS
from verification.deps import Deps, build
from verification.jobs import JOBS, TIMERS
from verification.sample import load_sample
from verification.settings import Settings
from verification.store import heads, tasks
from verification.usecases.telling import tell_holder, tell_neighbourhood, tell_task


def after_migrate(deps: Deps) -> None:
    """Made-up neighbourhoods and heads, where they are wanted."""
    if deps.settings.sample_data:
        load_sample(deps)


def republish(deps: Deps, tx: Tx) -> int:
    """Tells neighbourhoods, officeholders and tasks again. What was decided are facts: told once, never again."""
    places, holders = heads.every_neighbourhood(tx), heads.every_holder(tx, deps.data_keys)
    for place in places:
        tell_neighbourhood(deps, tx, place)
    for holder in holders:
        tell_holder(deps, tx, holder)
    count, last = len(places) + len(holders), None
    while batch := tasks.every(tx, after=last):
        for task in batch:
            tell_task(deps, tx, task)
        count, last = count + len(batch), batch[-1].id
    return count


SERVICE = Service(
    name="verification",
    title="Pengantar: verification",
    description="Neighbourhoods, who heads them, and what these attest: introductions and documents.",
    settings=Settings,
    build=build,
    blueprints=BLUEPRINTS,
    handlers=HANDLERS,
    read_event=read,
    subscriptions=subscriptions(),
    jobs=JOBS,
    timers=TIMERS,
    after_migrate=after_migrate,
    republish=republish,
)
