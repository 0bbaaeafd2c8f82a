"""Taking everything of a case away that is not for the archive: letters that have a number stay, with what they say."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from kit.db import Row, Tx

_OF_CASE = "(application_id = %(case)s OR introduction_id = %(introduction)s)"
_STAYS = "(NOT form AND number IS NOT NULL)"


@dataclass(frozen=True)
class Of:
    """A case, and the introduction that it began with."""

    case: UUID
    introduction: UUID | None


def objects_of(tx: Tx, of: Of) -> list[Row]:
    """{letter_id, stays, key} of letters and forms, {bundle_id} of bundles: whose objects are to be looked for; `key`
    is what an issued letter consists of."""
    return tx.all(
        f"SELECT id AS letter_id, NULL::uuid AS bundle_id, {_STAYS} AS stays, key FROM letter WHERE {_OF_CASE}"
        # a sheet that waits for its signature is the letter's
        f" AND NOT ({_STAYS} AND status NOT IN ('issued', 'void'))"
        " UNION ALL SELECT NULL, id, false, NULL FROM bundle WHERE application_id = %(case)s",
        vars(of),
    )


def erase(tx: Tx, of: Of) -> dict[str, int]:
    """Rows of the case, which is held; how many of what."""
    asked = vars(of)
    people = _people(tx, asked)
    counts = {
        "bundle": tx.execute("DELETE FROM bundle WHERE application_id = %(case)s", asked),
        "handover": tx.execute("DELETE FROM handover WHERE application_id = %(case)s", asked),
        "verification": tx.execute("DELETE FROM verification WHERE application_id = %(case)s", asked),
        "paragraph": tx.execute(
            f"DELETE FROM letter_paragraph WHERE letter_id IN (SELECT id FROM letter WHERE {_OF_CASE})", asked
        ),
        "letter": tx.execute(f"DELETE FROM letter WHERE {_OF_CASE} AND NOT {_STAYS}", asked),
        "introduction": tx.execute(
            "DELETE FROM introduction WHERE id = %(introduction)s OR application_id = %(case)s", asked
        ),
        "application": tx.execute("DELETE FROM application WHERE id = %(case)s", asked),
        "people": tx.execute("DELETE FROM people WHERE id = ANY(%s)", [people]),
    }
    tx.later(
        f"UPDATE letter SET preview_key = NULL, prepared_key = NULL WHERE {_OF_CASE} AND status IN ('issued', 'void')"
        " AND (preview_key IS NOT NULL OR prepared_key IS NOT NULL)",
        asked,
    )
    return counts


def hold(tx: Tx, of: Of) -> None:
    """Nobody adds a bundle to the case from now on."""
    tx.later("SELECT FROM application WHERE id = %(case)s FOR UPDATE", vars(of))


def _people(tx: Tx, asked: Row) -> list[UUID]:
    rows = tx.all(
        "SELECT person_id FROM application WHERE id = %(case)s"
        " UNION SELECT person_id FROM handover WHERE application_id = %(case)s"
        " UNION SELECT person_id FROM introduction WHERE id = %(introduction)s OR application_id = %(case)s"
        f" UNION SELECT person_id FROM letter WHERE {_OF_CASE} AND NOT {_STAYS} AND person_id IS NOT NULL"
        f" UNION SELECT person_id FROM letter_paragraph WHERE letter_id IN (SELECT id FROM letter WHERE {_OF_CASE})",
        asked,
    )
    return [row["person_id"] for row in rows]
