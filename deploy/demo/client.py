"""One person's view of the HTTP API: a base URL, a token, and patience.

Every POST carries an Idempotency-Key that stays the same over its repetitions, so that an answer which was lost on
the way costs nothing; what is away (refused, reset, 502 to 504) is asked again for up to `PATIENCE` seconds.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import requests

PATIENCE = 240.0

Found = TypeVar("Found")


class DemoFailed(Exception):
    """The system did something that the demo did not expect; the text says what."""


class Person:
    """Somebody who calls the API. `token` is None for a stranger."""

    def __init__(self, base_url: str, token: str | None = None) -> None:
        self.base_url = base_url.rstrip("/")
        self._session = requests.Session()
        if token:
            self._session.headers["Authorization"] = f"Bearer {token}"

    def get(self, path: str, **query: Any) -> Any:
        return self._call("GET", path, params=query).json()

    def download(self, path: str) -> bytes:
        return self._call("GET", path).content

    def printed(self, path: str) -> str:
        """What a POST makes to be printed."""
        return self._call("POST", path, headers=_key()).text

    def post(self, path: str, body: dict[str, Any] | None = None) -> Any:
        return self._call("POST", path, json=body if body is not None else {}, headers=_key()).json()

    def post_until(self, path: str, body: dict[str, Any], holds: Callable[[Any], bool]) -> Any:
        """Sends what may be sent again, and does so until the answer is as it should be."""
        return self._call("POST", path, until=holds, json=body).json()

    def put(self, path: str, body: dict[str, Any]) -> Any:
        return self._call("PUT", path, json=body).json()

    def patch(self, path: str, body: dict[str, Any]) -> Any:
        return self._call("PATCH", path, json=body).json()

    def upload(self, path: str, requirement: str, file: Path, content_type: str) -> Any:
        """Sends one file, for a requirement."""
        named = (f"foto{file.suffix}", file.read_bytes(), content_type)
        return self._call("POST", path, data={"requirement": requirement}, files={"file": named}, headers=_key()).json()

    def upload_scan(self, path: str, scan: bytes) -> Any:
        """Sends one PDF."""
        return self._call("POST", path, files={"file": ("pindai.pdf", scan, "application/pdf")}, headers=_key()).json()

    def _call(
        self, method: str, path: str, *, until: Callable[[Any], bool] | None = None, **more: Any
    ) -> requests.Response:
        url = path if path.startswith("http") else f"{self.base_url}{path}"
        ends = time.monotonic() + PATIENCE
        gap = 0.2
        while True:
            response = self._try(method, url, **more)
            done = response is not None and response.status_code < 400
            if response is not None and done and (until is None or until(response.json())):
                return response
            if response is not None and not done and not _worth_repeating(response):
                raise DemoFailed(f"{method} {_without_secrets(url)}: {response.status_code} {response.text[:600]}")
            if time.monotonic() > ends:
                said = response.text[:300] if response is not None else "no connection"
                raise DemoFailed(f"{method} {_without_secrets(url)}: not within {PATIENCE:g} s: {said}")
            time.sleep(gap)
            gap = min(gap * 1.5, 3)

    def _try(self, method: str, url: str, **more: Any) -> requests.Response | None:
        try:
            return self._session.request(method, url, timeout=(5, 60), allow_redirects=False, **more)
        except (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError):
            return None


def _worth_repeating(response: requests.Response) -> bool:
    in_use = response.status_code == 409 and "idempotency-key-in-use" in response.text
    return in_use or response.status_code in (502, 503, 504)


def _key() -> dict[str, str]:
    return {"Idempotency-Key": str(uuid4())}


def _without_secrets(url: str) -> str:
    return url.split("/t/")[0].split("?")[0]


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
