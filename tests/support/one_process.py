"""All four services in the tests' own process, webs and workers, on real parts: what a whole stack does, for less."""

from __future__ import annotations

import importlib
import os
import re
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pika
from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from deploy.local.stack import Stack
from deploy.setup.secrets import SERVICES
from kit import migrate
from kit.bus import topology
from kit.clock import FollowingClock
from kit.db import Database
from kit.roles import build_app
from kit.worker import Worker
from tests.support.services import empty

ROUTES = Path(__file__).parents[2] / "deploy" / "gateway" / "Caddyfile"


class _Quiet(WSGIRequestHandler):
    def log_request(self, *_: Any) -> None:
        """Says nothing."""


class Whole:
    """`base_url` is that of the gateway, which knows where to by the real one's configuration."""

    def __init__(self, parts: Stack, environment: dict[str, str]) -> None:
        self._parts = parts
        self._environment = environment
        self._apps: dict[str, Flask] = {}
        self._workers: dict[str, Worker] = {}
        self._paths = dict(re.findall(r"@(\w+) path (/.*)", ROUTES.read_text("utf-8")))
        self._server = make_server("127.0.0.1", 0, self._answer, threaded=True, request_handler=_Quiet)
        self.base_url = f"http://127.0.0.1:{self._server.server_port}"

    def start(self) -> None:
        """From empty databases and queues."""
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        for name in SERVICES:
            empty(self._parts.database_url(name, "owner"))
            self._purge(name)
            with self._environ(name):
                _migrate(name)
        for name in SERVICES:
            self._begin(name)

    def stop(self) -> None:
        """Work in hand is finished first."""
        self._server.shutdown()
        self._server.server_close()
        for name in list(self._workers):
            self._end(name)

    def change(self, name: str, **environment: str) -> None:
        """A service starts anew with other settings."""
        self._environment |= environment
        self._end(name)
        self._begin(name)

    def _begin(self, name: str) -> None:
        with self._environ(name):
            service = importlib.import_module(f"{name}.app").SERVICE
            settings = service.settings.read()
            self._apps[name] = build_app(service, settings)
            self._workers[name] = Worker(service, settings, "worker")
        self._workers[name].start()

    def _end(self, name: str) -> None:
        deps = self._apps.pop(name).extensions["deps"]
        self._workers.pop(name).stop()
        deps.clock.stop()
        deps.close()
        deps.db.close()

    def _answer(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        for name, patterns in self._paths.items():
            if name in self._apps and any(_fits(pattern, path) for pattern in patterns.split()):
                return self._apps[name](environ, start_response)
        start_response("404 Not Found", [("Content-Length", "0")])
        return [b""]

    @contextmanager
    def _environ(self, name: str) -> Iterator[None]:
        chosen = self._parts.env(name) | {"PUBLIC_URL": self.base_url} | self._environment
        for given in self._environment:
            chosen.pop(f"{given}_FILE", None)
        before = dict(os.environ)
        os.environ.update(chosen | {"DATABASE_OWNER_URL": self._parts.database_url(name, "owner")})
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)

    def _purge(self, name: str) -> None:
        connection = pika.BlockingConnection(topology.parameters(self._parts.amqp_url, "tests"))
        try:
            for queue in topology.queues(name):
                connection.channel().queue_delete(queue)
        finally:
            connection.close()


def _migrate(name: str) -> None:
    """As the role does, whose process ends with it."""
    service = importlib.import_module(f"{name}.app").SERVICE
    settings = service.settings.read()
    migrate.migrate(settings.database_owner_url, ["kit", name])
    db = Database(settings.database_url, pool_size=2)
    clock = FollowingClock(db).start()
    deps = service.build(settings, db, clock)
    if service.after_migrate:
        service.after_migrate(deps)
    clock.stop()
    deps.close()
    db.close()


def _fits(pattern: str, path: str) -> bool:
    return path.startswith(pattern[:-1]) if pattern.endswith("*") else path == pattern


@contextmanager
def one_process(parts: Stack, **environment: str) -> Iterator[Whole]:
    """The whole system, ready."""
    whole = Whole(parts, environment)
    tokens = {name: value for name, value in parts.env("intake").items() if name.startswith("TOKEN_")}
    before = dict(os.environ)
    os.environ.update(tokens)  # keys are read again while a service runs
    try:
        whole.start()
        yield whole
    finally:
        whole.stop()
        os.environ.clear()
        os.environ.update(before)
