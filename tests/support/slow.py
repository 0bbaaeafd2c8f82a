"""Uploads as raw bytes on a socket, so that a test decides how fast they come and whether they end."""

from __future__ import annotations

import socket
from typing import Self
from urllib.parse import urlsplit

_BOUNDARY = "batas"


class AnsweredTooSoon(Exception):
    """The way in was closed after so many bytes, with this answer."""


class RawUpload:
    """One upload to a case. `promised` is the Content-Length that it announces, the true one unless said otherwise."""

    def __init__(
        self, base_url: str, path: str, token: str, content: bytes, *, key: str = "", promised: int | None = None
    ) -> None:
        self._body = _multipart(content)
        self._sent = 0
        where = urlsplit(base_url)
        head = [
            f"POST {path} HTTP/1.1",
            f"Host: {where.netloc}",
            f"Authorization: Bearer {token}",
            f"Content-Type: multipart/form-data; boundary={_BOUNDARY}",
            f"Content-Length: {promised or len(self._body)}",
            "Connection: close",
            *([f"Idempotency-Key: {key}"] if key else []),
        ]
        self._socket = socket.create_connection((where.hostname, where.port or 80), timeout=20)
        self._socket.sendall("\r\n".join([*head, "", ""]).encode())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def send(self, size: int) -> None:
        """The next so many bytes of the body. Raises AnsweredTooSoon where nobody wants them."""
        try:
            self._socket.sendall(self._body[self._sent : self._sent + size])
        except OSError as error:
            raise AnsweredTooSoon(self._sent, self._socket.recv(4096).decode("ascii", "replace")) from error
        self._sent += size

    @property
    def left(self) -> int:
        """Bytes not sent yet."""
        return max(0, len(self._body) - self._sent)

    def status(self) -> int:
        """The status of the answer, once it is there."""
        return int(self._socket.recv(4096).split(b"\r\n")[0].split()[1])


def _multipart(content: bytes) -> bytes:
    line = f"--{_BOUNDARY}\r\nContent-Disposition: form-data; name="
    head = f'{line}"requirement"\r\n\r\nKTP\r\n{line}"file"; filename="ktp.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
    return head.encode() + content + f"\r\n--{_BOUNDARY}--\r\n".encode()
