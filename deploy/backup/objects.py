"""A bucket as a stream: `python -m deploy.backup.objects VERB BUCKET [COUNT]`, beside the store or in a container.

save    writes a tar to standard output: the objects as they lie there, their type and metadata as PAX headers
add     reads such a tar and puts each object of whose name there is none: nothing that is there is touched
settle  reads such a tar of COUNT objects and makes the bucket hold these and nothing else
names   prints the names of all objects
drop    reads lines of mark and name, and removes the objects that still have this mark

Reads S3_ENDPOINT_URL, and the administrator's S3_ACCESS_KEY and S3_SECRET_KEY, or the same with _FILE.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tarfile
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any, cast

from minio import Minio
from minio.error import S3Error

from deploy.setup.buckets import BUCKETS, PROBE, client, make_buckets, secret_of

TYPE, META = "PENGANTAR.type", "PENGANTAR.meta."
_XMETA = "x-amz-meta-"
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


def add(store: Minio, bucket: str, source: IO[bytes]) -> tuple[int, int]:
    """Puts the objects of a tar whose names are not there; how many, and how many were there."""
    there, put, found = set(names(store, bucket)), 0, 0
    for member, content in _members(source):
        if member.name in there:
            found += 1
        else:
            _put(store, bucket, member, content)
            put += 1
    return put, found


def settle(store: Minio, bucket: str, source: IO[bytes], count: int) -> tuple[int, int]:
    """Puts the objects of a tar that are not there or are others, and removes all that are not in it; how many of each.
    Done again it goes on where it was. Raises ValueError, and removes nothing, for a tar that holds less: one that is
    cut off between two objects reads like one that ends there."""
    kept, put = set[str](), 0
    for member, content in _members(source):
        kept.add(member.name)
        if mark_there(store, bucket, member.name) != mark_of(member):
            _put(store, bucket, member, content)
            put += 1
    if len(kept) != count:
        raise ValueError(f"{len(kept)} of {count} objects came: the tar was cut off")
    return put, _keep(store, bucket, kept)


def drop(store: Minio, bucket: str, marked: Iterable[tuple[str, str]]) -> int:
    """Removes objects, by mark and name, unless another was put under that name meanwhile; how many."""
    gone = 0
    for mark, name in marked:
        if mark_there(store, bucket, name) == mark:
            store.remove_object(bucket_name=bucket, object_name=name)
            gone += 1
    return gone


def marks(tar: Path) -> dict[str, str]:
    """The marks of a backup's objects by their names."""
    with tarfile.open(tar) as members:
        return {member.name: mark_of(member) for member in members}


def mark_of(member: tarfile.TarInfo) -> str:
    """The mark of an object in a tar."""
    return _mark(member.size, _metadata(member))


def mark_there(store: Minio, bucket: str, name: str) -> str | None:
    """The mark of the object that lies in the store; None where there is none."""
    try:
        found = store.stat_object(bucket_name=bucket, object_name=name)
    except S3Error as error:
        if error.code in _GONE:
            return None
        raise
    told = {key.lower(): value for key, value in (found.metadata or {}).items()}
    return _mark(found.size or 0, {key.removeprefix(_XMETA): told[key] for key in told if key.startswith(_XMETA)})


def _mark(size: int, metadata: Mapping[str, str]) -> str:
    """What tells an object from any other of its name: its data key lies sealed in its metadata, and whoever puts it
    again, or seals it with another key, seals it anew."""
    told = "\n".join([str(size), *(f"{key}={value}" for key, value in sorted(metadata.items()))])
    return hashlib.sha256(told.encode()).hexdigest()


def _metadata(member: tarfile.TarInfo) -> dict[str, str]:
    return {name.removeprefix(META): text for name, text in member.pax_headers.items() if name.startswith(META)}


def _members(source: IO[bytes]) -> Iterator[tuple[tarfile.TarInfo, IO[bytes]]]:
    with tarfile.open(fileobj=source, mode="r|") as tar:
        for member in tar:
            content = tar.extractfile(member)
            if content is None:
                raise ValueError(f"{member.name} is no object")
            yield member, content


def _put(store: Minio, bucket: str, member: tarfile.TarInfo, content: IO[bytes]) -> None:
    store.put_object(
        bucket_name=bucket,
        object_name=member.name,
        data=cast(Any, content),
        length=member.size,
        content_type=member.pax_headers.get(TYPE, "application/octet-stream"),
        metadata=cast(Any, _metadata(member)),
        part_size=_ONE_PART,
    )


def names(store: Minio, bucket: str) -> Iterator[str]:
    """The names of all objects of the services."""
    for found in store.list_objects(bucket_name=bucket, recursive=True):
        if found.object_name != PROBE:
            yield str(found.object_name)


def _keep(store: Minio, bucket: str, kept: set[str]) -> int:
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
            META + key.lower().removeprefix(_XMETA): value
            for key, value in answer.headers.items()
            if key.lower().startswith(_XMETA)
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
    verb, bucket, *more = arguments
    if bucket not in BUCKETS.values():
        raise SystemExit(f"{bucket} is none of {', '.join(BUCKETS.values())}")
    store = client(
        os.environ["S3_ENDPOINT_URL"], secret_of("S3_ACCESS_KEY"), secret_of("S3_SECRET_KEY"), read_within=60
    )
    if verb == "save":
        written, gone = save(store, bucket, sys.stdout.buffer)
        sys.stdout.buffer.flush()
        sys.stderr.write(f"{written} objects, {gone} went away meanwhile\n")
    elif verb == "add":
        make_buckets(store)
        put, found = add(store, bucket, sys.stdin.buffer)
        sys.stderr.write(f"{put} objects, {found} more were there\n")
    elif verb == "settle":
        put, gone = settle(store, bucket, sys.stdin.buffer, int(more[0]))
        sys.stderr.write(f"{put} that were others replaced, {gone} of later removed\n")
    elif verb == "names":
        sys.stdout.writelines(f"{name}\n" for name in names(store, bucket))
    elif verb == "drop":
        marked = (line.rstrip("\n").split("\t", 1) for line in sys.stdin)
        sys.stderr.write(f"{drop(store, bucket, ((mark, name) for mark, name in marked))} removed\n")
    else:
        raise SystemExit("save | add | settle | names | drop")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
