"""Is this process alive, and can it do its work now?"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, generate_latest

Check = Callable[[], bool]


@dataclass(frozen=True)
class Report:
    ready: bool
    body: dict[str, Any]


Readiness = Callable[[], Report]


def readiness(
    checks: Mapping[str, Check],
    offset: Callable[[], timedelta],
    figures: Mapping[str, Callable[[], dict[str, Any] | None]] | None = None,
) -> Readiness:
    """Ready when every check holds. The report shows how far the business clock is ahead, and the figures."""

    def report() -> Report:
        found = {name: check() for name, check in checks.items()}
        ready = all(found.values())
        body = {
            "status": "ready" if ready else "not ready",
            "checks": found,
            "clock_offset_seconds": offset().total_seconds(),
        } | {name: figure() for name, figure in (figures or {}).items()}
        return Report(ready, body)

    return report


def serve(address: str, live: Check, ready: Readiness) -> ThreadingHTTPServer:
    """Answers /health/live, /health/ready and /metrics for a process that serves nothing else."""

    class Handler(BaseHTTPRequestHandler):
        timeout = 10

        def do_GET(self) -> None:
            if self.path == "/health/live":
                alive = live()
                self._send(200 if alive else 503, json.dumps({"status": "live" if alive else "stuck"}))
            elif self.path == "/health/ready":
                report = ready()
                self._send(200 if report.ready else 503, json.dumps(report.body))
            elif self.path == "/metrics":
                self._send(200, generate_latest(REGISTRY).decode(), CONTENT_TYPE_LATEST)
            else:
                self._send(404, "{}")

        def _send(self, status: int, body: str, content_type: str = "application/json") -> None:
            self.send_response_only(status)  # without the banner that names Python and its version
            self.send_header("Content-Type", content_type)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, format: str, *args: Any) -> None:
            """Health checks are not worth a line each."""

    host, _, port = address.rpartition(":")
    server = ThreadingHTTPServer((host, int(port)), Handler)
    server.daemon_threads = True
    Thread(target=server.serve_forever, name="health", daemon=True).start()
    return server
