"""What intake needs from its environment, besides what every service needs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from environs import FileAwareEnv, ValidationError

from intake.domain import provider_roles
from intake.provider.keys import ALGORITHMS
from kit import settings
from kit.antivirus import parsed


def _with_offset(value: str | None) -> None:
    if value is not None and datetime.fromisoformat(value).tzinfo is None:
        raise ValidationError("must be RFC 3339 with an offset")


def _scanner(value: str) -> None:
    try:
        if value:
            parsed(value)
    except ValueError as error:
        raise ValidationError(str(error)) from error


def _role_rule(value: str) -> None:
    try:
        if value:
            provider_roles.parsed(value)
    except ValueError as error:
        raise ValidationError(str(error)) from error


def _algorithms(value: list[str]) -> None:
    if not value or not set(value) <= set(ALGORITHMS):
        raise ValidationError(f"must be some of {', '.join(ALGORITHMS)}")


def _issuer(value: str) -> None:
    found = urlsplit(value)
    if value and (found.scheme not in ("https", "http") or not found.hostname or found.query or found.fragment
                  or "@" in found.netloc):  # fmt: skip
        raise ValidationError("must be an address without user, query and fragment")


@dataclass(frozen=True)
class Settings(settings.Settings):
    """`handed_buckets` are those of which events may hand us objects; `clock_start` sets the business clock of a
    stack that was never used; `upload_limit` is in bytes;
    `clamav_address` is empty where nobody scans for viruses, `oidc_issuer` where no provider lets staff in."""

    s3_endpoint_url: str
    s3_access_key: str
    s3_secret_key: str
    s3_bucket: str
    handed_buckets: list[str]
    clock_start: str | None
    upload_limit: int
    clamav_address: str
    oidc_issuer: str
    oidc_client_id: str
    oidc_client_secret: str
    oidc_roles: str
    oidc_algorithms: list[str]

    @classmethod
    def values(cls, env: FileAwareEnv) -> dict[str, Any]:
        return super().values(env) | {
            "s3_endpoint_url": env.str("S3_ENDPOINT_URL"),
            "s3_access_key": env.str("S3_ACCESS_KEY"),
            "s3_secret_key": env.str("S3_SECRET_KEY"),
            "s3_bucket": env.str("S3_BUCKET", "intake-files"),
            "handed_buckets": env.list("HANDED_BUCKETS", ["documents-letters", "notify-media"]),
            "clock_start": env.str("CLOCK_START", None, validate=_with_offset),
            "upload_limit": env.int("UPLOAD_LIMIT", 15_000_000),
            "clamav_address": env.str("CLAMAV_ADDRESS", "", validate=_scanner),
            "oidc_issuer": env.str("OIDC_ISSUER", "", validate=_issuer),
            "oidc_client_id": env.str("OIDC_CLIENT_ID", ""),
            "oidc_client_secret": env.str("OIDC_CLIENT_SECRET", ""),
            "oidc_roles": env.str("OIDC_ROLES", "", validate=_role_rule),
            "oidc_algorithms": env.list("OIDC_ALGORITHMS", ["RS256"], validate=_algorithms),
        }

    @classmethod
    def mistakes(cls, values: dict[str, Any]) -> list[str]:
        found = super().mistakes(values)
        if values.get("environment") == "production" and values.get("clock_start"):
            found.append("CLOCK_START: the clock of production is never moved")
        return found + _mistakes_of_provider(values)


def _mistakes_of_provider(values: dict[str, Any]) -> list[str]:
    """A provider is configured as a whole or not at all."""
    wanted = ("oidc_issuer", "oidc_client_id", "oidc_client_secret", "oidc_roles")
    missing = [name.upper() for name in wanted if not values.get(name)]
    if 0 < len(missing) < len(wanted):
        return [f"{name}: is needed besides the other settings of the sign-in by provider" for name in missing]
    issuer = str(values.get("oidc_issuer", ""))
    if values.get("environment") == "production" and issuer and not issuer.startswith("https://"):
        return ["OIDC_ISSUER: production asks nobody without TLS who somebody is"]
    return []
