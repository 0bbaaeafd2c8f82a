"""What can be seen in a stranger's PDF. It is opened in a child process that lives for this one file.

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

_REFUSALS: dict[bytes, type[Problem]] = {b"not_pdf": NotAPdf, b"locked": PdfLocked, b"pages": TooManyPages}


class Inspector:
    """Looks into files, at most `at_once` of this process's at a time; `waiting` more wait for up to `wait` seconds.
    Who comes on top of that is told at once: whoever waits holds a thread that others need."""

    def __init__(
        self,
        at_once: int = 2,
        timeout: float = 10.0,
        memory: int = 512 * MIB,
        *,
        wait: float = 10.0,
        waiting: int = 4,
        module: str = "documents.inspection.child",
    ) -> None:
        self._room = threading.BoundedSemaphore(at_once)
        self._door = threading.BoundedSemaphore(at_once + waiting)
        self._limits = Limits(timeout, memory, ANSWER)
        self._wait = wait
        self._module = module

    def look(self, content: BinaryIO) -> Seen:
        """Codes and text of the first three pages and the last. Raises NotAPdf, PdfLocked, TooManyPages,
        FileNotReadable (it broke the child or took too long), CheckBusy."""
        with _held(self._door, 0), _held(self._room, self._wait):
            content.seek(0)
            child = Child.start(self._module, (PAGES,), self._limits)
            try:
                kind, payload = child.ask(content.read())
            except (ChildDied, TimeoutError) as error:
                raise FileNotReadable from error
            finally:
                child.kill()
        if kind == wire.REFUSED:
            raise _REFUSALS.get(payload, FileNotReadable)
        return _seen(payload)


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
