"""Whole periods: row by row, however many, and over broken connections."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import date
from typing import Any, cast

from urllib3.exceptions import HTTPError

from pengantar_client.api import Api
from pengantar_client.errors import Unreachable
from pengantar_client.shapes import CaseRow, LetterRow

log = logging.getLogger("pengantar_client")

_NDJSON = "application/x-ndjson"
_PIECE = 65_536


class Bulk:
    """Days from `first` to `last`, both included, at most 366, as each office counts them; `kelurahan` as in the feed.
    Every row has a `cursor`: handed in, it goes on after that row."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def cases(
        self, first: date, last: date, *, kelurahan: Sequence[str] = (), cursor: str | None = None
    ) -> Iterator[CaseRow]:
        """Cases by the day on which they were first submitted, as they stand now (scope `cases.read`)."""
        return cast(Iterator[CaseRow], self._rows("/v1/applications/export", first, last, kelurahan, cursor))

    def letters(
        self, first: date, last: date, *, kelurahan: Sequence[str] = (), cursor: str | None = None
    ) -> Iterator[LetterRow]:
        """Letters by their date: each number of the book, and what became of it (scope `letters.read`)."""
        return cast(Iterator[LetterRow], self._rows("/v1/letters/export", first, last, kelurahan, cursor))

    def _rows(
        self, path: str, first: date, last: date, kelurahan: Sequence[str], cursor: str | None
    ) -> Iterator[dict[str, Any]]:
        """An answer that breaks off goes on behind the last whole row; without any progress for as long as the
        client's patience lasts, Unreachable is raised."""
        patience, breaks = self._api.transport.patience, 0
        gives_up = time.monotonic() + patience.seconds
        query: dict[str, Any] = {"from": first.isoformat(), "to": last.isoformat(), "kelurahan": list(kelurahan)}
        while True:
            try:
                for row in self._of_one_answer(path, query | {"cursor": cursor}):
                    cursor, breaks = row["cursor"], 0
                    yield row
                    gives_up = time.monotonic() + patience.seconds
                return
            except HTTPError as error:
                if time.monotonic() > gives_up:
                    raise Unreachable(f"GET {path}: breaks off again and again") from error
                log.warning("GET %s: broke off (%s); goes on", path, type(error).__name__)
                time.sleep(patience.gap(breaks))
                breaks += 1

    def _of_one_answer(self, path: str, query: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """Whole rows only: what breaks off in the middle of one raises HTTPError."""
        answer = self._api.stream(path, query, _NDJSON)
        with closing(answer):
            rest = b""
            for piece in answer.stream(_PIECE, decode_content=True):
                *lines, rest = (rest + piece).split(b"\n")
                yield from map(json.loads, lines)
            if rest:
                raise HTTPError("the last row is not whole")
            answer.drain_conn()
            answer.release_conn()
