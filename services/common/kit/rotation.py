"""Sealing everything anew with the current key, while the service runs.

A service lists what it seals: columns (`SealedColumn`), blind indexes (`IndexColumn`), buckets. A pass goes through all
of it in short transactions, takes no row that somebody else holds (it comes back for it), and leaves what is done
already: it can be killed at any point and begun again.
"""

from __future__ import annotations

import json
import string
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from kit.db import EVERY_TENANT, Database, Row, Tx
from kit.objects import ObjectStore
from kit.sealed import Keyring, key_of, looks_sealed
from kit.spool import Spool

BATCH = 200
ROUNDS = 60
"""How often a pass comes back for rows that others held, a second apart."""


@dataclass(frozen=True)
class SealedColumn:
    """A column with sealed text, as text or as bytes. `context` is what its values are bound to, with the row's columns
    in braces; `ids` is the primary key. `hashes_wait`: bare keyed hashes of an earlier release keep the old key needed
    (they go by themselves soon); elsewhere they are given up with it."""

    table: str
    column: str
    context: str
    ids: tuple[str, ...] = ("id",)
    hashes_wait: bool = False

    @property
    def name(self) -> str:
        return f"{self.table}.{self.column}"

    def select(self) -> str:
        wanted = {name for _, name, _, _ in string.Formatter().parse(self.context) if name} | set(self.ids)
        columns = ", ".join(f"t.{name}" for name in sorted(wanted))
        return f"SELECT {columns}, t.{self.column} AS held FROM {self.table} t WHERE t.{self.column} IS NOT NULL"


@dataclass(frozen=True)
class IndexColumn:
    """A column with the blind index of something that lies sealed elsewhere. `join` reaches it from the row `t`;
    `sealed` and `bound` are, as SQL, the sealed value and what it is bound to. `values` says what the index may be of,
    given the opened value and the row; `more` adds to that row."""

    table: str
    column: str
    purpose: str
    values: Callable[[Any, Row], Iterable[str | None]]
    join: str = "JOIN people p ON p.id = t.person_id"
    sealed: str = "p.sealed"
    bound: str = "'person:' || p.id"
    more: str = "NULL AS more"
    ids: tuple[str, ...] = ("id",)

    @property
    def name(self) -> str:
        return f"{self.table}.{self.column}"

    def select(self) -> str:
        columns = ", ".join(f"t.{name}" for name in self.ids)
        return (
            f"SELECT {columns}, t.{self.column} AS held, {self.sealed} AS sealed, {self.bound} AS bound, {self.more}"
            f" FROM {self.table} t {self.join} WHERE t.{self.column} IS NOT NULL"
        )


@dataclass(frozen=True)
class Holdings:
    """All that a service seals, besides what the plumbing does."""

    columns: Sequence[SealedColumn] = ()
    indexes: Sequence[IndexColumn] = ()
    buckets: Callable[[Any], Sequence[tuple[ObjectStore, str, Spool]]] = field(default=lambda _deps: ())


OF_THE_PLUMBING = (
    SealedColumn("idempotency", "body", "answer", ("caller", "route", "key")),
    SealedColumn("service_key", "sealed", "key:{purpose}", ("purpose",)),
    SealedColumn("idempotency", "fingerprint", "request", ("caller", "route", "key"), hashes_wait=True),
)


@dataclass(frozen=True)
class Events:
    """The kept events with people in them; only their `person` is sealed."""

    ids: tuple[str, ...] = ("id",)
    name: str = "outbox.data"
    table: str = "outbox"
    column: str = "data"

    def select(self) -> str:
        return """SELECT t.id, t.type, t.subject, t.data AS held FROM outbox t WHERE t.data LIKE '%%"person"%%'"""


Part = SealedColumn | IndexColumn | Events


class Rows:
    """A service's tables. `say` is told how it goes."""

    def __init__(
        self, db: Database, data_keys: Keyring, event_keys: Keyring, holdings: Holdings, say: Callable[[str], None]
    ) -> None:
        self._db, self._data_keys, self._event_keys, self._say = db, data_keys, event_keys, say
        self._parts: list[Part] = [*OF_THE_PLUMBING, *holdings.columns, *holdings.indexes, Events()]

    def seal(self) -> None:
        """Everything, with the current keys. Raises DatabaseUnavailable, CannotOpen."""
        for part in self._parts:
            done = self._pass(part)
            for _ in range(ROUNDS):
                if not self._left(part, hashes=False):
                    break
                time.sleep(1)
                done += self._pass(part)
            self._say(f"  {part.name}: {done} sealed anew")

    def left(self) -> Counter[str]:
        """How many values need another key than the current one, by column."""
        return +Counter({part.name: self._left(part) for part in self._parts})

    def _pass(self, part: Part) -> int:
        done = seen = 0
        after: tuple[Any, ...] | None = None
        while True:
            with self._db.transaction(EVERY_TENANT) as tx:
                rows = _batch(tx, part, after, lock=True)
                for row in rows:
                    if (anew := self._anew(part, row)) is not None:
                        done += 1
                        tx.later(
                            f"UPDATE {part.table} SET {part.column} = %s WHERE ({', '.join(part.ids)}) = %s",
                            [anew, _position(part, row)],
                        )
            if not rows:
                return done
            after, seen = _position(part, rows[-1]), seen + len(rows)
            if seen % (25 * BATCH) == 0:
                self._say(f"  {part.name}: {seen} seen, {done} sealed anew")

    def _left(self, part: Part, *, hashes: bool = True) -> int:
        """How many rows need another key than the current one; bare hashes are nothing that a pass could mend."""
        with self._db.transaction(EVERY_TENANT) as tx:
            return sum(self._needs(part, row, hashes) for row in _every(tx, part))

    def _needs(self, part: Part, row: Row, hashes: bool) -> bool:
        if isinstance(part, SealedColumn):
            text = _text(row["held"])
            return key_of(text) != self._data_keys.current if looks_sealed(text) else hashes and part.hashes_wait
        return self._anew(part, row) is not None

    def _anew(self, part: Part, row: Row) -> str | bytes | None:
        """What to write in the row; None where nothing is to be done."""
        if isinstance(part, IndexColumn):
            return self._index(part, row)
        if isinstance(part, Events):
            return self._event(row)
        text = _text(row["held"])
        if not looks_sealed(text):
            return None
        sealed = self._data_keys.reseal(text, part.context.format(**row))
        return sealed.encode() if sealed and not isinstance(row["held"], str) else sealed

    def _index(self, part: IndexColumn, row: Row) -> bytes | None:
        held = bytes(row["held"])
        for value in part.values(self._data_keys.open(row["sealed"], row["bound"]), row):
            current, *older = self._data_keys.blind_indexes(value, part.purpose) if value else [held]
            if held in older:
                return current
        return None

    def _event(self, row: Row) -> str | None:
        data = json.loads(row["held"])
        if not isinstance(data.get("person"), str):
            return None
        person = self._event_keys.reseal(data["person"], f"event:{row['type']}:{row['subject']}")
        return person and json.dumps(data | {"person": person}, ensure_ascii=False, separators=(",", ":"))


def seal_objects(store: ObjectStore, bucket: str, spool: Spool, say: Callable[[str], None]) -> None:
    """The data keys of a bucket's objects, and objects from before there were any."""
    done = seen = 0
    with spool.open() as target:
        for seen, name in enumerate(_names(store, bucket), 1):
            done += store.reseal(bucket, name, target)
            if seen % 1000 == 0:
                say(f"  {bucket}: {seen} objects seen, {done} sealed anew")
    say(f"  {bucket}: {seen} objects seen, {done} sealed anew")


def left_in_store(store: ObjectStore, bucket: str, keys: Keyring) -> int:
    """How many objects are not sealed with the current key."""
    return sum(store.stat(bucket, name).sealed_with != keys.current for name in _names(store, bucket) if name)


def _names(store: ObjectStore, bucket: str) -> Iterator[str]:
    after: str | None = None
    while found := store.keys_after(bucket, after, 1000):
        yield from found
        after = found[-1]


def _batch(tx: Tx, part: Part, after: tuple[Any, ...] | None, *, lock: bool = False) -> list[Row]:
    """The next rows in the order of their key. With a lock, only those that nobody holds: nothing is waited for, so
    that nobody waits in a circle with us."""
    key = ", ".join(f"t.{name}" for name in part.ids)
    beyond = f" AND ({key}) > %(after)s" if after else ""
    locked = " FOR NO KEY UPDATE OF t SKIP LOCKED" if lock else ""
    return tx.all(f"{part.select()}{beyond} ORDER BY {key} LIMIT {BATCH}{locked}", {"after": after})


def _every(tx: Tx, part: Part) -> Iterator[Row]:
    after: tuple[Any, ...] | None = None
    while rows := _batch(tx, part, after):
        yield from rows
        after = _position(part, rows[-1])


def _position(part: Part, row: Row) -> tuple[Any, ...]:
    return tuple(row[name] for name in part.ids)


def _text(held: Any) -> str:
    return held if isinstance(held, str) else bytes(held).decode("ascii", errors="replace")
