"""A service's code in the tests' own process, on real parts: its application, its handlers, its jobs."""

from __future__ import annotations

import hashlib
import importlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from uuid import uuid4

import psycopg2
from flask import Flask
from flask.testing import FlaskClient

from contracts import contract
from contracts.telling import read
from deploy.local.stack import Stack
from deploy.setup.buckets import BUCKETS
from deploy.store.rights import service_keys
from kit import chain, inbox, jobs, migrate
from kit.auth import TokenWriter
from kit.bus.envelope import Received
from kit.db import EVERY_TENANT, Database
from kit.objects import ObjectStore
from kit.service import Service
from kit.web import create_app
from tests.support.tokens import BUKIT_SANGKAL, PRIVATE_PEM, PUBLIC_JWKS, bearer, open_gate


@dataclass
class StoppedClock:
    """A clock that tests move by hand."""

    at: datetime = datetime(2026, 8, 14, 2, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at


@dataclass
class InProcess:
    """One service under test. `feed` applies an event as the consumer would, `work` does its jobs."""

    service: Service
    app: Flask
    deps: Any
    clock: StoppedClock
    settings: Any
    parts: Stack
    _sequence: dict[str, int] = field(default_factory=dict)

    def client(self) -> FlaskClient:
        return self.app.test_client()

    def call(
        self,
        method: str,
        path: str,
        role: str | None = None,
        *,
        who: dict[str, Any] | None = None,
        **more: Any,
    ) -> Any:
        """One request as a caller of `role`; `who` has more about him (sub, tenant, rt, rw)."""
        headers = dict(more.pop("headers", {}))
        if role:
            headers |= bearer(role, **(who or {}))
        client = self.app.test_client(use_cookies="Cookie" not in headers)  # its own jar would take the header's place
        return client.open(path, method=method, headers=headers, **more)

    def feed(self, event_type: str, data: dict[str, Any], *, subject: Any, tenant: str = BUKIT_SANGKAL,
             sequence: int | None = None, source: str | None = None) -> bool:  # fmt: skip
        """Applies an event (with `person` in the clear) in one transaction, through contract and inbox;
        False when the event was a repetition."""
        event = self.make_event(event_type, data, subject=subject, tenant=tenant, sequence=sequence, source=source)
        return self.apply(event)

    def make_event(self, event_type: str, data: dict[str, Any], *, subject: Any, tenant: str = BUKIT_SANGKAL,
                   sequence: int | None = None, source: str | None = None) -> Received:  # fmt: skip
        key = str(subject)
        self._sequence[key] = sequence or self._sequence.get(key, 0) + 1
        if isinstance(data.get("person"), dict):
            sealed = self.deps.event_keys.seal(data["person"], f"event:{event_type}:{subject}")
            data = data | {"person": sealed}
        kind = contract(event_type)
        plain = kind.schema().dump(kind.schema().load(data))
        return Received(uuid4(), source or kind.producers[0], event_type, kind.version, key, self._sequence[key],
                        tenant, self.clock.now(), plain)  # fmt: skip

    def apply(self, event: Received) -> bool:
        with self.deps.db.transaction(EVERY_TENANT) as tx:
            if not inbox.take_new(tx, [event.id]):
                return False
            tx.use_tenant(event.tenant)
            self.service.handlers[event.type](self.deps, tx, read(self.deps.event_keys, event))
        return True

    def work(self, *, most: int = 1_000) -> list[str]:
        """Does the jobs that are ready, one after another; their kinds."""
        done: list[str] = []
        for _ in range(most):
            job = jobs.claim(self.deps.db, self.service.jobs)
            if job is None:
                return done
            self.service.jobs[job.kind].work(self.deps, job)
            done.append(job.kind)
        raise AssertionError(f"there is no end to the jobs: {done}")

    def handed_by(self, owner: str, key: str, content: bytes, media_type: str) -> dict[str, Any]:
        """An object that another service keeps in its bucket, put there with its own key; as events tell of it."""
        keys, bucket = service_keys(self.parts.site.secrets.read)[owner], BUCKETS[owner]
        store = ObjectStore(self.parts.s3.endpoint_url, keys.access, keys.secret, keys=self.deps.event_keys)
        sha256 = hashlib.sha256(content).hexdigest()
        store.put(bucket, key, BytesIO(content), len(content), media_type, sha256)
        return {"bucket": bucket, "key": key, "sha256": sha256, "size": len(content), "type": media_type}

    def seal(self) -> int:
        """Chains what the audit has so far, as the worker does each second; how many rows."""
        audited = self.service.audited
        return chain.seal_all(self.deps.db, (lambda tx, rows: audited(self.deps, tx, rows)) if audited else None)

    def audit(self, action: str | None = None) -> list[dict[str, Any]]:
        """Rows of the audit, oldest first."""
        return [row for row in self.rows("SELECT * FROM audit ORDER BY id") if action in (None, row["action"])]

    def told(self, event_type: str | None = None, latest: int | None = None) -> list[dict[str, Any]]:
        """What is in the outbox, or the latest of it, oldest first: type, subject, sequence, data with `person`
        opened."""
        rows = self.rows(
            "SELECT event_id, type, subject, sequence, tenant, time, data FROM outbox"
            " WHERE coalesce(type = %s, true) ORDER BY id DESC LIMIT %s",
            [event_type, latest],
        )
        return [self._opened(row) for row in reversed(rows)]

    def _opened(self, row: dict[str, Any]) -> dict[str, Any]:
        data = contract(row["type"]).schema().loads(row["data"])
        if isinstance(data.get("person"), str):
            data["person"] = self.deps.event_keys.open(data["person"], f"event:{row['type']}:{row['subject']}")
        return row | {"data": data}

    def rows(self, sql: str, params: Any = None) -> list[dict[str, Any]]:
        """Rows of the service's database, of every office."""
        with self.deps.db.transaction(EVERY_TENANT) as tx:
            found: list[dict[str, Any]] = tx.all(sql, params)
        return found


@contextmanager
def in_process(parts: Stack, name: str, **environment: str) -> Iterator[InProcess]:
    """The service with an empty database, migrated, its clock in the test's hand."""
    settings = _settings(parts, name, environment)
    empty(settings.database_owner_url)
    migrate.migrate(settings.database_owner_url, ["kit", name])
    service: Service = importlib.import_module(f"{name}.app").SERVICE
    db = Database(settings.database_url, pool_size=20)
    clock = StoppedClock()
    deps = service.build(settings, db, clock)
    if hasattr(deps, "tokens"):
        deps.tokens = TokenWriter(lambda: PRIVATE_PEM)
    if service.after_migrate:
        service.after_migrate(deps)
    from kit.roles import make_readiness

    app = create_app(
        name, service.blueprints, service.pages, menu=service.menu, deps=deps, gate=open_gate(db, deps.data_keys),
        title=service.title, description=service.description,
        readiness=make_readiness(service, deps, lambda: clock.now() - clock.now()),
    )  # fmt: skip
    running = InProcess(service, app, deps, clock, settings, parts)
    try:
        yield running
        late = {row["details"]["route"] for row in running.audit() if "late" in row["details"]}
        assert late == set(), "changes whose row was not written in their own transaction"
    finally:
        deps.close()
        db.close()


def _settings(parts: Stack, name: str, environment: dict[str, str]) -> Any:
    chosen = parts.env(name) | {"TOKEN_PUBLIC_KEYS": PUBLIC_JWKS} | environment
    for given in ("TOKEN_PUBLIC_KEYS", *environment):
        chosen.pop(f"{given}_FILE", None)
    chosen.setdefault("DATABASE_OWNER_URL", parts.database_url(name, "owner"))
    before = dict(os.environ)
    os.environ.update(chosen)
    try:
        return importlib.import_module(f"{name}.app").SERVICE.settings.read()
    finally:
        os.environ.clear()
        os.environ.update(before)


def empty(owner_url: str) -> None:
    """Drops every table; privileges that the set-up gave by default stay."""
    connection = psycopg2.connect(owner_url)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute("SELECT format('%I', tablename) FROM pg_tables WHERE schemaname = 'public'")
            tables = [row[0] for row in cursor.fetchall()]
            if tables:
                cursor.execute(f"DROP TABLE {', '.join(tables)} CASCADE")
    finally:
        connection.close()
