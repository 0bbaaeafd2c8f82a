"""The services of one stack as a whole: migrated, started, watched."""

from __future__ import annotations

from collections.abc import Callable

from deploy.local.process import PartError, wait_ready
from deploy.local.progress import Progress
from deploy.local.services import READY_WITHIN, ROLES, Services, process_name, process_names
from deploy.local.supervisor import Supervisor
from deploy.local.table import Table
from deploy.local.together import together
from deploy.setup.secrets import SERVICES

# Requests first, so that what they caused is still sent on.
STOP_ORDER = tuple(tuple(process_name(service, role) for service in SERVICES) for role in ROLES)


class Fleet:
    """Two processes of each service."""

    def __init__(self, services: Services, table: Table, progress: Progress) -> None:
        self._services = services
        self._table = table
        self._progress = progress
        self._supervisor = Supervisor(self._dead, self._restart)

    def start_all(self, give_up: Callable[[], None]) -> None:
        """Migrate the databases, start every process, wait until each is ready, and watch them."""
        with self._progress.phase("migrations"):
            together([self._migration(service) for service in SERVICES], give_up)
        with self._progress.phase("services"):
            together([self._starter(*which) for which in process_names().values()], give_up)
        self._supervisor.start()

    def start(self, service: str, role: str, *, wait: bool = True) -> None:
        """Start one process."""
        running = self._table.launch(process_name(service, role), lambda: self._services.start(service, role))
        if wait:
            wait_ready(running, lambda: self._services.is_ready(service, role), READY_WITHIN)

    def leave_alone(self) -> None:
        """Watch no longer."""
        self._supervisor.stop()

    def _migration(self, service: str) -> Callable[[], None]:
        def migrate() -> None:
            with self._progress.step(f"{service}-migrate"):
                self._services.migrate(service)

        return migrate

    def _starter(self, service: str, role: str) -> Callable[[], None]:
        def start() -> None:
            with self._progress.step(process_name(service, role)):
                self.start(service, role)

        return start

    def _dead(self) -> list[str]:
        return [name for name in self._table.dead() if name in process_names()]

    def _restart(self, name: str) -> None:
        service, role = process_names()[name]
        try:
            restarted = self._table.relaunch(name, lambda: self._services.start(service, role))
        except (PartError, OSError) as error:
            self._progress.note(f"{name} could not be started again: {error}")
            return
        if restarted:
            self._progress.note(f"{name} had ended by itself and was started again.")
