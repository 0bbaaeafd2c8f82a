"""An installation as backups see it: how its database server, store, broker, secrets and services are reached."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from deploy.backup import keys
from deploy.local import running
from deploy.local.foundation import Foundation
from deploy.local.parts.postgres import programs
from deploy.local.places import CHECKOUT, CODE_ROOTS, account
from deploy.local.site import LOOPBACK, Secrets, Site
from deploy.setup.secrets import SERVICES

RESTORING = "_restoring"
"""What a database is called until it takes the place of the one that is there."""
WAITS = 3600.0
"""Seconds for one step: what takes longer has hung."""
_BLOCK = 1024 * 1024


class StepFailed(Exception):
    """A program of an installation failed; the text ends with what it said."""


@dataclass(frozen=True)
class Command:
    """A program with its environment."""

    words: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)

    def run(self, said: str | None = None) -> str:
        """What it printed. Raises StepFailed."""
        done = self.try_(said)
        if done.returncode:
            raise StepFailed(f"{self} ended with {done.returncode}:\n{(done.stdout + done.stderr)[-2000:]}")
        return done.stdout

    def fed(self, file: Path) -> str:
        """What it printed, both ways, after it had read this file. The file comes through us: when we are killed it
        reads one that is cut off, which it refuses. Raises StepFailed."""
        with tempfile.TemporaryFile("w+", errors="replace") as said:
            program = subprocess.Popen(
                self.words, cwd=CHECKOUT, env=dict(self.environment), stdin=subprocess.PIPE, stdout=said,
                stderr=subprocess.STDOUT,
            )  # fmt: skip
            too_long = threading.Timer(WAITS, program.kill)
            too_long.start()
            try:
                assert program.stdin
                with file.open("rb") as source, contextlib.suppress(BrokenPipeError), program.stdin as target:
                    shutil.copyfileobj(source, target, _BLOCK)  # a pipe that broke: it has ended, and said why
                status = program.wait()
            finally:
                too_long.cancel()
                program.kill()
                program.wait()
            said.seek(0)
            told = said.read()
        if status:
            raise StepFailed(f"{file.name} was not restored, {self} ended with {status}:\n{told[-2000:]}")
        return told

    def try_(self, said: str | None = None) -> subprocess.CompletedProcess[str]:
        """Run it to its end, whatever that is."""
        source = {"input": said} if said is not None else {"stdin": subprocess.DEVNULL}
        return subprocess.run(  # type: ignore[call-overload, no-any-return]
            self.words, cwd=CHECKOUT, env=dict(self.environment), capture_output=True, text=True, timeout=WAITS,
            check=False, **source,
        )  # fmt: skip

    def __str__(self) -> str:
        return " ".join(self.words[:12])


class Installation(Protocol):
    """What backing up and restoring ask of an installation."""

    name: str

    def postgres(self, program: str, *arguments: str) -> Command:
        """`psql`, `pg_dump` or `pg_restore` as the superuser."""
        ...

    def objects(self, verb: str, bucket: str, *more: str) -> Command:
        """`deploy.backup.objects` where the store can be reached."""
        ...

    def broker(self, *arguments: str) -> str:
        """What `rabbitmqctl` says."""
        ...

    def secrets(self) -> dict[str, str]:
        """All secrets of the installation."""
        ...

    def check_secrets(self, names: Iterable[str]) -> None:
        """Whether these could be put. Raises KeysRefused."""
        ...

    def put_secrets(self, changed: Mapping[str, str]) -> None:
        """Keeps these secrets, and brings them to those who read them. Raises KeysRefused."""
        ...

    def service(
        self, service: str, *arguments: str, database: str | None = None, rings: Mapping[str, str] | None = None
    ) -> Command:
        """A command of a service, in its own database or in another, where these rings (by their secrets' names) take
        the place of the installation's."""
        ...


class Local:
    """A stack on this machine, with its parts running."""

    def __init__(self, site: Site, parts: Foundation) -> None:
        self.name = site.name
        self._site = site
        self._parts = parts

    @classmethod
    def of_stack(cls, stack: str) -> Local:
        """The one of this name. Raises PartError where there is none."""
        return cls(*running.placed(stack))

    def postgres(self, program: str, *arguments: str) -> Command:
        server = {
            "PGHOST": LOOPBACK,
            "PGPORT": str(self._site.ports["postgres"]),
            "PGUSER": "postgres",
            "PGPASSWORD": self._site.secrets.read("postgres_password"),
            "PGCONNECT_TIMEOUT": "10",
        }
        return Command([str(programs() / program), *arguments], {"PATH": os.defpath, "LANG": "C.UTF-8"} | server)

    def objects(self, verb: str, bucket: str, *more: str) -> Command:
        s3 = self._parts.objects.address
        where = {"S3_ENDPOINT_URL": s3.endpoint_url, "S3_ACCESS_KEY": s3.access_key, "S3_SECRET_KEY": s3.secret_key}
        return Command([sys.executable, "-m", "deploy.backup.objects", verb, bucket, *more], {**os.environ, **where})

    def broker(self, *arguments: str) -> str:
        return self._parts.rabbitmq.control(*arguments)

    def secrets(self) -> dict[str, str]:
        files = self._site.secrets.folder.iterdir()
        return {
            file.name: file.read_text("ascii")
            for file in files
            if not file.name.startswith(".") and keys.BEFORE not in file.name
        }

    def check_secrets(self, names: Iterable[str]) -> None:
        if not os.access(self._site.secrets.folder, os.W_OK):
            raise keys.KeysRefused(
                f"{', '.join(sorted(names))} of the backup cannot be put into {self._site.secrets.folder}: it cannot be"
                " written to. Mend that, and restore again."
            )

    def put_secrets(self, changed: Mapping[str, str]) -> None:
        reader = account("nobody")
        for name, text in changed.items():
            keys.replace(self._site.secrets.path(name), text)
            if Secrets.is_for_services(name):
                reader.owns(self._site.secrets.path(name))

    def service(
        self, service: str, *arguments: str, database: str | None = None, rings: Mapping[str, str] | None = None
    ) -> Command:
        environment = {**os.environ, **running.environment_at(self._site, self._parts, service)}
        environment |= {
            "PYTHONPATH": os.pathsep.join(str(CHECKOUT / root) for root in CODE_ROOTS),
            "LOG_LEVEL": "WARNING",
        }
        if database:
            for url in ("DATABASE_URL", "DATABASE_OWNER_URL"):
                environment[url] = environment[url].rpartition("/")[0] + f"/{database}"
        for variable, ring in _rings_of(service, rings).items():
            environment.pop(f"{variable}_FILE", None)
            environment[variable] = ring
        return Command([sys.executable, "-m", service, *arguments], environment)


class Compose:
    """The containers of this folder's compose.yaml; `project` names others than the usual ones."""

    def __init__(self, project: str | None = None) -> None:
        self.name = project or "compose"
        self._environment = {**os.environ, **({"COMPOSE_PROJECT_NAME": project} if project else {})}

    def command(self, *words: str) -> Command:
        """`docker compose …`"""
        return Command(["docker", "compose", *words], self._environment)

    def postgres(self, program: str, *arguments: str) -> Command:
        script = 'PGPASSWORD=$(cat /run/secrets/POSTGRES_PASSWORD) PGUSER=postgres exec "$0" "$@"'
        return self.command("exec", "-T", "postgres", "sh", "-c", script, program, *arguments)

    def objects(self, verb: str, bucket: str, *more: str) -> Command:
        return self.command("run", "--rm", "-T", "--no-deps", "buckets", "deploy.backup.objects", verb, bucket, *more)

    def broker(self, *arguments: str) -> str:
        return self.command("exec", "-T", "rabbitmq", "rabbitmqctl", *arguments).run()

    def secrets(self) -> dict[str, str]:
        said = self.command("run", "--rm", "-T", "--no-deps", "secrets", "deploy.backup.keys", "collect").run()
        found: dict[str, str] = json.loads(said)
        return found

    def check_secrets(self, names: Iterable[str]) -> None:
        self._keys("may-put", json.dumps(sorted(names)))

    def put_secrets(self, changed: Mapping[str, str]) -> None:
        self._keys("put", json.dumps(dict(changed)))
        self.command("run", "--rm", "-T", "--no-deps", "secrets").run()

    def _keys(self, verb: str, told: str) -> None:
        done = self.command("run", "--rm", "-T", "--no-deps", "secrets", "deploy.backup.keys", verb).try_(told)
        if done.returncode:
            raise keys.KeysRefused(
                f"The secrets of the backup could not be kept:\n{done.stderr[-1000:]}\nWhere SECRETS_DIR or .env gives "
                "them, write the backup's into a folder yourself (`make open-keys FROM=… OUT=FOLDER`) and name it."
            )

    def service(
        self, service: str, *arguments: str, database: str | None = None, rings: Mapping[str, str] | None = None
    ) -> Command:
        if database is None:
            return self.command("exec", "-T", f"{service}-worker", "python", "-m", service, *arguments)
        given = _rings_of(service, rings)
        elsewhere = "; ".join(
            f'export {url}="$(cat "${url}_FILE" | sed "s,/{service}$,/{database},")"; unset {url}_FILE'
            for url in ("DATABASE_URL", "DATABASE_OWNER_URL")
        )
        others = "".join(f"unset {variable}_FILE; " for variable in given)
        script = f'{elsewhere}; {others}exec python -m "$0" "$@"'
        handed = [word for variable in given for word in ("-e", variable)]  # by name: its text stands in no list
        run = ("run", "--rm", "-T", "--no-deps", *handed, "--entrypoint", "sh", f"{service}-migrate", "-c", script)
        return Command(["docker", "compose", *run, service, *arguments], self._environment | given)


def _rings_of(service: str, rings: Mapping[str, str] | None) -> dict[str, str]:
    """The variables by which a service is given rings, for those that are among these."""
    known = {"EVENT_KEYS": "event_keys", "DATA_KEYS": f"{service}_data_keys"}
    return {variable: rings[name].strip() for variable, name in known.items() if rings and name in rings}


def sql(installation: Installation, database: str, text: str) -> list[list[str]]:
    """Runs SQL as the superuser; the rows of what it answers. Raises StepFailed."""
    asked = installation.postgres("psql", "-XqAt", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-d", database)
    return [line.split("\t") for line in asked.run(text).splitlines()]


def restoring() -> dict[str, str]:
    """By service, the database that is restored beside its own."""
    return {service: f"{service}{RESTORING}" for service in SERVICES}
