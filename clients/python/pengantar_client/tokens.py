"""Who calls: a token that somebody else gave, or a machine's key, by which tokens are got when they are needed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

Post = Callable[[str, Mapping[str, Any]], Any]
"""Sends a body to a path without a token; the answer's JSON."""

_EARLY = 30.0
"""Seconds before its end a token is renewed, so that none ends on its way."""


class Caller(Protocol):
    """Gives the token of each request."""

    def token(self, post: Post) -> str:
        """One that holds. Raises what `post` raises."""

    def was_refused(self, token: str) -> bool:
        """The system did not take it: whether another one is worth a try."""


@dataclass(frozen=True)
class Bearer:
    """A token that is there already."""

    value: str = field(repr=False)

    def token(self, post: Post) -> str:
        """Always the same."""
        return self.value

    def was_refused(self, token: str) -> bool:
        """There is no other."""
        return False


class MachineKey:
    """A machine of another system (`POST /v1/auth/machines`). Its tokens live five minutes and are renewed before
    that; threads share one. `scopes`: fewer than it has."""

    def __init__(self, client_id: str, client_secret: str, scopes: Sequence[str] = ()) -> None:
        self._body = {"client_id": client_id, "client_secret": client_secret, "scopes": list(scopes)}
        self._lock = threading.Lock()
        self._token, self._good_until = "", 0.0

    def token(self, post: Post) -> str:
        """One that holds for a while. Raises NotSignedIn, TooMuch, Unreachable."""
        with self._lock:
            if time.monotonic() >= self._good_until:
                asked_at = time.monotonic()
                given = post("/v1/auth/machines", self._body)
                self._token = str(given["access_token"])
                self._good_until = asked_at + max(float(given["expires_in"]) - _EARLY, 1.0)
            return self._token

    def was_refused(self, token: str) -> bool:
        """The next request gets a new one."""
        with self._lock:
            if token == self._token:
                self._good_until = 0.0
        return True
