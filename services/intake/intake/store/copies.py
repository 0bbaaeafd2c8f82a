"""Copies of what other services own: letters of a case, hand-overs, neighbourhoods, tasks, messages.

State is kept by its sequence: what is older than the row it would change is dropped.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from kit.db import Row, Tx


def letters(tx: Tx, application_id: UUID, introduction_id: UUID | None) -> list[Row]:
    """{letter_id, kind, number, check_url, status} of a case and of its introduction."""
    return tx.all(
        "SELECT letter_id, kind, number, check_url, CASE WHEN void THEN 'void' ELSE 'issued' END AS status,"
        " introduction_id FROM case_letter WHERE application_id = %s OR introduction_id = %s ORDER BY letter_id",
        [application_id, introduction_id],
    )


def keep_letter(tx: Tx, data: dict[str, Any]) -> None:
    """It was issued; if it is known to be void already, it stays void."""
    tx.execute(
        "INSERT INTO case_letter (letter_id, kelurahan, application_id, introduction_id, kind, number, check_url)"
        " VALUES (%(letter_id)s, %(kelurahan)s, %(application_id)s, %(introduction_id)s, %(kind)s, %(number)s,"
        " %(check_url)s) ON CONFLICT (letter_id) DO UPDATE SET introduction_id = EXCLUDED.introduction_id,"
        " check_url = EXCLUDED.check_url",
        data,
    )


def void_letter(tx: Tx, data: dict[str, Any]) -> bool:
    """Marks it void, also when the news that it was issued comes later. False when it was void before."""
    changed = tx.execute(
        "INSERT INTO case_letter (letter_id, kelurahan, application_id, kind, number, check_url, void)"
        " VALUES (%(letter_id)s, %(kelurahan)s, %(application_id)s, %(kind)s, %(number)s, '', true)"
        " ON CONFLICT (letter_id) DO UPDATE SET void = true WHERE NOT case_letter.void",
        data,
    )
    return changed == 1


def keep_handover(tx: Tx, data: dict[str, Any], sequence: int) -> bool:
    """False when it says nothing new: a newer state is here, or the same one was told before."""
    news = tx.value(
        "WITH was AS (SELECT status, at FROM case_handover WHERE handover_id = %(handover_id)s), kept AS ("
        "INSERT INTO case_handover (handover_id, kelurahan, application_id, status, method, at, sequence)"
        " VALUES (%(handover_id)s, %(kelurahan)s, %(application_id)s, %(status)s, %(method)s, %(at)s, %(sequence)s)"
        " ON CONFLICT (handover_id) DO UPDATE SET status = EXCLUDED.status, method = EXCLUDED.method,"
        " at = EXCLUDED.at, sequence = EXCLUDED.sequence WHERE case_handover.sequence < EXCLUDED.sequence RETURNING 1)"
        " SELECT EXISTS (SELECT FROM kept) AND NOT EXISTS (SELECT FROM was WHERE status = %(status)s AND at = %(at)s)",
        data | {"sequence": sequence},
    )
    return bool(news)


def keep_neighbourhood(tx: Tx, data: dict[str, Any], sequence: int) -> None:
    tx.execute(
        "INSERT INTO neighbourhood (id, kelurahan, rw, rt, headed, sequence) VALUES (%(neighbourhood_id)s,"
        " %(kelurahan)s, %(rw)s, %(rt)s, %(headed)s, %(sequence)s) ON CONFLICT (id) DO UPDATE SET"
        " rw = EXCLUDED.rw, rt = EXCLUDED.rt, headed = EXCLUDED.headed, sequence = EXCLUDED.sequence"
        " WHERE neighbourhood.sequence < EXCLUDED.sequence",
        data | {"sequence": sequence},
    )


def places(tx: Tx) -> list[tuple[str, str]]:
    """(rt, rw) of the office's neighbourhoods."""
    rows = tx.all("SELECT DISTINCT rt, rw FROM neighbourhood WHERE kelurahan = %s ORDER BY rt, rw", [tx.tenant])
    return [(row["rt"], row["rw"]) for row in rows]


def keep_task(tx: Tx, data: dict[str, Any], sequence: int) -> tuple[bool, str | None]:
    """Whether this is news, and the outcome known before (`""` of a task that was not known); a newer state stays."""
    row = tx.all(
        "WITH was AS (SELECT outcome FROM task WHERE id = %(task_id)s), kept AS ("
        "INSERT INTO task (id, kelurahan, application_id, introduction_id, kind, status, outcome, position, closed_at,"
        " sequence) VALUES (%(task_id)s, %(kelurahan)s, %(application_id)s, %(introduction_id)s, %(kind)s, %(status)s,"
        " %(outcome)s, %(position)s, %(closed_at)s, %(sequence)s)"
        " ON CONFLICT (id) DO UPDATE SET status = EXCLUDED.status, outcome = EXCLUDED.outcome,"
        " closed_at = EXCLUDED.closed_at, sequence = EXCLUDED.sequence WHERE task.sequence < EXCLUDED.sequence"
        " RETURNING 1)"
        " SELECT EXISTS (SELECT FROM kept) AS news, EXISTS (SELECT FROM was) AS known,"
        " (SELECT outcome FROM was) AS outcome",
        data | {"sequence": sequence},
    )[0]
    return row["news"], row["outcome"] if row["known"] else ""


def tasks_of(tx: Tx, application_id: UUID) -> list[Row]:
    """{id, kind, status} of what the RT head and neighbours were asked about the case, oldest first."""
    return tx.all("SELECT id, kind, status FROM task WHERE application_id = %s ORDER BY id", [application_id])


def keep_outcome(tx: Tx, data: dict[str, Any], delivered: bool) -> None:
    """What became of a message; once delivered it stays delivered."""
    at: datetime = data["at"]
    tx.execute(
        "INSERT INTO message_outcome (message_id, kelurahan, application_id, channel, delivered, reason, at)"
        " VALUES (%(message_id)s, %(kelurahan)s, %(application_id)s, %(channel)s, %(delivered)s, %(reason)s, %(at)s)"
        " ON CONFLICT (message_id) DO UPDATE SET channel = EXCLUDED.channel, delivered = EXCLUDED.delivered,"
        " reason = EXCLUDED.reason, at = EXCLUDED.at WHERE NOT message_outcome.delivered",
        data | {"delivered": delivered, "at": at},
    )
