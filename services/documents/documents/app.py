"""The documents service: its parts in one table."""

from __future__ import annotations

from uuid import UUID

from contracts import accesses, subscriptions
from contracts.pages import MENU
from contracts.telling import read
from documents import offline, pages
from documents.api import BLUEPRINTS
from documents.consumers import HANDLERS
from documents.deps import Deps, build
from documents.holdings import HOLDINGS
from documents.jobs import JOBS, TIMERS
from documents.render.kinds import KINDS
from documents.rendering import template_version
from documents.settings import Settings
from documents.store import handovers, letters
from documents.usecases import drafting, leaflets
from documents.usecases.telling import tell_handover
from kit.batches import each_batch
from kit.db import EVERY_TENANT, Tx
from kit.service import Service


def after_migrate(deps: Deps) -> None:
    """Drafts whose layout changed with this release are drawn up again, before the lurah can decide on them; leaflets
    are made anew where they look different."""
    versions = [(kind, template_version(kind)) for kind in KINDS]
    with deps.db.transaction(EVERY_TENANT) as tx:
        for row in letters.outdated(tx, versions):
            drafting.redraft_one(deps, tx, row["application_id"], row["id"])
        leaflets.ask_all(tx)


def republish(deps: Deps) -> int:
    """Tells the state of every hand-over again. Letters and production are facts: told once, never again."""

    def tell_handovers(tx: Tx, after: UUID | None) -> list[UUID]:
        batch = handovers.lock_batch(tx, deps.data_keys, after)
        for handover in batch:
            tell_handover(deps, tx, handover)
        return [handover.id for handover in batch]

    return each_batch(deps.db, tell_handovers)


SERVICE = Service(
    name="documents",
    title="Pengantar: documents",
    description="Letters and forms, their numbers and registers, the public check, the hand-over.",
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
    commands={"check-letter": offline.main},
)
