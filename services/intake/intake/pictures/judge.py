"""Judges a file by its bytes alone, in the request and before it is stored: type, size, pixels, wholeness.

No decoder runs: a photo's outer structure is walked (`structure`), a PDF is opened by qpdf in the sandbox.
Whether it can be decoded in full is found out later, by the job that makes its viewing copy (`view`).
"""

from __future__ import annotations

import mmap
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO

from intake.pictures import structure
from intake.pictures.kinds import HEADER, Kind, kind_of
from intake.pictures.refusals import (
    PDF_REFUSALS,
    EmptyFile,
    FileTypeRefused,
    ForeignContent,
    PdfBroken,
    PdfTooLong,
    TooManyPixels,
)
from intake.pictures.sandbox import Sandbox, SandboxDied, the_sandbox
from kit.uploads import UploadTooLarge


@dataclass(frozen=True)
class FileLimits:
    """How much of a file is taken. The largest phone photos have 48 megapixels."""

    size: int = 15_000_000
    pixels: int = 60_000_000
    pages: int = 200


@dataclass(frozen=True)
class Judgement:
    """What an accepted file is. Width and height are as coded, before any turning; a PDF has pages."""

    kind: Kind
    size: int
    width: int | None = None
    height: int | None = None
    pages: int | None = None

    @property
    def media_type(self) -> str:
        return self.kind.media_type


DEFAULT = FileLimits()
_WALKS: dict[Kind, Callable[[structure.Data], structure.Shape]] = {
    Kind.JPEG: structure.jpeg,
    Kind.PNG: structure.png,
    Kind.WEBP: structure.webp,
    Kind.HEIC: structure.heic,
}


def judge(stream: BinaryIO, limits: FileLimits = DEFAULT, sandbox: Sandbox | None = None) -> Judgement:
    """Say what the file is, or raise the refusal that tells its sender what to do. Leaves the stream at 0."""
    try:
        with _content(stream, limits) as data:
            kind = kind_of(data[:HEADER])
            if kind is None:
                raise FileTypeRefused
            if zipfile.is_zipfile(stream):
                raise ForeignContent
            if kind is Kind.PDF:
                return _pdf(stream, len(data), limits, sandbox or the_sandbox())
            return _picture(data, kind, limits)
    finally:
        stream.seek(0)


@contextmanager
def _content(stream: BinaryIO, limits: FileLimits) -> Iterator[structure.Data]:
    size = stream.seek(0, 2)
    stream.seek(0)
    if not size:
        raise EmptyFile
    if size > limits.size:
        raise UploadTooLarge(limits.size)
    if size <= _READ_AT_ONCE or isinstance(stream, BytesIO):  # which is in memory, and cannot be mapped
        yield stream.read()
        return
    stream.flush()
    with mmap.mmap(stream.fileno(), size, access=mmap.ACCESS_READ) as mapped:
        yield mapped


_READ_AT_ONCE = 256 * 1024


def _picture(data: structure.Data, kind: Kind, limits: FileLimits) -> Judgement:
    shape = _WALKS[kind](data)
    if shape.width * shape.height > limits.pixels:
        raise TooManyPixels(limits.pixels)
    if _foreign(data, shape.end):
        raise ForeignContent
    return Judgement(kind, len(data), shape.width, shape.height)


# Cameras put data of their own behind the picture (a film of the moment, a depth map, settings): that there is
# something says nothing. What another program would open is refused; zipfile finds zip archives.
_OTHER_PROGRAMS = (b"%PDF-", b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"<?php", b"<script")
_PROGRAM_STARTS = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe")


def _foreign(data: structure.Data, end: int) -> bool:
    return (
        b"%PDF-" in data[:HEADER]
        or data[end : end + 8].startswith(_PROGRAM_STARTS)
        or any(data.find(mark, end) >= 0 for mark in _OTHER_PROGRAMS)
    )


def _pdf(stream: BinaryIO, size: int, limits: FileLimits, sandbox: Sandbox) -> Judgement:
    try:
        answer = sandbox.run("inspect_pdf", stream)
    except SandboxDied as died:  # no PDF from a scanner or printer needs so much
        raise PdfBroken from died
    if refusal := answer.get("refused"):
        raise PDF_REFUSALS[str(refusal)]
    pages = int(str(answer["pages"]))
    if pages > limits.pages:
        raise PdfTooLong(limits.pages)
    return Judgement(Kind.PDF, size, pages=pages)
