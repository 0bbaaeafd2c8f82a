"""Tasks and the files that they ask about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from kit.db import Row, Tx
from kit.due import Due
from kit.ids import new_id
from kit.sealed import Keyring
from verification.domain.statements import Said
from verification.domain.tasks import Task, TaskFile
from verification.store import people

_COLUMNS = [field.name for field in fields(Task)]
_SELECT = f"SELECT {', '.join(_COLUMNS)} FROM task"
_INSERT = (
    f"INSERT INTO task ({', '.join(_COLUMNS)})"
    f" VALUES ({', '.join('%(passed_over)s::uuid[]' if name == 'passed_over' else f'%({name})s' for name in _COLUMNS)})"
)
_CHANGING = (
    "status", "purpose", "grants_id", "officeholder_id", "closed_at", "outcome", "reason", "valid_until", "note_id",
    "decided_by", "acting_as", "decision_print", "asked_at", "reminded", "nudge_at", "passed_over",
    "granted_by", "granted_print", "owner_agrees", "acknowledged_by",
)  # fmt: skip
_UPDATE = (
    f"UPDATE task SET {', '.join(f'{name} = %({name})s' for name in _CHANGING if name != 'passed_over')},"
    " passed_over = %(passed_over)s::uuid[], version = version + 1"
    " WHERE id = %(id)s AND version = %(version)s"
)
_WANTED = (
    "kelurahan = %(kelurahan)s AND (%(rw)s IS NULL OR rw = %(rw)s) AND (%(rt)s IS NULL OR rt = %(rt)s)"
    " AND (%(status)s IS NULL OR status = %(status)s) AND (%(kind)s IS NULL OR kind = %(kind)s)"
    " AND (%(application_id)s::uuid IS NULL OR application_id = %(application_id)s)"
    " AND (kind <> 'statement' OR %(statements)s)"
)
_FILE = "file_id, requirement, sha256, type, original_seen, verdict, note_id, carried, judged_by"


def _task(row: Row) -> Task:
    prints = {name: row[name] and bytes(row[name]) for name in ("decision_print", "granted_print")}
    return Task(**(row | prints))


def add(tx: Tx, task: Task) -> bool:
    """False when there is a task for that introduction already."""
    return tx.execute(f"{_INSERT} ON CONFLICT (introduction_id) DO NOTHING", _values(task)) == 1


def _values(task: Task) -> dict[str, Any]:
    return vars(task) | {"passed_over": list(task.passed_over)}


def save(tx: Tx, task: Task) -> Task:
    """Writes what may change about a task that is locked; the task as it is now."""
    if tx.execute(_UPDATE, _values(task)) != 1:
        raise RuntimeError("a task was saved without its lock")
    return replace(task, version=task.version + 1)


def get(tx: Tx, task_id: UUID, *, lock: bool = False) -> Task | None:
    row = tx.one(f"{_SELECT} WHERE id = %s{' FOR NO KEY UPDATE' if lock else ''}", [task_id])
    return _task(row) if row else None


def to_nudge(tx: Tx, now: datetime, after: Due | None, limit: int) -> list[Due]:
    """Open tasks of every office whose reminder is due, with since when; the earliest first."""
    at, task_id = after or (None, None)
    rows = tx.all(
        "SELECT nudge_at, id FROM task WHERE status = 'open' AND nudge_at <= %(now)s"
        " AND (%(at)s::timestamptz IS NULL OR (nudge_at, id) > (%(at)s::timestamptz, %(id)s::uuid))"
        " ORDER BY nudge_at, id LIMIT %(limit)s",
        {"now": now, "at": at, "id": task_id, "limit": limit},
    )
    return [(row["nudge_at"], row["id"]) for row in rows]


def of_application(tx: Tx, application_id: UUID) -> list[Task]:
    """The tasks of a case, oldest first, locked."""
    rows = tx.all(f"{_SELECT} WHERE application_id = %s ORDER BY id FOR NO KEY UPDATE", [application_id])
    return [_task(row) for row in rows]


def asked(tx: Tx, kelurahan: str, *, rw: str | None = None, limit: int = 1000) -> list[Task]:
    """Open questions to RT heads of a kelurahan or RW, locked, oldest first."""
    rows = tx.all(
        f"{_SELECT} WHERE kelurahan = %(kelurahan)s AND status = 'open' AND kind <> 'statement'"
        " AND granted_by IS NULL AND (%(rw)s IS NULL OR rw = %(rw)s)"
        " ORDER BY id LIMIT %(limit)s FOR NO KEY UPDATE",
        {"kelurahan": kelurahan, "rw": rw, "limit": limit},
    )
    return [_task(row) for row in rows]


def unreminded(tx: Tx, kelurahan: str) -> list[Task]:
    """Open questions that lie with somebody, a head or a neighbour who was written to, and of which nobody is reminded,
    locked."""
    rows = tx.all(
        f"{_SELECT} WHERE kelurahan = %s AND status = 'open' AND nudge_at IS NULL AND (officeholder_id IS NOT NULL"
        " OR (outcome IS NULL AND EXISTS (SELECT FROM link WHERE link.task_id = task.id)))"
        " ORDER BY id FOR NO KEY UPDATE",
        [kelurahan],
    )
    return [_task(row) for row in rows]


def open_with(tx: Tx, holder_id: UUID) -> list[Task]:
    """The questions that lie with somebody, oldest first."""
    rows = tx.all(f"{_SELECT} WHERE status = 'open' AND officeholder_id = %s ORDER BY id", [holder_id])
    return [_task(row) for row in rows]


def open_with_any(tx: Tx, holder_ids: Sequence[UUID]) -> list[Task]:
    """The questions that lie with one of these, oldest first."""
    rows = tx.all(f"{_SELECT} WHERE status = 'open' AND officeholder_id = ANY(%s) ORDER BY id", [list(holder_ids)])
    return [_task(row) for row in rows]


def statements_with(tx: Tx, keys: Keyring, kelurahan: str, phone: str) -> list[Task]:
    """What the neighbour with that number is asked, while it is open, oldest first."""
    rows = tx.all(
        f"{_SELECT} WHERE kind = 'statement' AND status = 'open' AND coalesce(outcome, '') <> 'absent'"
        " AND witness_id IN (SELECT id FROM people WHERE kelurahan = %s AND phone_index = ANY(%s)) ORDER BY id",
        [kelurahan, people.phone_indexes(keys, phone)],
    )
    return [_task(row) for row in rows]


def newest_for_original(tx: Tx, holder_ids: Sequence[UUID]) -> Task | None:
    """The newest question that one of these closed by asking for originals."""
    row = tx.one(
        f"{_SELECT} WHERE kind = 'attestation' AND status = 'done' AND reason = 'bring_original'"
        " AND decided_by = ANY(%s) ORDER BY closed_at DESC LIMIT 1",
        [list(holder_ids)],
    )
    return _task(row) if row else None


def page(tx: Tx, wanted: dict[str, Any], *, after: UUID | None, limit: int) -> list[Task]:
    """Newest first, before that one. `wanted`: kelurahan, and rw, rt, status, kind, application_id or None; and
    whether what neighbours are asked is among them."""
    rows = tx.all(
        f"{_SELECT} WHERE {_WANTED} AND (%(after)s::uuid IS NULL OR id < %(after)s) ORDER BY id DESC LIMIT %(limit)s",
        wanted | {"after": after, "limit": limit},
    )
    return [_task(row) for row in rows]


def open_page(tx: Tx, wanted: dict[str, Any], *, after: Sequence[Any] | None, limit: int) -> list[Task]:
    """The same of those that wait for an answer: who was asked first stands first, after that instant and task."""
    at, task_id = after or (None, None)
    rows = tx.all(
        f"{_SELECT} WHERE {_WANTED} AND status = 'open' AND outcome IS NULL AND (%(at)s::timestamptz IS NULL"
        " OR (coalesce(asked_at, opened_at), id) > (%(at)s::timestamptz, %(id)s::uuid))"
        " ORDER BY coalesce(asked_at, opened_at), id LIMIT %(limit)s",
        wanted | {"at": at, "id": task_id, "limit": limit},
    )
    return [_task(row) for row in rows]


def lock_batch(tx: Tx, *, after: UUID | None, limit: int = 500) -> list[Task]:
    """Those of every office in the order of their ids, locked, for telling their state again."""
    rows = tx.all(
        f"{_SELECT} WHERE %(after)s::uuid IS NULL OR id > %(after)s ORDER BY id LIMIT %(limit)s FOR UPDATE",
        {"after": after, "limit": limit},
    )
    return [_task(row) for row in rows]


def put_files(tx: Tx, task: Task, files: Sequence[TaskFile]) -> None:
    """These are the files of the task now, with what is known of each."""
    tx.execute(
        "DELETE FROM task_file WHERE task_id = %s AND NOT file_id = ANY(%s)",
        [task.id, [file.file_id for file in files]],
    )
    if files:
        tx.execute_many(
            f"INSERT INTO task_file (task_id, kelurahan, position, {_FILE}) VALUES %s ON CONFLICT (task_id, file_id)"
            " DO UPDATE SET position = excluded.position, original_seen = excluded.original_seen,"
            " verdict = excluded.verdict, note_id = excluded.note_id, carried = excluded.carried,"
            " judged_by = excluded.judged_by",
            [(task.id, task.kelurahan, place, *vars(file).values()) for place, file in enumerate(files)],
        )


def of_case_or_introduction(tx: Tx, application_id: UUID, introduction_id: UUID | None) -> list[Task]:
    """All that was asked about a case, and about the introduction that it began with, oldest first."""
    rows = tx.all(
        f"{_SELECT} WHERE application_id = %s OR introduction_id = %s ORDER BY id", [application_id, introduction_id]
    )
    return [_task(row) for row in rows]


def files(tx: Tx, task_id: UUID) -> list[TaskFile]:
    return files_of(tx, [task_id]).get(task_id, [])


def files_of(tx: Tx, task_ids: Sequence[UUID]) -> dict[UUID, list[TaskFile]]:
    """The files of several tasks, each in the order in which they were asked about."""
    found: dict[UUID, list[TaskFile]] = {}
    if task_ids:
        rows = tx.all(
            f"SELECT task_id, {_FILE} FROM task_file WHERE task_id = ANY(%s) ORDER BY task_id, position",
            [list(task_ids)],
        )
        for row in rows:
            found.setdefault(row.pop("task_id"), []).append(TaskFile(**row))
    return found


def verdicts_of_case(tx: Tx, application_id: UUID) -> list[TaskFile]:
    """What was said of files of the case, the newest word last."""
    rows = tx.all(
        f"SELECT {', '.join(f'f.{name}' for name in _FILE.split(', '))} FROM task_file f"
        " JOIN task t ON t.id = f.task_id WHERE t.application_id = %s AND f.verdict IS NOT NULL"
        " ORDER BY t.id, f.position",
        [application_id],
    )
    return [TaskFile(**row) for row in rows]


def statements_of(tx: Tx, application_ids: Sequence[UUID]) -> dict[UUID, list[Task]]:
    """What neighbours were asked about several cases, oldest first."""
    found: dict[UUID, list[Task]] = {}
    if application_ids:
        rows = tx.all(
            f"{_SELECT} WHERE kind = 'statement' AND application_id = ANY(%s) ORDER BY id", [list(application_ids)]
        )
        for row in rows:
            found.setdefault(row["application_id"], []).append(_task(row))
    return found


def add_said(tx: Tx, said: Said, kelurahan: str) -> None:
    """Keeps one more answer of a neighbour."""
    tx.execute(
        "INSERT INTO statement (id, kelurahan, task_id, answer, note_id, said_at, said_by)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s)",
        [new_id(), kelurahan, said.task_id, said.answer, said.note_id, said.said_at, said.said_by],
    )


def said_of(tx: Tx, task_ids: Sequence[UUID]) -> dict[UUID, list[Said]]:
    """Every answer to several questions, the newest last."""
    found: dict[UUID, list[Said]] = {}
    if task_ids:
        rows = tx.all(
            "SELECT task_id, answer, note_id, said_at, said_by FROM statement WHERE task_id = ANY(%s) ORDER BY id",
            [list(task_ids)],
        )
        for row in rows:
            found.setdefault(row["task_id"], []).append(Said(**row))
    return found


def objected(tx: Tx, application_id: UUID) -> bool:
    """Whether any neighbour ever objected in this case."""
    return bool(
        tx.value(
            "SELECT true FROM statement s JOIN task t ON t.id = s.task_id"
            " WHERE t.application_id = %s AND s.answer = 'objected' LIMIT 1",
            [application_id],
        )
    )
