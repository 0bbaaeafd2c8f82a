"""The four services' processes and the environment that each of them gets."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import requests

from deploy.local.places import CODE_ROOTS, account
from deploy.local.process import Running
from deploy.local.site import LOOPBACK, Site
from deploy.setup.buckets import BUCKETS
from deploy.setup.secrets import PRIVATE_KEY, PUBLIC_KEYS, SERVICES
from deploy.whatsapp_simulator.settings import NUMBERS

ROLES = ("web", "worker")
READY_WITHIN = 60.0
SAMPLE_OFFICE = "16.71.10.1001"

# What the caller's environment may decide for a local stack.
_OVERRIDES = {"WEB_PROCESSES": "2", "WEB_THREADS": "64", "LOG_LEVEL": "INFO", "SAMPLE_DATA": "true",
              "SANDBOX": "false",
              "ADDRESS_RATE": "6000", "CALLER_RATE": "6000",  # one machine plays everybody
              "PUSH_ALLOWED": "127.0.0.1"}  # fmt: skip  # and its other systems


@dataclass(frozen=True)
class Addresses:
    """Where the parts are; the simulator of WhatsApp only where there is one."""

    database_url: Callable[[str, str], str]
    amqp_url: str
    s3_endpoint_url: str
    whatsapp_url: str = ""


class Services:
    """Starts the processes of the services; they run under an account without rights when we are root."""

    def __init__(self, site: Site, addresses: Addresses, extra: Mapping[str, str]) -> None:
        self._site = site
        self._account = account("nobody")
        self._addresses = addresses
        self._extra = dict(extra)

    @property
    def code(self) -> Path:
        """Where the code is run from."""
        return self._site.code

    def environment(self, service: str) -> dict[str, str]:
        """The environment of every process of a service."""
        secret = self._site.secrets.path
        environment = {
            "ENVIRONMENT": "development",
            "PUBLIC_URL": public_url(self._site),
            "DATABASE_URL": self._addresses.database_url(service, "runtime"),
            "DATABASE_OWNER_URL": self._addresses.database_url(service, "owner"),
            "AMQP_URL": self._addresses.amqp_url,
            "EVENT_KEYS_FILE": str(secret("event_keys")),
            "DATA_KEYS_FILE": str(secret(f"{service}_data_keys")),
            "TOKEN_PUBLIC_KEYS_FILE": str(secret(PUBLIC_KEYS)),
            "LISTEN": self._site.address(f"{service}_web"),
            "WORKER_LISTEN": self._site.address(f"{service}_worker"),
            "SPOOL_DIR": str(self._site.data_folder(f"{service}-spool", self._account)),
            "TMPDIR": str(self._site.data_folder("tmp", self._account)),
            "PYTHONPATH": os.pathsep.join(str(self._site.code / root) for root in CODE_ROOTS),
            "PYTHONUNBUFFERED": "1",
        }
        if service in BUCKETS:
            environment |= {
                "S3_ENDPOINT_URL": self._addresses.s3_endpoint_url,
                "S3_ACCESS_KEY_FILE": str(secret(f"{service}_s3_access_key")),
                "S3_SECRET_KEY_FILE": str(secret(f"{service}_s3_secret_key")),
                "S3_BUCKET": BUCKETS[service],
            }
        if service == "intake":
            environment["TOKEN_PRIVATE_KEY_FILE"] = str(secret(PRIVATE_KEY))
        if service == "notify" and self._addresses.whatsapp_url:
            environment |= self._whatsapp()
        chosen = {name: os.environ.get(name, default) for name, default in _OVERRIDES.items()}
        return environment | chosen | self._extra

    def _whatsapp(self) -> dict[str, str]:
        """As the account at Meta would be, with one number for the office of the sample data."""
        secret = self._site.secrets.path
        return {
            "CHANNEL": "whatsapp,mailbox",
            "WHATSAPP_URL": f"{self._addresses.whatsapp_url}/v26.0",
            "WHATSAPP_NUMBERS": ",".join(f"{number}={SAMPLE_OFFICE}" for number in NUMBERS),
            "WHATSAPP_TOKEN_FILE": str(secret("whatsapp_token")),
            "WHATSAPP_APP_SECRET_FILE": str(secret("whatsapp_app_secret")),
            "WHATSAPP_VERIFY_TOKEN_FILE": str(secret("whatsapp_verify_token")),
        }

    def set(self, **changes: str) -> None:
        """Other values for the processes that start from now on."""
        self._extra |= changes

    def migrate(self, service: str) -> None:
        """Bring the service's database up to date."""
        self._site.run(
            f"{service}-migrate",
            self._command(service, "migrate"),
            account=self._account,
            folder=self._site.code,
            environment=self._own_home() | self.environment(service),
        )

    def start(self, service: str, role: str) -> Running:
        """Start one process of a service."""
        environment = self.environment(service)
        del environment["DATABASE_OWNER_URL"]  # only migrations may change the schema
        return self._site.start(
            process_name(service, role),
            self._command(service, role),
            account=self._account,
            folder=self._site.code,
            environment=self._own_home() | environment,
            stop_within=30.0,  # requests and deliveries under way are finished first
            steps_back=role != "web",
        )

    def is_ready(self, service: str, role: str) -> bool:
        """Whether the process says that it can do its work."""
        try:
            return requests.get(f"{direct_url(self._site, service, role)}/health/ready", timeout=2).ok
        except requests.RequestException:
            return False

    def _command(self, service: str, role: str) -> list[str | Path]:
        # Resolved, since the link to the environment may lead through a folder closed to the account.
        return [Path(sys.prefix).resolve() / "bin" / "python", "-m", service, role]

    def _own_home(self) -> dict[str, str]:
        return {"HOME": str(self._site.data_folder("home", self._account))}


def process_name(service: str, role: str) -> str:
    """What a process is called in logs and operations."""
    return f"{service}-{role}"


def process_names() -> dict[str, tuple[str, str]]:
    """Every process by its name."""
    return {process_name(service, role): (service, role) for service in SERVICES for role in ROLES}


def direct_url(site: Site, service: str, role: str) -> str:
    """Where a process answers by itself, without the gateway."""
    return f"http://{site.address(process_name(service, role).replace('-', '_'))}"


def public_url(site: Site) -> str:
    """The base URL of the gateway."""
    return f"http://{LOOPBACK}:{site.ports['gateway']}"


def whatsapp_url(site: Site) -> str:
    """The simulator of WhatsApp: its page, and what a business calls."""
    return f"http://{site.address('whatsapp')}"
