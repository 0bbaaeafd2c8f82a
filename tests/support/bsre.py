"""Stands in for the BSrE's signing service (version 2), on a loopback port: really signs, with a made-up certificate.

Shapes as in secondary sources: `POST /api/v2/sign/pdf` with HTTP basic authentication, JSON in and out.
"""

from __future__ import annotations

import base64
import json
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from deploy.demo import certificates
from documents.signing.certificates import open_signer
from documents.signing.pades import sign

USER, PASSWORD, NIK, PASSPHRASE = "kantor", "rahasia-kantor", "1671104107800002", "frasa bsre"


class StandIn(ThreadingHTTPServer):
    """`behave` says what the next orders meet: sign, slow, drip, cut, broken, busy, other, echo; `orders` are
    those that came."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.behave = "sign"
        self.orders: list[dict[str, Any]] = []
        self.psre = certificates.authority()
        self.signer = open_signer(certificates.signer("Lurah Contoh", by=self.psre), certificates.PASSPHRASE)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: StandIn

    def log_message(self, *_: Any) -> None:
        """Says nothing."""

    def do_POST(self) -> None:
        order = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        expected = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        if self.path != "/api/v2/sign/pdf" or self.headers["Authorization"] != f"Basic {expected}":
            return self._answer(401, {"message": "Unauthorized"})
        if self.server.behave == "echo":
            return self._answer(400, {"message": f"Frasa {order['passphrase']} tidak dikenal"})
        if (order["nik"], order["passphrase"]) != (NIK, PASSPHRASE):
            return self._answer(400, {"message": f"Passphrase anda salah untuk {order['nik']}"})
        self.server.orders.append(order)
        behave = self.server.behave
        if behave == "cut":
            return self.connection.close()
        if behave == "broken":
            return self._answer(500, {"message": "Internal error"})
        if behave == "busy":  # as a proxy says it, whatever became of the order behind it
            return self._answer(429, {"message": "Too many requests"})
        if behave == "drip":
            return self._drip()
        if behave == "slow":
            time.sleep(3)
        sheet = base64.b64decode(order["file"][0])
        signed = (
            b"%PDF-1.7 another"
            if behave == "other"
            else sign(sheet, self.server.signer, place="Palembang", reason="uji", tsa_url=None)
        )
        return self._answer(200, {"time": 900, "file": [base64.b64encode(signed).decode()]})

    def _drip(self) -> None:
        """An answer that comes a byte at a time and would take minutes."""
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        try:
            for _ in range(1000):
                self.wfile.write(b" ")
                time.sleep(0.2)
        except OSError:
            self.close_connection = True

    def _answer(self, status: int, body: dict[str, Any]) -> None:
        told = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)
