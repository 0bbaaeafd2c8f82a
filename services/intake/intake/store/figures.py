"""Lines that months are made of, and the months."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from kit.db import Row, Tx


def add(
    tx: Tx, kelurahan: str, application_id: UUID, service: str, what: str, month: date, minutes: int | None,
    met: bool | None,
) -> None:  # fmt: skip
    """The last word on this thing in this case; a month that it stood in before is counted anew as well."""
    tx.later(
        "INSERT INTO figure_line (kelurahan, application_id, what, service, month, minutes, met)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT (application_id, what) DO UPDATE SET"
        " was_month = CASE WHEN figure_line.month <> EXCLUDED.month THEN figure_line.month"
        " ELSE figure_line.was_month END, month = EXCLUDED.month, minutes = EXCLUDED.minutes, met = EXCLUDED.met,"
        " counted = false",
        [kelurahan, application_id, what, service, month, minutes, met],
    )


def uncounted(tx: Tx) -> list[Row]:
    """{kelurahan, month} of every office in which something happened since they were counted last."""
    return tx.all(
        "SELECT DISTINCT kelurahan, month FROM figure_line WHERE NOT counted"
        " UNION SELECT DISTINCT kelurahan, was_month FROM figure_line WHERE was_month IS NOT NULL"
        " ORDER BY kelurahan, month"
    )


def count(tx: Tx, kelurahan: str, month: date) -> list[Row]:
    """{service, what, cases, met, median, p90} of a month, `service` null for all of them. Its lines are counted with
    that: what comes later makes it be counted again."""
    tx.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 7))", [f"figures:{kelurahan}"])
    tx.execute(
        "UPDATE figure_line SET counted = true WHERE kelurahan = %s AND month = %s AND NOT counted", [kelurahan, month]
    )
    tx.execute("UPDATE figure_line SET was_month = NULL WHERE kelurahan = %s AND was_month = %s", [kelurahan, month])
    return tx.all(
        "SELECT service, what, count(*) AS cases, count(*) FILTER (WHERE met) AS met,"
        " percentile_cont(0.5) WITHIN GROUP (ORDER BY minutes) AS median,"
        " percentile_cont(0.9) WITHIN GROUP (ORDER BY minutes) AS p90"
        " FROM figure_line WHERE kelurahan = %s AND month = %s AND counted"
        " GROUP BY GROUPING SETS ((service, what), (what))",
        [kelurahan, month],
    )


def put_month(tx: Tx, kelurahan: str, month: date, data: dict[str, Any], at: datetime) -> None:
    tx.execute(
        "INSERT INTO figure_month (kelurahan, month, data, computed_at) VALUES (%s, %s, %s, %s)"
        " ON CONFLICT (kelurahan, month) DO UPDATE SET data = EXCLUDED.data, computed_at = EXCLUDED.computed_at",
        [kelurahan, month, data, at],
    )


def month(tx: Tx, kelurahan: str, first: date) -> Row | None:
    """{data, computed_at}"""
    return tx.one("SELECT data, computed_at FROM figure_month WHERE kelurahan = %s AND month = %s", [kelurahan, first])


def months(tx: Tx, offices: list[str], first: date, last: date) -> list[Row]:
    """{kelurahan, month, data} of these offices from the first month to the last."""
    return tx.all(
        "SELECT kelurahan, month, data FROM figure_month WHERE kelurahan = ANY(%s) AND month BETWEEN %s AND %s",
        [offices, first, last],
    )
