"""The roles of a service as processes. SIGTERM finishes the work in hand."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable
from datetime import timedelta
from typing import Any, cast

import structlog
from flask import Flask

from kit import chain, closed, health, log, migrate
from kit.audit_commands import touched, verify_audit
from kit.clock import FollowingClock
from kit.commands import dead_jobs, dead_letters
from kit.db import EVERY_TENANT, Database, DatabaseUnavailable
from kit.gate import make_gate
from kit.problems import Unavailable
from kit.rotation_command import rotate_keys
from kit.service import Service
from kit.settings import Settings
from kit.web import create_app

YIELD = 10
"""How far background work steps back (nice): somebody waits for an answer, nobody for an event."""

_TO_WEBS = (closed.CLOSED, closed.CLOSED_TO_WEBS)

logger = structlog.get_logger()


def run(service: Service, arguments: list[str]) -> int:
    """Does what the command line says; the exit code."""
    role, rest = arguments[0], arguments[1:]
    if role in service.commands:
        return service.commands[role](rest)
    roles: dict[str, Callable[[Service, Settings, list[str]], int]] = {
        "web": _web,
        "worker": _worker,
        "consumer": _worker,
        "relay": _worker,
        "jobs": _worker,
        "migrate": _migrate,
        "republish": _republish,
        "dlq": dead_letters,
        "jobs-dead": dead_jobs,
        "rotate-keys": rotate_keys,
        "verify-audit": verify_audit,
        "touched": touched,
    }
    if role not in roles:
        print(f"{service.name}: no role {role!r}; there are {', '.join([*roles, *service.commands])}")  # noqa: T201
        return 2
    settings = cast(Settings, service.settings.read())
    log.configure(service.name, role, settings.log_level)
    return roles[role](service, settings, arguments)


def build_app(service: Service, settings: Settings) -> Flask:
    """The WSGI application of the service, with a pool and a clock of its own (call it after a fork)."""
    db = Database(settings.database_url, pool_size=settings.db_pool_size, closed_by=_TO_WEBS)
    clock = FollowingClock(db).start()
    deps = service.build(settings, db, clock)
    app = create_app(
        service.name,
        service.blueprints,
        service.pages,
        menu=service.menu,
        deps=deps,
        gate=make_gate(settings, db, deps.data_keys),
        readiness=make_readiness(service, deps, lambda: clock.offset),
        title=service.title,
        description=service.description,
    )
    keep_what_is_loaded()
    return app


def keep_what_is_loaded() -> None:
    """Modules, schemas and routes live as long as the process: the garbage collector need not walk through them
    again and again (an eighth of a request's time was spent on it)."""
    gc.collect()
    gc.freeze()


def make_readiness(
    service: Service, deps: Any, offset: Callable[[], timedelta], **more: health.Check
) -> health.Readiness:
    checks: dict[str, health.Check] = {"database": lambda: database_answers(deps.db), **more}
    for name, check in service.checks.items():
        checks[name] = lambda check=check: check(deps)  # type: ignore[misc]
    return health.readiness(checks, offset, {"audit_unsealed": lambda: unsealed(deps.db)})


def unsealed(db: Database) -> dict[str, Any] | None:
    """How many rows of the audit are not in their chain yet, and since when; None while nobody can tell."""
    try:
        return vars(chain.tail(db))
    except Unavailable:
        return None


def database_answers(db: Database) -> bool:
    try:
        with db.transaction(EVERY_TENANT) as tx:
            return bool(tx.value("SELECT true"))
    except DatabaseUnavailable:
        return False


def _refuse_closed(settings: Settings, *by: str) -> None:
    """Migrations come before every start and look too, but not before a process that is started again alone. Raises
    DatabaseClosed. A database that does not answer refuses nobody: webs look at each connection."""
    db = Database(settings.database_url, pool_size=1)
    try:
        connection = db.dedicated()
    except DatabaseUnavailable:
        return
    try:
        closed.refuse(connection, *by)
    finally:
        connection.close()


def _web(service: Service, settings: Settings, _arguments: list[str]) -> int:
    from kit.server import Server

    _refuse_closed(settings, *_TO_WEBS)
    Server(service, settings).run()
    return 0


def _worker(service: Service, settings: Settings, arguments: list[str]) -> int:
    from kit.worker import Worker

    _refuse_closed(settings, closed.CLOSED)
    os.nice(YIELD)
    worker = Worker(service, settings, arguments[0])
    keep_what_is_loaded()
    return worker.run()


def _migrate(service: Service, settings: Settings, _arguments: list[str]) -> int:
    owner = settings.database_owner_url
    if not owner:
        print("migrate needs DATABASE_OWNER_URL")  # noqa: T201
        return 2
    count = migrate.migrate(owner, ["kit", service.name])
    db = Database(settings.database_url, pool_size=2)
    if service.after_migrate:
        service.after_migrate(service.build(settings, db, FollowingClock(db).start()))
    logger.info("migrated", applied=count)
    return 0


def _republish(service: Service, settings: Settings, _arguments: list[str]) -> int:
    if service.republish is None:
        print(f"{service.name} keeps nothing that others copy")  # noqa: T201
        return 0
    db = Database(settings.database_url, pool_size=2)
    deps = service.build(settings, db, FollowingClock(db).start())
    count = service.republish(deps)
    print(f"{count} events will be sent again by the relay")  # noqa: T201
    return 0
