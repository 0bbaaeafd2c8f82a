"""What documents needs from its environment, besides what every service needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from environs import FileAwareEnv

from kit import settings


@dataclass(frozen=True)
class Settings(settings.Settings):
    """`render_processes` children render at once, each document within `render_timeout` seconds. `psre_roots` are
    PEM certificates: a signer's that leads to one of them counts as certified."""

    s3_endpoint_url: str
    s3_access_key: str
    s3_secret_key: str
    s3_bucket: str
    render_processes: int
    render_timeout: float
    tsa_url: str
    psre_roots: str
    bsre_url: str
    bsre_user: str
    bsre_password: str

    @classmethod
    def values(cls, env: FileAwareEnv) -> dict[str, Any]:
        return super().values(env) | {
            "s3_endpoint_url": env.str("S3_ENDPOINT_URL"),
            "s3_access_key": env.str("S3_ACCESS_KEY"),
            "s3_secret_key": env.str("S3_SECRET_KEY"),
            "s3_bucket": env.str("S3_BUCKET", "documents-letters"),
            "render_processes": env.int("RENDER_PROCESSES", 2),
            "render_timeout": env.float("RENDER_TIMEOUT", 10.0),
            "tsa_url": env.str("TSA_URL", ""),
            "psre_roots": env.str("PSRE_ROOTS", ""),
            "bsre_url": env.str("BSRE_URL", ""),
            "bsre_user": env.str("BSRE_USER", ""),
            "bsre_password": env.str("BSRE_PASSWORD", ""),
        }

    @classmethod
    def mistakes(cls, values: dict[str, Any]) -> list[str]:
        found = super().mistakes(values)
        if not 1 <= (values.get("render_processes") or 0) <= 64:
            found.append("RENDER_PROCESSES: from 1 to 64")
        if not 0 < (values.get("render_timeout") or 0) <= 600:
            found.append("RENDER_TIMEOUT: more than 0 and at most 600 seconds")
        for name in ("tsa_url", "bsre_url"):
            if values.get(name) and not values[name].startswith(("https://", "http://")):
                found.append(f"{name.upper()}: begins with https://")
        if values.get("psre_roots") and "BEGIN CERTIFICATE" not in values["psre_roots"]:
            found.append("PSRE_ROOTS: certificates in PEM form")
        if values.get("bsre_url") and not (values.get("bsre_user") and values.get("bsre_password")):
            found.append("BSRE_USER and BSRE_PASSWORD: needed with BSRE_URL")
        return found
