"""Offices and the versions of their catalogues."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from contracts.calendar import OfficeCalendar
from intake.domain.measuring import Terms
from intake.known import Office
from kit.db import Row, Tx

_OFFICE = (
    "SELECT o.kelurahan, o.data, o.version,"
    " coalesce((SELECT max(t.since) FROM office_terms t WHERE t.kelurahan = o.kelurahan), '2000-01-01') AS since"
    " FROM office o"
)


def get(tx: Tx, kelurahan: str) -> Row | None:
    """{kelurahan, data, version, since}, `since` when its terms are as they are: ever since, for an office that the
    release before has made."""
    return tx.one(
        f"{_OFFICE} WHERE o.kelurahan = %s",
        [kelurahan],
    )


def lock(tx: Tx, kelurahan: str) -> Row | None:
    return tx.one(
        "SELECT kelurahan, data, version, changed_at FROM office WHERE kelurahan = %s FOR UPDATE", [kelurahan]
    )  # fmt: skip


def version(tx: Tx, kelurahan: str) -> int | None:
    found: int | None = tx.value("SELECT version FROM office WHERE kelurahan = %s", [kelurahan])
    return found


def every(tx: Tx) -> list[Row]:
    return tx.all("SELECT kelurahan, data, version FROM office ORDER BY kelurahan")


def codes(tx: Tx) -> list[str]:
    """Of every office."""
    return [row["kelurahan"] for row in tx.all("SELECT kelurahan FROM office ORDER BY kelurahan")]


def some(tx: Tx, codes: Sequence[str]) -> list[Row]:
    """{kelurahan, data, version, since} of these offices."""
    if not codes:
        return []
    return tx.all(f"{_OFFICE} WHERE o.kelurahan = ANY(%s)", [list(codes)])


def names(tx: Tx) -> list[Row]:
    """{code, version, name, kecamatan, kota} of every office."""
    return tx.all(
        "SELECT kelurahan AS code, version, data ->> 'name' AS name, data ->> 'kecamatan' AS kecamatan,"
        " data ->> 'kota' AS kota FROM office ORDER BY kelurahan"
    )


def put(tx: Tx, kelurahan: str, data: dict[str, Any], now: datetime) -> int:
    """Writes the office; its new version."""
    return int(
        tx.value(
            "INSERT INTO office (kelurahan, data, changed_at) VALUES (%s, %s, %s) ON CONFLICT (kelurahan)"
            " DO UPDATE SET data = EXCLUDED.data, version = office.version + 1, changed_at = EXCLUDED.changed_at"
            " RETURNING version",
            [kelurahan, data, now],
        )
    )


def put_terms(tx: Tx, found: Office) -> None:
    """What the office's work is measured by from then on, unless that is what was said last; never before that."""
    last = tx.one(
        "SELECT zone, calendar, introduction_days FROM office_terms WHERE kelurahan = %s ORDER BY since DESC LIMIT 1",
        [found.code],
    )
    if last == {
        "zone": found.data["zone"], "calendar": found.data["calendar"], "introduction_days": found.introduction_days
    }:  # fmt: skip
        return
    tx.execute(
        "INSERT INTO office_terms (kelurahan, since, zone, calendar, introduction_days) VALUES (%(kelurahan)s,"
        " greatest(%(now)s, (SELECT max(since) FROM office_terms WHERE kelurahan = %(kelurahan)s)), %(zone)s,"
        " %(calendar)s, %(days)s) ON CONFLICT (kelurahan, since) DO UPDATE SET zone = EXCLUDED.zone,"
        " calendar = EXCLUDED.calendar, introduction_days = EXCLUDED.introduction_days",
        {
            "kelurahan": found.code, "now": found.since, "zone": found.data["zone"], "calendar": found.data["calendar"],
            "days": found.introduction_days,
        },
    )  # fmt: skip


def terms(tx: Tx, kelurahan: str, upto: datetime | None = None) -> list[Terms]:
    """By what it was measured, the newest first; those that had begun by then, or else the first of all."""
    rows = tx.all(
        "SELECT since, zone, calendar, introduction_days FROM office_terms WHERE kelurahan = %(kelurahan)s"
        " AND (%(upto)s::timestamptz IS NULL OR since <= %(upto)s OR since = ("
        "SELECT min(since) FROM office_terms WHERE kelurahan = %(kelurahan)s)) ORDER BY since DESC",
        {"kelurahan": kelurahan, "upto": upto},
    )
    return [
        Terms(OfficeCalendar.from_data(row["zone"], row["calendar"]), row["introduction_days"], row["since"])
        for row in rows
    ]


# A service that was retired is not offered from that day on; who has a case of it keeps it.
_OFFERED_ON = (
    "NOT EXISTS (SELECT FROM sop_retirement r WHERE r.kelurahan = s.kelurahan AND r.service = s.service"
    " AND r.from_date <= %(day)s AND s.version <= r.up_to)"
)
_OFFERED = _OFFERED_ON.replace("%(day)s", "(%(now)s AT TIME ZONE (o.data ->> 'zone'))::date")


def versions_for(tx: Tx, kelurahan: str, service: str, now: datetime) -> Row | None:
    """{office, sop}: the versions of the office's data and of the service's SOP in force today, office time.
    `sop` is None for a service that the office does not have."""
    return tx.one(
        "SELECT o.version AS office, (SELECT s.version FROM sop s WHERE s.kelurahan = o.kelurahan"
        " AND s.service = %(service)s AND s.effective_from <= (%(now)s AT TIME ZONE (o.data ->> 'zone'))::date"
        f" AND {_OFFERED} ORDER BY s.version DESC LIMIT 1) AS sop FROM office o WHERE o.kelurahan = %(kelurahan)s",
        {"kelurahan": kelurahan, "service": service, "now": now},
    )


def add_sop(tx: Tx, kelurahan: str, sop: dict[str, Any]) -> bool:
    """Publishes a version; False when it was there already."""
    added = tx.execute(
        "INSERT INTO sop (kelurahan, service, version, effective_from, data) VALUES (%s, %s, %s, %s, %s)"
        " ON CONFLICT DO NOTHING",
        [kelurahan, sop["service"], sop["version"], sop["effective_from"], sop],
    )
    return added == 1


def sop_on(tx: Tx, kelurahan: str, service: str, day: date) -> dict[str, Any] | None:
    """The version in force on a day."""
    data: dict[str, Any] | None = tx.value(
        "SELECT data FROM sop s WHERE kelurahan = %(kelurahan)s AND service = %(service)s AND effective_from <= %(day)s"
        f" AND {_OFFERED_ON} ORDER BY version DESC LIMIT 1",
        {"kelurahan": kelurahan, "service": service, "day": day},
    )
    return data


def sop_version(tx: Tx, kelurahan: str, service: str, version: int) -> dict[str, Any]:
    """The version that a case began with."""
    data: dict[str, Any] = tx.value(
        "SELECT data FROM sop WHERE kelurahan = %s AND service = %s AND version = %s",
        [kelurahan, service, version],
    )
    return data


def catalogue(tx: Tx, kelurahan: str, day: date) -> list[dict[str, Any]]:
    """Every service in force on a day, by code."""
    rows = tx.all(
        "SELECT DISTINCT ON (service) data FROM sop s WHERE kelurahan = %(kelurahan)s AND effective_from <= %(day)s"
        f" AND {_OFFERED_ON} ORDER BY service, version DESC",
        {"kelurahan": kelurahan, "day": day},
    )
    return [row["data"] for row in rows]


def every_sop(tx: Tx) -> list[Row]:
    return tx.all("SELECT kelurahan, data FROM sop ORDER BY kelurahan, service, version")
