"""What is kept of a complaint goes when its time is over, or its person wants it, by the same way as a case."""

from __future__ import annotations

from uuid import UUID

from contracts.erasing import ErasedCase, hold
from contracts.retention import kept_for
from intake.deps import Deps
from intake.domain.complaints.states import CLOSED
from intake.store import complaints as store
from intake.store import erasures
from kit.db import Tx


def forget(deps: Deps, tx: Tx, complaint_id: UUID) -> dict[str, int]:
    """Its part of an erasure, once its photos are gone; nothing for what is no complaint."""
    return store.forget(tx, complaint_id, deps.clock.now())


def is_one(tx: Tx, subject_id: UUID) -> bool:
    """Whether what is to be erased is a complaint."""
    return store.exists(tx, subject_id)


def over(deps: Deps, tx: Tx, kelurahan: str, office: dict[str, object], limit: int) -> list[dict[str, object]]:
    """{id} of closed ones whose time is over."""
    return store.over(tx, kelurahan, deps.clock.now() - kept_for(office, "complaint"), limit)


def to_erase(deps: Deps, tx: Tx, kelurahan: str, complaint_id: UUID, why: str = "retention") -> ErasedCase | None:
    """The erasure to begin, held against whoever handles its news; None when that was asked for meanwhile, or it is
    open again."""
    hold(tx, complaint_id, None)
    found = store.lock(tx, deps.data_keys, complaint_id)
    if found is None or found.erased_at is not None or found.state.status != CLOSED:
        return None
    if erasures.get(tx, complaint_id) is not None:
        return None
    return ErasedCase(complaint_id, None, kelurahan, why)


def closed_of(tx: Tx, kelurahan: str, owner: str) -> list[UUID]:
    """Closed ones that a login filed, which gives its account up."""
    return store.closed_of(tx, kelurahan, owner)


def part_with(tx: Tx, kelurahan: str, owner: str) -> None:
    """What it filed is nobody's login's any more; open ones are gone on with by ticket and secret."""
    store.part_with(tx, kelurahan, owner)
