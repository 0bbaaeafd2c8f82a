"""Leaflets of services: from which version they were made, and where they lie."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from documents.domain.leaflets import Made
from kit.db import Row, Tx

_KEPT = ("version", "closed", "print", "made_by", "files", "problem", "made_at")
_COLUMNS = ", ".join(("kelurahan", "service", *_KEPT))

# A version is in force from its day on, in the office's zone, until the service is retired.
_IN_FORCE = (
    "SELECT DISTINCT ON (s.kelurahan, s.service) s.kelurahan, s.service, s.version, EXISTS (SELECT FROM"
    " jsonb_array_elements(o.data #> '{calendar,closed_to_visitors}') p WHERE p ->> 'first_day' <= d.today"
    " AND coalesce(p ->> 'last_day', '9999') >= d.today) AS closed FROM sop s"
    " JOIN office o ON o.kelurahan = s.kelurahan CROSS JOIN LATERAL"
    " (SELECT ((%(now)s AT TIME ZONE (o.data ->> 'zone'))::date)::text AS today) d"
    " WHERE s.data ->> 'effective_from' <= d.today AND coalesce(s.data ->> 'retired_from', '9999') > d.today"
    " ORDER BY s.kelurahan, s.service, s.version DESC"
)


def sops(tx: Tx, kelurahan: str, service: str) -> list[dict[str, Any]]:
    """All published versions of a service."""
    rows = tx.all("SELECT data FROM sop WHERE kelurahan = %s AND service = %s", [kelurahan, service])
    return [row["data"] for row in rows]


def every_sop(tx: Tx, kelurahan: str) -> list[dict[str, Any]]:
    """All published versions of all services of an office."""
    return [row["data"] for row in tx.all("SELECT data FROM sop WHERE kelurahan = %s", [kelurahan])]


def services(tx: Tx, kelurahan: str) -> list[str]:
    """Every service that the office ever published, and those that it has leaflets of."""
    rows = tx.all(
        "SELECT service FROM sop WHERE kelurahan = %(office)s UNION SELECT service FROM leaflet"
        " WHERE kelurahan = %(office)s ORDER BY service",
        {"office": kelurahan},
    )
    return [row["service"] for row in rows]


def offices(tx: Tx) -> list[str]:
    """The offices that are known and have a catalogue."""
    rows = tx.all("SELECT DISTINCT kelurahan FROM sop JOIN office USING (kelurahan) ORDER BY kelurahan")
    return [row["kelurahan"] for row in rows]


def outdated(tx: Tx, now: datetime, limit: int) -> list[Row]:
    """{kelurahan, service} whose leaflets are not those of now: another version is in force, or none, or the door
    is closed or open again, or others were asked for in vain."""
    return tx.all(
        f"SELECT kelurahan, service FROM ({_IN_FORCE}) f FULL JOIN leaflet l USING (kelurahan, service)"
        " WHERE (l.version, l.closed) IS DISTINCT FROM (f.version, f.closed) OR l.late"
        " ORDER BY kelurahan, service LIMIT %(limit)s",
        {"now": now, "limit": limit},
    )


def _made(row: Row) -> Made:
    return Made(**row | {"print": bytes(row["print"])})


def lock(tx: Tx, kelurahan: str, service: str) -> None:
    """One at a time changes what there is of a service; a new version waits as well."""
    tx.all(
        "SELECT version FROM sop WHERE kelurahan = %s AND service = %s ORDER BY version FOR UPDATE",
        [kelurahan, service],
    )


def get(tx: Tx, kelurahan: str, service: str) -> Made | None:
    row = tx.one(f"SELECT {_COLUMNS} FROM leaflet WHERE kelurahan = %s AND service = %s", [kelurahan, service])
    return None if row is None else _made(row)


def of_office(tx: Tx, kelurahan: str) -> list[Made]:
    rows = tx.all(f"SELECT {_COLUMNS} FROM leaflet WHERE kelurahan = %s ORDER BY service", [kelurahan])
    return [_made(row) for row in rows]


def put(tx: Tx, made: Made) -> None:
    """Takes the place of what was made before."""
    tx.execute(
        f"INSERT INTO leaflet ({_COLUMNS}) VALUES (%(kelurahan)s, %(service)s,"
        f" {', '.join(f'%({name})s' for name in _KEPT)}) ON CONFLICT (kelurahan, service) DO UPDATE SET"
        f" {', '.join(f'{name} = excluded.{name}' for name in _KEPT)}, late = false",
        vars(made) | {"files": dict(made.files or {})},
    )


def mark_late(tx: Tx, kelurahan: str, service: str) -> None:
    """Others were asked for, and could not be made for now."""
    tx.execute("UPDATE leaflet SET late = true WHERE kelurahan = %s AND service = %s", [kelurahan, service])


def mark_made(tx: Tx, kelurahan: str, service: str) -> None:
    """They are what they should be."""
    tx.execute("UPDATE leaflet SET late = false WHERE kelurahan = %s AND service = %s AND late", [kelurahan, service])


def drop(tx: Tx, kelurahan: str, service: str) -> None:
    tx.execute("DELETE FROM leaflet WHERE kelurahan = %s AND service = %s", [kelurahan, service])
