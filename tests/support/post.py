"""A mail server that keeps what it is given."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Post:
    """What the server was given; `says` is what it answers at a step."""

    def __init__(self) -> None:
        self.taken: list[Envelope] = []
        self.says: dict[str, str] = {}
        self.by_tls: list[bool] = []

    async def handle_MAIL(self, _s: SMTP, _session: Session, envelope: Envelope, address: str, options: Any) -> str:
        envelope.mail_from = address
        return self.says.get("MAIL", "250 OK")

    async def handle_RCPT(self, _s: SMTP, _session: Session, envelope: Envelope, address: str, options: Any) -> str:
        envelope.rcpt_tos.append(address)
        return self.says.get("RCPT", "250 OK")

    async def handle_DATA(self, _server: SMTP, session: Session, envelope: Envelope) -> str:
        if "DATA" in self.says:
            return self.says["DATA"]
        self.taken.append(envelope)
        self.by_tls.append(session.ssl is not None)
        return "250 OK"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


@contextmanager
def post_office(post: Post, **more: Any) -> Iterator[int]:
    """Serves in a thread until the end of the block; its port."""
    controller = Controller(post, hostname="127.0.0.1", port=free_port(), **more)
    controller.start()
    try:
        yield int(controller.port)
    finally:
        controller.stop(no_assert=True)
