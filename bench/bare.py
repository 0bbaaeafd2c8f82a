"""The other sides: handlers that do the least, behind gunicorn as ours are."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psycopg2
from flask import Flask, request

from deploy.local.ports import is_free
from deploy.local.stack import Stack

_ROOT = Path(__file__).parent.parent

app = Flask("bare")
_own = threading.local()


@app.post("/v1/applications")
def take_json() -> tuple[dict[str, int], int]:
    """Reads the body."""
    return {"read": len(request.get_data())}, 201


@app.post("/v1/applications/files")
def take_file() -> tuple[dict[str, int], int]:
    """Reads the form and the file."""
    return {"read": len(request.form["requirement"]) + len(request.files["file"].read())}, 201


@app.post("/webhook")
def take_webhook() -> tuple[str, int]:
    """Checks the signature and inserts the body, each thread on a connection of its own."""
    body = request.get_data()
    right = hmac.new(os.environ["BENCH_SECRET"].encode(), body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(request.headers.get("X-Hub-Signature-256", ""), f"sha256={right}"):
        return "", 401
    if not hasattr(_own, "connection"):
        _own.connection = psycopg2.connect(os.environ["BENCH_DATABASE"])
    with _own.connection, _own.connection.cursor() as cursor:
        cursor.execute("INSERT INTO bench_webhook (body) VALUES (%s)", [body])
    return "", 200


@contextmanager
def serving(stack: Stack, more: Mapping[str, str] | None = None) -> Iterator[str]:
    """The base URL of these handlers, with as many processes and threads as a service of the stack has; `more` is
    added to their environment."""
    settings = stack.env("intake")
    port = next(port for port in range(31_900, 31_999) if is_free(port))
    command = [
        sys.executable, "-m", "gunicorn", "-k", "gthread", "-w", settings["WEB_PROCESSES"],
        "--threads", settings["WEB_THREADS"], "--keep-alive", "15", "--log-level", "error",
        "--no-control-socket", "-b", f"127.0.0.1:{port}", "bench.bare:app",
    ]  # fmt: skip
    process = subprocess.Popen(command, cwd=_ROOT, env=os.environ | (more or {}))
    try:
        _wait_for(port, process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    ends = time.monotonic() + 15
    while time.monotonic() < ends and process.poll() is None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
        try:
            connection.request("POST", "/v1/applications", b"x")
            connection.getresponse()
            return
        except OSError:
            time.sleep(0.05)
        finally:
            connection.close()
    raise RuntimeError("the bare handlers did not start")
