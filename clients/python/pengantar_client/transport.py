"""Requests on their way: time-outs, tokens, repetitions. Nothing in here knows what a request is about."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

import urllib3
from urllib3.exceptions import HTTPError, NewConnectionError

from pengantar_client.errors import PengantarError, Unreachable, refusal
from pengantar_client.patience import Patience, is_worth_repeating, may_be_repeated
from pengantar_client.tokens import Caller

log = logging.getLogger("pengantar_client")

CONNECT_WITHIN = 5.0
READ_WITHIN = 60.0


@dataclass(frozen=True)
class Request:
    """One request. `path` begins with `/`, or is an address that the system gave."""

    method: str
    path: str
    query: Mapping[str, Any] = field(default_factory=dict)
    body: bytes | None = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    read_within: float = READ_WITHIN
    streamed: bool = False

    @property
    def repeatable(self) -> bool:
        return may_be_repeated(self.method, "Idempotency-Key" in self.headers)

    def __str__(self) -> str:
        return f"{self.method} {without_secrets(self.path)}"


class Transport:
    """Sends requests to one system. May be used by many threads."""

    def __init__(
        self, base_url: str, caller: Caller | None, patience: Patience, headers: Mapping[str, str],
        pool: urllib3.PoolManager | None,
    ) -> None:  # fmt: skip
        self.base_url = base_url.rstrip("/")
        self.patience = patience
        self._caller = caller
        self._headers = dict(headers)
        self._pool = pool or urllib3.PoolManager(maxsize=20)

    def send(self, request: Request) -> urllib3.BaseHTTPResponse:
        """The answer, which is one of 2xx; a streamed one has to be read and released. Raises Refused, Unreachable."""
        return self._send(request, self._caller if self._is_ours(request.path) else None)

    def _send(self, request: Request, caller: Caller | None) -> urllib3.BaseHTTPResponse:
        ends = time.monotonic() + self.patience.seconds
        repetitions, renewed = 0, False
        while True:
            token = caller.token(self._post) if caller else None
            answer, error, asked_for = self._try(request, token)
            if answer is not None and error is None:
                return answer
            if answer is not None and answer.status == 401 and caller and token and not renewed:
                renewed = True
                if caller.was_refused(token):
                    continue
            assert error is not None
            gap = max(self.patience.gap(repetitions), asked_for or 0.0)
            if not self._again(request, answer, error) or time.monotonic() + gap > ends:
                raise error
            log.warning("%s: %s; again in %.1f s", request, type(error).__name__, gap)
            time.sleep(gap)
            repetitions += 1

    def _try(
        self, request: Request, token: str | None
    ) -> tuple[urllib3.BaseHTTPResponse | None, PengantarError | None, float | None]:
        """(answer, what is wrong with it, the seconds to wait that it asks for)."""
        headers = {**self._headers, **request.headers} | ({"Authorization": f"Bearer {token}"} if token else {})
        try:
            answer = self._pool.request(
                request.method, self._url(request), body=request.body, headers=headers, redirect=False, retries=False,
                timeout=urllib3.Timeout(connect=CONNECT_WITHIN, read=request.read_within),
                preload_content=not request.streamed,
            )  # fmt: skip
            if answer.status < 300:
                return answer, None, None
            document = _document(answer)
        except HTTPError as error:
            unreachable = Unreachable(f"{request}: no answer ({type(error).__name__})")
            unreachable.__cause__ = error
            return None, unreachable, None
        asked_for = _seconds(answer.headers.get("Retry-After"))
        return answer, refusal(answer.status, document, asked_for), asked_for

    def _again(self, request: Request, answer: urllib3.BaseHTTPResponse | None, error: PengantarError) -> bool:
        if answer is None:
            never_sent = isinstance(error.__cause__, NewConnectionError)
            return never_sent or request.repeatable
        return is_worth_repeating(answer.status, getattr(error, "slug", ""), request.repeatable)

    def _post(self, path: str, body: Mapping[str, Any]) -> Any:
        """For tokens, of which one more does no harm: so it may be repeated."""
        headers = {"Content-Type": "application/json", "Idempotency-Key": "token"}
        return json.loads(self._send(Request("POST", path, body=json.dumps(body).encode(), headers=headers), None).data)

    def _url(self, request: Request) -> str:
        asked = [(name, value) for name, value in request.query.items() if value is not None and value != ()]
        query = urlencode(asked, doseq=True)
        url = request.path if _is_address(request.path) else f"{self.base_url}{request.path}"
        return url + (("&" if "?" in url else "?") + query if query else "")

    def _is_ours(self, path: str) -> bool:
        """Whether a token may be sent there: only to the system that it is for."""
        return not _is_address(path) or urlsplit(path)[:2] == urlsplit(self.base_url)[:2]


def without_secrets(path: str) -> str:
    """A path as it may be logged: a link's token opens something, and a query may name somebody."""
    return path.split("?")[0].split("/t/")[0].split("/links/")[0]


def _is_address(path: str) -> bool:
    return path.startswith(("https://", "http://"))


def _document(answer: urllib3.BaseHTTPResponse) -> Mapping[str, Any]:
    """The problem document; of an answer that has none (a proxy's), what is known."""
    try:
        found = json.loads(answer.data)
    except ValueError:
        found = None
    return found if isinstance(found, dict) else {"title": answer.reason or "", "status": answer.status}


def _seconds(retry_after: str | None) -> float | None:
    """Of both forms that HTTP has for it; None for anything else."""
    if not retry_after:
        return None
    try:
        return max(float(retry_after), 0.0)
    except ValueError:
        pass
    try:
        return max(parsedate_to_datetime(retry_after).timestamp() - time.time(), 0.0)
    except ValueError:
        return None
