"""Neighbourhoods and officeholders."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from kit.db import Row, Tx
from kit.ids import new_id
from kit.sealed import Keyring
from verification.domain.heads import Neighbourhood, Officeholder
from verification.store import people

_NEIGHBOURHOOD = "id, kelurahan, rw, rt, headed, made_up, version"
_HOLDER = (
    "SELECT o.id, o.kelurahan, o.role, o.rw, o.rt, o.from_date, o.to_date, o.made_up, o.version, o.away_from,"
    " o.away_until, o.phone_confirmed_at, o.stopped_at, o.person_id, p.sealed"
    " FROM officeholder o JOIN people p ON p.id = o.person_id"
)


def _holder(keys: Keyring, row: Row) -> Officeholder:
    person = keys.open(row.pop("sealed"), people.context(row.pop("person_id")))
    own = {name: person.get(name) for name in ("nik", "kk_number")}
    return Officeholder(**row, name=person["name"], phone=person["phone"], **own)


def add_neighbourhood(
    tx: Tx, kelurahan: str, rw: str, rt: str, *, headed: bool, made_up: bool = False
) -> Neighbourhood | None:
    """The new neighbourhood, or None when it is there already."""
    row = tx.one(
        "INSERT INTO neighbourhood (id, kelurahan, rw, rt, headed, made_up) VALUES (%s, %s, %s, %s, %s, %s)"
        f" ON CONFLICT (kelurahan, rw, rt) DO NOTHING RETURNING {_NEIGHBOURHOOD}",
        [new_id(), kelurahan, rw, rt, headed, made_up],
    )
    return Neighbourhood(**row) if row else None


def neighbourhood(tx: Tx, kelurahan: str, rw: str, rt: str) -> Neighbourhood | None:
    row = tx.one(
        f"SELECT {_NEIGHBOURHOOD} FROM neighbourhood WHERE kelurahan = %s AND rw = %s AND rt = %s", [kelurahan, rw, rt]
    )
    return Neighbourhood(**row) if row else None


def neighbourhoods(
    tx: Tx, *, rw: str | None = None, after: Sequence[Any] | None = None, limit: int
) -> list[Neighbourhood]:
    """In the order of RW and RT, after that place."""
    rows = tx.all(
        f"SELECT {_NEIGHBOURHOOD} FROM neighbourhood WHERE (%(rw)s IS NULL OR rw = %(rw)s)"
        " AND (%(after_rw)s IS NULL OR (rw, rt) > (%(after_rw)s, %(after_rt)s)) ORDER BY rw, rt LIMIT %(limit)s",
        {"rw": rw, "after_rw": after[0] if after else None, "after_rt": after[1] if after else None, "limit": limit},
    )
    return [Neighbourhood(**row) for row in rows]


def locked_neighbourhoods(tx: Tx, kelurahan: str, rw: str | None = None) -> list[Neighbourhood]:
    """All of the kelurahan or of one RW, locked in one order: who changes what they depend on waits in line."""
    rows = tx.all(
        f"SELECT {_NEIGHBOURHOOD} FROM neighbourhood WHERE kelurahan = %(kelurahan)s"
        " AND (%(rw)s IS NULL OR rw = %(rw)s) ORDER BY rw, rt FOR NO KEY UPDATE",
        {"kelurahan": kelurahan, "rw": rw},
    )
    return [Neighbourhood(**row) for row in rows]


def lock_kelurahan(tx: Tx, kelurahan: str) -> None:
    """Who enters a whole table waits in line."""
    tx.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 11))", [f"neighbourhoods:{kelurahan}"])


def set_headed(tx: Tx, neighbourhood_id: UUID, headed: bool) -> None:
    tx.execute("UPDATE neighbourhood SET headed = %s, version = version + 1 WHERE id = %s", [headed, neighbourhood_id])


def kelurahans(tx: Tx) -> list[Row]:
    """Every office with neighbourhoods: kelurahan, zone if known, the day that it was looked through for last, and
    whether a question is `waiting` with nobody, and was not asked in vain, in an RT that somebody heads."""
    return tx.all(
        "SELECT k.kelurahan, o.zone, f.day, EXISTS (SELECT 1 FROM task t JOIN neighbourhood n"
        " ON (n.kelurahan, n.rw, n.rt) = (t.kelurahan, t.rw, t.rt) WHERE t.kelurahan = k.kelurahan"
        " AND t.status = 'open' AND t.kind <> 'statement' AND t.officeholder_id IS NULL AND t.passed_over = '{}'"
        " AND n.headed) AS waiting"
        " FROM (SELECT DISTINCT kelurahan FROM neighbourhood) k"
        " LEFT JOIN office o USING (kelurahan) LEFT JOIN followed f USING (kelurahan) ORDER BY k.kelurahan"
    )


def set_followed(tx: Tx, kelurahan: str, day: date) -> None:
    tx.execute(
        "INSERT INTO followed (kelurahan, day) VALUES (%s, %s) ON CONFLICT (kelurahan) DO UPDATE SET day = excluded.day"
        " WHERE followed.day < excluded.day",
        [kelurahan, day],
    )


def add_holder(tx: Tx, keys: Keyring, holder: Officeholder) -> None:
    person = {name: getattr(holder, name) for name in ("name", "phone", "nik", "kk_number")}
    person_id = people.keep(tx, keys, holder.kelurahan, person, phone=holder.phone)
    tx.execute(
        "INSERT INTO officeholder (id, kelurahan, role, rw, rt, from_date, to_date, person_id, made_up)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [
            holder.id, holder.kelurahan, holder.role, holder.rw, holder.rt, holder.from_date, holder.to_date, person_id,
            holder.made_up,
        ],
    )  # fmt: skip


def holder(tx: Tx, keys: Keyring, holder_id: UUID, *, lock: bool = False) -> Officeholder | None:
    row = tx.one(f"{_HOLDER} WHERE o.id = %s{' FOR NO KEY UPDATE OF o, p' if lock else ''}", [holder_id])
    return _holder(keys, row) if row else None


def holders_by_id(tx: Tx, keys: Keyring, ids: Sequence[UUID]) -> dict[UUID, Officeholder]:
    if not ids:
        return {}
    return {row["id"]: _holder(keys, row) for row in tx.all(f"{_HOLDER} WHERE o.id = ANY(%s)", [list(ids)])}


def holders_of(tx: Tx, keys: Keyring, kelurahan: str, rws: Sequence[str]) -> list[Officeholder]:
    """Everybody who ever held an office in these RWs."""
    rows = tx.all(f"{_HOLDER} WHERE o.kelurahan = %s AND o.rw = ANY(%s)", [kelurahan, list(rws)])
    return [_holder(keys, row) for row in rows]


def holders(
    tx: Tx, keys: Keyring, *, rw: str | None, rt: str | None, after: UUID | None, limit: int
) -> list[Officeholder]:
    """In the order in which they were entered, after that one."""
    rows = tx.all(
        f"{_HOLDER} WHERE (%(rw)s IS NULL OR o.rw = %(rw)s) AND (%(rt)s IS NULL OR o.rt = %(rt)s)"
        " AND (%(after)s::uuid IS NULL OR o.id > %(after)s) ORDER BY o.id LIMIT %(limit)s",
        {"rw": rw, "rt": rt, "after": after, "limit": limit},
    )
    return [_holder(keys, row) for row in rows]


def end_term(tx: Tx, holder_id: UUID, to_date: date | None) -> None:
    tx.execute("UPDATE officeholder SET to_date = %s, version = version + 1 WHERE id = %s", [to_date, holder_id])


def set_absence(tx: Tx, holder_id: UUID, first: date | None, until: date | None) -> None:
    tx.execute(
        "UPDATE officeholder SET away_from = %s, away_until = %s, version = version + 1 WHERE id = %s",
        [first, until, holder_id],
    )


def reach(tx: Tx, holder_id: UUID, stopped_at: datetime | None, said_at: datetime) -> bool:
    """He wants no messages since then, or has them again. False when that changes nothing, or something later is
    known."""
    return bool(
        tx.value(
            "WITH was AS (SELECT id, stopped_at FROM officeholder WHERE id = %(id)s FOR NO KEY UPDATE)"
            " UPDATE officeholder o SET stopped_at = %(stopped_at)s, reach_changed_at = %(said_at)s,"
            " version = version + 1 FROM was WHERE o.id = was.id"
            " AND (o.reach_changed_at IS NULL OR o.reach_changed_at < %(said_at)s)"
            " RETURNING (was.stopped_at IS NULL) <> (o.stopped_at IS NULL)",
            {"id": holder_id, "stopped_at": stopped_at, "said_at": said_at},
        )
    )


def confirm_phone(tx: Tx, keys: Keyring, holder: Officeholder, phone: str, at: datetime) -> None:
    """The number that he writes from is his."""
    person = {name: getattr(holder, name) for name in ("name", "nik", "kk_number")} | {"phone": phone}
    person_id = tx.value("SELECT person_id FROM officeholder WHERE id = %s", [holder.id])
    people.replace_value(tx, keys, person_id, person, phone=phone)
    tx.execute("UPDATE officeholder SET phone_confirmed_at = %s, version = version + 1 WHERE id = %s", [at, holder.id])


def every_neighbourhood(tx: Tx) -> list[Neighbourhood]:
    return [
        Neighbourhood(**row) for row in tx.all(f"SELECT {_NEIGHBOURHOOD} FROM neighbourhood ORDER BY id FOR UPDATE")
    ]


def every_holder(tx: Tx, keys: Keyring) -> list[Officeholder]:
    return [_holder(keys, row) for row in tx.all(f"{_HOLDER} ORDER BY o.id FOR UPDATE OF o, p")]
