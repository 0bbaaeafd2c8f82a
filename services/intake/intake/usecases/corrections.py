"""A person says what is wrong and only an officer can correct; he sees by when it is answered, and how."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from intake.deps import Deps
from intake.domain import requests as rules
from intake.domain.case import Actor, Application
from intake.domain.errors import NotYours
from intake.store import corrections as store
from intake.store import timeline
from intake.usecases.offices import office
from intake.usecases.records import check_himself
from kit.db import Row, Tx
from kit.ids import new_id


def ask(deps: Deps, tx: Tx, app: Application, actor: Actor, words: str) -> dict[str, Any]:
    """The same words again, while they wait, are the same request. The case is locked. Raises OnlyHimself,
    TooManyOpen."""
    check_himself(actor)
    waiting = [row for row in store.of_case(tx, deps.data_keys, app.id) if row["state"] == rules.ASKED]
    for row in waiting:
        if row["words"] == words:
            return _shown(deps, tx, app, row)
    if len(waiting) >= rules.MOST_OPEN:
        raise rules.TooManyOpen
    now = deps.clock.now()
    made = {
        "id": new_id(), "kelurahan": app.kelurahan, "application_id": app.id, "state": rules.ASKED,
        "requested_at": now, "due_at": now + rules.WITHIN, "answered_at": None,
    }  # fmt: skip
    store.add(tx, deps.data_keys, made, {"words": words})
    timeline.add(tx, app, now, "correction_asked", actor)
    return _shown(deps, tx, app, made | {"words": words, "note": None})


def every(deps: Deps, tx: Tx, app: Application, actor: Actor) -> dict[str, Any]:
    """All of the case, oldest first. Raises OnlyHimself."""
    check_himself(actor)
    rows = store.of_case(tx, deps.data_keys, app.id)
    return {"application_id": app.id, "items": [_shown(deps, tx, app, row) for row in rows]}


def answer(
    deps: Deps, tx: Tx, app: Application, actor: Actor, correction_id: UUID, said: dict[str, Any]
) -> dict[str, Any]:
    """An officer has corrected it, or says why not. The same again changes nothing. The case is locked. Raises
    NotYours, AlreadyAnswered."""
    row = store.lock(tx, deps.data_keys, app.id, correction_id)
    if row is None:
        raise NotYours(correction_id)
    if row["state"] != rules.ASKED:
        if (row["state"], row["note"]) != (said["outcome"], said["note"]):
            raise rules.AlreadyAnswered
        return _shown(deps, tx, app, row)
    now = deps.clock.now()
    row |= {"state": said["outcome"], "note": said["note"], "answered_at": now}
    store.answer(tx, deps.data_keys, row)
    timeline.add(tx, app, now, f"correction_{said['outcome']}", actor)
    return _shown(deps, tx, app, row)


def _shown(deps: Deps, tx: Tx, app: Application, row: Row) -> dict[str, Any]:
    zone = office(deps, tx, app.kelurahan, app.office_version).zone
    late = row["state"] == rules.ASKED and row["due_at"] <= deps.clock.now()
    times = {name: row[name] for name in ("requested_at", "due_at", "answered_at")}
    return {
        "correction_id": row["id"], "application_id": app.id, "state": row["state"], "late": late,
        "words": row["words"], "note": row["note"],
    } | {name: at.astimezone(zone) if at else None for name, at in times.items()}  # fmt: skip
