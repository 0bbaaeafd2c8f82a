"""The buckets of the object store, by plain S3; `deploy.store.setup` makes them and the users."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

import urllib3
from minio import Minio
from minio.error import S3Error

BUCKETS = {"intake": "intake-files", "documents": "documents-letters", "notify": "notify-media"}
PROBE = ".ready"
"""What is put and removed to see whether a store works. A slow one may do both later than it says: it is nobody's."""


def client(endpoint_url: str, access_key: str, secret_key: str, read_within: float = 10) -> Minio:
    """A client that gives up soon: a store that is away must not hold a start forever."""
    endpoint = urlsplit(endpoint_url)
    http = urllib3.PoolManager(timeout=urllib3.Timeout(connect=2, read=read_within), retries=False)
    return Minio(
        endpoint=endpoint.netloc,
        access_key=access_key,
        secret_key=secret_key,
        secure=endpoint.scheme == "https",
        http_client=http,
    )


def make_buckets(store: Minio) -> None:
    """Make each bucket that is not there."""
    for bucket in BUCKETS.values():
        try:
            if not store.bucket_exists(bucket_name=bucket):
                store.make_bucket(bucket_name=bucket)
        except S3Error as error:
            if error.code not in ("BucketAlreadyOwnedByYou", "BucketAlreadyExists"):
                raise


def secret_of(name: str) -> str:
    """A secret of the environment, or of the file that it names with _FILE."""
    file = os.environ.get(f"{name}_FILE")
    return Path(file).read_text("ascii").strip() if file else os.environ[name]
