"""Which offices were told of their day."""

from __future__ import annotations

from datetime import date

from kit.db import Row, Tx


def every(tx: Tx) -> list[Row]:
    """{kelurahan, version, day} of every office: the day on which it was told last, or None."""
    return tx.all("SELECT o.kelurahan, o.version, t.day FROM office o LEFT JOIN opening t USING (kelurahan) ORDER BY 1")


def take(tx: Tx, kelurahan: str, day: date) -> bool:
    """Marks the office as told on that day; False when it was told on that day, or on a later one."""
    return (
        tx.execute(
            "INSERT INTO opening (kelurahan, day) VALUES (%s, %s) ON CONFLICT (kelurahan) DO UPDATE"
            " SET day = excluded.day WHERE opening.day < excluded.day",
            [kelurahan, day],
        )
        == 1
    )
