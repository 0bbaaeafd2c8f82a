"""Read models: the state of others as their events tell it. An older event changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from kit.db import Tx
from kit.sealed import Keyring
from notify.domain.copies import Case, Letter, Office, Sop
from notify.store import people

_PUT_APPLICATION = """
INSERT INTO application (id, kelurahan, tracking_code, service, sop_version, status, owner, person_id, consents,
    sequence)
VALUES (%(application_id)s, %(kelurahan)s, %(tracking_code)s, %(service)s, %(sop_version)s, %(status)s, %(owner)s,
        %(person_id)s, %(consents)s, %(sequence)s)
"""
_CHANGE_APPLICATION = """
UPDATE application SET tracking_code = %(tracking_code)s, service = %(service)s, sop_version = %(sop_version)s,
    status = %(status)s, owner = %(owner)s, consents = %(consents)s, sequence = %(sequence)s
WHERE id = %(application_id)s
"""
_CASE = """
SELECT a.id, a.kelurahan, a.tracking_code, a.service, a.sop_version, a.status, a.owner, a.consents,
    a.person_id, p.sealed
FROM application a JOIN people p ON p.id = a.person_id WHERE a.id = %s
"""


def put_application(tx: Tx, keys: Keyring, data: dict[str, Any], person: dict[str, Any], sequence: int) -> bool:
    """Keeps a case, its row locked; False when a newer state is here already."""
    known = tx.one("SELECT sequence, person_id FROM application WHERE id = %s FOR UPDATE", [data["application_id"]])
    if known is not None and known["sequence"] >= sequence:
        return False
    kept = {name: person.get(name) for name in ("contact", "helper")}
    data = data | {"consents": data.get("consents") or {}}
    if known is None:
        person_id = people.keep(tx, keys, data["kelurahan"], kept)
        tx.later(_PUT_APPLICATION, data | {"person_id": person_id, "sequence": sequence})
    else:
        people.change(tx, keys, known["person_id"], kept)
        tx.later(_CHANGE_APPLICATION, data | {"sequence": sequence})
    return True


def case(tx: Tx, keys: Keyring, application_id: UUID, *, lock: bool = True) -> Case | None:
    """A case as it was told last, its row locked: two notices about it are made one after the other."""
    row = tx.one(f"{_CASE} FOR UPDATE OF a, p" if lock else _CASE, [application_id])
    if row is None:
        return None
    person = keys.open(row.pop("sealed"), people.context(row.pop("person_id")))
    return Case(**row, person=person)


def put_office(tx: Tx, data: dict[str, Any], sequence: int) -> None:
    tx.execute(
        "INSERT INTO office (kelurahan, name, zone, office, sequence)"
        " VALUES (%(kelurahan)s, %(name)s, %(zone)s, %(office)s, %(sequence)s) ON CONFLICT (kelurahan) DO UPDATE SET"
        " name = excluded.name, zone = excluded.zone, office = excluded.office, sequence = excluded.sequence"
        " WHERE office.sequence < excluded.sequence",
        data | {"sequence": sequence},
    )


def office(tx: Tx, kelurahan: str) -> Office | None:
    row = tx.one("SELECT name, zone, office FROM office WHERE kelurahan = %s", [kelurahan])
    return None if row is None else Office.from_event(row["name"], row["zone"], row["office"])


def retentions(tx: Tx) -> dict[str, dict[str, int]]:
    """For how long each office keeps what, as far as it says so."""
    rows = tx.all("SELECT kelurahan, office -> 'retention' AS retention FROM office")
    return {row["kelurahan"]: row["retention"] or {} for row in rows}


def put_sop(tx: Tx, data: dict[str, Any], sequence: int) -> None:
    told = Sop.from_event(data["name"], data["sop"])
    tx.execute(
        "INSERT INTO sop (kelurahan, service, version, name, next_step, cost, requirements, complaint, sequence)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (kelurahan, service, version) DO UPDATE SET"
        " name = excluded.name, next_step = excluded.next_step, cost = excluded.cost,"
        " requirements = excluded.requirements, complaint = excluded.complaint, sequence = excluded.sequence"
        " WHERE sop.sequence < excluded.sequence",
        [
            data["kelurahan"], data["service"], data["version"], told.name, told.next_step, told.cost,
            told.requirements, told.complaint, sequence,
        ],
    )  # fmt: skip


def sop(tx: Tx, kelurahan: str, service: str, version: int) -> Sop | None:
    row = tx.one(
        "SELECT name, next_step, cost, requirements, complaint FROM sop"
        " WHERE kelurahan = %s AND service = %s AND version = %s",
        [kelurahan, service, version],
    )
    return None if row is None else Sop(**row)


def put_letter(tx: Tx, data: dict[str, Any]) -> None:
    tx.execute(
        "INSERT INTO letter (id, kelurahan, application_id, number, check_url, file) VALUES (%(letter_id)s,"
        " %(kelurahan)s, %(application_id)s, %(number)s, %(check_url)s, %(file)s) ON CONFLICT (id) DO NOTHING",
        data | {"file": dict(data["file"]) if data.get("file") else None},
    )


def void_letter(tx: Tx, data: dict[str, Any]) -> bool:
    """Void, also when the news that it was issued comes later. False when it was not known as issued: as far as
    anybody was told, nobody holds it."""
    held = tx.execute("UPDATE letter SET void = true WHERE id = %(letter_id)s AND NOT void", data) == 1
    if not held:
        tx.execute(
            "INSERT INTO letter (id, kelurahan, application_id, number, check_url, void) VALUES (%(letter_id)s,"
            " %(kelurahan)s, %(application_id)s, %(number)s, '', true) ON CONFLICT (id) DO NOTHING",
            data,
        )
    return held


def put_handover(tx: Tx, data: dict[str, Any], sequence: int) -> bool:
    """False when it says nothing new: a newer state is here, or the same one was told before."""
    news = tx.value(
        "WITH was AS (SELECT status, at FROM handover WHERE id = %(handover_id)s), kept AS ("
        "INSERT INTO handover (id, kelurahan, status, at, sequence) VALUES (%(handover_id)s, %(kelurahan)s, %(status)s,"
        " %(at)s, %(sequence)s) ON CONFLICT (id) DO UPDATE SET status = EXCLUDED.status, at = EXCLUDED.at,"
        " sequence = EXCLUDED.sequence WHERE handover.sequence < EXCLUDED.sequence RETURNING 1)"
        " SELECT EXISTS (SELECT FROM kept) AND NOT EXISTS (SELECT FROM was WHERE status = %(status)s AND at = %(at)s)",
        data | {"sequence": sequence},
    )
    return bool(news)


def letters(tx: Tx, application_id: UUID) -> tuple[Letter, ...]:
    """The valid letters of a case, in the order of issue."""
    rows = tx.all(
        "SELECT number, check_url, file FROM letter WHERE application_id = %s AND NOT void ORDER BY id",
        [application_id],
    )
    return tuple(Letter(**row) for row in rows)


def letters_missing(tx: Tx, letter_ids: Sequence[UUID]) -> int:
    """How many of those nothing was heard of yet."""
    known = tx.value("SELECT count(*) FROM letter WHERE id = ANY(%s)", [list(letter_ids)]) if letter_ids else 0
    return len(set(letter_ids)) - int(known)


def put_officeholder(tx: Tx, keys: Keyring, data: dict[str, Any], person: dict[str, Any], sequence: int) -> None:
    """Who heads which RT or RW, by his number only."""
    known = tx.one("SELECT sequence, person_id FROM officeholder WHERE id = %s FOR UPDATE", [data["officeholder_id"]])
    if known is not None and known["sequence"] >= sequence:
        return
    phone = person.get("phone") or None
    person_id = people.keep(tx, keys, data["kelurahan"], {"phone": phone}, phone=phone)
    values = data | {"person_id": person_id, "sequence": sequence}
    if known is None:
        tx.later(
            "INSERT INTO officeholder (id, kelurahan, person_id, role, rw, rt, from_date, to_date, sequence) VALUES"
            " (%(officeholder_id)s, %(kelurahan)s, %(person_id)s, %(role)s, %(rw)s, %(rt)s, %(from_date)s, %(to_date)s,"
            " %(sequence)s)",
            values,
        )
        return
    tx.later(
        "UPDATE officeholder SET person_id = %(person_id)s, role = %(role)s, rw = %(rw)s, rt = %(rt)s,"
        " from_date = %(from_date)s, to_date = %(to_date)s, sequence = %(sequence)s WHERE id = %(officeholder_id)s",
        values,
    )
    tx.later("DELETE FROM people WHERE id = %s", [known["person_id"]])


def heads(tx: Tx, keys: Keyring, kelurahan: str, phone: str, today: date) -> bool:
    """Whether somebody with that number heads an RT or RW on this day."""
    return bool(
        tx.value(
            "SELECT true FROM officeholder o JOIN people p ON p.id = o.person_id WHERE o.kelurahan = %s"
            " AND p.phone_index = ANY(%s) AND o.from_date <= %s AND (o.to_date IS NULL OR o.to_date >= %s) LIMIT 1",
            [kelurahan, people.phone_indexes(keys, phone), today, today],
        )
    )


def places(tx: Tx, kelurahan: str, today: date) -> list[tuple[str, str]]:
    """(RW, RT) of every RT that somebody heads or heads for somebody on this day, in order."""
    rows = tx.all(
        "SELECT DISTINCT rw, rt FROM officeholder WHERE kelurahan = %s AND rt IS NOT NULL AND from_date <= %s"
        " AND (to_date IS NULL OR to_date >= %s) ORDER BY rw, rt",
        [kelurahan, today, today],
    )
    return [(row["rw"], row["rt"]) for row in rows]
