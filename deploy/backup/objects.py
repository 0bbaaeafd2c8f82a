"""A bucket as a stream: `python -m deploy.backup.objects VERB BUCKET`, beside the store or in a container.

save   writes a tar to standard output: the objects as they lie there, their type and metadata as PAX headers
load   reads such a tar and puts each object; one that is there already is put again, the same
names  prints the names of all objects
keep   reads names, one a line, and removes every other object

Reads S3_ENDPOINT_URL, and the administrator's S3_ACCESS_KEY and S3_SECRET_KEY, or the same with _FILE.
"""

from __future__ import annotations

import os
import sys
import tarfile
import time
from collections.abc import Iterator
from typing import IO, Any, cast

from minio import Minio
from minio.error import S3Error

from deploy.setup.buckets import BUCKETS, client, make_buckets, secret_of

TYPE, META = "PENGANTAR.type", "PENGANTAR.meta."
_ONE_PART = 64 * 1024 * 1024  # as the services put them: one object is one part
_TRIES = 4
_GONE = {"NoSuchKey", "NoSuchVersion"}


def save(store: Minio, bucket: str, target: IO[bytes]) -> tuple[int, int]:
    """Writes the bucket as a tar; how many objects, and how many went away while it was written."""
    written = gone = 0
    with tarfile.open(fileobj=target, mode="w|", format=tarfile.PAX_FORMAT) as tar:
        for name in names(store, bucket):
            if _save_one(store, bucket, name, tar):
                written += 1
            else:
                gone += 1
    return written, gone


def load(store: Minio, bucket: str, source: IO[bytes]) -> int:
    """Puts every object of a tar; how many there were."""
    put = 0
    with tarfile.open(fileobj=source, mode="r|") as tar:
        for member in tar:
            content = tar.extractfile(member)
            if content is None:
                raise ValueError(f"{member.name} is no object")
            metadata = {
                name.removeprefix(META): text for name, text in member.pax_headers.items() if name.startswith(META)
            }
            store.put_object(
                bucket_name=bucket,
                object_name=member.name,
                data=cast(Any, content),
                length=member.size,
                content_type=member.pax_headers.get(TYPE, "application/octet-stream"),
                metadata=cast(Any, metadata),
                part_size=_ONE_PART,
            )
            put += 1
    return put


def names(store: Minio, bucket: str) -> Iterator[str]:
    """The names of all objects."""
    for found in store.list_objects(bucket_name=bucket, recursive=True):
        yield str(found.object_name)


def keep(store: Minio, bucket: str, kept: set[str]) -> int:
    """Removes every object whose name is not among these; how many."""
    others = [name for name in names(store, bucket) if name not in kept]
    for name in others:
        store.remove_object(bucket_name=bucket, object_name=name)
    return len(others)


def _save_one(store: Minio, bucket: str, name: str, tar: tarfile.TarFile) -> bool:
    """False for one that is gone. Opening is tried again; a stream that broke off in the middle ends the backup."""
    answer = _opened(store, bucket, name)
    if answer is None:
        return False
    try:
        entry = tarfile.TarInfo(name)
        entry.size = int(answer.headers["content-length"])
        entry.mode = 0o600
        entry.pax_headers = {TYPE: answer.headers.get("content-type", "application/octet-stream")} | {
            META + key.lower().removeprefix("x-amz-meta-"): value
            for key, value in answer.headers.items()
            if key.lower().startswith("x-amz-meta-")
        }
        tar.addfile(entry, cast(IO[bytes], answer))
    finally:
        answer.close()
        answer.release_conn()
    return True


def _opened(store: Minio, bucket: str, name: str) -> Any:
    for attempt in range(1, _TRIES + 1):
        try:
            return store.get_object(bucket_name=bucket, object_name=name)
        except S3Error as error:
            if error.code in _GONE:
                return None
            if attempt == _TRIES:
                raise
        time.sleep(attempt)
    return None


def main(arguments: list[str]) -> int:
    verb, bucket = arguments
    if bucket not in BUCKETS.values():
        raise SystemExit(f"{bucket} is none of {', '.join(BUCKETS.values())}")
    store = client(
        os.environ["S3_ENDPOINT_URL"], secret_of("S3_ACCESS_KEY"), secret_of("S3_SECRET_KEY"), read_within=60
    )
    if verb == "save":
        written, gone = save(store, bucket, sys.stdout.buffer)
        sys.stdout.buffer.flush()
        sys.stderr.write(f"{written} objects, {gone} went away meanwhile\n")
    elif verb == "load":
        make_buckets(store)
        sys.stderr.write(f"{load(store, bucket, sys.stdin.buffer)} objects\n")
    elif verb == "names":
        sys.stdout.writelines(f"{name}\n" for name in names(store, bucket))
    elif verb == "keep":
        sys.stderr.write(f"{keep(store, bucket, {line.rstrip(chr(10)) for line in sys.stdin})} removed\n")
    else:
        raise SystemExit("save | load | names | keep")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
