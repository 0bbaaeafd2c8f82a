"""Letters, forms, and the data frozen for them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields
from typing import Any
from uuid import UUID

from documents.domain.cases import Rest
from documents.domain.letters import Letter, Wanted
from kit.db import Row, Tx
from kit.ids import new_id

_COLUMNS = [field.name for field in fields(Letter)]
_SELECT = f"SELECT {', '.join(_COLUMNS)} FROM letter"
_FIXED = {"id", "kelurahan", "kind", "form", "rw", "rt", "created_at", "version"}
_CHANGING = [name for name in _COLUMNS if name not in _FIXED]

_ADD = f"INSERT INTO letter ({', '.join(_COLUMNS)}) VALUES ({', '.join(f'%({name})s' for name in _COLUMNS)})"
_SAVE = f"""
UPDATE letter SET {", ".join(f"{name} = %({name})s" for name in _CHANGING)}, version = version + 1
WHERE id = %(id)s RETURNING version
"""


def _values(letter: Letter) -> Row:
    return {name: getattr(letter, name) for name in _COLUMNS}


def add(tx: Tx, letter: Letter) -> Letter:
    tx.execute(_ADD, _values(letter))
    return letter


def new(kelurahan: str, wanted: Wanted, rw: str, rt: str, created_at: Any, **more: Any) -> Letter:
    """A letter to be drafted, not stored yet."""
    return Letter(
        id=new_id(),
        kelurahan=kelurahan,
        kind=wanted.kind,
        form=wanted.form,
        classification=wanted.classification,
        valid_days=wanted.valid_days,
        status="drafting",
        rw=rw,
        rt=rt,
        created_at=created_at,
        **more,
    )


def save(tx: Tx, letter: Letter) -> None:
    """Writes a letter that was read with a lock."""
    letter.version = tx.value(_SAVE, _values(letter))


def get(tx: Tx, letter_id: UUID, *, lock: bool = False) -> Letter | None:
    row = tx.one(f"{_SELECT} WHERE id = %s{' FOR UPDATE' if lock else ''}", [letter_id])
    return None if row is None else Letter(**row)


def of_case(tx: Tx, application_id: UUID) -> list[Letter]:
    """The office's letters and forms of a case, void and cancelled ones too, locked (after the case itself)."""
    rows = tx.all(
        f"{_SELECT} WHERE application_id = %s AND introduction_id IS NULL ORDER BY id FOR UPDATE", [application_id]
    )
    return [Letter(**row) for row in rows]


def of_case_or_introduction(tx: Tx, application_id: UUID, introduction_id: UUID | None) -> list[Letter]:
    """All letters and forms of a case, the RT head's too, oldest first; not locked."""
    rows = tx.all(
        f"{_SELECT} WHERE application_id = %s OR introduction_id = %s ORDER BY id", [application_id, introduction_id]
    )
    return [Letter(**row) for row in rows]


def of_introduction(tx: Tx, introduction_id: UUID) -> Letter | None:
    row = tx.one(f"{_SELECT} WHERE introduction_id = %s", [introduction_id])
    return None if row is None else Letter(**row)


def attach(tx: Tx, introduction_id: UUID, application_id: UUID, owner: str) -> None:
    """The RT head's letter was there before its case: from now on it is found with it."""
    tx.execute(
        "UPDATE letter SET application_id = %s, owner = %s, version = version + 1"
        " WHERE introduction_id = %s AND (application_id, owner) IS DISTINCT FROM (%s, %s)",
        [application_id, owner, introduction_id, application_id, owner],
    )


def follow_owner(tx: Tx, application_id: UUID, owner: str) -> None:
    """Somebody else goes on with the case: its letters are his to read, and not the other's any more."""
    tx.later(
        "UPDATE letter SET owner = %s, version = version + 1 WHERE application_id = %s AND owner <> %s",
        [owner, application_id, owner],
    )


def printed_of_cases(tx: Tx, application_ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """By case, where what its first letter was printed with is sealed."""
    rows = tx.all(
        "SELECT DISTINCT ON (application_id) application_id, person_id FROM letter"
        " WHERE application_id = ANY(%s::uuid[]) AND person_id IS NOT NULL AND status = 'issued'"
        " ORDER BY application_id, form, id",
        [list(application_ids)],
    )
    return {row["application_id"]: row["person_id"] for row in rows}


def owner_of(tx: Tx, application_id: UUID) -> str | None:
    """Whose the letters of an erased case are: they stay his to read."""
    found: str | None = tx.value(
        "SELECT owner FROM letter WHERE application_id = %s AND owner IS NOT NULL ORDER BY id DESC LIMIT 1",
        [application_id],
    )
    return found


def rests_on(tx: Tx, application_id: UUID, introduction_id: UUID | None) -> Rest | None:
    """The numbered introduction of a case, the newest if there are several."""
    row = tx.one(
        "SELECT rw, rt, number, dated FROM letter WHERE status IN ('numbered', 'issued') AND"
        " (introduction_id = %s OR (introduction_id IS NOT NULL AND application_id = %s)) ORDER BY id DESC LIMIT 1",
        [introduction_id, application_id],
    )
    return None if row is None else Rest(**row)


def by_token(tx: Tx, token: str) -> Letter | None:
    """The letter that carries this code, once it was issued."""
    row = tx.one(f"{_SELECT} WHERE token = %s AND status IN ('issued', 'void')", [token])
    return None if row is None else Letter(**row)


def page(tx: Tx, filters: dict[str, Any], after: UUID | None, limit: int) -> list[Letter]:
    """Letters in the order of their making; filters that are None do not count."""
    rows = tx.all(
        f"{_SELECT} WHERE kelurahan = %(kelurahan)s"
        " AND (%(application_id)s::uuid IS NULL OR application_id = %(application_id)s)"
        " AND (%(status)s::text IS NULL OR status = %(status)s) AND (%(kind)s::text IS NULL OR kind = %(kind)s)"
        " AND (%(after)s::uuid IS NULL OR id > %(after)s) ORDER BY id LIMIT %(limit)s",
        filters | {"kelurahan": tx.tenant, "after": after, "limit": limit},
    )
    return [Letter(**row) for row in rows]


def to_sign(tx: Tx, caller: str, after: UUID | None, limit: int) -> list[Letter]:
    """The office's letters that wait for a decision, or for the certificate of the caller, who decided on them: nobody
    else has read them. In the order of their making."""
    rows = tx.all(
        f"{_SELECT} WHERE kelurahan = %(kelurahan)s AND status IN ('drafted', 'numbered') AND NOT form"
        " AND introduction_id IS NULL"
        " AND (status = 'drafted' OR (method IN ('certificate', 'bsre') AND decided_by = %(caller)s))"
        " AND (%(after)s::uuid IS NULL OR id > %(after)s) ORDER BY id LIMIT %(limit)s",
        {"kelurahan": tx.tenant, "caller": caller, "after": after, "limit": limit},
    )
    return [Letter(**row) for row in rows]


def drafts(tx: Tx, kelurahan: str, kind: str | None = None) -> list[tuple[UUID | None, UUID]]:
    """(case, letter) of all that wait for the lurah, or are being drawn up: of a kind, or of the office's own."""
    rows = tx.all(
        "SELECT application_id, id FROM letter WHERE kelurahan = %(kelurahan)s AND status IN ('drafting', 'drafted')"
        " AND CASE WHEN %(kind)s::text IS NULL THEN application_id IS NOT NULL AND introduction_id IS NULL"
        " ELSE kind = %(kind)s END ORDER BY application_id, id",
        {"kelurahan": kelurahan, "kind": kind},
    )
    return [(row["application_id"], row["id"]) for row in rows]


def outdated(tx: Tx, templates: Iterable[tuple[str, str]]) -> list[Row]:
    """Drafts whose layout has changed since; `templates` are the (kind, version) of today."""
    kinds, versions = zip(*templates, strict=True)
    return tx.all(
        "SELECT l.id, l.kelurahan, l.application_id FROM letter l JOIN unnest(%s::text[], %s::text[]) t (kind, version)"
        " ON t.kind = l.kind WHERE l.status = 'drafted' AND l.template <> t.version ORDER BY l.id",
        [list(kinds), list(versions)],
    )


def not_prepared(tx: Tx, letter_ids: list[UUID]) -> list[UUID]:
    """Those of them whose sheet is still being made."""
    rows = tx.all(
        "SELECT id FROM letter WHERE id = ANY(%s::uuid[]) AND status = 'numbered' AND prepared_key IS NULL",
        [letter_ids],
    )
    return [row["id"] for row in rows]


def uses(tx: Tx, letter_id: UUID, key: str) -> bool:
    """Whether the letter, its sheet or its draft is this object."""
    asked = "SELECT 1 AS yes FROM letter WHERE id = %s AND %s IN (key, prepared_key, preview_key)"
    return tx.one(asked, [letter_id, key]) is not None


def mark_signing(tx: Tx, letter_id: UUID, sent: bool) -> None:
    """Since when its signing is waited for, by machine time: a moved clock must not end that."""
    tx.execute(
        "UPDATE letter SET signing_since = CASE WHEN %s THEN clock_timestamp() END WHERE id = %s", [sent, letter_id]
    )


def lose_track(tx: Tx, seconds: float) -> int:
    """Whatever has been `signing` for longer becomes `unknown`."""
    return tx.execute(
        "UPDATE letter SET status = 'unknown', problem = 'no clear answer', signing_since = NULL, version = version + 1"
        " WHERE status = 'signing' AND signing_since < clock_timestamp() - %s * interval '1 second'",
        [seconds],
    )


def successor(tx: Tx, letter_id: UUID) -> Letter | None:
    """The issued letter that is in the place of a void one."""
    row = tx.one(
        f"{_SELECT} WHERE replaces = %s AND status IN ('issued', 'void') AND issued_at IS NOT NULL", [letter_id]
    )
    return None if row is None else Letter(**row)


def frozen_rows(tx: Tx, person_ids: list[UUID]) -> dict[UUID, str]:
    """What is printed on several letters, still sealed."""
    rows = tx.all("SELECT id, sealed FROM people WHERE id = ANY(%s::uuid[])", [person_ids])
    return {row["id"]: row["sealed"] for row in rows}
