"""A mail server that takes what we send: one connection for each mail, by TLS, in bounded time.

Later            nothing was taken, it may be later
NoSuchReader     the server says that nobody reads mail at that address
NotTaken         the server will not take this mail
NotUs            the server will not take anything from us: password, certificate, sender
OutcomeUnknown   the mail left, and nobody said whether it was taken
"""

from __future__ import annotations

import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from email.policy import SMTP
from urllib.parse import unquote, urlsplit

STEP_SECONDS = 15.0
SECONDS = 60.0
PORTS = {"smtp": 587, "smtps": 465}
_LATER = range(400, 500)


class Failed(Exception):
    """It was not sent, as far as is known. `reason` names no person and no address."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Later(Failed):
    """Nothing was taken, it may be later."""


class NoSuchReader(Failed):
    """Nobody reads mail at that address."""


class NotTaken(Failed):
    """The server will not take this mail."""


class NotUs(Failed):
    """The server will take nothing from us."""


class OutcomeUnknown(Failed):
    """It may have been taken."""


class MailServer:
    """At `smtp://host:port`, where TLS is begun by STARTTLS, or `smtps://host:port`, where it is there from the first
    byte; user and password may stand before the host. Without TLS only where `plain` allows it and no password is to be
    sent."""

    def __init__(self, url: str, *, plain: bool = False, seconds: float = SECONDS) -> None:
        found = urlsplit(url)
        self._host, self._tls = found.hostname or "", found.scheme == "smtps"
        self._port = found.port or PORTS[found.scheme]
        self._user, self._password = unquote(found.username or ""), unquote(found.password or "")
        self._plain = plain and not self._user
        self._seconds = seconds

    def send(self, mail: EmailMessage, sender: str, reader: str) -> None:
        """The server has taken it. Raises Later, NoSuchReader, NotTaken, NotUs, OutcomeUnknown."""
        if not reader.isascii():
            raise NoSuchReader("an address that this server does not know")
        with self._connected() as server:
            _check(server.mail(sender), Later, NotUs)
            _check(server.rcpt(reader), Later, NoSuchReader)
            try:
                _check(server.data(mail.as_bytes(policy=SMTP)), Later, NotTaken)
            except smtplib.SMTPDataError as error:
                _check((error.smtp_code, b""), Later, NotTaken)
                raise NotTaken("the mail is not wanted") from error
            except (smtplib.SMTPException, OSError) as error:
                raise OutcomeUnknown("the mail server did not say whether it took it") from error
            with suppress(smtplib.SMTPException, OSError):
                server.quit()

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        server: smtplib.SMTP | None = None
        try:
            server = self._opened()
            with _closed_after(server, self._seconds):
                self._greeted(server)
                yield server
        except smtplib.SMTPAuthenticationError as error:
            raise (Later if error.smtp_code in _LATER else NotUs)("the mail server refuses our password") from error
        except ssl.SSLError as error:
            raise NotUs("the mail server's certificate is not right") from error
        except (smtplib.SMTPException, OSError, ValueError) as error:
            raise Later("the mail server cannot be reached") from error
        finally:
            if server is not None:
                server.close()

    def _opened(self) -> smtplib.SMTP:
        if self._tls:
            return smtplib.SMTP_SSL(self._host, self._port, timeout=STEP_SECONDS, context=_trust())
        return smtplib.SMTP(self._host, self._port, timeout=STEP_SECONDS)

    def _greeted(self, server: smtplib.SMTP) -> None:
        server.ehlo_or_helo_if_needed()
        if not self._tls:
            if server.has_extn("starttls"):
                server.starttls(context=_trust())
                server.ehlo()
            elif not self._plain:
                raise NotUs("the mail server speaks no TLS")
        if self._user:
            server.login(self._user, self._password)


def _check(answer: tuple[int, bytes], later: type[Failed], never: type[Failed]) -> None:
    """Only the number of an answer counts: its words may name people."""
    code = answer[0]
    if code in _LATER:
        raise later(f"the mail server says {code}")
    if not 200 <= code < 300:
        raise never(f"the mail server says {code}")


def _trust() -> ssl.SSLContext:
    """The system's authorities; SSL_CERT_FILE names others."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


@contextmanager
def _closed_after(server: smtplib.SMTP, seconds: float) -> Iterator[None]:
    """A server that says a byte now and then never lets a single step time out."""

    def end() -> None:
        wire = server.sock
        with suppress(OSError):
            if wire is not None:
                socket.socket.shutdown(wire, socket.SHUT_RDWR)

    watch = threading.Timer(seconds, end)
    watch.daemon = True
    watch.start()
    try:
        yield
    finally:
        watch.cancel()
