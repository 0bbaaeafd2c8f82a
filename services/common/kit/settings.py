"""Settings from environment variables, all mistakes reported at once.

Each may be given as NAME, or as NAME_FILE naming a file that holds it (for secrets).
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any, cast

from environs import EnvValidationError, FileAwareEnv

ENVIRONMENTS = ("development", "production")


class SettingsError(SystemExit):
    """The environment is not usable; the message names every mistake."""


def _one_of(*allowed: str) -> Any:
    def check(value: str) -> None:
        if value not in allowed:
            raise EnvValidationError(f"must be one of {', '.join(allowed)}", {})

    return check


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
        }

    @classmethod
    def mistakes(cls, values: dict[str, Any]) -> list[str]:
        """Rules between settings; each broken one gives a sentence."""
        if values.get("environment") == "production" and values.get("sample_data"):
            return ["SAMPLE_DATA: made-up people have no place in production"]
        return []

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
