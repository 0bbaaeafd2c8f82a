"""Read models: the state of others as their events tell it. An older event changes nothing."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

from psycopg2.extras import Json

from documents.domain.cases import Application, Introduction
from documents.store import people
from kit.db import Row, Tx
from kit.sealed import Keyring

_APPLICATION = [field.name for field in fields(Application) if field.name != "person"]
_FILE = ("file_id", "requirement", "sha256", "type", "bucket", "view_key", "view_type")
_INTRODUCTION = [field.name for field in fields(Introduction) if field.name != "person"]

_PUT_APPLICATION = f"""
INSERT INTO application ({", ".join(_APPLICATION)}) VALUES ({", ".join(f"%({name})s" for name in _APPLICATION)})
ON CONFLICT (id) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in _APPLICATION[2:])}
WHERE application.sequence < excluded.sequence
"""

_PUT_INTRODUCTION = f"""
INSERT INTO introduction ({", ".join(_INTRODUCTION)}) VALUES ({", ".join(f"%({name})s" for name in _INTRODUCTION)})
ON CONFLICT (id) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in _INTRODUCTION[2:])}
"""


def put_office(tx: Tx, kelurahan: str, data: dict[str, Any], sequence: int) -> bool:
    """False when what is kept is newer."""
    return bool(
        tx.execute(
            "INSERT INTO office (kelurahan, data, sequence) VALUES (%s, %s, %s) ON CONFLICT (kelurahan) DO UPDATE"
            " SET data = excluded.data, sequence = excluded.sequence WHERE office.sequence < excluded.sequence",
            [kelurahan, data, sequence],
        )
    )


def office(tx: Tx, kelurahan: str) -> dict[str, Any] | None:
    data: dict[str, Any] | None = tx.value("SELECT data FROM office WHERE kelurahan = %s", [kelurahan])
    return data


def offices_with_terms(tx: Tx) -> list[tuple[str, dict[str, Any]]]:
    """(code, data) of the offices in which somebody's time in office begins or ends."""
    rows = tx.all(
        "SELECT kelurahan, data FROM office WHERE jsonb_path_exists(data, '$.officials[*]"
        " ? (@.from != null || @.to != null)') ORDER BY kelurahan"
    )
    return [(row["kelurahan"], row["data"]) for row in rows]


def put_sop(tx: Tx, kelurahan: str, service: str, version: int, data: dict[str, Any], sequence: int) -> None:
    tx.execute(
        "INSERT INTO sop (kelurahan, service, version, data, sequence) VALUES (%s, %s, %s, %s, %s)"
        " ON CONFLICT (kelurahan, service, version) DO UPDATE SET data = excluded.data, sequence = excluded.sequence"
        " WHERE sop.sequence < excluded.sequence",
        [kelurahan, service, version, data, sequence],
    )


def sop(tx: Tx, application: Application) -> dict[str, Any] | None:
    """The version that the case began with."""
    data: dict[str, Any] | None = tx.value(
        "SELECT data FROM sop WHERE kelurahan = %s AND service = %s AND version = %s",
        [application.kelurahan, application.service, application.sop_version],
    )
    return data


def put_application(tx: Tx, keys: Keyring, state: dict[str, Any], person: dict[str, Any], sequence: int) -> bool:
    """Keeps the state of a case, and its row locked; False when what is kept is newer."""
    kept = tx.one("SELECT sequence, person_id FROM application WHERE id = %s FOR UPDATE", [state["application_id"]])
    if kept is not None and kept["sequence"] >= sequence:
        return False
    person_id = people.keep(tx, keys, state["kelurahan"], person, kept["person_id"] if kept else None)
    values = {name: state.get(name) for name in _APPLICATION}
    values |= {
        "id": state["application_id"],
        "sequence": sequence,
        "person_id": person_id,
        "consents": Json(state.get("consents") or {}),
        "requirements": sorted({file["requirement"] for file in state["files"]}),
        "files": Json(
            [{name: str(file[name]) if file[name] is not None else None for name in _FILE} for file in state["files"]]
        ),
    }
    return tx.execute(_PUT_APPLICATION, values) == 1


def application(tx: Tx, keys: Keyring, application_id: UUID, *, lock: bool = False) -> Application | None:
    """A case with its people. `lock` comes before any lock on its letters, everywhere."""
    row = tx.one(
        f"SELECT {', '.join(f'a.{name}' for name in _APPLICATION)}, p.sealed FROM application a"
        f" JOIN people p ON p.id = a.person_id WHERE a.id = %s{' FOR UPDATE OF a, p' if lock else ''}",
        [application_id],
    )
    return None if row is None else Application(**_opened(row, keys))


def mark_shown(tx: Tx, application_id: UUID, at: datetime) -> bool:
    """What will be printed is told now; False when it was before."""
    return (
        tx.execute("UPDATE application SET shown_at = %s WHERE id = %s AND shown_at IS NULL", [at, application_id]) == 1
    )


def application_of_introduction(tx: Tx, introduction_id: UUID) -> UUID | None:
    """The case that an introduction belongs to, as far as it is known here."""
    found: UUID | None = tx.value(
        "SELECT coalesce((SELECT application_id FROM introduction WHERE id = %(id)s),"
        " (SELECT id FROM application WHERE introduction_id = %(id)s ORDER BY id LIMIT 1))",
        {"id": introduction_id},
    )
    return found


def _opened(row: Row, keys: Keyring) -> Row:
    return row | {"person": keys.open(row.pop("sealed"), people.context(row["person_id"]))}


def put_introduction(
    tx: Tx, keys: Keyring, introduction_id: UUID, status: str, told: dict[str, Any], person: dict[str, Any]
) -> bool:
    """Keeps what was asked or granted; a grant is not undone by a request that comes late."""
    kept = tx.one("SELECT status, person_id FROM introduction WHERE id = %s FOR UPDATE", [introduction_id])
    if kept is not None and (kept["status"] == "granted" or status == "requested"):
        return False
    person_id = people.keep(tx, keys, told["kelurahan"], person, kept["person_id"] if kept else None)
    values = {name: told.get(name) for name in _INTRODUCTION}
    tx.execute(_PUT_INTRODUCTION, values | {"id": introduction_id, "status": status, "person_id": person_id})
    return True


def introduction(tx: Tx, keys: Keyring, introduction_id: UUID) -> Introduction | None:
    row = tx.one(
        f"SELECT {', '.join(f'i.{name}' for name in _INTRODUCTION)}, p.sealed FROM introduction i"
        " JOIN people p ON p.id = i.person_id WHERE i.id = %s",
        [introduction_id],
    )
    return None if row is None else Introduction(**_opened(row, keys))


def put_verification(tx: Tx, task_id: UUID, kelurahan: str, application_id: UUID, outcome: str,
                     reason: str | None, decided_at: datetime) -> None:  # fmt: skip
    """What the RT head's verdicts came to; the latest decision on a task stays."""
    tx.execute(
        "INSERT INTO verification (task_id, kelurahan, application_id, outcome, reason, decided_at)"
        " VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (task_id) DO UPDATE SET outcome = excluded.outcome,"
        " reason = excluded.reason, decided_at = excluded.decided_at"
        " WHERE verification.decided_at < excluded.decided_at",
        [task_id, kelurahan, application_id, outcome, reason, decided_at],
    )


def put_neighbourhood(tx: Tx, told: dict[str, Any], sequence: int) -> None:
    tx.execute(
        "INSERT INTO neighbourhood (id, kelurahan, rw, rt, headed, sequence) VALUES (%(neighbourhood_id)s,"
        " %(kelurahan)s, %(rw)s, %(rt)s, %(headed)s, %(sequence)s) ON CONFLICT (id) DO UPDATE SET"
        " rw = excluded.rw, rt = excluded.rt, headed = excluded.headed, sequence = excluded.sequence"
        " WHERE neighbourhood.sequence < excluded.sequence",
        told | {"sequence": sequence},
    )


def put_officeholder(tx: Tx, keys: Keyring, told: dict[str, Any], person: dict[str, Any], sequence: int) -> None:
    kept = tx.one("SELECT sequence, person_id FROM officeholder WHERE id = %s FOR UPDATE", [told["officeholder_id"]])
    if kept is not None and kept["sequence"] >= sequence:
        return
    person_id = people.keep(tx, keys, told["kelurahan"], person, kept["person_id"] if kept else None)
    tx.execute(
        "INSERT INTO officeholder (id, kelurahan, role, rw, rt, from_date, to_date, person_id, sequence) VALUES"
        " (%(officeholder_id)s, %(kelurahan)s, %(role)s, %(rw)s, %(rt)s, %(from_date)s, %(to_date)s, %(person_id)s,"
        " %(sequence)s) ON CONFLICT (id) DO UPDATE SET role = excluded.role, rw = excluded.rw, rt = excluded.rt,"
        " from_date = excluded.from_date, to_date = excluded.to_date, sequence = excluded.sequence",
        told | {"person_id": person_id, "sequence": sequence},
    )


def head_of(tx: Tx, keys: Keyring, kelurahan: str, rw: str, rt: str, day: date) -> dict[str, Any] | None:
    """Name and phone of who heads the RT on a day, as far as it is known here."""
    person_id = tx.value(
        "SELECT person_id FROM officeholder WHERE kelurahan = %s AND rw = %s AND rt = %s AND role = 'rt_head'"
        " AND from_date <= %s AND (to_date IS NULL OR to_date >= %s) ORDER BY from_date DESC LIMIT 1",
        [kelurahan, rw, rt, day, day],
    )
    return None if person_id is None else dict(people.read(tx, keys, person_id))


def officeholder_person(tx: Tx, keys: Keyring, officeholder_id: UUID) -> dict[str, Any]:
    """Name and phone of an officeholder; empty when he is not known here."""
    person_id = tx.value("SELECT person_id FROM officeholder WHERE id = %s", [officeholder_id])
    return {} if person_id is None else dict(people.read(tx, keys, person_id))
