"""Stands in for a time-stamping authority (RFC 3161), on a loopback port: really stamps, with a made-up certificate."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from asn1crypto import keys, tsp
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps import DummyTimeStamper

REPLY = "application/timestamp-reply"


class StandIn(ThreadingHTTPServer):
    """`behave` says what the next requests meet: one of BEHAVIOURS; `asked` counts those that came."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.behave = "stamp"
        self.asked = 0
        self.certificate, key = _certified("Otoritas Waktu Contoh")
        other, _ = _certified("Otoritas Waktu Contoh")
        self.stamper = DummyTimeStamper(self.certificate, key)
        self.forger = DummyTimeStamper(other, key)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/"


def _certified(name: str) -> tuple[asn1.Certificate, keys.PrivateKeyInfo]:
    key = rsa.generate_private_key(65537, 2048)
    subject, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]), datetime.now(UTC)
    made = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=365))
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .sign(key, SHA256())
    )
    raw = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return asn1.Certificate.load(made.public_bytes(Encoding.DER)), keys.PrivateKeyInfo.load(raw)


class _Handler(BaseHTTPRequestHandler):
    server: StandIn

    def log_message(self, *_: Any) -> None:
        """Says nothing."""

    def do_POST(self) -> None:
        request = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked += 1
        BEHAVIOURS[self.server.behave](self, request)

    def stamp(self, request: tsp.TimeStampReq) -> None:
        self.answer(self.server.stamper.request_tsa_response(request).dump())

    def stamp_something_else(self, request: tsp.TimeStampReq) -> None:
        request["message_imprint"]["hashed_message"] = b"\0" * 32
        self.stamp(request)

    def forge(self, request: tsp.TimeStampReq) -> None:
        """With a key that is not the certificate's."""
        self.answer(self.server.forger.request_tsa_response(request).dump())

    def replay(self, request: tsp.TimeStampReq) -> None:
        request["nonce"] = 1
        self.stamp(request)

    def refuse(self, _: tsp.TimeStampReq) -> None:
        status = {"status": "rejection", "status_string": ["sedang tutup"]}
        self.answer(tsp.TimeStampResp({"status": tsp.PKIStatusInfo(status)}).dump())

    def cut(self, _: tsp.TimeStampReq) -> None:
        self.connection.close()

    def hang(self, _: tsp.TimeStampReq) -> None:
        time.sleep(5)

    def drip(self, _: tsp.TimeStampReq) -> None:
        """Never silent for long, and never done."""
        self._head(200, REPLY, 1000)
        for _second in range(20):
            self.wfile.write(b"\0")
            self.wfile.flush()
            time.sleep(0.25)

    def flood(self, _: tsp.TimeStampReq) -> None:
        self.answer(b"\x30" * 5_000_000)

    def answer(self, body: bytes, status: int = 200, media_type: str = REPLY) -> None:
        self._head(status, media_type, len(body))
        self.wfile.write(body)

    def _head(self, status: int, media_type: str, length: int) -> None:
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(length))
        self.end_headers()


BEHAVIOURS: Mapping[str, Callable[[_Handler, tsp.TimeStampReq], None]] = {
    "stamp": _Handler.stamp,
    "something else": _Handler.stamp_something_else,
    "forged": _Handler.forge,
    "replayed": _Handler.replay,
    "refused": _Handler.refuse,
    "cut": _Handler.cut,
    "hanging": _Handler.hang,
    "dripping": _Handler.drip,
    "flood": _Handler.flood,
    "rubbish": lambda to, _: to.answer(b"bukan stempel waktu"),
    "nothing": lambda to, _: to.answer(b""),
    "a page": lambda to, _: to.answer(b"<html>", media_type="text/html"),
    "an error": lambda to, _: to.answer(b"", 500),
}
