"""The parts of one stack as a whole: what there is, what waits for what."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from deploy.local.parts import Part
from deploy.local.parts.gateway import Gateway
from deploy.local.parts.objects import ObjectStore
from deploy.local.parts.postgres import Postgres
from deploy.local.parts.rabbitmq import Epmd, RabbitMQ
from deploy.local.parts.whatsapp import WhatsApp
from deploy.local.process import wait_ready
from deploy.local.progress import Progress
from deploy.local.site import Site
from deploy.local.table import Table
from deploy.local.together import together

# Each chain in its order, all chains at once.
_CHAINS = (("postgres",), ("epmd", "rabbitmq"), ("objects",))
_GATEWAY = ("gateway",)
_WHATSAPP = ("whatsapp",)

STOP_ORDER = (("whatsapp", "gateway"), ("postgres", "rabbitmq", "objects"), ("epmd",))


class Foundation:
    """PostgreSQL, RabbitMQ, the object store, and the gateway if there are services behind it; a simulator of
    WhatsApp where it is asked for."""

    def __init__(self, site: Site, table: Table, progress: Progress, gateway: bool, whatsapp: bool = False) -> None:
        self._table = table
        self._progress = progress
        self._chains = (*_CHAINS, *([_GATEWAY] if gateway else []), *([_WHATSAPP] if whatsapp else []))
        self.postgres = Postgres(site)
        self.rabbitmq = RabbitMQ(site)
        self.objects = ObjectStore(site)
        every: tuple[Part, ...] = (
            self.postgres,
            Epmd(site),
            self.rabbitmq,
            self.objects,
            Gateway(site),
            WhatsApp(site),
        )
        self._parts = {part.name: part for part in every}

    @property
    def names(self) -> list[str]:
        """What the parts are called."""
        return list(self._parts)

    def start_all(self, give_up: Callable[[], None]) -> None:
        """Start every part and wait until each does its work."""
        together([self._chain_starter(chain) for chain in self._chains], give_up)

    def start(self, name: str) -> None:
        """Start one part and wait until it does its work."""
        part = self._parts[name]
        part.prepare()
        wait_ready(self._table.launch(name, part.start), part.is_ready, part.ready_within)

    def _chain_starter(self, chain: Sequence[str]) -> Callable[[], None]:
        def start_chain() -> None:
            for name in chain:
                with self._progress.step(name):
                    self.start(name)
                    self._parts[name].finish()

        return start_chain
