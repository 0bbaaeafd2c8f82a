"""Any request of the API, in words of HTTP: what the typed parts are made of, and the way to what they lack."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import urllib3
from urllib3.filepost import encode_multipart_formdata

from pengantar_client.transport import READ_WITHIN, Request, Transport

_WITH_KEY = frozenset({"POST", "PATCH"})


@dataclass(frozen=True)
class File:
    """A file to be sent."""

    name: str
    content: bytes = field(repr=False)
    media_type: str


@dataclass(frozen=True)
class Answer:
    """One of 2xx."""

    status: int
    headers: Mapping[str, str]
    content: bytes = field(repr=False)

    def json(self) -> Any:
        """What it says."""
        return json.loads(self.content)

    @property
    def etag(self) -> str | None:
        """The version of a single resource: `if_match` of the change that is made of it."""
        return self.headers.get("ETag")


class Api:
    """Requests of one caller."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def transport(self) -> Transport:
        return self._transport

    def call(
        self, method: str, path: str, body: Any = None, *, query: Mapping[str, Any] | None = None,
        form: Mapping[str, str | File] | None = None, key: str | None = None, if_match: str | None = None,
        headers: Mapping[str, str] | None = None, longer: float = 0.0,
    ) -> Answer:  # fmt: skip
        """Sends `body` as JSON, bytes as they are, or a `form`. A POST or PATCH has an Idempotency-Key, the same over
        its repetitions: name your own `key` where the change has to be made once over restarts of your program, too.
        The answer may take so many seconds `longer`. Raises Refused, Unreachable."""
        content, media_type = _encoded(body, form)
        named = dict(headers or {})
        if media_type:
            named.setdefault("Content-Type", media_type)
        if method in _WITH_KEY:
            named["Idempotency-Key"] = key or str(uuid4())
        if if_match:
            named["If-Match"] = if_match
        answer = self._transport.send(Request(method, path, query or {}, content, named, READ_WITHIN + longer))
        return Answer(answer.status, answer.headers, answer.data)

    def stream(self, path: str, query: Mapping[str, Any], accept: str) -> urllib3.BaseHTTPResponse:
        """A GET whose answer is read piece by piece, and then released. Raises Refused, Unreachable."""
        headers = {"Accept": accept, "Accept-Encoding": "gzip"}
        return self._transport.send(Request("GET", path, query, headers=headers, streamed=True))

    def get(self, path: str, **query: Any) -> Any:
        """The JSON of a GET; None among the query is left out."""
        return self.call("GET", path, query=query).json()

    def download(self, path: str, **query: Any) -> bytes:
        """What a GET gives, as it is."""
        return self.call("GET", path, query=query).content

    def post(self, path: str, body: Any = None, *, key: str | None = None) -> Any:
        """The JSON of a POST."""
        return self.call("POST", path, {} if body is None else body, key=key).json()

    def put(self, path: str, body: Any, *, if_match: str | None = None, **query: Any) -> Any:
        """The JSON of a PUT."""
        return self.call("PUT", path, body, query=query, if_match=if_match).json()

    def patch(self, path: str, body: Any, *, if_match: str | None = None, key: str | None = None) -> Any:
        """The JSON of a PATCH."""
        return self.call("PATCH", path, body, if_match=if_match, key=key).json()

    def delete(self, path: str, *, if_match: str | None = None) -> None:
        """Sends a DELETE. Where the answer to the first was lost, the second may find nothing: NotFound."""
        self.call("DELETE", path, if_match=if_match)

    def items(self, path: str, **query: Any) -> Iterator[Any]:
        """Every item of a list, page after page. What is added meanwhile neither repeats nor hides anything."""
        cursor = None
        while True:
            page = self.get(path, **query | {"cursor": cursor})
            yield from page["items"]
            cursor = page.get("next_cursor")
            if not cursor:
                return


def _encoded(body: Any, form: Mapping[str, str | File] | None) -> tuple[bytes | None, str | None]:
    if form is not None:
        parts = [
            (name, (part.name, part.content, part.media_type) if isinstance(part, File) else part)
            for name, part in form.items()
        ]
        return encode_multipart_formdata(parts)
    if isinstance(body, bytes):
        return body, "application/octet-stream"
    return (None, None) if body is None else (json.dumps(body).encode(), "application/json")
