"""What a caller may see: a head is bound to his own RT or RW by what his token says."""

from __future__ import annotations

from typing import Any

from contracts.places import IdentityError, normalise_rt, normalise_rw
from kit.auth import Caller
from kit.db import Tx
from verification.domain.errors import NoNeighbourhood
from verification.domain.tasks import STATEMENT, Task
from verification.store import heads

OFFICE = ("officer",)


def place_of(caller: Caller) -> tuple[str, str | None]:
    """(RW, RT) of a head; no RT for the head of an RW. Raises NoNeighbourhood when the token has none."""
    try:
        rw = normalise_rw(_text(caller.claims.get("rw")))
        return rw, normalise_rt(_text(caller.claims.get("rt"))) if caller.has("rt_head") else None
    except IdentityError as error:
        raise NoNeighbourhood from error


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def own_rt(tx: Tx, caller: Caller) -> tuple[str, str]:
    """(RW, RT) of an RT head, registered here. Raises NoNeighbourhood."""
    rw, rt = place_of(caller)
    if rt is None or heads.neighbourhood(tx, caller.tenant, rw, rt) is None:
        raise NoNeighbourhood
    return rw, rt


def sees(caller: Caller, task: Task) -> bool:
    """The office sees all of its own, an RT head his RT's, an RW head his RW's; what a neighbour says only the
    office. Raises NoNeighbourhood."""
    if task.kelurahan != caller.tenant:
        return False
    return caller.has(*OFFICE) or (task.kind != STATEMENT and heads_there(caller, task))


def heads_there(caller: Caller, task: Task) -> bool:
    """Whether the caller heads the task's RT, or its RW. Raises NoNeighbourhood."""
    rw, rt = place_of(caller)
    return (task.kelurahan, task.rw) == (caller.tenant, rw) and rt in (task.rt, None)
