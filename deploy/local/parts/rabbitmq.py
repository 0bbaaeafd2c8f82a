"""RabbitMQ: a private node with a name service (epmd) of its own, beside whatever the machine runs.

The program in sbin forces the machine's folder and cookie on its caller, so the one behind it is
started, with every path and port set. Left alone, the node would start an epmd that outlives it.
"""

from __future__ import annotations

import logging
import socket
import subprocess
from pathlib import Path

import pika
import pika.exceptions

from deploy.local.places import account
from deploy.local.process import PartError, Running
from deploy.local.site import LOOPBACK, Site, plain_environment, program

USER = "pengantar"
_PROGRAMS = (Path("/usr/lib/rabbitmq/bin"), Path("/usr/local/lib/rabbitmq/bin"))
_MB = 1024 * 1024

_SETTINGS = """\
listeners.tcp.1 = {address}
default_user = {user}
default_pass = {password}
log.console = true
log.console.level = info
log.file = false
disk_free_limit.absolute = {disk}
vm_memory_high_watermark.absolute = {memory}
"""


class Epmd:
    """The name service that an Erlang node registers with."""

    name = "epmd"
    ready_within = 20.0

    def __init__(self, site: Site) -> None:
        self._site = site
        self._account = account("rabbitmq")

    def prepare(self) -> None:
        """Nothing to make."""

    def start(self) -> Running:
        """Start it in the foreground, on the loopback address."""
        return self._site.start(
            self.name,
            [program("epmd", "Run 'make setup'."), "-address", LOOPBACK, "-port", str(self._site.ports["epmd"])],
            account=self._account,
            folder=self._site.data_folder("rabbitmq", self._account),
        )

    def is_ready(self) -> bool:
        """Whether it listens."""
        return _listens(self._site.ports["epmd"])

    def finish(self) -> None:
        """Nothing to do."""


class RabbitMQ:
    """The broker of a stack."""

    name = "rabbitmq"
    ready_within = 120.0

    def __init__(self, site: Site) -> None:
        self._site = site
        self._account = account("rabbitmq")
        self._programs = next((path for path in _PROGRAMS if (path / "rabbitmq-server").exists()), None)
        if self._programs is None:
            raise PartError("RabbitMQ is not installed. Run 'make setup'.")

    @property
    def url(self) -> str:
        """The URL by which the services reach the broker."""
        password = self._site.secrets.read("rabbitmq_password")
        return f"amqp://{USER}:{password}@{self._site.address('rabbitmq')}/%2F"

    def prepare(self) -> None:
        """Write the node's settings; the account of its own takes the place of `guest`."""
        folder = self._folder()
        settings = _SETTINGS.format(
            address=self._site.address("rabbitmq"),
            user=USER,
            password=self._site.secrets.read("rabbitmq_password"),
            disk=200 * _MB,
            memory=1024 * _MB,
        )
        for name, text in (("rabbitmq.conf", settings), ("enabled_plugins", "[].\n")):
            path = folder / name
            path.write_text(text, "ascii")
            path.chmod(0o600)
            self._account.owns(path)

    def start(self) -> Running:
        """Start the node."""
        return self._site.start(
            self.name,
            [self._tool("rabbitmq-server")],
            account=self._account,
            folder=self._folder(),
            environment=self._environment(),
            stop_within=30.0,
        )

    def is_ready(self) -> bool:
        """Whether the services' account can open a connection and a channel."""
        if not _listens(self._site.ports["rabbitmq"]):
            return False
        parameters = pika.URLParameters(self.url)
        parameters.socket_timeout = parameters.blocked_connection_timeout = 3
        logging.getLogger("pika").setLevel(logging.CRITICAL)  # an early attempt fails, and that is fine
        try:
            connection = pika.BlockingConnection(parameters)
            connection.channel()
            connection.close()
        except (pika.exceptions.AMQPError, OSError):
            return False
        finally:
            logging.getLogger("pika").setLevel(logging.NOTSET)
        return True

    def finish(self) -> None:
        """Nothing to do: the services declare their own queues."""

    def control(self, *words: str, within: float = 60.0) -> str:
        """What `rabbitmqctl` answers, such as to `list_queues` or `set_vm_memory_high_watermark 0`."""
        folder = self._folder()
        done = subprocess.run(
            [self._tool("rabbitmqctl"), *words],
            env=plain_environment(folder) | self._environment(),
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=within,
            check=False,
            user=self._account.uid if self._account.uid else None,
            group=self._account.gid if self._account.uid else None,
        )
        if done.returncode:
            raise PartError(f"rabbitmqctl {' '.join(words)} failed:\n{done.stdout}{done.stderr}")
        return done.stdout

    def _folder(self) -> Path:
        return self._site.data_folder("rabbitmq", self._account)

    def _tool(self, name: str) -> Path:
        assert self._programs is not None
        return self._programs / name

    def _environment(self) -> dict[str, str]:
        folder, ports = self._folder(), self._site.ports
        own = {
            "NODENAME": f"pengantar-{self._site.name}@localhost",
            "NODE_IP_ADDRESS": LOOPBACK,
            "NODE_PORT": ports["rabbitmq"],
            "DIST_PORT": ports["rabbitmq_dist"],
            "CTL_DIST_PORT_MIN": ports["rabbitmq_ctl"],
            "CTL_DIST_PORT_MAX": ports["rabbitmq_ctl"],
            "MNESIA_BASE": folder / "mnesia",
            "LOG_BASE": folder / "log",
            "LOGS": "-",
            "GENERATED_CONFIG_DIR": folder / "config",
            "SCHEMA_DIR": folder / "schema",
            "CONFIG_FILE": folder / "rabbitmq.conf",
            "CONF_ENV_FILE": folder / "none",  # not the machine's
            "ADVANCED_CONFIG_FILE": folder / "none.config",
            "ENABLED_PLUGINS_FILE": folder / "enabled_plugins",
            "PID_FILE": folder / "pid",
            # No busy waiting: it costs a small machine half a core for nothing.
            "SERVER_ADDITIONAL_ERL_ARGS": "+sbwt none +sbwtdcpu none +sbwtdio none"
            " -kernel inet_dist_use_interface {127,0,0,1}",
        }
        return {f"RABBITMQ_{name}": str(value) for name, value in own.items()} | {
            "ERL_EPMD_PORT": str(ports["epmd"]),
            "ERL_EPMD_ADDRESS": LOOPBACK,
            # The start script then becomes the node instead of waiting beside it for signals.
            "RUNNING_UNDER_SYSTEMD": "true",
        }


def _listens(port: int) -> bool:
    try:
        with socket.create_connection((LOOPBACK, port), timeout=1):
            return True
    except OSError:
        return False
