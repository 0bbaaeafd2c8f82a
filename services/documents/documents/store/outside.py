"""Letters made elsewhere, which have a number of ours."""

from __future__ import annotations

from dataclasses import fields
from uuid import UUID

from documents.domain.registers import OutsideLetter
from documents.store import people
from kit.db import Row, Tx
from kit.sealed import Keyring

_PRIVATE = {"addressee", "subject"}
_COLUMNS = [field.name for field in fields(OutsideLetter) if field.name not in _PRIVATE]
_ADD = f"INSERT INTO outside_letter ({', '.join(_COLUMNS)}) VALUES ({', '.join(f'%({name})s' for name in _COLUMNS)})"


def add(tx: Tx, keys: Keyring, letter: OutsideLetter) -> None:
    sealed = {"addressee": letter.addressee, "subject": letter.subject}
    people.keep(tx, keys, letter.kelurahan, sealed, letter.person_id)
    tx.execute(_ADD, _values(letter))


def get(tx: Tx, keys: Keyring, letter_id: UUID, *, lock: bool = False) -> OutsideLetter | None:
    row = tx.one(
        f"SELECT {', '.join(_COLUMNS)} FROM outside_letter WHERE id = %s{' FOR UPDATE' if lock else ''}", [letter_id]
    )
    return None if row is None else OutsideLetter(**row, **people.read(tx, keys, row["person_id"]))


def save_void(tx: Tx, letter: OutsideLetter) -> None:
    """Nothing else of it ever changes."""
    letter.version = tx.value(
        "UPDATE outside_letter SET voided_at = %(voided_at)s, voided_by = %(voided_by)s, void_reason = %(void_reason)s,"
        " version = version + 1 WHERE id = %(id)s RETURNING version",
        _values(letter),
    )


def _values(letter: OutsideLetter) -> Row:
    return {name: getattr(letter, name) for name in _COLUMNS}
