"""What intake needs from its environment, besides what every service needs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from environs import EnvValidationError, FileAwareEnv

from kit import settings
from kit.antivirus import parsed


def _with_offset(value: str | None) -> None:
    if value is not None and datetime.fromisoformat(value).tzinfo is None:
        raise EnvValidationError("must be RFC 3339 with an offset", {})


def _scanner(value: str) -> None:
    try:
        if value:
            parsed(value)
    except ValueError as error:
        raise EnvValidationError(str(error), {}) from error


@dataclass(frozen=True)
class Settings(settings.Settings):
    """`clock_start` sets the business clock of a stack that was never used; `upload_limit` is in bytes;
    `clamav_address` is empty where nobody scans for viruses."""

    s3_endpoint_url: str
    s3_access_key: str
    s3_secret_key: str
    s3_bucket: str
    clock_start: str | None
    upload_limit: int
    clamav_address: str

    @classmethod
    def values(cls, env: FileAwareEnv) -> dict[str, Any]:
        return super().values(env) | {
            "s3_endpoint_url": env.str("S3_ENDPOINT_URL"),
            "s3_access_key": env.str("S3_ACCESS_KEY"),
            "s3_secret_key": env.str("S3_SECRET_KEY"),
            "s3_bucket": env.str("S3_BUCKET", "intake-files"),
            "clock_start": env.str("CLOCK_START", None, validate=_with_offset),
            "upload_limit": env.int("UPLOAD_LIMIT", 15_000_000),
            "clamav_address": env.str("CLAMAV_ADDRESS", "", validate=_scanner),
        }

    @classmethod
    def mistakes(cls, values: dict[str, Any]) -> list[str]:
        found = super().mistakes(values)
        if values.get("environment") == "production" and values.get("clock_start"):
            found.append("CLOCK_START: the clock of production is never moved")
        return found
