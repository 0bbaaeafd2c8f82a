"""Lines that months are made of, and the months."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from intake.domain.measuring import Line
from kit.db import Row, Tx

_PUT = """
INSERT INTO figure (kelurahan, subject_id, what, service, part, month, amount, met)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (subject_id, what) DO UPDATE SET
    was_month = CASE WHEN figure.month IS NOT DISTINCT FROM EXCLUDED.month THEN figure.was_month
        WHEN figure.counted THEN coalesce(figure.month, figure.was_month)
        ELSE coalesce(figure.was_month, figure.month) END,
    service = EXCLUDED.service, part = EXCLUDED.part, month = EXCLUDED.month, amount = EXCLUDED.amount,
    met = EXCLUDED.met, counted = EXCLUDED.month IS NULL
WHERE (figure.service, figure.part, figure.month, figure.amount, figure.met) IS DISTINCT FROM
    (EXCLUDED.service, EXCLUDED.part, EXCLUDED.month, EXCLUDED.amount, EXCLUDED.met)
"""

_DROP = """
UPDATE figure SET was_month = CASE WHEN counted THEN coalesce(month, was_month) ELSE coalesce(was_month, month) END,
    month = NULL, counted = true WHERE subject_id = %s AND what = %s AND month IS NOT NULL
"""


def put(tx: Tx, kelurahan: str, subject_id: UUID, service: str | None, line: Line, month: date | None) -> None:
    """The last word on this thing of this subject, in its month; None when it holds no more. The month that it leaves
    is counted anew as well, since it may have been counted there before its last change there; the same word again is
    no news."""
    if month is None:
        tx.later(_DROP, [subject_id, line.what])
        return
    tx.later(_PUT, [kelurahan, subject_id, line.what, service, line.part, month, line.amount, line.met])


def of_subjects(tx: Tx, subjects: Sequence[UUID]) -> list[Row]:
    """{subject_id, what, service, part, month, amount, met} of these, as they stand."""
    return tx.all(
        "SELECT subject_id, what, service, part, month, amount, met FROM figure WHERE subject_id = ANY(%s)"
        " AND month IS NOT NULL",
        [list(subjects)],
    )


def uncounted(tx: Tx) -> list[Row]:
    """{kelurahan, month} of every office in which something happened since they were counted last, and of months that
    the release before has counted meanwhile: in the shape that it knows."""
    return tx.all(
        "SELECT DISTINCT kelurahan, month FROM figure WHERE NOT counted"
        " UNION SELECT DISTINCT kelurahan, was_month FROM figure WHERE was_month IS NOT NULL"
        " UNION SELECT kelurahan, month FROM figure_month WHERE NOT (data -> 'total') ? 'complaints'"
        " ORDER BY kelurahan, month"
    )


def every_month(tx: Tx, kelurahan: str) -> list[date]:
    """The months in which anything ever happened at an office, as far as is known."""
    rows = tx.all(
        "SELECT month FROM figure_month WHERE kelurahan = %(office)s UNION SELECT month FROM figure"
        " WHERE kelurahan = %(office)s AND month IS NOT NULL UNION SELECT was_month FROM figure"
        " WHERE kelurahan = %(office)s AND was_month IS NOT NULL ORDER BY month",
        {"office": kelurahan},
    )
    return [row["month"] for row in rows]


def count(tx: Tx, kelurahan: str, month: date) -> list[Row]:
    """{service, part, what, cases, met, median, p90} of a month, by thing, by service and thing ('' without
    a service) and by thing and part; `service` and `part` are null where they do not divide. A percentile is an amount
    that there was: the smallest that so many did not exceed. The lines are counted with that: what comes later makes
    the month be counted again."""
    tx.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 7))", [f"figures:{kelurahan}"])
    tx.execute(
        "UPDATE figure SET counted = true WHERE kelurahan = %s AND month = %s AND NOT counted", [kelurahan, month]
    )
    tx.execute("UPDATE figure SET was_month = NULL WHERE kelurahan = %s AND was_month = %s", [kelurahan, month])
    return tx.all(
        "SELECT CASE GROUPING(service) WHEN 0 THEN coalesce(service, '') END AS service,"
        " CASE GROUPING(part) WHEN 0 THEN part END AS part, what, count(*) AS cases,"
        " count(*) FILTER (WHERE met) AS met, percentile_disc(0.5) WITHIN GROUP (ORDER BY amount) AS median,"
        " percentile_disc(0.9) WITHIN GROUP (ORDER BY amount) AS p90"
        " FROM figure WHERE kelurahan = %s AND month = %s AND counted"
        " GROUP BY GROUPING SETS ((what), (service, what), (part, what))",
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


def months(tx: Tx, offices: Sequence[str], first: date, last: date) -> list[Row]:
    """{kelurahan, month, data} of these offices from the first month to the last."""
    return tx.all(
        "SELECT kelurahan, month, data FROM figure_month WHERE kelurahan = ANY(%s) AND month BETWEEN %s AND %s",
        [list(offices), first, last],
    )
