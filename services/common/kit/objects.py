"""The object store: plain S3 calls, so that any S3 server serves (MinIO, SeaweedFS).

    ObjectMissing      404, permanent: the store answered, and has no such object
    StoreUnavailable   503, retryable: the store did not answer in time, or not sensibly

Nothing here waits without a bound: a frozen server, or one that vanished, costs the time-outs and no more.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Any, BinaryIO, ClassVar, Protocol, Self
from urllib.parse import urlsplit

from minio import Minio
from minio.error import MinioException, S3Error
from urllib3 import BaseHTTPResponse, PoolManager, Retry, Timeout
from urllib3.exceptions import HTTPError, NewConnectionError
from urllib3.exceptions import TimeoutError as HTTPTimeout

from kit.errors import Permanent
from kit.problems import NotFound, Unavailable, Words

CHUNK = 64 * 1024
# One part carries any file that we take: a single PUT is atomic, and a killed process leaves no parts behind.
ONE_PART = 64 * 1024 * 1024
_GONE = {"NoSuchKey", "NoSuchVersion"}
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


class StoreUnavailable(Unavailable):
    """The object store does not answer, or answers with an error of its own."""

    slug = "file-store-unavailable"
    title = Words("Penyimpanan berkas sedang terganggu", "File storage is temporarily unavailable")


@dataclass(frozen=True)
class ObjectStat:
    """What the store knows about an object; `sha256` is what `put` was given."""

    size: int
    content_type: str
    sha256: str | None
    etag: str


class _Readable(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


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

    def __init__(self, response: BaseHTTPResponse, stat: ObjectStat) -> None:
        self._response = response
        self.stat = stat

    def __iter__(self) -> Iterator[bytes]:
        with _translated():
            yield from self._response.stream(CHUNK)

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
    """A lazy client: making it connects to nothing, and each process gets connections of its own."""

    DEFAULT_REGION: ClassVar[str] = "us-east-1"  # named, so that no bucket is ever asked for its own

    def __init__(
        self,
        endpoint_url: str,
        access_key: str,
        secret_key: str,
        *,
        connect_timeout: float = 3.0,
        read_timeout: float = 10.0,
        region: str = DEFAULT_REGION,
    ) -> None:
        parts = urlsplit(endpoint_url)
        if parts.scheme not in ("http", "https") or not parts.netloc or parts.path.strip("/"):
            raise ValueError("endpoint_url must look like http://host:port")
        self._host, self._secure = parts.netloc, parts.scheme == "https"
        self._keys = (access_key, secret_key)
        self._region = region
        self._timeout = Timeout(connect=connect_timeout, read=read_timeout)
        self._lock = threading.Lock()
        self._client: Minio | None = None
        self._owner = 0

    def put(self, bucket: str, key: str, stream: _Readable, length: int, content_type: str, sha256: str) -> None:
        """Store `length` bytes read from `stream`'s position. Returns once the server says that it has them.

        The bytes' hash is part of the signed request, so a server refuses what was damaged on the way.
        """
        with _translated():
            self._minio().put_object(
                bucket,
                key,
                stream,  # type: ignore[arg-type]  # all that it calls is read()
                length,
                content_type=content_type,
                metadata={"sha256": sha256},
                part_size=ONE_PART,
            )

    def get(self, bucket: str, key: str) -> StoredObject:
        """Open an object; raises before the first byte when it is missing or the store is away."""
        with _translated():
            response = self._minio().get_object(bucket, key)
        headers = response.headers
        return StoredObject(
            response,
            ObjectStat(
                size=int(headers.get("content-length", "0")),
                content_type=headers.get("content-type", "application/octet-stream"),
                sha256=headers.get("x-amz-meta-sha256"),
                etag=headers.get("etag", "").strip('"'),
            ),
        )

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
        return ObjectStat(
            size=found.size or 0,
            content_type=found.content_type or "application/octet-stream",
            sha256=metadata.get("x-amz-meta-sha256"),
            etag=found.etag or "",
        )

    def exists(self, bucket: str, key: str) -> bool:
        """Whether the object is there; raises when the store cannot say."""
        try:
            self.stat(bucket, key)
        except ObjectMissing:
            return False
        return True

    def delete(self, bucket: str, key: str) -> None:
        """Remove an object. One that is gone already is no error."""
        with _translated():
            self._minio().remove_object(bucket, key)

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
        access_key, secret_key = self._keys
        return Minio(
            self._host,
            access_key=access_key,
            secret_key=secret_key,
            secure=self._secure,
            region=self._region,
            http_client=pool,
        )


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
