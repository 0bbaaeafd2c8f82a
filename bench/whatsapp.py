"""Webhooks accepted ÷ a bare handler that checks the signature and does one insert; and messages sent in a second."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import itertools
import json
import statistics
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import psycopg2

from bench.bare import serving
from bench.clients import Clients, Work, clients
from bench.measure import Figures, Result, interleave
from bench.settle import Settling
from deploy.local.stack import Stack

SECRET, NUMBER = "a made-up secret of the app", "100200300400"
KELURAHAN = "16.71.10.1001"
GOAL = 0.5
_SENDERS = 5_000
_BARE_TABLE = "CREATE TABLE IF NOT EXISTS bench_webhook (id bigint GENERATED ALWAYS AS IDENTITY, body bytea NOT NULL)"
_TOOK = 4
"""Threads of which each tells how long its requests took."""


def run(*, seconds: float, rounds: int, burst: int, within: float) -> list[Result | Figures]:
    """Both sides on one database server, behind gunicorn with the same processes and threads; every worker runs."""
    with _gateway() as (gateway, taken), Stack("bench_whatsapp", quiet=True, environment=_channel(gateway)) as stack:
        database = stack.superuser_url("notify")
        with closing(psycopg2.connect(database)) as connection, connection, connection.cursor() as cursor:
            cursor.execute(_BARE_TABLE)
        environment = {"BENCH_DATABASE": database, "BENCH_SECRET": SECRET}
        with serving(stack, environment) as bare, clients() as eight:
            webhooks = _webhooks(stack, eight, bare, seconds, rounds, within)
        return [*webhooks, _sent(stack, taken, burst)]


def _channel(gateway: str) -> dict[str, str]:
    return {
        "CHANNEL": "whatsapp,mailbox",
        "WHATSAPP_URL": gateway,
        "WHATSAPP_TOKEN": "made-up",
        "WHATSAPP_APP_SECRET": SECRET,
        "WHATSAPP_VERIFY_TOKEN": "made-up",
        "WHATSAPP_NUMBERS": f"{NUMBER}={KELURAHAN}",
        "WHATSAPP_PER_SECOND": "1000",
    }


def _webhooks(
    stack: Stack, clients: Clients, bare: str, seconds: float, rounds: int, within: float
) -> list[Result | Figures]:
    """Rate and time of an answer in the same rounds: what the words of a round set going in four services takes longer
    than the round, and is waited for."""
    settling = Settling(stack, within=within)
    sides = {"ours": (stack.urls["notify"], "/v1/whatsapp/webhook"), "bare": (bare, "/webhook")}
    slowest: dict[str, list[float]] = {name: [] for name in sides}

    def side(name: str) -> Callable[[], float]:
        def measured() -> float:
            figure = clients.per_second(accept, sides[name], seconds)
            slowest[name].append(_p99(*sides[name], seconds / 2))
            settling.wait()
            return figure

        return measured

    both = [side(name) for name in sides]
    for warm_up in both:
        warm_up()
    slowest.update({name: [] for name in sides})
    mine, others = interleave(both, rounds)
    return [
        Result("webhooks accepted ÷ bare handlers with one insert", "per second", GOAL, mine, others,
               notes=["one message of a person in each, eight clients", settling.note()]),
        Figures("99 of 100 webhooks are answered within", "ms", slowest, notes=[f"{_TOOK} clients at once"]),
    ]  # fmt: skip


def accept(client: int, base_url: str, path: str) -> Work:
    """A client that delivers one message after another."""
    address = urlsplit(base_url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=30)
    connection.connect()
    numbers = itertools.count(client)

    def work() -> None:
        body, headers = delivery(next(numbers))
        connection.request("POST", path, body, headers)
        answer = connection.getresponse()
        said = answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"{path}: {answer.status} {said[:200]!r}")

    return work


def delivery(number: int) -> tuple[bytes, dict[str, str]]:
    """A webhook with one text of one of many people, and its headers."""
    phone = f"62812{number * 7919 % _SENDERS:07d}"
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "6271100000000", "phone_number_id": NUMBER},
        "contacts": [{"profile": {"name": "Cek Mat"}, "wa_id": phone}],
        "messages": [
            {
                "from": phone, "id": f"wamid.{uuid.uuid4().hex}", "timestamp": str(int(time.time())), "type": "text",
                "text": {"body": "sudah sampai mana?"},
            }
        ],
    }  # fmt: skip
    event = {
        "object": "whatsapp_business_account",
        "entry": [{"id": "1", "changes": [{"field": "messages", "value": value}]}],
    }
    body = json.dumps(event).encode()
    signed = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    return body, {"Content-Type": "application/json", "X-Hub-Signature-256": f"sha256={signed}"}


def _p99(base_url: str, path: str, seconds: float) -> float:
    """Milliseconds within which 99 of 100 are answered."""
    took: list[float] = []
    ends = time.monotonic() + seconds

    def deliver(client: int) -> None:
        work = accept(client, base_url, path)
        while (began := time.monotonic()) < ends:
            work()
            took.append((time.monotonic() - began) * 1000)

    threads = [threading.Thread(target=deliver, args=[1_000_000 * (n + 1)]) for n in range(_TOOK)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return statistics.quantiles(took, n=100)[98]


def _sent(stack: Stack, taken: list[float], burst: int) -> Figures:
    """Answers of the office to as many people: from the first to the last that the gateway got."""
    del taken[:]
    work = accept(2_000_000, stack.urls["notify"], "/v1/whatsapp/webhook")
    began = time.monotonic()
    for _ in range(burst):
        work()
    ends = time.monotonic() + 120
    while len(taken) < burst and time.monotonic() < ends:
        time.sleep(0.1)
    if len(taken) < 2:
        raise RuntimeError("nothing was sent")
    rate = (len(taken) - 1) / (max(taken) - min(taken))
    whole = len(taken) / (max(taken) - began)
    return Figures(
        "messages sent", "per second", {"by the gateway's clock": [rate], "from the first webhook on": [whole]},
        notes=[f"{len(taken)} answers to {burst} people, through two services and the broker"],
    )  # fmt: skip


@contextmanager
def _gateway() -> Iterator[tuple[str, list[float]]]:
    """A server that takes every message at once; when it did."""
    taken: list[float] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            taken.append(time.monotonic())
            said = json.dumps({"messages": [{"id": f"wamid.{uuid.uuid4().hex}"}]}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_arguments: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", taken
    finally:
        server.shutdown()
        thread.join()
