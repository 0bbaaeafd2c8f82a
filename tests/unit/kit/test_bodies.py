"""Bodies that never come hold a thread of a real server only so long, and slow ones that keep coming are taken."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.eventually import eventually

ROOT = Path(__file__).resolve().parents[3]
THREADS = 2
APPLICATION = """
from flask import Flask, jsonify, request
from kit import bodies
from kit.problems import Problem

bodies.GRACE, bodies.RATE, bodies.PIECE = 1.0, 1000.0, 1024
app = Flask(__name__)
app.register_error_handler(Problem, lambda problem: (jsonify(problem.document("id")), problem.status))
app.add_url_rule("/", view_func=lambda: jsonify(len(request.get_data())), methods=["GET", "POST"])
app.wsgi_app = bodies.watched(app.wsgi_app)
"""


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    folder = tmp_path_factory.mktemp("server")
    (folder / "slow_wsgi.py").write_text(APPLICATION)
    with socket.create_server(("127.0.0.1", 0)) as free:
        chosen: int = free.getsockname()[1]
    command = [
        "-m",
        "gunicorn",
        "-k",
        "gthread",
        "--threads",
        str(THREADS),
        "-b",
        f"127.0.0.1:{chosen}",
        "slow_wsgi:app",
    ]
    path = os.pathsep.join([str(ROOT / "services" / "common"), str(folder)])
    process = subprocess.Popen([sys.executable, *command], cwd=folder, env=os.environ | {"PYTHONPATH": path})
    try:
        eventually(lambda: answers(chosen))
        yield chosen
    finally:
        process.terminate()
        process.wait(10)


def answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


class Sender:
    """One request whose body comes by hand."""

    def __init__(self, port: int, *headers: str) -> None:
        self.wire = socket.create_connection(("127.0.0.1", port), timeout=20)
        self.wire.sendall("\r\n".join(["POST / HTTP/1.1", "Host: x", *headers, "", ""]).encode())

    def drip(self, piece: bytes, every: float, seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.wire.sendall(piece)
            time.sleep(every)

    def status(self) -> int:
        return int(self.wire.recv(4096).split()[1])


@pytest.mark.parametrize("headers", [("Content-Length: 50000",), ("Transfer-Encoding: chunked",)])
def test_who_stops_sending_is_answered_408_and_holds_nobody_up(port: int, headers: tuple[str, ...]) -> None:
    stopped = [Sender(port, *headers) for _ in range(THREADS)]
    began = time.monotonic()
    with socket.create_connection(("127.0.0.1", port), timeout=20) as other:
        other.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert other.recv(100).startswith(b"HTTP/1.1 200")
    assert time.monotonic() - began < 5
    assert [one.status() for one in stopped] == [408] * THREADS


def test_who_drips_is_answered_408(port: int) -> None:
    sender = Sender(port, "Content-Length: 50000")
    try:
        sender.drip(b"x", 0.1, 4)
    except OSError:
        return  # answered and closed while we were still sending
    assert sender.status() == 408


def test_who_is_slow_and_goes_on_is_taken(port: int) -> None:
    sender = Sender(port, "Content-Length: 12000")
    sender.drip(b"x" * 1000, 0.25, 2.9)
    assert sender.status() == 200


def test_a_whole_body_is_taken_however_long_the_answer_takes(port: int) -> None:
    sender = Sender(port, "Content-Length: 100000")
    sender.wire.sendall(b"x" * 100_000)
    assert sender.status() == 200
