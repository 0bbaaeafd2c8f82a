"""Makes the buckets, and each service's user with its rights: `python -m deploy.store.setup`.

Reads S3_ENDPOINT_URL; S3_ACCESS_KEY and S3_SECRET_KEY of the store's administrator, or the same names with _FILE; and
from SECRETS_DIR the files `<service>_s3_access_key` and `<service>_s3_secret_key`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from minio.error import MinioException, S3Error

from deploy.setup.buckets import BUCKETS, client, make_buckets, secret_of
from deploy.store.minio_users import NoUsers, administration, make_users
from deploy.store.rights import Keys, service_keys


def main() -> int:
    """Prepare the store that the environment names."""
    url, root = os.environ["S3_ENDPOINT_URL"], Keys(secret_of("S3_ACCESS_KEY"), secret_of("S3_SECRET_KEY"))
    folder = Path(os.environ["SECRETS_DIR"])
    keys = service_keys(lambda name: (folder / name).read_text("ascii").strip())
    make_buckets(client(url, root.access, root.secret))
    sys.stdout.write(f"buckets ready: {', '.join(BUCKETS.values())}\n")
    try:
        make_users(administration(url, root), keys)
        sys.stdout.write(f"users ready: {', '.join(keys)}\n")
    except NoUsers:
        return _without_users(url, keys)
    return 0


def _without_users(url: str, keys: Mapping[str, Keys]) -> int:
    """A store of another make: its operator made the users, or has to."""
    shut_out = [service for service, own in keys.items() if not _may_enter(url, service, own)]
    sys.stdout.write("This store has no users that could be made from here.\n")
    for service in shut_out:
        sys.stdout.write(
            f"  {service}: its key is not taken. Make a user with {service}_s3_access_key and {service}_s3_secret_key "
            "and the rights of `python -m deploy.store.policy`, or put the store's own key into these files.\n"
        )
    return 1 if shut_out else 0


def _may_enter(url: str, service: str, own: Keys) -> bool:
    try:
        return bool(client(url, own.access, own.secret).bucket_exists(bucket_name=BUCKETS[service]))
    except (S3Error, MinioException):
        return False


if __name__ == "__main__":
    sys.exit(main())
