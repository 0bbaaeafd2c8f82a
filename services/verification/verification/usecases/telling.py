"""What verification tells others."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from contracts.telling import tell
from kit.db import Tx
from verification.deps import Deps
from verification.domain.dates import day_at
from verification.domain.heads import Neighbourhood, Officeholder
from verification.domain.statements import PRINTED, side_name, standing
from verification.domain.tasks import NO_ANSWER, Task, TaskFile
from verification.store import copies, people, tasks


def today(deps: Deps, tx: Tx, kelurahan: str) -> date:
    """The business date at the office."""
    return day_at(deps.clock.now(), copies.zone(tx, kelurahan))


def tell_neighbourhood(deps: Deps, tx: Tx, place: Neighbourhood) -> None:
    data = {
        "neighbourhood_id": place.id,
        "kelurahan": place.kelurahan,
        "rw": place.rw,
        "rt": place.rt,
        "headed": place.headed,
    }
    tell(
        tx, deps.event_keys, "neighbourhood.changed", subject=place.id, tenant=place.kelurahan,
        time=deps.clock.now(), data=data,
    )  # fmt: skip


def tell_holder(deps: Deps, tx: Tx, holder: Officeholder) -> None:
    data = {name: getattr(holder, name) for name in ("kelurahan", "rw", "rt", "role", "from_date", "to_date")}
    tell(
        tx, deps.event_keys, "officeholder.changed", subject=holder.id, tenant=holder.kelurahan,
        time=deps.clock.now(), data=data | {"officeholder_id": holder.id},
        person={"name": holder.name, "phone": holder.phone},
    )  # fmt: skip


def tell_task(deps: Deps, tx: Tx, task: Task) -> None:
    plain = (
        "application_id", "introduction_id", "kelurahan", "kind", "status", "opened_at", "closed_at", "outcome",
        "position",
    )  # fmt: skip
    data = {name: getattr(task, name) for name in plain} | {"unanswered": task.unanswered}
    tell(
        tx, deps.event_keys, "task.changed", subject=task.id, tenant=task.kelurahan, time=deps.clock.now(),
        data=data | {"task_id": task.id},
    )  # fmt: skip


def tell_granted(
    deps: Deps,
    tx: Tx,
    task: Task,
    holder: Officeholder,
    person: dict[str, Any],
    owner_agrees: bool | None,
    acknowledged_by: Officeholder | None,
) -> None:
    """The introduction is there: intake goes on, and documents writes the letter."""
    plain = (
        "introduction_id", "application_id", "kelurahan", "rw", "rt", "service", "purpose", "valid_until", "owner",
        "tracking_code", "acting_as",
    )  # fmt: skip
    data = {name: getattr(task, name) for name in plain} | {"owner_agrees": owner_agrees}
    tell(
        tx, deps.event_keys, "introduction.granted", subject=task.introduction_id, tenant=task.kelurahan,
        time=closed_at(task), data=data | {"granted_at": task.closed_at, "officeholder_id": holder.id},
        person=person | {"rt_head": {"name": holder.name}} | _acknowledged(task, acknowledged_by),
    )  # fmt: skip


def _acknowledged(task: Task, rw_head: Officeholder | None) -> dict[str, Any]:
    return {"rw_head": {"name": rw_head.name, "at": closed_at(task).isoformat()}} if rw_head else {}


def tell_refused(
    deps: Deps, tx: Tx, task: Task, holder: Officeholder, person: dict[str, Any], note: str | None
) -> None:
    plain = ("introduction_id", "application_id", "kelurahan", "rw", "rt", "reason", "tracking_code")
    data = {name: getattr(task, name) for name in plain}
    tell(
        tx, deps.event_keys, "introduction.refused", subject=task.introduction_id, tenant=task.kelurahan,
        time=closed_at(task), data=data | {"refused_at": task.closed_at, "officeholder_id": holder.id},
        person={"note": note, "contact": person.get("contact")},
    )  # fmt: skip


def tell_verified(deps: Deps, tx: Tx, task: Task, files: list[TaskFile], at: datetime) -> None:
    """The outcome of an attestation, as it has been since `at`. What he wrote beside a verdict and what neighbours said
    goes sealed."""
    plain = ("application_id", "kelurahan", "rw", "rt", "reason")
    kept = people.read(tx, deps.data_keys, [task.person_id, *(file.note_id for file in files)])
    data = {name: getattr(task, name) for name in plain} | {
        "task_id": task.id,
        "decided_at": at,
        "officeholder_id": task.decided_by,
        "verdicts": [{name: getattr(file, name) for name in ("file_id", "requirement", "verdict")} for file in files],
    }
    notes = {str(file.file_id): kept[file.note_id]["note"] for file in files if file.note_id in kept}
    tell(
        tx, deps.event_keys, f"verification.{task.outcome}", subject=task.id, tenant=task.kelurahan,
        time=at, data=data,
        person={
            "contact": kept[task.person_id].get("contact"), "notes": notes, "statements": _printed(deps, tx, task),
        },
    )  # fmt: skip


def _printed(deps: Deps, tx: Tx, task: Task) -> list[dict[str, Any]]:
    """What neighbours said, as a letter has it: by side, in the order of the SOP."""
    if task.application_id is None:
        return []
    said = [one for one in standing(_statements(tx, task.application_id)) if one.outcome in PRINTED]
    if not said:
        return []
    known = people.read(tx, deps.data_keys, [one.witness_id for one in said])
    answered = tasks.said_of(tx, [one.id for one in said])
    wanted = copies.witnesses_wanted(tx, task.kelurahan, task.service, task.sop_version)
    order = list(wanted.positions)
    said.sort(key=lambda one: (order.index(one.position) if one.position in order else len(order), one.id))
    zone = copies.zone(tx, task.kelurahan)
    return [
        {
            "position": side_name(wanted, one.position, "id") or known[_witness(one)].get("relation"),
            "name": known[_witness(one)]["name"],
            "address": known[_witness(one)].get("address"),
            "statement": PRINTED[one.outcome or ""],
            "date": day_at(answered[one.id][-1].said_at, zone).isoformat(),
        }
        for one in said
    ]


def _statements(tx: Tx, application_id: UUID) -> list[Task]:
    return tasks.statements_of(tx, [application_id]).get(application_id, [])


def _witness(task: Task) -> UUID:
    if task.witness_id is None:
        raise RuntimeError("a statement of nobody")
    return task.witness_id


def tell_original_seen(deps: Deps, tx: Tx, task: Task, holder: Officeholder, requirements: list[str]) -> None:
    """He was shown originals that he had asked for."""
    now = deps.clock.now()
    tell(
        tx, deps.event_keys, "original.seen", subject=task.id, tenant=task.kelurahan, time=now,
        data={
            "task_id": task.id, "application_id": task.application_id, "kelurahan": task.kelurahan,
            "requirements": requirements, "seen_at": now, "officeholder_id": holder.id,
        },
    )  # fmt: skip


def tell_unanswered(deps: Deps, tx: Tx, task: Task) -> None:
    """Nobody who could say anything of the documents did: an officer sees to it, and a late answer still counts."""
    now = deps.clock.now()
    tell(
        tx, deps.event_keys, "verification.failed", subject=task.id, tenant=task.kelurahan, time=now,
        data={name: getattr(task, name) for name in ("application_id", "kelurahan", "rw", "rt")} | {
            "task_id": task.id, "reason": NO_ANSWER, "decided_at": now, "verdicts": [],
            "officeholder_id": task.passed_over[-1] if task.passed_over else None,
        },
    )  # fmt: skip


def closed_at(task: Task) -> datetime:
    """When it was closed. Raises RuntimeError for a task that is open."""
    if task.closed_at is None:
        raise RuntimeError("told of a decision before it was made")
    return task.closed_at
