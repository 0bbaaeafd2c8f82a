"""The viewing copy: what officers, RT heads and the applicant see. The original stays as it came."""

from __future__ import annotations

import hashlib
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Self

from intake.pictures.judge import DEFAULT, FileLimits
from intake.pictures.kinds import Kind
from intake.pictures.refusals import Undecodable
from intake.pictures.sandbox import Answer, Sandbox, SandboxDied, the_sandbox
from kit.problems import Unavailable, Words
from kit.spool import Spool

EDGE = 2000  # an A4 sheet at 170 dots an inch: small print can be read
QUALITY = 85
AT_ONCE = 4
PATIENCE = 10.0
_MARKING = threading.BoundedSemaphore(AT_ONCE)


class TooManyAtOnce(Unavailable):
    """Others wait already for the copies that they are to be shown."""

    slug = "file-view-busy"
    title = Words("Terlalu banyak berkas sedang dibuka", "Too many files are being opened")


@dataclass(frozen=True)
class ViewingCopy:
    """A picture (always JPEG) has width and height, a PDF has pages. Closing it removes the stream."""

    stream: BinaryIO
    media_type: str
    size: int
    sha256: str
    width: int | None = None
    height: int | None = None
    pages: int | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self.stream.close()


def make_view(
    source: Path | BinaryIO,
    kind: Kind,
    spool: Spool,
    *,
    limits: FileLimits = DEFAULT,
    sandbox: Sandbox | None = None,
) -> ViewingCopy:
    """Decode the file in full and make its viewing copy, or raise Undecodable.

    A photo is turned upright, at most 2000 pixels long, and carries no EXIF, hence no place; a PDF is saved
    again without scripts and metadata.
    """
    if isinstance(source, Path):
        with source.open("rb") as file:
            return make_view(file, kind, spool, limits=limits, sandbox=sandbox)
    target = spool.open()
    try:
        answer = _made(source, kind, target, limits, sandbox or the_sandbox())
        return _copy(target, kind, answer)
    except BaseException:
        target.close()
        raise


def mark_view(
    source: BinaryIO, media_type: str, text: str, spool: Spool, *, sandbox: Sandbox | None = None
) -> ViewingCopy:
    """The viewing copy with the text across it, for one reader. A few at once in a process, others wait.
    Raises Undecodable, SandboxLost, TooManyAtOnce."""
    kind = Kind.PDF if media_type == Kind.PDF.media_type else Kind.JPEG
    if not _MARKING.acquire(timeout=PATIENCE):
        raise TooManyAtOnce
    target = spool.open()
    try:
        task, options = ("mark_pdf", {}) if kind is Kind.PDF else ("mark_picture", {"quality": QUALITY})
        answer = (sandbox or the_sandbox()).run(task, source, target, text=text, **options)
        if reason := answer.get("undecodable"):
            raise Undecodable(f"undecodable: {reason}")
        return _copy(target, kind, answer)
    except SandboxDied as died:
        target.close()
        raise Undecodable("decoder died") from died
    except BaseException:
        target.close()
        raise
    finally:
        _MARKING.release()


def _made(source: BinaryIO, kind: Kind, target: BinaryIO, limits: FileLimits, sandbox: Sandbox) -> Answer:
    try:
        if kind is Kind.PDF:
            answer = sandbox.run("resave_pdf", source, target)
        else:
            options = {"kind": kind.value, "edge": EDGE, "quality": QUALITY, "pixels": limits.pixels}
            answer = sandbox.run("view_picture", source, target, **options)
    except SandboxDied as died:
        raise Undecodable("decoder died") from died
    if reason := answer.get("undecodable"):
        raise Undecodable(f"undecodable: {reason}")
    return answer


def _copy(target: BinaryIO, kind: Kind, answer: Answer) -> ViewingCopy:
    size = target.seek(0, 2)
    target.seek(0)
    sha256 = hashlib.file_digest(target, "sha256").hexdigest()  # type: ignore[arg-type]  # typeshed wants more of it
    target.seek(0)
    media_type = (Kind.PDF if kind is Kind.PDF else Kind.JPEG).media_type
    numbers = {name: int(str(answer[name])) for name in ("width", "height", "pages") if name in answer}
    return ViewingCopy(target, media_type, size, sha256, **numbers)
