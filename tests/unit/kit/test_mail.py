"""A mail goes by TLS to a real server; what the server says decides what is told, and nothing waits for ever."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult

from kit import mail
from kit.mail import MailServer
from tests.support.certificates import certified
from tests.support.internet import tls
from tests.support.post import Post, free_port, post_office

READER, SENDER = "rohana@contoh.id", "kabar@kelurahan.example"


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """Of `localhost`, and trusted here."""
    made, key = certified("localhost")
    (tmp_path / "trusted.pem").write_bytes(made)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "trusted.pem"))
    return tls(tmp_path, made, key)


@pytest.fixture
def serve(post: Post) -> Iterator[Callable[..., int]]:
    with ExitStack() as there:
        yield lambda **more: there.enter_context(post_office(post, **more))


def a_mail() -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = SENDER, READER, "Kabar dari Kelurahan Bukit Sangkal"
    made.set_content("Halo Siti Ma'imunah — surat sudah siap.\n.\nselesai\n")
    return made


def send(url: str, *, plain: bool = True, seconds: float = 5, reader: str = READER) -> None:
    MailServer(url, plain=plain, seconds=seconds).send(a_mail(), SENDER, reader)


def test_it_goes_by_tls_and_arrives_as_it_was_written(
    post: Post, serve: Callable[..., int], certificate: ssl.SSLContext
) -> None:
    port = serve(tls_context=certificate, require_starttls=True)
    send(f"smtp://localhost:{port}", plain=False)
    [taken] = post.taken
    assert (taken.mail_from, taken.rcpt_tos, post.by_tls) == (SENDER, [READER], [True])
    assert isinstance(taken.content, bytes) and b"\n" not in taken.content.replace(b"\r\n", b"")
    read = message_from_bytes(taken.content, policy=default)
    assert read.get_content().splitlines() == ["Halo Siti Ma'imunah — surat sudah siap.", ".", "selesai"]


def test_a_server_whose_certificate_is_not_right_gets_nothing(
    post: Post, serve: Callable[..., int], certificate: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = serve(tls_context=certificate)
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(mail.NotUs):
        send(f"smtp://localhost:{port}")
    assert post.taken == []


def test_without_tls_it_goes_only_where_that_is_allowed_and_never_a_password(
    post: Post, serve: Callable[..., int]
) -> None:
    port = serve()
    with pytest.raises(mail.NotUs):
        send(f"smtp://127.0.0.1:{port}", plain=False)
    with pytest.raises(mail.NotUs):
        send(f"smtp://us:secret@127.0.0.1:{port}", plain=True)
    assert post.taken == []
    send(f"smtp://127.0.0.1:{port}", plain=True)
    assert len(post.taken) == 1


@pytest.mark.parametrize(("password", "error"), [("pass word", None), ("wrong", mail.NotUs)])
def test_the_password_of_the_address_is_used(
    post: Post, serve: Callable[..., int], certificate: ssl.SSLContext, password: str, error: Any
) -> None:
    def know(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        return AuthResult(success=(data.login, data.password) == (b"us", b"pass word"), handled=False)

    port = serve(tls_context=certificate, authenticator=know, auth_required=True)
    url = f"smtp://us:{password.replace(' ', '%20')}@localhost:{port}"
    if error is None:
        send(url, plain=False)
    else:
        with pytest.raises(error):
            send(url, plain=False)
    assert len(post.taken) == (error is None)


@pytest.mark.parametrize(
    ("step", "says", "error"),
    [
        ("RCPT", "550 5.1.1 no such user rohana", mail.NoSuchReader),
        ("RCPT", "451 greylisted", mail.Later),
        ("MAIL", "550 not you", mail.NotUs),
        ("MAIL", "421 busy", mail.Later),
        ("DATA", "554 spam", mail.NotTaken),
        ("DATA", "452 disk full", mail.Later),
    ],
)
def test_what_the_server_says_decides(
    post: Post, serve: Callable[..., int], step: str, says: str, error: type[mail.Failed]
) -> None:
    post.says[step] = says
    with pytest.raises(error) as told:
        send(f"smtp://127.0.0.1:{serve()}")
    assert type(told.value) is error
    assert "rohana" not in told.value.reason and post.taken == []


def test_a_server_that_is_not_there_may_be_later() -> None:
    with pytest.raises(mail.Later):
        send(f"smtp://127.0.0.1:{free_port()}")


def test_an_address_that_no_server_knows_goes_nowhere(post: Post, serve: Callable[..., int]) -> None:
    with pytest.raises(mail.NoSuchReader):
        send(f"smtp://127.0.0.1:{serve()}", reader="röhana@contoh.id")


def talking(lines: list[bytes], last: Callable[[socket.socket], None]) -> int:
    """A server that says these lines, one for each of ours, and then does as `last`."""
    listener = socket.create_server(("127.0.0.1", 0))

    def talk() -> None:
        wire, _ = listener.accept()
        with wire, wire.makefile("rb") as heard:
            wire.sendall(b"220 mail.example\r\n")
            for line in lines:
                heard.readline()
                wire.sendall(line)
            last(wire)
        listener.close()

    threading.Thread(target=talk, daemon=True).start()
    return int(listener.getsockname()[1])


def test_a_server_that_vanishes_with_the_mail_leaves_it_open_whether_it_took_it() -> None:
    port = talking([b"250 mail.example\r\n", b"250 OK\r\n", b"250 OK\r\n", b"354 go\r\n"], lambda wire: wire.close())
    with pytest.raises(mail.OutcomeUnknown):
        send(f"smtp://127.0.0.1:{port}")


def test_a_server_that_says_a_byte_now_and_then_is_left() -> None:
    over = threading.Event()

    def drip(wire: socket.socket) -> None:
        while not over.wait(0.05):
            wire.sendall(b"2")

    port, began = talking([b"250 mail.example\r\n"], drip), time.monotonic()
    try:
        with pytest.raises(mail.Later):
            send(f"smtp://127.0.0.1:{port}", seconds=0.5)
        assert time.monotonic() - began < 5
    finally:
        over.set()
