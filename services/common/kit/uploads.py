"""One uploaded file, out of a multipart/form-data request or the whole body, in bounded memory and on bounded disk.

    UploadCutOff          400   the body ended before its end: the client is gone
    UploadMalformed       400   not multipart as RFC 7578 has it
    UploadTooLarge        413   the file or the whole body is over the limit, with or without Content-Length
    FormTooLarge          413   too many fields, or too long ones
    NotAnUpload           415   another Content-Type
    NoFile, OneFileOnly   422   no file in it, or more than one
    SpoolFull             503   no room at this moment

The parser is werkzeug's; here are the limits around it, and what its errors mean.
"""

from __future__ import annotations

import errno
import hashlib
import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import IO, BinaryIO, cast

from flask import Request
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.exceptions import ClientDisconnected, HTTPException, RequestEntityTooLarge
from werkzeug.formparser import MultiPartParser
from werkzeug.http import parse_options_header

from kit.problems import BadRequest, Problem, TooLarge, Unprocessable, UnsupportedMediaType, Words
from kit.spool import Spool, SpoolFull

CHUNK = 64 * 1024
_EXTENSION = re.compile(r"\.([A-Za-z0-9]{1,8})$")
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT}


class UploadCutOff(BadRequest):
    """The client went away in the middle."""

    slug = "upload-cut-off"
    title = Words("Kiriman terputus", "The upload was cut off")
    detail = Words("Berkas tidak sampai utuh. Kirim ulang.", "The file did not arrive whole. Please send it again.")


class UploadMalformed(BadRequest):
    """The body is not what its Content-Type says."""

    slug = "upload-malformed"
    title = Words("Kiriman tidak dapat dibaca", "The upload could not be read")
    detail = Words("Kirim sebagai multipart/form-data yang lengkap.", "Send it as complete multipart/form-data.")


class UploadTooLarge(TooLarge):
    """The file is over the limit."""

    slug = "file-too-large"
    title = Words("Berkas terlalu besar", "The file is too large")

    def __init__(self, limit: int) -> None:
        size = f"{limit / 1_000_000:g}"
        super().__init__(
            Words(
                f"Ukuran berkas paling besar {size} MB. Perkecil dahulu, atau foto ulang dengan mutu sedang.",
                f"A file may have at most {size} MB. Make it smaller, or take the photo at medium quality.",
            ),
            more={"limit_bytes": limit},
        )


class FormTooLarge(TooLarge):
    """The fields beside the file are over their limits."""

    slug = "form-too-large"
    title = Words("Isian terlalu banyak", "Too many or too long fields")
    detail = Words("Kurangi isian di samping berkas.", "Send fewer or shorter fields beside the file.")


class NotAnUpload(UnsupportedMediaType):
    """Another Content-Type."""

    slug = "upload-expected"
    detail = Words("Kirim berkas sebagai multipart/form-data.", "Send the file as multipart/form-data.")


class NoFile(Unprocessable):
    """Fields alone, or an empty file input of a page."""

    slug = "file-required"
    title = Words("Berkas belum ada", "There is no file")
    detail = Words("Sertakan satu berkas.", "Send one file.")


class OneFileOnly(Unprocessable):
    """More than one file in a request."""

    slug = "one-file-only"
    title = Words("Satu berkas setiap kali", "One file at a time")
    detail = Words("Kirim berkas satu per satu.", "Send the files one by one.")


@dataclass(frozen=True)
class UploadLimits:
    """What one request may carry. Sizes are bytes."""

    file: int = 15_000_000
    fields: int = 20
    field: int = 16_000
    in_memory: int = 1024 * 1024  # a photo as messengers send it never touches the disk
    # After a refusal so much is read and thrown away, because a client that is still sending when the
    # connection closes sees a reset instead of the answer. A body that announces more is not read at all.
    drain: int = 32_000_000
    drain_seconds: float = 20.0

    @property
    def body(self) -> int:
        """All of the request: the file, the fields, and the parts' headers."""
        return self.file + (self.fields + 1) * (self.field + 1_000)


@dataclass(frozen=True)
class Upload:
    """A file that arrived whole. `stream` stands at its beginning and is gone after the `with`."""

    stream: BinaryIO
    size: int
    sha256: str
    field: str
    content_type: str  # as the client declared it; believe the bytes instead
    filename_ext: str  # all that is kept of the client's file name, which may name a person
    fields: dict[str, str]


@contextmanager
def received_file(
    request: Request, limits: UploadLimits, spool: Spool, *, plain: Sequence[str] = ()
) -> Iterator[Upload]:
    """Read the request's one file. Nothing else may have touched the body before. A body of one of the types in `plain`
    is the file itself.

    Raises one of this module's errors; whatever happens, nothing is left behind when the block ends.
    """
    if {"stream", "data", "form"} & request.__dict__.keys():
        raise RuntimeError("something read the request's body before")
    body = _Body(request, limits)
    try:
        boundary = None if request.mimetype in plain else _boundary(request)
        if body.promised and body.promised > limits.body:
            raise UploadTooLarge(limits.file)
        with spool.room(min(body.promised or limits.body, limits.body)), _Sink(spool, limits) as sink:
            yield _whole(body, request.mimetype, sink) if boundary is None else _parsed(body, boundary, limits, sink)
    except Problem:
        body.drain()
        raise


def _boundary(request: Request) -> bytes:
    kind, options = parse_options_header(request.headers.get("Content-Type"))
    if kind != "multipart/form-data":
        raise NotAnUpload
    boundary = options.get("boundary", "")
    if not boundary or not boundary.isascii() or len(boundary) > 200:
        raise UploadMalformed
    return boundary.encode("ascii")


def _whole(body: _Body, content_type: str, sink: _Sink) -> Upload:
    """The body as it comes."""
    sink.open(body.promised, content_type, None)
    with _errors_named(body, sink):
        while data := body.read(CHUNK):
            sink.write(data)
    if body.cut_off:
        raise UploadCutOff
    if not sink.size:
        raise NoFile
    sink.seek(0)
    return Upload(sink.file, sink.size, sink.digest.hexdigest(), "", content_type, "", {})


@contextmanager
def _errors_named(body: _Body, sink: _Sink) -> Iterator[None]:
    """What goes wrong while the body is read, in our words."""
    try:
        yield
    except RequestEntityTooLarge as error:
        raise (UploadTooLarge(sink.limit) if body.full else FormTooLarge()) from error
    except ClientDisconnected as error:
        raise UploadCutOff from error
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise SpoolFull("disk full") from error
        raise
    except (HTTPException, ValueError) as error:
        raise (UploadCutOff if body.cut_off else UploadMalformed) from error


def _parsed(body: _Body, boundary: bytes, limits: UploadLimits, sink: _Sink) -> Upload:
    parser = MultiPartParser(
        stream_factory=sink.open,
        # It counts what waits in the parser's buffer too, so it cannot be as small as the limit on a field.
        max_form_memory_size=4 * CHUNK + limits.field,
        max_form_parts=limits.fields + 1,
        buffer_size=CHUNK,
    )
    with _errors_named(body, sink):
        fields, files = parser.parse(cast("IO[bytes]", body), boundary, body.promised)
    if body.cut_off:
        raise UploadCutOff
    return _upload(fields, files, limits, sink)


def _upload(
    fields: MultiDict[str, str], files: MultiDict[str, FileStorage], limits: UploadLimits, sink: _Sink
) -> Upload:
    names = [name for name, _ in (*fields.items(multi=True), *files.items(multi=True))]
    if None in names or len(names) != len(set(names)):  # a part without a name, or the same one twice
        raise UploadMalformed
    if any(len(value.encode()) > limits.field for value in fields.values()):
        raise FormTooLarge
    file = next(iter(files.values()), None)
    if file is None or not (file.filename or sink.size):
        raise NoFile
    extension = _EXTENSION.search(file.filename or "")
    return Upload(
        stream=sink.file,
        size=sink.size,
        sha256=sink.digest.hexdigest(),
        field=file.name or "",
        content_type=file.mimetype,
        filename_ext=extension[1].lower() if extension else "",
        fields=fields.to_dict(),
    )


class _Sink:
    """Where the parser writes the file: hashed, measured and bounded on its way."""

    def __init__(self, spool: Spool, limits: UploadLimits) -> None:
        self._spool, self._limits = spool, limits
        self._file: BinaryIO | None = None
        self.limit = limits.file
        self.digest = hashlib.sha256()
        self.size = 0

    def open(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        """What the parser calls when it comes to a file. All that it uses of the answer is write and seek."""
        if self._file is not None:
            raise OneFileOnly
        self._file = self._spool.open(self._limits.in_memory)
        return cast("IO[bytes]", self)

    @property
    def file(self) -> BinaryIO:
        if self._file is None:
            raise NoFile
        return self._file

    def write(self, data: bytes) -> int:
        self.size += len(data)
        if self.size > self._limits.file:
            raise UploadTooLarge(self._limits.file)
        self.digest.update(data)
        return self.file.write(data)

    def seek(self, offset: int) -> int:
        return self.file.seek(offset)

    def __enter__(self) -> _Sink:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()


class _Body:
    """The request's body, counted: a server that ends the stream by itself hides that the client is gone."""

    def __init__(self, request: Request, limits: UploadLimits) -> None:
        self._request, self._limits = request, limits
        self.promised = request.content_length
        self._read = 0

    def read(self, size: int) -> bytes:
        self._request.max_content_length = self._limits.body
        data = self._request.stream.read(size)
        self._read += len(data)
        return data

    @property
    def full(self) -> bool:
        return self._read >= self._limits.body

    @property
    def cut_off(self) -> bool:
        return self.promised is not None and self._read < self.promised

    def drain(self) -> None:
        """Read what the client is still sending, within bounds, and forget it."""
        ends = self.promised is not None or "wsgi.input_terminated" in self._request.environ
        left = self._limits.drain if self.promised is None else self.promised - self._read
        if not ends or left > self._limits.drain:
            return
        stream = self._request.environ["wsgi.input"]  # past the limit that request.stream keeps
        deadline = time.monotonic() + self._limits.drain_seconds
        with suppress(OSError, ValueError):  # the client is gone: then nobody waits for the answer either
            while left > 0 and time.monotonic() < deadline:
                data = stream.read(min(left, CHUNK))
                if not data:
                    return
                left -= len(data)
