"""Many rows in one answer: as lines of JSON or as CSV, by `Accept`, in pieces, so that however long it is it takes no
more memory than a piece.

Whoever reads slowly holds a thread and nothing else: between two pieces no transaction is open. Nobody holds more than
a few threads. Who stops reading, reads too slowly or takes hours is cut off; so is an answer in which something fails.
An answer that was cut off is seen as such, and goes on after the last row that arrived, by that row's cursor.
"""

from __future__ import annotations

import threading
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

import structlog
from flask import Response, request

from kit.auth import caller
from kit.downloads import attachment
from kit.problems import NotAcceptable, TooManyRequests, Words
from kit.tables import csv_head, csv_lines, json_lines

NDJSON, CSV = "application/x-ndjson", "text/csv"
_FORMS = {NDJSON: NDJSON, "application/jsonl": NDJSON, "application/ndjson": NDJSON, CSV: CSV}
AT_ONCE = 8
"""So many answers of this kind in a process; more would keep its threads from everybody else."""
OF_ONE = 2
"""So many of them for one caller; more would keep all others from theirs."""
LONGEST = 3600.0
"""Seconds that one may take."""
STALLED = 60.0
"""Seconds within which a piece must have been taken: a tenth of what the slowest village network does."""
LEAST = 4_000
"""Bytes a second, before they are packed, that a reader takes at least after the first `STALLED` seconds of his."""

log = structlog.get_logger()

Row = Mapping[str, Any]


class NoSuchForm(NotAcceptable):
    detail = Words(
        f"Minta {NDJSON} atau {CSV} lewat Accept.", f"Ask for {NDJSON} or {CSV} by Accept."
    )  # fmt: skip


class TooManyAtOnce(TooManyRequests):
    """Others are being sent, or the caller's own: a matter of minutes, at the longest of `LONGEST`."""

    def __init__(self) -> None:
        super().__init__(30, Words("Ekspor lain masih berjalan.", "Other exports are still under way."))


class TookTooLong(RuntimeError):
    """An answer was cut off after `LONGEST`, or because it was read too slowly."""


class _Places:
    """Who is being sent something: some at once, and of one caller a few."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._taken: Counter[str] = Counter()

    def take(self, who: str) -> Callable[[], None]:
        """Takes a place; what is returned gives it back. Raises TooManyAtOnce."""
        with self._lock:
            if self._taken[who] >= OF_ONE or self._taken.total() >= AT_ONCE:
                raise TooManyAtOnce
            self._taken[who] += 1
        return _once(lambda: self._leave(who))

    def _leave(self, who: str) -> None:
        with self._lock:
            self._taken[who] -= 1
            self._taken += Counter()  # forgets who has none


_places = _Places()


def send_rows(columns: Sequence[str], batches: Iterator[Sequence[Row]], name: str) -> Response:
    """The answer. Each row has the `columns`; `name` is the file's, without its ending. The first batch is read before
    200 is said, so that a refusal is one. Raises NoSuchForm, TooManyAtOnce, and what the first batch raises."""
    form = _form()
    leave = _places.take(caller().subject)
    try:
        pieces = _in_time(_written(form, columns, batches))
        first = next(pieces)
        headers = {"Cache-Control": "no-store", "Vary": "Accept, Accept-Encoding"}
        pieces = _whole(first, pieces, leave)
        if request.accept_encodings["gzip"] > 0:
            headers["Content-Encoding"] = "gzip"
            pieces = _zipped(pieces)
        ending = "csv" if form == CSV else "ndjson"
        response = Response(pieces, 200, headers | attachment(f"{name}.{ending}"), content_type=_content_type(form))
    except BaseException:
        leave()
        raise
    response.call_on_close(leave)  # of one too that nobody began to read
    _cut_off_who_stalls()
    return response


def _form() -> str:
    if not request.accept_mimetypes:
        return NDJSON
    found = request.accept_mimetypes.best_match(list(_FORMS))
    if found is None:
        raise NoSuchForm
    return _FORMS[found]


def _content_type(form: str) -> str:
    return f"{CSV}; charset=utf-8; header=present" if form == CSV else NDJSON


def _written(form: str, columns: Sequence[str], batches: Iterator[Sequence[Row]]) -> Iterator[bytes]:
    """Each batch as a piece; the head line goes with the first one, so that nothing is said before that was read."""
    head = csv_head(columns).encode() if form == CSV else b""
    for batch in batches:
        if form == CSV:
            yield head + csv_lines([row[name] for name in columns] for row in batch).encode()
        else:
            yield json_lines({name: row[name] for name in columns} for row in batch).encode()
        head = b""
    yield head


def _in_time(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The same, until it takes too long: in all, or the reader for what he was given."""
    ends, given, taken = time.monotonic() + LONGEST, 0, 0.0
    for piece in pieces:
        began = time.monotonic()
        yield piece
        now = time.monotonic()
        given, taken = given + len(piece), taken + now - began
        if now > ends or (taken > STALLED and given < LEAST * taken):
            log.warning("an export was cut off", seconds=round(taken), size=given)
            raise TookTooLong


def _zipped(pieces: Iterator[bytes]) -> Iterator[bytes]:
    packing = zlib.compressobj(level=5, wbits=31)
    for piece in pieces:
        if packed := packing.compress(piece):
            yield packed
    yield packing.flush()


def _whole(first: bytes, rest: Iterator[bytes], leave: Callable[[], None]) -> Iterator[bytes]:
    try:
        yield first
        yield from rest
    finally:
        leave()


def _once(act: Callable[[], None]) -> Callable[[], None]:
    """Does it the first time only: an answer may be closed twice."""
    left = [act]

    def done() -> None:
        with suppress(IndexError):
            left.pop()()

    return done


def _cut_off_who_stalls() -> None:
    """Within gunicorn: a piece that is not taken in time ends the connection. The next request sets its own."""
    wire = request.environ.get("gunicorn.socket")
    if wire is not None:
        wire.settimeout(STALLED)
