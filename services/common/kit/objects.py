"""The object store: plain S3 calls, so that any S3 server serves (MinIO, SeaweedFS), and sealed before they are made.

    ObjectMissing      404, permanent: the store answered, and has no such object
    StoreUnavailable   503, retryable: the store did not answer in time, or not sensibly
    Damaged            permanent: what the store holds is not what was put there

Each object has a data key of its own; it lies sealed with the ring, beside size and hash, in the object's metadata,
bound to its bucket and key (docs/adr/0011-objects.md). Sizes and hashes here are always those of the plain bytes.
Objects from before this was so lie there as they are, and read as before.

Nothing here waits without a bound: a frozen server, or one that vanished, costs the time-outs and no more.
"""

from __future__ import annotations

import base64
import hashlib
import itertools
import os
import threading
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Any, BinaryIO, ClassVar, Self
from urllib.parse import urlsplit

from minio import Minio
from minio.commonconfig import REPLACE, CopySource
from minio.error import MinioException, S3Error
from urllib3 import BaseHTTPResponse, PoolManager, Retry, Timeout
from urllib3.exceptions import HTTPError, NewConnectionError
from urllib3.exceptions import TimeoutError as HTTPTimeout

from kit.errors import Permanent
from kit.problems import NotFound, Unavailable, Words
from kit.sealed import Keyring, key_of
from kit.stream import CHUNK, MAGIC, Damaged, Readable, Sealing, new_data_key, opened, sealed_size

# One part carries any file that we take: a single PUT is atomic, and a killed process leaves no parts behind.
ONE_PART = 64 * 1024 * 1024
_GONE = {"NoSuchKey", "NoSuchVersion"}
_CHANGED = "PreconditionFailed"
_SEALED_WITH = "x-amz-meta-sealed"
_OURS_ALREADY = {"BucketAlreadyOwnedByYou", "BucketAlreadyExists"}


class ObjectMissing(NotFound, Permanent):
    """The store has no such object."""

    slug = "file-missing"
    title = Words("Berkas tidak ada", "The file is not there")
    detail = Words(
        "Isi berkas ini tidak ditemukan. Mohon beri tahu petugas.",
        "The content of this file was not found. Please tell an officer.",
    )
    reason = "object missing"


def check_handed(file: Mapping[str, Any] | None, buckets: Collection[str]) -> None:
    """An event hands over an object of one of these buckets, and can make us read no other. Raises Permanent."""
    if file is not None and file["bucket"] not in buckets:
        raise Permanent("an object of a bucket that is none of those that are handed over (HANDED_BUCKETS)")


class StoreUnavailable(Unavailable):
    """The object store does not answer, or answers with an error of its own."""

    slug = "file-store-unavailable"
    title = Words("Penyimpanan berkas sedang terganggu", "File storage is temporarily unavailable")


@dataclass(frozen=True)
class ObjectStat:
    """What is known about an object; `size` and `sha256` are those of the plain bytes, as `put` was given them.
    `sealed_with` is the id of the key that its data key is sealed with; None for one that lies there as it is."""

    size: int
    content_type: str
    sha256: str | None
    etag: str
    sealed_with: str | None = None


class _OneWait(Retry):
    """Retries what failed at once (a connection that went stale), never what already cost a full time-out."""

    def increment(
        self,
        method: str | None = None,
        url: str | None = None,
        response: BaseHTTPResponse | None = None,
        error: Exception | None = None,
        _pool: Any = None,
        _stacktrace: TracebackType | None = None,
    ) -> Self:
        if error is not None and _cost_a_time_out(error):
            raise error
        return super().increment(method, url, response, error, _pool, _stacktrace)


class StoredObject:
    """An open object: iterate for chunks, and close it (or use `with`); a WSGI server closes it by itself."""

    def __init__(self, response: BaseHTTPResponse, stat: ObjectStat, data_key: bytes | None) -> None:
        self._response = response
        self._data_key = data_key
        self.stat = stat

    def __iter__(self) -> Iterator[bytes]:
        with _translated():
            pieces = self._response.stream(CHUNK)
            if self._data_key is None:
                yield from _plain(pieces)
            else:
                yield from opened(pieces, self.stat.size, self._data_key)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the connection back, or drop it when something is left unread on it."""
        if self._response.length_remaining:
            self._response.close()
        self._response.release_conn()


class ObjectStore:
    """A lazy client: making it connects to nothing, and each process gets connections of its own. `keys` seals the data
    keys; whoever reads another service's objects has the same ring."""

    DEFAULT_REGION: ClassVar[str] = "us-east-1"  # named, so that no bucket is ever asked for its own

    def __init__(
        self,
        endpoint_url: str,
        access_key: str,
        secret_key: str,
        *,
        keys: Keyring,
        connect_timeout: float = 3.0,
        read_timeout: float = 10.0,
        region: str = DEFAULT_REGION,
    ) -> None:
        parts = urlsplit(endpoint_url)
        if parts.scheme not in ("http", "https") or not parts.netloc or parts.path.strip("/"):
            raise ValueError("endpoint_url must look like http://host:port")
        self._host, self._secure = parts.netloc, parts.scheme == "https"
        self._credentials = (access_key, secret_key)
        self._ring = keys
        self._region = region
        self._timeout = Timeout(connect=connect_timeout, read=read_timeout)
        self._lock = threading.Lock()
        self._client: Minio | None = None
        self._owner = 0

    def put(self, bucket: str, key: str, stream: Readable, length: int, content_type: str, sha256: str) -> None:
        """Seal and store `length` bytes read from `stream`'s position. Returns once the server says that it has them.

        The sealed bytes' hash is part of the signed request, so a server refuses what was damaged on the way.
        """
        data_key = new_data_key()
        told = {"key": base64.b64encode(data_key).decode(), "size": length, "sha256": sha256}
        with _translated():
            self._minio().put_object(
                bucket,
                key,
                Sealing(stream, length, data_key),  # type: ignore[arg-type]  # all that it calls is read()
                sealed_size(length),
                content_type=content_type,
                metadata={"sealed": self._ring.seal(told, _context(bucket, key))},
                part_size=ONE_PART,
            )

    def get(self, bucket: str, key: str) -> StoredObject:
        """Open an object; raises before the first byte when it is missing, its key is, or the store is away."""
        with _translated():
            response = self._minio().get_object(bucket, key)
        headers = response.headers
        lies = ObjectStat(
            size=int(headers.get("content-length", "0")),
            content_type=headers.get("content-type", "application/octet-stream"),
            sha256=headers.get("x-amz-meta-sha256"),
            etag=headers.get("etag", "").strip('"'),
        )
        try:
            return StoredObject(response, *self._told(bucket, key, lies, headers.get(_SEALED_WITH)))
        except BaseException:
            response.close()
            response.release_conn()
            raise

    def download(self, bucket: str, key: str, target: BinaryIO) -> str:
        """Write an object into `target` and return the SHA-256 of what came."""
        digest = hashlib.sha256()
        with self.get(bucket, key) as chunks:
            for chunk in chunks:
                digest.update(chunk)
                target.write(chunk)
        return digest.hexdigest()

    def stat(self, bucket: str, key: str) -> ObjectStat:
        """Size, type and hash, without the content."""
        try:
            with _translated():
                found = self._minio().stat_object(bucket, key)
        except ObjectMissing:
            # A HEAD has no body to say what is missing. Without its bucket, or at something that is no S3
            # server, the object is not gone for good: the store is not there.
            self.check(bucket)
            raise
        metadata = found.metadata or {}
        lies = ObjectStat(
            size=found.size or 0,
            content_type=found.content_type or "application/octet-stream",
            sha256=metadata.get("x-amz-meta-sha256"),
            etag=found.etag or "",
        )
        return self._told(bucket, key, lies, metadata.get(_SEALED_WITH))[0]

    def exists(self, bucket: str, key: str) -> bool:
        """Whether the object is there; raises when the store cannot say."""
        try:
            self.stat(bucket, key)
        except ObjectMissing:
            return False
        return True

    def keys_after(self, bucket: str, after: str | None, limit: int) -> list[str]:
        """The next names in a bucket, in the store's order."""
        with _translated():
            found = self._minio().list_objects(bucket, recursive=True, start_after=after)
            return [str(one.object_name) for one in itertools.islice(found, limit)]

    def reseal(self, bucket: str, key: str, target: BinaryIO) -> bool:
        """Seals an object's data key with the ring's current key, on the server, without its content; one that lies
        there as it is goes through `target` once and comes back sealed. False when there was nothing to do, or it went
        away or was written anew meanwhile (which sealed it with the current key). Raises CannotOpen, Damaged."""
        try:
            stat = self.stat(bucket, key)
            if stat.sealed_with == self._ring.current:
                return False
            if stat.sealed_with is None:
                self._seal_plain(bucket, key, target)
            else:
                self._replace_metadata(bucket, key)
        except ObjectMissing:
            return False
        return True

    def _seal_plain(self, bucket: str, key: str, target: BinaryIO) -> None:
        target.seek(0)
        target.truncate()
        sha256, size = self.download(bucket, key, target), target.tell()
        target.seek(0)
        self.put(bucket, key, target, size, self.stat(bucket, key).content_type, sha256)  # the last look: is it there?

    def _replace_metadata(self, bucket: str, key: str) -> None:
        with _translated():
            found = self._minio().stat_object(bucket, key)
            metadata = found.metadata or {}
            sealed = self._ring.reseal(metadata[_SEALED_WITH], _context(bucket, key))
            if sealed is None:
                return
            told: dict[str, str | list[str] | tuple[str]] = {
                "sealed": sealed,
                "Content-Type": found.content_type or "application/octet-stream",
            }
            source = CopySource(bucket, key, match_etag=found.etag)
            try:
                self._minio().copy_object(bucket, key, source, metadata=told, metadata_directive=REPLACE)
            except S3Error as error:
                if error.code != _CHANGED:
                    raise

    def _told(self, bucket: str, key: str, lies: ObjectStat, sealed: str | None) -> tuple[ObjectStat, bytes | None]:
        """What an object is, by what lies in the store, and its data key."""
        if sealed is None:
            return lies, None
        told = self._ring.open(sealed, _context(bucket, key))
        if lies.size != sealed_size(told["size"]):
            raise Damaged("an object is not as long as it was")
        stat = replace(lies, size=told["size"], sha256=told["sha256"], sealed_with=key_of(sealed))
        return stat, base64.b64decode(told["key"])

    def delete(self, bucket: str, key: str) -> None:
        """Remove an object. One that is gone already is no error."""
        with _translated():
            self._minio().remove_object(bucket, key)

    def delete_under(self, bucket: str, prefix: str, but: Collection[str] = ()) -> int:
        """Remove every object whose name begins so, besides these; how many. Done again it goes on where it was."""
        count = 0
        with _translated():
            for one in self._minio().list_objects(bucket, prefix=prefix, recursive=True):
                if str(one.object_name) not in but:
                    self._minio().remove_object(bucket, str(one.object_name))
                    count += 1
        return count

    def ensure_bucket(self, bucket: str) -> None:
        """Make the bucket unless it is there; two starts at once are fine."""
        with _translated():
            if not self._minio().bucket_exists(bucket):
                try:
                    self._minio().make_bucket(bucket)
                except S3Error as error:
                    if error.code not in _OURS_ALREADY:
                        raise

    def check(self, bucket: str) -> None:
        """For readiness: raises StoreUnavailable unless the store answers and has the bucket."""
        with _translated():
            there = self._minio().bucket_exists(bucket)
        if not there:
            raise StoreUnavailable("no such bucket")

    def _minio(self) -> Minio:
        # A socket shared by two processes would mix their answers, so a forked child starts anew.
        with self._lock:
            if self._client is None or self._owner != os.getpid():
                self._client, self._owner = self._connected(), os.getpid()
            return self._client

    def _connected(self) -> Minio:
        retries = _OneWait(total=2, backoff_factor=0.1, status_forcelist=(500, 502, 503, 504), raise_on_status=False)
        pool = PoolManager(timeout=self._timeout, retries=retries, maxsize=16)
        access_key, secret_key = self._credentials
        return Minio(
            self._host,
            access_key=access_key,
            secret_key=secret_key,
            secure=self._secure,
            region=self._region,
            http_client=pool,
        )


def _context(bucket: str, key: str) -> str:
    return f"object:{bucket}/{key}"


def _plain(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """An object from before objects were sealed. What is sealed never passes for one: its metadata were lost."""
    for number, piece in enumerate(pieces):
        if number == 0 and piece.startswith(MAGIC):
            raise Damaged("a sealed object has lost its data key")
        yield piece


def _cost_a_time_out(error: Exception) -> bool:
    # urllib3 counts a refused connection as a time-out, and wraps a send that blocked in a ProtocolError.
    if isinstance(error, HTTPTimeout):
        return not isinstance(error, NewConnectionError)
    return any(isinstance(cause, TimeoutError) for cause in error.args)


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except S3Error as error:
        if error.code in _GONE:
            raise ObjectMissing from error
        raise StoreUnavailable(f"store answered {error.code}") from error
    except (MinioException, HTTPError, TimeoutError, ConnectionError) as error:
        raise StoreUnavailable(f"store unreachable: {type(error).__name__}") from error
