"""One person's view of the HTTP API: a base URL, a token, and patience.

What is sent is sent by the client that other systems use (`clients/python`): a POST carries an Idempotency-Key that
stays the same over its repetitions, so that an answer which was lost on the way costs nothing; what is away (refused,
reset, 502 to 504) is asked again for up to `PATIENCE` seconds.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from pengantar_client import Answer, Bearer, Client, File, Patience, PengantarError
from pengantar_client.transport import without_secrets

PATIENCE = 240.0

Found = TypeVar("Found")


class DemoFailed(Exception):
    """The system did something that the demo did not expect; the text says what."""


class Person:
    """Somebody who calls the API. `token` is None for a stranger."""

    def __init__(self, base_url: str, token: str | None = None) -> None:
        self.base_url = base_url.rstrip("/")
        patience = Patience(PATIENCE, longest_gap=3.0)
        self.client = Client(base_url, Bearer(token) if token else None, patience=patience)

    def get(self, path: str, **query: Any) -> Any:
        return self._call("GET", path, query=query).json()

    def download(self, path: str) -> bytes:
        return self._call("GET", path).content

    def printed(self, path: str) -> str:
        """What a POST makes to be printed."""
        return self._call("POST", path).content.decode("utf-8")

    def post(self, path: str, body: dict[str, Any] | None = None) -> Any:
        return self._call("POST", path, body=body if body is not None else {}).json()

    def post_until(self, path: str, body: dict[str, Any], holds: Callable[[Any], bool]) -> Any:
        """Sends what may be sent again, and does so until the answer is as it should be."""
        return self._call("POST", path, until=holds, body=body).json()

    def put(self, path: str, body: dict[str, Any]) -> Any:
        return self._call("PUT", path, body=body).json()

    def patch(self, path: str, body: dict[str, Any]) -> Any:
        return self._call("PATCH", path, body=body).json()

    def upload(self, path: str, requirement: str, file: Path, content_type: str) -> Any:
        """Sends one file, for a requirement."""
        named = File(f"foto{file.suffix}", file.read_bytes(), content_type)
        return self._call("POST", path, form={"requirement": requirement, "file": named}).json()

    def upload_scan(self, path: str, scan: bytes) -> Any:
        """Sends one PDF."""
        return self._call("POST", path, form={"file": File("pindai.pdf", scan, "application/pdf")}).json()

    def _call(self, method: str, path: str, *, until: Callable[[Any], bool] | None = None, **more: Any) -> Answer:
        what = f"{method} {without_secrets(path)}"
        try:
            if until is None:
                return self.client.api.call(method, path, **more)
            return wait_for(lambda: self._once(method, path, until, **more), f"the answer of {what}")
        except PengantarError as error:
            raise DemoFailed(f"{what}: {error}") from error

    def _once(self, method: str, path: str, holds: Callable[[Any], bool], **more: Any) -> Answer | None:
        """The answer, if it is as it should be."""
        answer = self.client.api.call(method, path, **more)
        return answer if holds(answer.json()) else None


def wait_for(look: Callable[[], Found | None], what: str, *, within: float = PATIENCE) -> Found:
    """Asks until there is an answer: what one service tells another takes a moment. Raises DemoFailed."""
    ends = time.monotonic() + within
    gap = 0.1
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > ends:
            raise DemoFailed(f"not within {within:g} s: {what}")
        time.sleep(gap)
        gap = min(gap * 1.3, 1.5)
