"""What can be seen in a PDF that a stranger sent, and pictures of letters, of which scans are strangers' too. Each file
is opened in a child process that lives for it alone.

pdfium and zxing-cpp are large and written in C++; a file may be made to crash them, to keep them busy or to take them
over. So the child has nothing to lose: none of the service's settings, no file and no connection that it could open,
and limits on time and memory. It never sees a second file, so that none can read another.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

from documents.domain.check_errors import CheckBusy, FileNotReadable, NotAPdf, PdfLocked, TooManyPages
from documents.domain.judging import Seen
from documents.render import wire
from documents.render.process import Child, ChildDied, Limits
from kit.problems import Problem

MIB = 2**20
ANSWER = MIB
PAGES = 200
DRAWN = 4
"""Pages of a letter that are drawn; it has one or two, a scan may have more."""

_REFUSALS: dict[bytes, type[Problem]] = {b"not_pdf": NotAPdf, b"locked": PdfLocked, b"pages": TooManyPages}


class OneByOne:
    """Hands each file to a child of its own, at most `at_once` of this process's at a time; `waiting` more wait for up
    to `wait` seconds. Who comes on top of that is told at once: whoever waits holds a thread that others need."""

    def __init__(
        self,
        at_once: int = 2,
        timeout: float = 10.0,
        memory: int = 512 * MIB,
        *,
        wait: float = 10.0,
        waiting: int = 4,
        answer: int = ANSWER,
        pages: int = PAGES,
        module: str,
    ) -> None:
        self._room = threading.BoundedSemaphore(at_once)
        self._door = threading.BoundedSemaphore(at_once + waiting)
        self._limits = Limits(timeout, memory, answer)
        self._wait = wait
        self._pages = pages
        self._module = module

    def _answer(self, content: BinaryIO) -> bytes:
        """What the child says of a file. Raises NotAPdf, PdfLocked, TooManyPages, FileNotReadable (it broke the child
        or took too long), CheckBusy."""
        with _held(self._door, 0), _held(self._room, self._wait):
            content.seek(0)
            child = Child.start(self._module, (self._pages,), self._limits)
            try:
                kind, payload = child.ask(content.read())
            except (ChildDied, TimeoutError) as error:
                raise FileNotReadable from error
            finally:
                child.kill()
        if kind == wire.REFUSED:
            raise _REFUSALS.get(payload, FileNotReadable)
        return payload


class Inspector(OneByOne):
    """Looks into what strangers send."""

    def __init__(self, *limits: Any, module: str = "documents.inspection.child", **more: Any) -> None:
        super().__init__(*limits, module=module, **more)

    def look(self, content: BinaryIO) -> Seen:
        """Codes and text of the first three pages and the last. Raises as `OneByOne` does."""
        return _seen(self._answer(content))


class Painter(OneByOne):
    """Draws letters for pages: phones show no PDF inside a page."""

    def __init__(self) -> None:
        super().__init__(waiting=12, answer=8 * MIB, pages=DRAWN, module="documents.inspection.picture")

    def draw(self, content: BinaryIO) -> bytes:
        """The first pages below each other, as WebP. Raises as `OneByOne` does."""
        return self._answer(content)


@contextmanager
def _held(place: threading.BoundedSemaphore, wait: float) -> Iterator[None]:
    if not place.acquire(timeout=wait):
        raise CheckBusy
    try:
        yield
    finally:
        place.release()


def _seen(payload: bytes) -> Seen:
    """The child's answer, which is as little to be trusted as the file. Raises FileNotReadable."""
    try:
        told: dict[str, Any] = json.loads(payload)
        codes, text, title = told["codes"], told["text"], told["title"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise FileNotReadable from error
    if not isinstance(codes, list) or not all(isinstance(one, str) for one in (*codes, text, title)):
        raise FileNotReadable
    return Seen(tuple(codes), text, title)
