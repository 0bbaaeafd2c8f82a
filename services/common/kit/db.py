"""PostgreSQL: a pool, and transactions that are handed on by hand.

    with db.transaction(tenant) as tx:
        row = tx.one("SELECT … WHERE id = %s", [id])
        tx.execute("UPDATE …", [...])

Row-level security sees the tenant through the setting `app.tenant`; `EVERY_TENANT` is for jobs that say
that they work across offices. A server that does not answer ends the wait after `timeout` seconds and the
connection is thrown away, so that a connection which went silent never holds a thread for ever.
"""

from __future__ import annotations

import select
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg2
import psycopg2.extensions
import psycopg2.extras
import structlog
from sqlalchemy import create_engine, event
from sqlalchemy.exc import DBAPIError, InvalidatePoolError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from kit import closed
from kit.problems import Unavailable

EVERY_TENANT = "*"

Params = Sequence[Any] | dict[str, Any] | None
Row = dict[str, Any]

psycopg2.extras.register_uuid()  # type: ignore[no-untyped-call]
psycopg2.extensions.register_adapter(dict, psycopg2.extras.Json)

log = structlog.get_logger()

_deadline = threading.local()

_OPENING = 2  # BEGIN and the tenant
_MOST_AHEAD = 200


class DatabaseUnavailable(Unavailable):
    """PostgreSQL is away, restarting, frozen, or all connections are taken."""


class _Silent(psycopg2.OperationalError):
    """The server did not answer within the time-out."""


def _wait(connection: Any) -> None:
    """psycopg2's wait callback: the same as blocking, but not for ever."""
    limit = getattr(_deadline, "seconds", 30.0)
    ends = time.monotonic() + limit
    poller: select.poll | None = None
    while True:
        state = connection.poll()
        if state == psycopg2.extensions.POLL_OK:
            return
        if poller is None:
            poller = select.poll()
        mask = select.POLLIN if state == psycopg2.extensions.POLL_READ else select.POLLOUT
        poller.register(connection.fileno(), mask)
        remaining = ends - time.monotonic()
        if remaining <= 0 or not poller.poll(remaining * 1000):
            # psycopg2 closes a connection whose callback raises; closing it here would wait for itself.
            raise _Silent(f"the database did not answer within {limit:g} s")


psycopg2.extensions.set_wait_callback(_wait)


class Tx:
    """One open transaction. Made by `Database.transaction` only.

    A round trip to the server costs as much as a small statement, so what nobody waits for (the BEGIN, the tenant,
    writes given to `later`) travels in front of the next statement, or with the COMMIT. The order stays as written.
    """

    def __init__(self, connection: Any, tenant: str) -> None:
        self._cursor = connection.cursor()
        self._ahead: list[bytes] = [b"BEGIN"]
        self._begun = False
        self.use_tenant(tenant)

    def use_tenant(self, tenant: str) -> None:
        """From here on rows of `tenant` are visible (for a batch over several tenants)."""
        self.tenant = tenant
        self._ahead.append(self._cursor.mogrify("SELECT set_config('app.tenant', %s, true)", [tenant]))

    def later(self, sql: str, params: Params = None) -> None:
        """A statement whose outcome nobody looks at. It fails, if it does, at the next one or at the commit."""
        self._ahead.append(self._cursor.mogrify(sql, params))
        if len(self._ahead) >= _MOST_AHEAD:
            self._send(b"SELECT")

    def execute(self, sql: str, params: Params = None) -> int:
        """Runs a statement; the number of rows that it touched."""
        self._send(self._cursor.mogrify(sql, params))
        return int(self._cursor.rowcount)

    def execute_many(self, sql: str, rows: Sequence[Params]) -> None:
        """The same INSERT for many rows in one statement (`VALUES %s`)."""
        self._send(b"SELECT")
        psycopg2.extras.execute_values(self._cursor, sql, rows, page_size=500)

    def one(self, sql: str, params: Params = None) -> Row | None:
        """The first row, or None."""
        self._send(self._cursor.mogrify(sql, params))
        values = self._cursor.fetchone()
        return None if values is None else dict(zip(self._columns(), values, strict=True))

    def all(self, sql: str, params: Params = None) -> list[Row]:
        self._send(self._cursor.mogrify(sql, params))
        names = self._columns()
        return [dict(zip(names, values, strict=True)) for values in self._cursor.fetchall()]

    def value(self, sql: str, params: Params = None) -> Any:
        """The first column of the first row, or None."""
        self._send(self._cursor.mogrify(sql, params))
        values = self._cursor.fetchone()
        return None if values is None else values[0]

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """What is done within counts as a whole or not at all: after an error the transaction stands where it stood
        before, and goes on."""
        self.execute("SAVEPOINT attempt")
        try:
            yield
            self.execute("RELEASE SAVEPOINT attempt")
        except Exception:
            self._ahead = []
            self._cursor.execute("ROLLBACK TO SAVEPOINT attempt; RELEASE SAVEPOINT attempt")
            raise

    def commit(self) -> None:
        """For `Database.transaction`. A transaction that sent nothing and has nothing to send costs nothing."""
        if self._begun or len(self._ahead) > _OPENING:
            self._send(b"COMMIT")
            if self._cursor.statusmessage != "COMMIT":  # PostgreSQL's answer when a statement before has failed
                raise psycopg2.InternalError("nothing was committed: a failed statement was passed over")

    def rollback(self) -> None:
        """For `Database.transaction`."""
        if self._begun:
            self._cursor.execute("ROLLBACK")

    def _send(self, statement: bytes) -> None:
        ahead, self._ahead = self._ahead, []
        self._begun = True
        self._cursor.execute(b";".join([*ahead, statement]))

    def _columns(self) -> list[str]:
        return [column.name for column in self._cursor.description]


class Database:
    """A pool of connections; makes none until asked, so that it may be built before a fork.

    `timeout` bounds each wait for the server, `pool_timeout` the wait for a free connection. Where one of `closed_by`
    (`kit.closed`) is set, the database counts as unavailable: also one that was put in the place of another.
    """

    def __init__(
        self, url: str, *, pool_size: int = 10, timeout: float = 15, pool_timeout: float = 10,
        closed_by: Sequence[str] = (),
    ) -> None:  # fmt: skip
        self.url = url
        self.timeout = timeout
        self._closed_by = closed_by
        self._engine = create_engine(
            "postgresql+psycopg2://",
            creator=self._connect_pooled,
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=pool_timeout,
            pool_pre_ping=False,
            pool_use_lifo=True,
            pool_recycle=1800,
        )
        event.listen(self._engine, "checkout", self._check_if_idle)

    def _connect(self) -> Any:
        _deadline.seconds = self.timeout
        return psycopg2.connect(
            self.url,
            connect_timeout=5,
            options="-c idle_in_transaction_session_timeout=120s -c statement_timeout=60s -c timezone=UTC"
            " -c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3",
            keepalives_idle=10,
            keepalives_interval=5,
            keepalives_count=3,
        )

    def _connect_pooled(self) -> Any:
        connection = self._connect()
        connection.autocommit = True  # `Tx` says BEGIN and COMMIT itself, together with what it has to send
        if text := closed.why(connection, *self._closed_by):
            connection.close()
            raise DatabaseUnavailable(text)
        return connection

    def _check_if_idle(self, connection: Any, record: Any, _proxy: Any) -> None:
        """A connection that rested may be dead (the server restarted): look before use, and only then."""
        used = record.info.get("used", 0.0)
        record.info["used"] = time.monotonic()
        if time.monotonic() - used < 1.0:
            return
        _deadline.seconds = 3.0
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
        except psycopg2.Error as error:
            raise InvalidatePoolError from error  # the others were most likely lost with it

    @contextmanager
    def transaction(self, tenant: str) -> Iterator[Tx]:
        """Commits when the block ends, rolls back when it raises. Raises DatabaseUnavailable."""
        connection = self._checkout()
        _deadline.seconds = self.timeout
        tx: Tx | None = None
        try:
            tx = Tx(connection, tenant)
            yield tx
            tx.commit()
        except BaseException as error:
            if not _rolled_back(tx, connection):
                connection.invalidate(error if isinstance(error, Exception) else None)
                self._engine.dispose()  # the idle ones were most likely lost with it
                raise DatabaseUnavailable(str(error)) from error
            if isinstance(error, psycopg2.errors.QueryCanceled | psycopg2.errors.DeadlockDetected):
                raise DatabaseUnavailable(type(error).__name__) from error
            raise
        finally:
            connection.close()

    def _checkout(self) -> Any:
        try:
            return self._engine.raw_connection()
        except PoolTimeout as error:
            raise DatabaseUnavailable(type(error).__name__) from error
        except (psycopg2.OperationalError, DBAPIError) as error:
            self._engine.dispose()  # there is no server, so that what rests in the pool leads nowhere
            raise DatabaseUnavailable(type(error).__name__) from error

    def dedicated(self) -> Any:
        """A connection of one's own, outside the pool (for a session's lock). Raises DatabaseUnavailable."""
        try:
            return self._connect()
        except psycopg2.OperationalError as error:
            raise DatabaseUnavailable(type(error).__name__) from error

    def close(self) -> None:
        self._engine.dispose()


def _rolled_back(tx: Tx | None, connection: Any) -> bool:
    """False when the server end is lost (or its answer never came), as opposed to a statement that failed."""
    try:
        if tx is not None and not _gone(connection):
            tx.rollback()
    except psycopg2.Error as error:
        log.info("a transaction could not be rolled back", reason=type(error).__name__)
        return False
    return not _gone(connection)


def _gone(connection: Any) -> bool:
    """The server end is lost (or its answer never came), as opposed to a statement that failed."""
    raw = connection.dbapi_connection
    return raw is None or bool(raw.closed)
