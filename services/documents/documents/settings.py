"""What documents needs from its environment, besides what every service needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from environs import FileAwareEnv

from kit import settings


@dataclass(frozen=True)
class Settings(settings.Settings):
    """`render_processes` children render at once, each document within `render_timeout` seconds."""

    s3_endpoint_url: str
    s3_access_key: str
    s3_secret_key: str
    s3_bucket: str
    render_processes: int
    render_timeout: float

    @classmethod
    def values(cls, env: FileAwareEnv) -> dict[str, Any]:
        return super().values(env) | {
            "s3_endpoint_url": env.str("S3_ENDPOINT_URL"),
            "s3_access_key": env.str("S3_ACCESS_KEY"),
            "s3_secret_key": env.str("S3_SECRET_KEY"),
            "s3_bucket": env.str("S3_BUCKET", "documents-letters"),
            "render_processes": env.int("RENDER_PROCESSES", 2),
            "render_timeout": env.float("RENDER_TIMEOUT", 10.0),
        }

    @classmethod
    def mistakes(cls, values: dict[str, Any]) -> list[str]:
        found = super().mistakes(values)
        if not 1 <= (values.get("render_processes") or 0) <= 64:
            found.append("RENDER_PROCESSES: from 1 to 64")
        if not 0 < (values.get("render_timeout") or 0) <= 600:
            found.append("RENDER_TIMEOUT: more than 0 and at most 600 seconds")
        return found
