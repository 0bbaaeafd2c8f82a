"""Who writes to a number that several offices share, and which of them he means."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kit.db import Tx
from kit.ids import new_id
from notify.domain.incoming import NO_OFFICE


@dataclass
class SharedSender:
    """Somebody at a shared number. `kelurahan` is the office that he means, None until he has said so; `asked_at`, by
    the machine's clock, when he was asked last."""

    id: UUID
    kelurahan: str | None
    asked_at: datetime | None


def get(tx: Tx, channel: str, number_id: str, line: str, sender_mark: bytes | None) -> SharedSender:
    """Who it is, locked; made where he writes for the first time."""
    tx.later(
        "INSERT INTO shared_sender (id, kelurahan, channel, number_id, line, sender_mark)"
        " VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (channel, number_id, line) DO NOTHING",
        [new_id(), NO_OFFICE, channel, number_id, line, sender_mark],
    )
    row = tx.one(
        "SELECT id, kelurahan, asked_at FROM shared_sender WHERE channel = %s AND number_id = %s AND line = %s"
        " FOR UPDATE",
        [channel, number_id, line],
    )
    assert row is not None, "it was made above"
    return SharedSender(row["id"], None if row["kelurahan"] == NO_OFFICE else row["kelurahan"], row["asked_at"])


def chosen(tx: Tx, sender: SharedSender, kelurahan: str) -> None:
    """From now on what he writes is for this office."""
    tx.later("UPDATE shared_sender SET kelurahan = %s WHERE id = %s", [kelurahan, sender.id])


def asked(tx: Tx, sender: SharedSender) -> None:
    """He is asked at this moment, by the machine's clock, and what he said before counts no more."""
    tx.later(
        "UPDATE shared_sender SET kelurahan = %s, asked_at = clock_timestamp() WHERE id = %s", [NO_OFFICE, sender.id]
    )


def asked_lately(tx: Tx, sender: SharedSender, minutes: int) -> bool:
    """Whether he was asked within the last minutes."""
    return bool(
        tx.value(
            "SELECT asked_at > clock_timestamp() - make_interval(mins => %s) FROM shared_sender WHERE id = %s",
            [minutes, sender.id],
        )
    )


def prune(tx: Tx, days: int) -> int:
    """Who was asked so long ago, or wrote first, is asked again; how many. Machine time."""
    return tx.execute(
        "DELETE FROM shared_sender WHERE coalesce(asked_at, made_at) < clock_timestamp() - make_interval(days => %s)",
        [days],
    )
