"""What makes a service: its parts in one table, which `kit.roles` turns into processes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import flask
from flask_smorest import Blueprint

from kit.bus.envelope import Received
from kit.clock import Clock
from kit.db import Database, Row, Tx
from kit.jobs import JobKind
from kit.pages import Entry
from kit.rotation import Holdings
from kit.sealed import Keyring
from kit.settings import Settings


@dataclass
class Deps:
    """What use cases, handlers and jobs are handed. A service adds its own parts by inheriting."""

    settings: Any
    db: Database
    clock: Clock
    data_keys: Keyring
    event_keys: Keyring

    def close(self) -> None:
        """Ends what the service opened besides the database (child processes, for instance)."""


@dataclass(frozen=True)
class Timer:
    """Something to do every so many seconds, by whichever worker is there; it must bear being done twice."""

    every: float
    work: Callable[[Any], object]


Handler = Callable[[Any, Tx, Received], None]


@dataclass(frozen=True)
class Service:
    """A service's definition, in its `app.py`."""

    name: str
    title: str
    description: str
    settings: type[Settings]
    build: Callable[[Settings, Database, Clock], Deps]
    blueprints: Sequence[Blueprint]
    handlers: Mapping[str, Handler]
    read_event: Callable[[Keyring, Received], Received]
    pages: Sequence[flask.Blueprint] = ()
    """Pages for people; of the API the blueprints."""
    menu: Sequence[Entry] = ()
    """Where pages lead to from everywhere, in all services."""
    jobs: Mapping[str, JobKind] = field(default_factory=dict)
    timers: Mapping[str, Timer] = field(default_factory=dict)
    checks: Mapping[str, Callable[[Any], bool]] = field(default_factory=dict)
    after_migrate: Callable[[Any], None] | None = None
    republish: Callable[[Any], int] | None = None
    audited: Callable[[Any, Tx, list[Row]], None] | None = None
    """What becomes of rows of the audit when they are sealed, in that transaction (all of one office)."""
    whose: Callable[[Any, Tx, list[str]], dict[str, dict[str, Any]]] | None = None
    """For the breach kit: by the case's id, what tells whose it is (ids and codes)."""
    commands: Mapping[str, Callable[[list[str]], int]] = field(default_factory=dict)
    holdings: Holdings = field(default_factory=Holdings)
    """All that the service seals, for the change of keys."""
    subscriptions: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Every consumer of the system with its event types: whoever sends declares their queues first, since the broker
    tells only that *some* queue took an event."""


def keyrings(settings: Settings) -> tuple[Keyring, Keyring]:
    """(data keys, event keys)."""
    return Keyring(settings.data_keys, settings.data_keys_file), Keyring(settings.event_keys, settings.event_keys_file)
