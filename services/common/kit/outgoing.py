"""The one way out: every HTTP request that a service sends to somebody else's server.

A name is looked up once, every address behind it is judged, and the connection goes to exactly the address that was
judged: a name that answers differently the next time leads nowhere. Time and size are bounded, redirects are not
followed unless asked for, and proxies of the environment are ignored. What can go wrong says what may have happened:

    Refused          the address is not one we go to; nothing left
    NotReached       no connection came about, or its certificate is not right; nothing left
    OutcomeUnknown   the request left and no whole answer came: it may have been carried out
      TooSlow          … since the time was up
      TooLarge         … since the answer is longer than agreed
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from http.client import HTTPException
from urllib.parse import urljoin

from urllib3 import BaseHTTPResponse
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, LocationParseError
from urllib3.util import Url, parse_url

from kit.addresses import INSIDE, PUBLIC, judged

CONNECT_WITHIN = 5.0
PORTS = {"http": 80, "https": 443}
MOST_ADDRESSES = 4
"""As many addresses of a name are tried, one after another."""
MOST_LOOKUPS = 32
"""Look-ups under way in one process: a resolver that hangs holds no more threads than this."""
_MOVED = frozenset({301, 302, 303, 307, 308})
_FOR_ITS_HOST_ONLY = frozenset({"authorization", "cookie", "proxy-authorization"})
_looking = threading.BoundedSemaphore(MOST_LOOKUPS)


class Failed(Exception):
    """No answer. `reason` names no address and no person."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Refused(Failed):
    """Not an address that we go to. Nothing left."""


class NotReached(Failed):
    """No connection came about. Nothing left."""


class OutcomeUnknown(Failed):
    """The request left, and no whole answer came."""


class TooSlow(OutcomeUnknown):
    """The time was up before the answer was whole."""


class TooLarge(OutcomeUnknown):
    """The answer is longer than agreed."""


@dataclass(frozen=True)
class Limits:
    """Seconds for a connection, for all of it, and bytes of the answer's body; `follow` redirects of a GET or HEAD."""

    within: float
    largest: int
    connect: float = CONNECT_WITHIN
    follow: int = 0


@dataclass(frozen=True)
class Answer:
    """A whole answer, whatever its status."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


@dataclass(frozen=True)
class _Target:
    scheme: str
    host: str
    port: int
    path: str

    @property
    def origin(self) -> tuple[str, str, int]:
        return self.scheme, self.host, self.port

    @property
    def named(self) -> str:
        """As it stands in the Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"


@dataclass(frozen=True)
class _Order:
    method: str
    body: bytes | Iterable[bytes] | None
    headers: dict[str, str]
    limits: Limits
    until: float

    @property
    def left(self) -> float:
        return self.until - time.monotonic()

    @property
    def patience(self) -> float:
        """Seconds for the next step on the way to a connection."""
        return max(min(self.limits.connect, self.left), 0)

    def for_another_host(self) -> _Order:
        kept = {name: value for name, value in self.headers.items() if name.lower() not in _FOR_ITS_HOST_ONLY}
        return replace(self, headers=kept)


class Outgoing:
    """A client that keeps no connection and no state. `allowed` is `host[:port]`, with commas between, and `configured`
    are addresses from the service's own settings: only these may lie in a private network or on this machine."""

    def __init__(self, allowed: str = "", *configured: str) -> None:
        self._allowed = frozenset(listed(allowed)) | frozenset(_named(url) for url in configured if url)

    def get(self, url: str, limits: Limits, headers: Mapping[str, str] | None = None) -> Answer:
        """`send` for a GET."""
        return self.send("GET", url, limits, headers=headers)

    def send(
        self,
        method: str,
        url: str,
        limits: Limits,
        *,
        body: bytes | Iterable[bytes] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """The answer, once it is whole. A body in pieces needs its Content-Length among the headers; what its source
        raises goes through. Raises Refused, NotReached, OutcomeUnknown, TooSlow, TooLarge."""
        order = _Order(method, body, dict(headers or {}), limits, time.monotonic() + limits.within)
        target = _target(url)
        answer = _exchange(order, target, self._admitted(order, target, hop=False))
        for _hop in range(limits.follow if method in ("GET", "HEAD") else 0):
            place = answer.headers.get("Location") if answer.status in _MOVED else None
            if not place:
                break
            before, target = target, _next_target(target, place)
            if target.origin != before.origin:
                order = order.for_another_host()
            answer = _exchange(order, target, self._admitted(order, target, hop=True))
        return answer

    def _admitted(self, order: _Order, target: _Target, *, hop: bool) -> list[str]:
        """The addresses of the target, all of them admitted. What a redirect names is never inside, however it is
        listed: whoever answers must not choose what we ask in our own network. Raises Refused, NotReached."""
        found = _addresses(target, order.patience)
        verdicts = {judged(address) for address in found}
        listed_here = not hop and not self._allowed.isdisjoint({(target.host, None), (target.host, target.port)})
        if verdicts - {PUBLIC, *([INSIDE] if listed_here else [])}:
            raise Refused("an address that is not public; OUTGOING_ALLOWED can name it")
        return found[:MOST_ADDRESSES]


def listed(allowed: str) -> Iterator[tuple[str, int | None]]:
    """The entries of `host[:port],…`, an IPv6 address in brackets. Raises ValueError."""
    for entry in filter(None, (part.strip() for part in allowed.split(","))):
        try:
            found = parse_url(f"http://{entry}")
        except LocationParseError as error:
            raise ValueError(f"{entry}: not host or host:port") from error
        if not found.host or found.path or found.query or found.auth or "://" in entry:
            raise ValueError(f"{entry}: not host or host:port")
        yield _host(found), found.port


def _named(url: str) -> tuple[str, int | None]:
    target = _target(url)
    return target.host, target.port


def _host(url: Url) -> str:
    return (url.host or "").strip("[]").rstrip(".").lower()


def _target(url: str) -> _Target:
    try:
        found = parse_url(url)
    except LocationParseError as error:
        raise Refused("not an address of the web") from error
    scheme, host = found.scheme or "", _host(found)
    if scheme not in PORTS or not host or "%" in host or found.auth is not None:
        raise Refused("only http and https, a host, and no user in front of it")
    port = found.port if found.port is not None else PORTS[scheme]
    return _Target(scheme, host, port, found.request_uri)


def _next_target(target: _Target, place: str) -> _Target:
    """Where a redirect leads. Raises Refused for one that gives up TLS."""
    host = f"{target.scheme}://{target.named}{target.path}"
    found = _target(urljoin(host, place))
    if target.scheme == "https" and found.scheme != "https":
        raise Refused("a redirect from https to http")
    return found


def _addresses(target: _Target, within: float) -> list[str]:
    """Every address of the name, each once. The system's resolver has no time-out of ours, so that a thread waits for
    it. Raises NotReached."""
    found: list[str] = []
    failed: list[Exception] = []

    def look_up() -> None:
        try:
            answers = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
            found.extend(dict.fromkeys(str(answer[4][0]) for answer in answers))
        except (OSError, UnicodeError) as error:
            failed.append(error)
        finally:
            _looking.release()

    if not _looking.acquire(timeout=max(within, 0)):
        raise NotReached("the resolver is busy")
    thread = threading.Thread(target=look_up, daemon=True, name="look-up")
    thread.start()
    thread.join(max(within, 0))
    if thread.is_alive():
        raise NotReached("the resolver does not answer")
    if failed or not found:
        raise NotReached("no such host") from (failed[0] if failed else None)
    return found


def _exchange(order: _Order, target: _Target, addresses: Iterable[str]) -> Answer:
    connection = _connected(order, target, addresses)
    headers = {"Host": target.named, "Accept-Encoding": "identity", "User-Agent": "pengantar"} | order.headers
    with _closed_when_late(connection, order.left) as late:
        try:
            connection.timeout = max(order.left, 0.001)
            connection.request(
                order.method, target.path, body=order.body, headers=headers, preload_content=False, decode_content=False
            )
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, _body(answer, order.limits.largest, late))
        except (HTTPError, HTTPException, OSError, ValueError) as error:
            if late.is_set() or order.left <= 0:
                raise TooSlow("no whole answer in time") from error
            raise OutcomeUnknown("no whole answer") from error


def _connected(order: _Order, target: _Target, addresses: Iterable[str]) -> HTTPConnection:
    """A connection to the first of the addresses that takes one; TLS for the name, not for the number. Raises
    NotReached."""
    problem: Exception | None = None
    for address in addresses:
        if not (wait := order.patience):
            break
        connection = (
            HTTPSConnection(address, target.port, timeout=wait, server_hostname=target.host, ssl_context=_trust())
            if target.scheme == "https"
            else HTTPConnection(address, target.port, timeout=wait)
        )
        try:
            connection.connect()
            return connection
        except (HTTPError, OSError) as error:
            connection.close()
            problem = error
    reason = "its certificate is not right" if isinstance(problem, ssl.SSLError) else "no connection"
    raise NotReached(reason) from problem


@cache
def _trust() -> ssl.SSLContext:
    """The system's authorities; SSL_CERT_FILE names others."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


@contextmanager
def _closed_when_late(connection: HTTPConnection, left: float) -> Iterator[threading.Event]:
    """Ends the connection at its time, whatever it is doing: a server that drips a byte now and then never lets a
    read time out. The socket is shut beneath TLS, whose own state another thread must not touch."""
    late = threading.Event()
    wire = connection.sock

    def end() -> None:
        late.set()
        try:
            socket.socket.shutdown(wire, socket.SHUT_RDWR)
        except OSError:
            connection.close()

    watch = threading.Timer(max(left, 0), end)
    watch.daemon = True
    watch.start()
    try:
        yield late
    finally:
        watch.cancel()
        connection.close()


def _body(answer: BaseHTTPResponse, largest: int, late: threading.Event) -> bytes:
    """The body as it came. We ask for it as it is; one that is packed all the same is not unpacked."""
    if answer.headers.get("Content-Encoding", "identity").strip().lower() not in ("", "identity"):
        raise OutcomeUnknown("an answer that is packed")
    told = bytearray()
    while piece := answer.read1(65_536):
        told += piece
        if len(told) > largest:
            raise TooLarge("the answer is too long")
    if late.is_set():
        raise TooSlow("no whole answer in time")
    return bytes(told)
