"""The render pool as the service uses it: made when first needed, its failures in the plumbing's words."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from importlib.metadata import version
from typing import Any

from documents.render import MissingGlyph, RenderError, RenderFailed, RenderPool
from documents.render.data import LAYOUTS
from kit.errors import Permanent, Retryable
from kit.objects import ObjectMissing


class CannotRender(Permanent):
    """The layout cannot be filled with this data; the reason names no person."""


class EmblemMissing(CannotRender):
    """The picture that the data name is not in the store, or another: it can be put there again."""


class NotRenderedYet(Retryable):
    """The renderers were busy, slow or closing."""


class Renderer:
    """Starts its pool with the first document, so that a process that never renders has no children."""

    def __init__(self, processes: int, timeout: float, picture: Callable[[str], bytes]) -> None:
        """`picture` fetches an emblem by its key in the object store."""
        self._picture = picture
        self._processes = processes
        self._timeout = timeout
        self._lock = threading.Lock()
        self._pool: RenderPool | None = None
        self._kept = ("", b"")

    def render(self, kind: str, data: Mapping[str, Any], at: datetime) -> bytes:
        """The document as PDF/A: same kind, data and time, same bytes. Raises CannotRender, NotRenderedYet,
        StoreUnavailable."""
        emblem = self._emblem(data.get("emblem"))
        try:
            return self._started().render(kind, data, document_date=at, emblem=emblem)
        except MissingGlyph as error:
            raise CannotRender(
                f"no font prints {' '.join(f'U+{ord(sign):04X}' for sign in error.character)}"
            ) from error
        except RenderFailed as error:
            raise CannotRender(error.reason) from error
        except RenderError as error:
            raise NotRenderedYet(str(error)) from error

    def _emblem(self, named: Mapping[str, Any] | None) -> bytes:
        """The picture that was frozen into the data. The last one is kept at hand: letters in a row have the same."""
        if named is None:
            return b""
        sha256, picture = self._kept
        if sha256 != named["sha256"]:
            try:
                picture = self._picture(named["key"])
            except ObjectMissing as error:
                raise EmblemMissing("the emblem is not in the store") from error
            if hashlib.sha256(picture).hexdigest() != named["sha256"]:
                raise EmblemMissing("the emblem in the store is another")
            self._kept = (named["sha256"], picture)
        return picture

    def close(self) -> None:
        with self._lock:
            if self._pool is not None:
                self._pool.close()

    def _started(self) -> RenderPool:
        with self._lock:
            if self._pool is None:
                self._pool = RenderPool(self._processes, self._timeout)
            return self._pool


@cache
def template_version(kind: str) -> str:
    """Changes whenever the look of this kind may change: a hash over its layout, what all share, fonts, typst."""
    digest = hashlib.sha256(f"{kind} {version('typst')}".encode())
    shared = [path for path in LAYOUTS.rglob("*") if path.is_file() and (path.suffix != ".typ" or path.stem[0] == "_")]
    for path in sorted([*shared, LAYOUTS / f"{kind}.typ"]):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]
