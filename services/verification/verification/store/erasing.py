"""Taking everything of a case away, and what people wrote that belongs to none."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from kit.db import Tx

# Questions that belong to a case, or to the introduction that it began with.
_TASKS = (
    "SELECT id FROM task WHERE application_id = %(case)s OR introduction_id = %(introduction)s ORDER BY id"
    " LIMIT %(most)s FOR UPDATE"
)
_CONVERSATIONS = (
    "DELETE FROM conversation WHERE task_id IN"
    " (SELECT id FROM task WHERE application_id = %(case)s OR introduction_id = %(introduction)s)"
)
_PEOPLE = """
SELECT person_id AS id FROM task WHERE id = ANY(%(tasks)s) UNION SELECT grants_id FROM task WHERE id = ANY(%(tasks)s)
UNION SELECT note_id FROM task WHERE id = ANY(%(tasks)s) UNION SELECT witness_id FROM task WHERE id = ANY(%(tasks)s)
UNION SELECT note_id FROM task_file WHERE task_id = ANY(%(tasks)s)
UNION SELECT note_id FROM statement WHERE task_id = ANY(%(tasks)s)
UNION SELECT person_id FROM incoming WHERE task_id = ANY(%(tasks)s)
"""
_OF_TASKS = ("link", "message", "statement", "task_file", "incoming")


def erase_tasks(tx: Tx, application_id: UUID, introduction_id: UUID | None, most: int) -> dict[str, int]:
    """Some of the questions about a case with all that was said, and to whom; how much."""
    asked = {"case": application_id, "introduction": introduction_id, "most": most}
    # Before the questions are locked: whoever answers holds his conversation first, and then the question.
    talks = tx.execute(_CONVERSATIONS, asked)
    tasks = [row["id"] for row in tx.all(_TASKS, asked)]
    if not tasks:
        return {}
    people = [row["id"] for row in tx.all(_PEOPLE, {"tasks": tasks}) if row["id"] is not None]
    counts = {name: tx.execute(f"DELETE FROM {name} WHERE task_id = ANY(%s)", [tasks]) for name in _OF_TASKS}
    counts["conversation"] = talks
    counts["task"] = tx.execute("DELETE FROM task WHERE id = ANY(%s)", [tasks])
    counts["people"] = _forget(tx, people)
    return counts


def erase_copy(tx: Tx, application_id: UUID) -> dict[str, int]:
    """What was known of the case itself."""
    return {"application": tx.execute("DELETE FROM application WHERE id = %s", [application_id])}


def erase_incoming(tx: Tx, kelurahan: str, before: datetime, most: int) -> int:
    """What people wrote beside no question, from before; how many messages."""
    rows = tx.all(
        "DELETE FROM incoming WHERE id IN (SELECT id FROM incoming WHERE kelurahan = %s AND task_id IS NULL"
        " AND received_at < %s ORDER BY received_at LIMIT %s FOR UPDATE SKIP LOCKED) RETURNING person_id",
        [kelurahan, before, most],
    )
    _forget(tx, [row["person_id"] for row in rows])
    return len(rows)


def erase_conversations(tx: Tx, kelurahan: str, before: datetime, most: int) -> int:
    """Where conversations stood in which nobody has written since; how many."""
    return tx.execute(
        "DELETE FROM conversation WHERE contact_id IN (SELECT contact_id FROM conversation WHERE kelurahan = %s"
        " AND changed_at < %s ORDER BY changed_at LIMIT %s FOR UPDATE SKIP LOCKED)",
        [kelurahan, before, most],
    )


def _forget(tx: Tx, people: list[UUID]) -> int:
    return tx.execute("DELETE FROM people WHERE id = ANY(%s)", [people])
