"""What each service may do in the store: write its own bucket, read what is handed to it. Others may do nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from deploy.setup.buckets import BUCKETS

HANDED_TO: dict[str, tuple[str, ...]] = {
    "documents": ("intake",),
    "intake": ("documents", "notify"),
    "notify": ("intake", "documents"),
}
"""Whose objects a service reads: events hand them over as bucket and key."""

_READ = ["s3:GetObject"]
_LIST = ["s3:ListBucket", "s3:GetBucketLocation"]
_WRITE = ["s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"]


@dataclass(frozen=True)
class Keys:
    """Credentials of somebody at the store."""

    access: str
    secret: str


def service_keys(secret: Callable[[str], str]) -> dict[str, Keys]:
    """The credentials of each service that has a bucket, out of the installation's secrets."""
    return {name: Keys(secret(f"{name}_s3_access_key"), secret(f"{name}_s3_secret_key")) for name in BUCKETS}


def readable(service: str) -> list[str]:
    """The buckets that a service reads, its own first."""
    return [BUCKETS[service], *(BUCKETS[owner] for owner in HANDED_TO.get(service, ()))]


def policy(service: str) -> dict[str, Any]:
    """The same as S3's policies say it. A bucket may be listed by who reads it: else a missing object is told as
    forbidden, and nobody learns that it is gone."""
    return {
        "Version": "2012-10-17",
        "Statement": [
            _allow(_LIST, [f"arn:aws:s3:::{bucket}" for bucket in readable(service)]),
            _allow(_READ, [f"arn:aws:s3:::{bucket}/*" for bucket in readable(service)]),
            _allow(_WRITE, [f"arn:aws:s3:::{BUCKETS[service]}/*"]),
        ],
    }


def _allow(actions: list[str], resources: list[str]) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": actions, "Resource": resources}
