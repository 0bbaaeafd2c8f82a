"""What was sent, counted as it goes: by office, day, number and kind."""

from __future__ import annotations

from datetime import date

from kit.db import EVERY_TENANT, Row, Tx

_COUNT = """
INSERT INTO message_cost AS c (kelurahan, day, channel, sender, category, messages, price)
VALUES (%s, %s, %s, %s, %s, 1, %s)
ON CONFLICT (kelurahan, day, channel, sender, category)
    DO UPDATE SET messages = c.messages + 1, price = c.price + excluded.price
"""


def count(tx: Tx, kelurahan: str, day: date, channel: str, sender: str, category: str, price: int) -> None:
    """One more, and what it cost."""
    tx.execute(_COUNT, [kelurahan, day, channel, sender, category, price])


def service_messages(tx: Tx, channel: str, sender: str, first: date, beyond: date) -> int:
    """How many free texts went out from a number in these days, for whichever of the offices that share it."""
    tenant = tx.tenant
    tx.use_tenant(EVERY_TENANT)
    try:
        found = tx.value(
            "SELECT sum(messages) FROM message_cost WHERE channel = %s AND sender = %s AND category = 'service'"
            " AND day >= %s AND day < %s",
            [channel, sender, first, beyond],
        )
    finally:
        tx.use_tenant(tenant)
    return int(found or 0)


def price(tx: Tx, kelurahan: str, first: date, beyond: date) -> int:
    """What an office's messages of these days cost."""
    found = tx.value(
        "SELECT sum(price) FROM message_cost WHERE kelurahan = %s AND day >= %s AND day < %s",
        [kelurahan, first, beyond],
    )
    return int(found or 0)


def by_day(tx: Tx, kelurahan: str, first: date, beyond: date) -> list[Row]:
    """day, channel, category, messages, price; in order."""
    return tx.all(
        "SELECT day, channel, category, sum(messages)::int AS messages, sum(price)::bigint AS price FROM message_cost"
        " WHERE kelurahan = %s AND day >= %s AND day < %s GROUP BY day, channel, category"
        " ORDER BY day, channel, category",
        [kelurahan, first, beyond],
    )


def of_offices(tx: Tx, first: date, beyond: date) -> list[Row]:
    """kelurahan and price, of every office that sent anything in these days."""
    return tx.all(
        "SELECT kelurahan, sum(price)::bigint AS price FROM message_cost WHERE day >= %s AND day < %s"
        " GROUP BY kelurahan ORDER BY kelurahan",
        [first, beyond],
    )
