"""Settings from environment variables, all mistakes reported at once.

Each may be given as NAME, or as NAME_FILE naming a file that holds it (for secrets).
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any, cast

from environs import EnvValidationError, FileAwareEnv, ValidationError

from kit.outgoing import listed
from kit.strangers import networks

ENVIRONMENTS = ("development", "production")
PRIVATE_NETWORKS = "127.0.0.0/8,::1,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,fc00::/7"
"""Where the gateway is: nothing else reaches the services."""


class SettingsError(SystemExit):
    """The environment is not usable; the message names every mistake."""


def _one_of(*allowed: str) -> Any:
    def check(value: str) -> None:
        if value not in allowed:
            raise ValidationError(f"must be one of {', '.join(allowed)}")

    return check


def _not_negative(value: float) -> None:
    if not 0 <= value < 1_000_000:
        raise ValidationError("must be a number from 0 on")


def _not_below_zero(value: float) -> None:
    if value < 0:
        raise ValidationError("must be a number from 0 on")


def _networks(value: str) -> None:
    try:
        networks(value)
    except ValueError as error:
        raise ValidationError("must be addresses or networks with commas between them") from error


def reread(name: str) -> str:
    """A secret as it is now: the file that NAME_FILE names may have changed since the start."""
    return FileAwareEnv().str(name)


def _hosts(value: str) -> None:
    try:
        list(listed(value))
    except ValueError as error:
        raise ValidationError(str(error)) from error


@dataclass(frozen=True)
class Settings:
    """What every service needs. Services add their own by inheriting and extending `read`."""

    environment: str
    database_url: str
    database_owner_url: str | None
    amqp_url: str
    public_url: str
    event_keys: str
    data_keys: str
    event_keys_file: str | None
    data_keys_file: str | None
    token_public_keys: str
    listen: str
    worker_listen: str
    spool_dir: str
    log_level: str
    web_processes: int
    web_threads: int
    db_pool_size: int
    sample_data: bool
    address_rate: float
    caller_rate: float
    machine_rate: int
    machine_bytes: int
    trusted_proxies: str
    outgoing_allowed: str

    @property
    def production(self) -> bool:
        return self.environment == "production"

    @classmethod
    def values(cls, env: FileAwareEnv) -> dict[str, Any]:
        """Reads the variables; a service's own class calls this and adds its own."""
        return {
            "environment": env.str("ENVIRONMENT", "development", validate=_one_of(*ENVIRONMENTS)),
            "database_url": env.str("DATABASE_URL"),
            "database_owner_url": env.str("DATABASE_OWNER_URL", None),
            "amqp_url": env.str("AMQP_URL"),
            "public_url": env.str("PUBLIC_URL", "http://127.0.0.1:8080").rstrip("/"),
            "event_keys": env.str("EVENT_KEYS"),
            "data_keys": env.str("DATA_KEYS"),
            # A ring that came from a file follows it: keys change without a restart.
            "event_keys_file": os.environ.get("EVENT_KEYS_FILE"),
            "data_keys_file": os.environ.get("DATA_KEYS_FILE"),
            "token_public_keys": env.str("TOKEN_PUBLIC_KEYS"),
            "listen": env.str("LISTEN", "0.0.0.0:8000"),
            "worker_listen": env.str("WORKER_LISTEN", "0.0.0.0:8001"),
            "spool_dir": env.str("SPOOL_DIR", "/tmp"),
            "log_level": env.str("LOG_LEVEL", "INFO"),
            "web_processes": env.int("WEB_PROCESSES", 2),
            "web_threads": env.int("WEB_THREADS", 64),
            "db_pool_size": env.int("DB_POOL_SIZE", 10),
            "sample_data": env.bool("SAMPLE_DATA", False),
            "address_rate": env.float("ADDRESS_RATE", 300, validate=_not_negative),
            "caller_rate": env.float("CALLER_RATE", 120, validate=_not_negative),
            "machine_rate": env.int("MACHINE_RATE", 600, validate=_not_negative),
            "machine_bytes": env.int("MACHINE_BYTES", 2_000_000_000, validate=_not_below_zero),
            "trusted_proxies": env.str("TRUSTED_PROXIES", PRIVATE_NETWORKS, validate=_networks),
            "outgoing_allowed": env.str("OUTGOING_ALLOWED", "", validate=_hosts),
        }

    @classmethod
    def mistakes(cls, values: dict[str, Any]) -> list[str]:
        """Rules between settings; each broken one gives a sentence."""
        if values.get("environment") != "production":
            return []
        found = ["SAMPLE_DATA: made-up people have no place in production"] if values.get("sample_data") else []
        unlimited = [name for name in ("address_rate", "caller_rate") if values.get(name) == 0]
        found += [f"{name.upper()}: production counts strangers" for name in unlimited]
        free = [name for name in ("machine_rate", "machine_bytes") if values.get(name) == 0]
        return found + [f"{name.upper()}: production counts what machines ask" for name in free]

    @classmethod
    def read(cls) -> Any:
        """The settings of this process. Exits with every mistake named when something is wrong."""
        env = FileAwareEnv(eager=False)
        values = cls.values(env)
        try:
            env.seal()
        except EnvValidationError as error:
            said = cast(dict[str, list[str]], error.error_messages)
            broken = [f"{name}: {'; '.join(lines)}" for name, lines in said.items()]
            raise SettingsError(_listed(broken)) from error
        if broken := cls.mistakes(values):
            raise SettingsError(_listed(broken))
        return cls(**values)


def _listed(broken: list[str]) -> str:
    return "\n".join(["The settings are not usable:", *(f"  - {line}" for line in broken)])
