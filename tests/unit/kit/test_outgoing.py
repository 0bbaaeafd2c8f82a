"""The one way out: where it goes, where it does not, and that no server keeps it, fills it or sends it elsewhere."""

from __future__ import annotations

import gzip
import socket
import ssl
import time
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kit import outgoing
from kit.outgoing import Limits, NotReached, OutcomeUnknown, Outgoing, Refused, TooLarge, TooSlow, listed
from tests.support.certificates import certified
from tests.support.internet import PUBLIC, Conversation, Internet, Server, says, server, tls

LIMITS = Limits(within=2, largest=1000, connect=1)
FOLLOW = Limits(within=2, largest=1000, connect=1, follow=3)
OTHER = "93.184.215.15"


@pytest.fixture
def internet(monkeypatch: pytest.MonkeyPatch) -> Internet:
    made = Internet()
    made.install(monkeypatch)
    return made


@pytest.fixture
def serve() -> Iterator[Callable[..., Server]]:
    running: list[Server] = []

    def begin(talk: Conversation, context: ssl.SSLContext | None = None) -> Server:
        running.append(Server(talk, context))
        return running[-1]

    yield begin
    for one in running:
        one.close()


def public(internet: Internet, name: str, there: Server, address: str = PUBLIC) -> str:
    """The name leads to a public address, behind which is this server."""
    internet.names[name], internet.routes[address] = [[address]], there.port
    return f"http://{name}/"


# ------------------------------------------------------------------------------------------------ where it goes


@pytest.mark.parametrize("inside", ["127.0.0.1", "10.1.2.3", "::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "fd00::1"])
def test_a_name_that_leads_inside_is_refused_unless_it_is_listed(internet: Internet, inside: str) -> None:
    internet.names["hook.example"] = [[inside]]
    with pytest.raises(Refused):
        Outgoing().get("http://hook.example/", LIMITS)
    with pytest.raises(Refused):
        Outgoing("hook.example:8443").get("http://hook.example/", LIMITS)
    assert internet.connected == []
    with server(says(b"ok")) as there:
        internet.routes[inside] = there.port
        for client in (Outgoing("hook.example"), Outgoing("hook.example:80"), Outgoing("", "http://hook.example/x")):
            assert client.get("http://hook.example/", LIMITS).body == b"ok"


@pytest.mark.parametrize("never", ["169.254.169.254", "0.0.0.0", "224.0.0.1", "fe80::1", "::ffff:169.254.169.254"])
def test_metadata_and_what_is_nobodys_is_refused_even_where_the_name_is_listed(internet: Internet, never: str) -> None:
    internet.names["hook.example"] = [[never]]
    with pytest.raises(Refused):
        Outgoing("hook.example").get("http://hook.example/", LIMITS)
    assert internet.connected == []


@pytest.mark.parametrize("host", ["127.0.0.1", "2130706433", "0x7f.1", "127.1", "0177.0.0.1", "[::1]", "localhost"])
def test_every_way_to_write_this_machine_is_refused(host: str, serve: Callable[..., Server]) -> None:
    there = serve(says(b"secret"))
    with pytest.raises((Refused, NotReached)):
        Outgoing().get(f"http://{host}:{there.port}/", LIMITS)
    assert there.asked == []
    assert Outgoing("127.0.0.1").get(f"http://127.0.0.1:{there.port}/", LIMITS).body == b"secret"


def test_one_address_inside_among_public_ones_refuses_the_name(
    internet: Internet, serve: Callable[..., Server]
) -> None:
    there = serve(says(b"ok"))
    url = public(internet, "hook.example", there)
    assert Outgoing().get(url, LIMITS).status == 200
    internet.names["hook.example"] = [[PUBLIC, "127.0.0.1"]]
    with pytest.raises(Refused):
        Outgoing().get(url, LIMITS)


def test_a_name_that_turns_inward_after_it_was_judged_leads_nowhere_else(
    internet: Internet, serve: Callable[..., Server]
) -> None:
    inside, outside = serve(says(b"secret")), serve(says(b"public"))
    internet.names["turn.example"] = [[PUBLIC], ["127.0.0.1"]]
    internet.routes = {PUBLIC: outside.port, "127.0.0.1": inside.port}
    assert Outgoing().get("http://turn.example/", LIMITS).body == b"public"
    assert (internet.looked_up, internet.connected) == (["turn.example"], [PUBLIC])
    with pytest.raises(Refused):  # and the next request is judged by what the name says then
        Outgoing().get("http://turn.example/", LIMITS)
    assert inside.asked == []


def test_the_next_address_of_a_name_is_tried(internet: Internet, serve: Callable[..., Server]) -> None:
    there = serve(says(b"ok"))
    with socket.create_server(("127.0.0.1", 0)) as gone:
        closed = gone.getsockname()[1]
    internet.names["two.example"] = [[OTHER, PUBLIC]]
    internet.routes = {OTHER: closed, PUBLIC: there.port}
    assert Outgoing().get("http://two.example/", LIMITS).body == b"ok"
    assert internet.connected == [OTHER, PUBLIC]


@pytest.mark.parametrize(
    "url",
    [
        "ftp://hook.example/", "file:///etc/passwd", "gopher://hook.example/", "hook.example", "http://", "http:///x",
        "http://user:word@hook.example/", "http://hook.example:99999/", "http://[fe80::1%25lo]/", "",
    ],
)  # fmt: skip
def test_only_http_with_a_host_is_an_address(url: str, internet: Internet) -> None:
    with pytest.raises(Refused):
        Outgoing("hook.example").get(url, LIMITS)
    assert internet.connected == []


def test_the_host_is_named_to_the_server_and_the_body_arrives(internet: Internet, serve: Callable[..., Server]) -> None:
    there = serve(says(b"ok"))
    url = public(internet, "hook.example", there)
    Outgoing().send("POST", f"{url}a?b=c", LIMITS, body=b"{}", headers={"Content-Type": "application/json"})
    head = there.asked[0].decode()
    assert head.startswith("POST /a?b=c HTTP/1.1\r\n")
    assert "\r\nHost: hook.example\r\n" in head and head.endswith("\r\n\r\n{}")


def test_a_body_arrives_in_pieces_and_what_its_source_raises_goes_through(
    internet: Internet, serve: Callable[..., Server]
) -> None:
    class SourceAway(Exception):
        pass

    def breaking() -> Iterator[bytes]:
        yield b"one "
        raise SourceAway

    there = serve(says(b"ok"))
    url = public(internet, "hook.example", there)
    Outgoing().send("POST", url, LIMITS, body=iter([b"one ", b"two"]), headers={"Content-Length": "7"})
    head = there.asked[0].decode()
    assert head.endswith("\r\n\r\none two") and "chunked" not in head
    with pytest.raises(SourceAway):
        Outgoing().send("POST", url, LIMITS, body=breaking(), headers={"Content-Length": "7"})


def test_proxies_of_the_environment_are_ignored(
    internet: Internet, serve: Callable[..., Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    there = serve(says(b"ok"))
    assert Outgoing().get(public(internet, "hook.example", there), LIMITS).body == b"ok"


def test_a_name_that_nobody_has_is_not_reached() -> None:
    with pytest.raises(NotReached):
        Outgoing().get("http://nobody.invalid/", LIMITS)


def test_a_resolver_that_hangs_is_waited_for_only_so_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_m: time.sleep(1.5) or [])
    began = time.monotonic()
    with pytest.raises(NotReached):
        Outgoing().get("http://hook.example/", Limits(within=5, largest=10, connect=0.3))
    assert time.monotonic() - began < 1


def test_the_list_takes_hosts_and_ports_only() -> None:
    assert list(listed("a.example, b.example:8443,[fd00::1]:80,,")) == [
        ("a.example", None), ("b.example", 8443), ("fd00::1", 80),
    ]  # fmt: skip
    for wrong in ("http://a.example", "a.example/x", "a.example:port", "u@a.example"):
        with pytest.raises(ValueError, match="not host"):
            list(listed(wrong))


# --------------------------------------------------------------------------------------------------- redirects


def moved(to: str, status: str = "302 Found") -> Conversation:
    return says(b"", status, f"Location: {to}")


def test_a_redirect_is_an_answer_unless_it_is_to_be_followed(internet: Internet, serve: Callable[..., Server]) -> None:
    last = serve(says(b"arrived"))
    first = serve(moved(public(internet, "last.example", last, OTHER)))
    url = public(internet, "first.example", first)
    assert Outgoing().get(url, LIMITS).status == 302 and last.asked == []
    assert Outgoing().get(url, FOLLOW).body == b"arrived"
    assert Outgoing().send("POST", url, FOLLOW, body=b"x").status == 302


@pytest.mark.parametrize("listed_too", ["", "127.0.0.1,inside.example"])
@pytest.mark.parametrize("host", ["127.0.0.1", "inside.example"])
def test_a_redirect_never_leads_inside_however_it_is_listed(
    internet: Internet, serve: Callable[..., Server], host: str, listed_too: str
) -> None:
    inside = serve(says(b"secret"))
    internet.names["inside.example"] = [["127.0.0.1"]]
    url = public(internet, "first.example", serve(moved(f"http://{host}:{inside.port}/")))
    with pytest.raises(Refused):
        Outgoing(listed_too).get(url, FOLLOW)
    assert inside.asked == []


def test_a_redirect_keeps_what_proves_us_from_another_host(internet: Internet, serve: Callable[..., Server]) -> None:
    last = serve(says(b"arrived"))
    first = serve(moved(public(internet, "last.example", last, OTHER)))
    url = public(internet, "first.example", first)
    Outgoing().get(url, FOLLOW, {"Authorization": "Bearer x", "Accept": "text/plain"})
    assert b"Authorization: Bearer x" in first.asked[0]
    assert b"Authorization" not in last.asked[0] and b"Accept: text/plain" in last.asked[0]


def test_redirects_end(internet: Internet, serve: Callable[..., Server]) -> None:
    there = serve(moved("/again"))
    assert Outgoing().get(public(internet, "first.example", there), FOLLOW).status == 302
    assert len(there.asked) == FOLLOW.follow + 1


# ---------------------------------------------------------------------------------------------- time and size


def trickle(head: bytes, pieces: Iterator[bytes] | None = None, every: float = 0.1) -> Conversation:
    """A little at a time, for ever."""

    def talk(line: socket.socket, _asked: bytes) -> None:
        line.sendall(head)
        for _ in range(100):
            line.sendall(b" ")
            time.sleep(every)

    return talk


def endless(line: socket.socket, _asked: bytes) -> None:
    line.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        line.sendall(b"x" * 65_536)


def chunks_without_end(line: socket.socket, _asked: bytes) -> None:
    line.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        line.sendall(b"400\r\n" + b"x" * 1024 + b"\r\n")


def many_headers(line: socket.socket, _asked: bytes) -> None:
    line.sendall(b"HTTP/1.1 200 OK\r\n")
    while True:
        line.sendall(b"X-More: " + b"x" * 10_000 + b"\r\n")


def one_long_header(line: socket.socket, _asked: bytes) -> None:
    line.sendall(b"HTTP/1.1 200 OK\r\nX-Long: ")
    while True:
        line.sendall(b"x" * 65_536)


def continues(line: socket.socket, _asked: bytes) -> None:
    while True:
        line.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        time.sleep(0.01)


HOSTILE: dict[str, tuple[Conversation, type[Exception]]] = {
    "silent": (lambda _line, _asked: time.sleep(5), TooSlow),
    "a slow body": (trickle(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n"), TooSlow),
    "a slow body without a length": (trickle(b"HTTP/1.1 200 OK\r\n\r\n"), TooSlow),
    "slow headers": (trickle(b"HTTP/1.1 200 OK\r\nX-Slow: "), TooSlow),
    "continue for ever": (continues, TooSlow),
    "endless": (endless, TooLarge),
    "chunks without end": (chunks_without_end, TooLarge),
    "a length beyond the limit": (says(b"x" * 1001), TooLarge),
    "many headers": (many_headers, OutcomeUnknown),
    "one long header": (one_long_header, OutcomeUnknown),
    "a packed answer": (says(gzip.compress(b"0" * 50_000_000), "200 OK", "Content-Encoding: gzip"), OutcomeUnknown),
    "cut short": (lambda line, _asked: line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx"), OutcomeUnknown),
    "nothing": (lambda _line, _asked: None, OutcomeUnknown),
    "no HTTP": (lambda line, _asked: line.sendall(b"220 smtp.example ESMTP\r\n"), OutcomeUnknown),
    "a broken chunk": (
        lambda line, _asked: line.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nx"),
        OutcomeUnknown,
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", HOSTILE)
def test_no_server_keeps_us_or_fills_us(internet: Internet, serve: Callable[..., Server], what: str) -> None:
    talk, error = HOSTILE[what]
    url = public(internet, "hostile.example", serve(talk))
    limits = Limits(within=1, largest=1000, connect=1)
    tracemalloc.start()
    began = time.monotonic()
    try:
        with pytest.raises(error) as caught:
            Outgoing().send("POST", url, limits, body=b"order")
        took, (_, peak) = time.monotonic() - began, tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert took < 2 and peak < 8_000_000
    assert type(caught.value) is error and "hostile" not in str(caught.value)


@pytest.mark.parametrize(
    "talk",
    [
        says(b"x" * 1000),
        trickle(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"),
        lambda line, _asked: line.sendall(b"HTTP/1.1 200 OK\r\n\r\nup to the end"),
        lambda line, _asked: line.sendall(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
        ),
        says(b"no", "500 Internal Server Error"),
    ],
)
def test_what_keeps_to_the_limits_is_taken_whole(
    internet: Internet, serve: Callable[..., Server], talk: Conversation
) -> None:
    got = Outgoing().get(public(internet, "good.example", serve(talk)), LIMITS)
    assert got.body in (b"x" * 1000, b" " * 5, b"up to the end", b"abcde", b"no")
    assert got.status == (500 if got.body == b"no" else 200)


def test_a_server_that_does_not_read_the_request_costs_the_time_and_no_more(internet: Internet) -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        internet.names["deaf.example"], internet.routes[PUBLIC] = [[PUBLIC]], deaf.getsockname()[1]
        began = time.monotonic()
        with pytest.raises(TooSlow):
            Outgoing().send("POST", "http://deaf.example/", Limits(1, 10), body=b"x" * 50_000_000)
        assert time.monotonic() - began < 2


# ----------------------------------------------------------------------------------------------------------- TLS


@pytest.fixture
def trusting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[bytes], None]]:
    """Names a certificate that is trusted, as an operator does."""

    def trust(certificate: bytes) -> None:
        (tmp_path / "trusted.pem").write_bytes(certificate)
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "trusted.pem"))
        outgoing._trust.cache_clear()

    yield trust
    outgoing._trust.cache_clear()


@pytest.mark.parametrize("host, days, trusted, reached", [
    ("tls.example", 1, True, True),
    ("tls.example", 1, False, False),
    ("tls.example", -1, True, False),
    ("other.example", 1, True, False),
])  # fmt: skip
def test_the_certificate_is_checked_for_the_name_and_not_for_the_address(
    internet: Internet, serve: Callable[..., Server], trusting: Callable[[bytes], None], tmp_path: Path,
    host: str, days: int, trusted: bool, reached: bool,
) -> None:  # fmt: skip
    certificate, key = certified(host, days)
    context = tls(tmp_path, certificate, key)
    named: list[str | None] = []
    context.sni_callback = lambda _line, name, _context: named.append(name)
    there = serve(says(b"ok"), context)
    public(internet, "tls.example", there)
    trusting(certificate if trusted else certified("nobody.example")[0])
    if reached:
        assert Outgoing().get("https://tls.example/", LIMITS).body == b"ok"
    else:
        with pytest.raises(NotReached, match="certificate"):
            Outgoing().send("POST", "https://tls.example/", LIMITS, body=b"order")
        assert there.asked == [], "the order never left"
    assert named == ["tls.example"]


def test_a_redirect_does_not_give_up_tls(
    internet: Internet, serve: Callable[..., Server], trusting: Callable[[bytes], None], tmp_path: Path
) -> None:
    plain = serve(says(b"plain"))
    certificate, key = certified("tls.example")
    trusting(certificate)
    public(
        internet,
        "tls.example",
        serve(moved(public(internet, "plain.example", plain, OTHER)), tls(tmp_path, certificate, key)),
    )
    with pytest.raises(Refused):
        Outgoing().get("https://tls.example/", FOLLOW)
    assert plain.asked == []


def test_an_answer_that_drips_inside_tls_ends_too(
    internet: Internet, serve: Callable[..., Server], trusting: Callable[[bytes], None], tmp_path: Path
) -> None:
    certificate, key = certified("tls.example")
    trusting(certificate)
    public(internet, "tls.example", serve(trickle(b"HTTP/1.1 200 OK\r\nX-Slow: "), tls(tmp_path, certificate, key)))
    began = time.monotonic()
    with pytest.raises(TooSlow):
        Outgoing().get("https://tls.example/", Limits(1, 100))
    assert time.monotonic() - began < 2


def test_a_handshake_that_drips_ends_at_the_time_for_a_connection(internet: Internet) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        internet.names["tls.example"], internet.routes[PUBLIC] = [[PUBLIC]], mute.getsockname()[1]
        began = time.monotonic()
        with pytest.raises(NotReached):
            Outgoing().get("https://tls.example/", Limits(5, 100, connect=0.5))
        assert time.monotonic() - began < 2
