"""The pool that turns data into PDFs."""

import base64
import json
import os
import signal
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from documents.render import announcement, wire
from documents.render.data import LAYOUTS
from documents.render.errors import MissingGlyph, PoolClosed, RenderError, RenderFailed, RenderTimeout, TooLong
from documents.render.leaflets import LEAFLETS
from documents.render.process import Child, ChildDied, Limits

FONTS = LAYOUTS / "fonts"
MIB = 2**20


class Slot:
    """A place for one child, which may have to be started yet."""

    def __init__(self) -> None:
        self.child: Child | None = None

    def kill(self) -> None:
        """Leave the place empty; the next user starts a new child."""
        child, self.child = self.child, None
        if child is not None:
            child.kill()


class RenderPool:
    """Renders documents in child processes, as many at once as there are processes.

    Children start when they are first needed and stay. A pool belongs to the process that made it, so it is made after
    the fork.
    """

    def __init__(
        self,
        processes: int = 2,
        timeout: float = 10.0,
        memory_limit: int = 512 * MIB,
        *,
        wait: float = 60.0,
        layouts: Path = LAYOUTS,
    ) -> None:
        self._layouts = layouts.resolve(strict=True)
        self._kinds = _kinds(self._layouts)
        self._limits = Limits(timeout, memory_limit)
        self._wait = wait
        self._owner = os.getpid()
        self._slots = [Slot() for _ in range(processes)]
        self._idle = list(self._slots)  # the last one used is the first taken again: it is warm
        self._changed = threading.Condition()
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def warm(self) -> None:
        """Start all idle children now and wait until they are ready."""
        with self._changed:
            slots, self._idle = self._idle, []
        try:
            for child in [self._child(slot) for slot in slots]:
                child.wait_ready()
        except (ChildDied, TimeoutError) as error:
            raise RenderError("a renderer did not start") from error
        finally:
            self._give_back(*slots)

    def render(self, kind: str, data: Mapping[str, Any], *, document_date: datetime, emblem: bytes = b"") -> bytes:
        """The document as PDF/A, or as PNG where the layout is one of a picture. The same kind, data, date and emblem
        (a PNG) give the same bytes."""
        request = self._request(kind, data, document_date, emblem)
        deaths = []
        with self._slot() as slot:
            for _ in range(2):  # a child killed from outside is no fault of the document: once more
                try:
                    return _document(self._ask(slot, request))
                except ChildDied as death:
                    deaths.append(death.by)
        raise RenderFailed(self._cause(deaths))

    def _cause(self, deaths: list[int]) -> str:
        """Why a document cannot be rendered that its children died over; typst aborts when it is given no memory."""
        if set(deaths) == {signal.SIGABRT}:
            return f"more than {self._limits.memory // MIB} MiB of memory"
        return "the renderer died over this document, twice"

    def children(self) -> tuple[int, ...]:
        """The process ids of the children that run now."""
        return tuple(child.pid for slot in self._slots if (child := slot.child) is not None)

    def close(self, grace: float = 5.0) -> None:
        """Let running renders finish for `grace` seconds, then end all children."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
            self._changed.wait_for(lambda: len(self._idle) == len(self._slots), grace)
            idle = set(self._idle)
        for slot in self._slots:
            child = slot.child
            if child is None:
                continue
            if slot in idle:
                child.stop(grace)
                slot.child = None
            else:
                child.kill()

    def _request(self, kind: str, data: Mapping[str, Any], document_date: datetime, emblem: bytes) -> bytes:
        if kind not in self._kinds:
            raise RenderFailed("there is no such layout")
        if document_date.utcoffset() is None:
            raise ValueError("document_date has no offset")
        order = {
            "kind": kind,
            "form": "png" if kind == announcement.LAYOUT else LEAFLETS.get(kind, "pdf"),
            "date": document_date.replace(microsecond=0).isoformat(),
            "url": _url(data),
            "emblem": base64.b64encode(emblem).decode("ascii"),
            "data": json.dumps(data, ensure_ascii=False, sort_keys=True),
        }
        return json.dumps(order).encode()

    def _ask(self, slot: Slot, request: bytes) -> tuple[bytes, bytes]:
        if self._closed:
            raise PoolClosed("the pool is closed")
        child = self._child(slot)
        try:
            return child.ask(request)
        except TimeoutError as error:
            slot.kill()
            raise RenderTimeout(f"not rendered within {self._limits.timeout:g} s") from error
        except OSError as error:  # `close` took the pipe away while we waited at it
            slot.kill()
            if self._closed:
                raise PoolClosed("the pool is closed") from error
            raise
        except BaseException:
            slot.kill()  # an answer left unread would be taken for the next document's
            raise

    def _child(self, slot: Slot) -> Child:
        if slot.child is None:
            slot.child = Child.start("documents.render.child", (self._layouts, FONTS), self._limits)
        return slot.child

    @contextmanager
    def _slot(self) -> Iterator[Slot]:
        if os.getpid() != self._owner:
            raise RuntimeError("this pool was made before the fork")
        with self._changed:
            if not self._changed.wait_for(lambda: self._closed or self._idle, self._wait):
                raise RenderTimeout(f"no renderer was free within {self._wait:g} s")
            if self._closed:
                raise PoolClosed("the pool is closed")
            slot = self._idle.pop()
        try:
            yield slot
        finally:
            self._give_back(slot)

    def _give_back(self, *slots: Slot) -> None:
        with self._changed:
            self._idle.extend(slots)
            self._changed.notify_all()


def _kinds(layouts: Path) -> frozenset[str]:
    """The layouts of a folder, which must hold no symbolic link: typst would follow it out of the folder."""
    if any(path.is_symlink() for path in layouts.rglob("*")):
        raise ValueError(f"a symbolic link among the layouts in {layouts}")
    return frozenset(path.stem for path in layouts.glob("*.typ") if not path.stem.startswith("_"))


def _url(data: Mapping[str, Any]) -> str:
    """Where the QR code leads: to a letter's check, or to the beginning of an application."""
    leads = data.get("check") or data.get("start")
    return str(leads["url"]) if leads and not data.get("draft") else ""


def _document(frame: tuple[bytes, bytes]) -> bytes:
    kind, payload = frame
    if kind == wire.GLYPH:
        raise MissingGlyph(payload.decode())
    if kind == wire.LONG:
        raise TooLong(payload.decode())
    if kind == wire.REFUSED:
        raise RenderFailed(payload.decode())
    return payload
