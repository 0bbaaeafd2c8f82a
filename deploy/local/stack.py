"""The whole system, or its parts alone, started and stopped as one thing.

with Stack("demo") as stack:
    requests.get(f"{stack.base_url}/v1/services")
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from deploy.local import code, places, ports
from deploy.local.fleet import STOP_ORDER as SERVICES_FIRST
from deploy.local.fleet import Fleet
from deploy.local.foundation import STOP_ORDER as PARTS_LAST
from deploy.local.foundation import Foundation
from deploy.local.interrupts import terminating_properly, uninterrupted
from deploy.local.ledger import Ledger, Lock
from deploy.local.process import Running
from deploy.local.progress import Progress
from deploy.local.services import ROLES, Addresses, Services, direct_url, process_name, public_url, whatsapp_url
from deploy.local.site import S3, Secrets, Site
from deploy.local.table import Table
from deploy.setup.secrets import PRIVATE_KEY, SERVICES


class Stack:
    """One named stack of this checkout; stacks of different names run beside each other.

    `services=False` starts PostgreSQL with its databases and roles, RabbitMQ and the object store with
    its buckets: enough for tests that run the services' code themselves. `keep=True` leaves the data for
    the next start; without it a start begins empty and a clean stop leaves nothing but logs and secrets.
    `fresh=True` begins empty and keeps what comes then.
    `environment` is added to that of every service's process. `whatsapp=True` has messages go by a simulator of
    WhatsApp that runs beside it, at `whatsapp_url`.
    """

    def __init__(
        self,
        name: str,
        *,
        services: bool = True,
        keep: bool = False,
        fresh: bool = False,
        quiet: bool = False,
        environment: Mapping[str, str] | None = None,
        whatsapp: bool = False,
    ) -> None:
        if not name.isidentifier() or not name.isascii():
            raise ValueError(f"'{name}' cannot name a stack: use letters, digits and _")
        self.name = name
        self._with_services = services
        self._keep = keep
        self._fresh = fresh or not keep
        self._environment = dict(environment or {})
        self._with_whatsapp = whatsapp
        self._progress = Progress(quiet)
        self._cleanup = ExitStack()
        self._discard: Path | None = None

    # ---- start and stop

    def __enter__(self) -> Self:
        try:
            self._start()
        except BaseException:
            self._close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None and not self._keep:
            self._discard = self.site.data
        self._close()

    def _start(self) -> None:
        self._cleanup.enter_context(terminating_properly())
        self.site = self._prepare_site()
        self._table = Table(self.site.ledger)
        self._foundation = Foundation(
            self.site, self._table, self._progress, gateway=self._with_services, whatsapp=self._with_whatsapp
        )
        self._cleanup.callback(self._stop)
        whatsapp = self.whatsapp_url if self._with_whatsapp else ""
        addresses = Addresses(self.database_url, self.amqp_url, self.s3.endpoint_url, whatsapp)
        self._services = Services(self.site, addresses, self._environment)
        self._fleet = Fleet(self._services, self._table, self._progress)
        code.sync(self._services.code)  # for processes that others start, too
        with self._progress.phase(f"parts of the stack '{self.name}'"):
            self._foundation.start_all(give_up=self._stop)
        (self.site.data / "complete").touch()
        if self._with_services:
            self._fleet.start_all(give_up=self._stop)
            self._cleanup.callback(self._fleet.leave_alone)

    def _prepare_site(self) -> Site:
        base = places.base_folder()
        folder = places.stack_folder(base, self.name)
        self._cleanup.enter_context(Lock(folder))
        self._cleanup.callback(self._discard_data)  # after everything has stopped, before the next may start
        ledger = Ledger(folder)
        left = ledger.sweep()
        if left:
            self._progress.note(f"Ended what an earlier start had left running: {', '.join(left)}")
        if self._fresh or not (folder / "data" / "complete").exists():
            places.empty(folder / "data")  # one cannot go on with a first start that was cut off
        places.empty(folder / "log")
        for name in ("log", "data"):
            places.passable_folder(folder / name)
        secrets = Secrets(folder / "secrets", reader=places.account("nobody"))
        return Site(self.name, folder, base, ports.take(folder), secrets, ledger)

    def _stop(self) -> None:
        self._table.close([*SERVICES_FIRST, *PARTS_LAST])
        self._foundation.objects.tidy()

    def _discard_data(self) -> None:
        if self._discard:
            places.empty(self._discard)

    def _close(self) -> None:
        with uninterrupted():
            self._cleanup.close()

    # ---- where everything is

    @property
    def base_url(self) -> str:
        """The gateway's base URL, as people see it."""
        return public_url(self.site)

    @property
    def whatsapp_url(self) -> str:
        """The simulator of WhatsApp, where the stack has one."""
        return whatsapp_url(self.site)

    @property
    def urls(self) -> dict[str, str]:
        """The base URL of each service's web process, without the gateway."""
        return {service: direct_url(self.site, service, "web") for service in SERVICES}

    @property
    def worker_urls(self) -> dict[str, str]:
        """Where each service's worker answers /health and /metrics."""
        return {service: direct_url(self.site, service, "worker") for service in SERVICES}

    def database_url(self, service: str, role: str = "runtime") -> str:
        """The URL of a service's database for its `runtime` or its `owner` role."""
        return self._foundation.postgres.url(service, f"{service}_{role}")

    def superuser_url(self, database: str = "postgres") -> str:
        """The URL of a database for the server's superuser."""
        return self._foundation.postgres.url(database, "postgres")

    @property
    def amqp_url(self) -> str:
        """The URL of the broker."""
        return self._foundation.rabbitmq.url

    @property
    def s3(self) -> S3:
        """How to reach the object store."""
        return self._foundation.objects.address

    @property
    def secrets(self) -> Secrets:
        """The secrets of this stack."""
        return self.site.secrets

    @property
    def token_key_file(self) -> Path:
        """The private key that signs access tokens."""
        return self.site.secrets.path(PRIVATE_KEY)

    def env(self, service: str) -> dict[str, str]:
        """The environment of a service's process, to run its code in a process of one's own."""
        return self._services.environment(service)

    def log(self, name: str) -> Path:
        """The log of a part (`postgres`) or a process (`intake-web`)."""
        return self.site.log(name)

    # ---- faults, on purpose

    def processes(self) -> dict[str, Running]:
        """What should be running: parts by their names, processes as `intake-web`."""
        return self._table.all()

    def dead_parts(self) -> list[str]:
        """The parts that have ended by themselves."""
        return [name for name in self._table.dead() if name in self._foundation.names]

    def kill(self, service: str, role: str) -> None:
        """SIGKILL a process with all its children; it stays down until `start`."""
        self._table.kill(process_name(service, role))

    def stop(self, service: str, role: str) -> None:
        """Stop a process as a deployment would; it stays down until `start`."""
        self._table.stop(process_name(service, role))

    def start(self, service: str, role: str, *, wait: bool = True) -> None:
        """Start a process again and wait until it is ready."""
        self._fleet.start(service, role, wait=wait)

    def change(self, service: str, **environment: str) -> None:
        """Start a service's processes anew with other settings, as an operator would."""
        self._services.set(**environment)
        for role in ROLES:
            self.stop(service, role)
            self.start(service, role)

    def kill_part(self, part: str) -> None:
        """SIGKILL a part: `postgres`, `rabbitmq`, `objects` or `gateway`."""
        self._table.kill(part)

    def stop_part(self, part: str) -> None:
        """Stop a part properly; it stays down until `start_part`."""
        self._table.stop(part)

    def start_part(self, part: str) -> None:
        """Start a part again, on the same port with the same data, and wait until it is ready."""
        self._foundation.start(part)

    def freeze(self, name: str) -> None:
        """SIGSTOP every process of a part (`rabbitmq`) or of a service's process (`intake-web`)."""
        self._table.freeze(name)

    def thaw(self, name: str) -> None:
        """Let it go on."""
        self._table.thaw(name)

    def rabbitmqctl(self, *words: str) -> str:
        """What the broker's own command answers, such as to `list_queues` or `close_all_connections`."""
        return self._foundation.rabbitmq.control(*words)
