"""Makes the buckets of the object store: `python -m deploy.setup.buckets`.

Reads S3_ENDPOINT_URL, and S3_ACCESS_KEY and S3_SECRET_KEY or the same names with _FILE.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from urllib.parse import urlsplit

import urllib3
from minio import Minio
from minio.error import S3Error

BUCKETS = {"intake": "intake-files", "documents": "documents-letters"}


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


def _secret(name: str) -> str:
    file = os.environ.get(f"{name}_FILE")
    return Path(file).read_text("ascii").strip() if file else os.environ[name]


def main() -> int:
    """Make the buckets in the store that the environment names."""
    store = client(os.environ["S3_ENDPOINT_URL"], _secret("S3_ACCESS_KEY"), _secret("S3_SECRET_KEY"))
    make_buckets(store)
    sys.stdout.write(f"buckets ready: {', '.join(BUCKETS.values())}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
