"""What the clients send: made-up applications, each with a NIK of its own, and scans."""

from __future__ import annotations

import io
import itertools
import json
import uuid
from functools import cache

JSON = "application/json"
SCANS = ("KK", "KTP_LAMA", "SURAT_KEHILANGAN", "PAS_FOTO")
SCAN_BYTES = 512 * 1024
_YEARS, _MONTHS, _DAYS, _SERIALS = 40, 12, 28, 9999
_SPAN = _YEARS * _MONTHS * _DAYS * _SERIALS // 16
_numbers: dict[int, itertools.count[int]] = {}


def application(client: int) -> bytes:
    """A request whose NIK nobody sent before (it goes on from round to round) and whose birth date agrees with it."""
    number = next(_numbers.setdefault(client, itertools.count(client * _SPAN)))
    number, serial = divmod(number, _SERIALS)
    number, day = divmod(number, _DAYS)
    year, month = divmod(number, _MONTHS)
    born = f"19{60 + year % _YEARS:02d}-{month + 1:02d}-{day + 1:02d}"
    nik = f"167110{born[8:]}{born[5:7]}{born[2:4]}{serial + 1:04d}"
    return json.dumps(
        {
            "service": "KTP",
            "reason": "lost",
            "applicant": {
                "name": "Cek Mat", "nik": nik, "birth_place": "Palembang", "birth_date": born, "sex": "L",
                "address": "Jalan Pasar Bukit Nomor 7", "rt": "023", "rw": "005",
            },
            "contact": {"name": "Cek Mat", "phone": "0821-7777-1234"},
        }
    ).encode()  # fmt: skip


@cache
def scan(seed: int) -> bytes:
    """A page at 150 dots per inch with grain, a JPEG of about 512 KB."""
    import numpy
    from PIL import Image

    grain = numpy.random.default_rng(seed).normal(225, 14, (1754, 1240, 3))
    page = Image.fromarray(numpy.clip(grain, 0, 255).astype(numpy.uint8))
    best = b""
    low, high = 5, 95
    while low <= high:
        quality = (low + high) // 2
        buffer = io.BytesIO()
        page.save(buffer, "JPEG", quality=quality)
        made = buffer.getvalue()
        if abs(len(made) - SCAN_BYTES) < abs(len(best) - SCAN_BYTES):
            best = made
        low, high = (quality + 1, high) if len(made) < SCAN_BYTES else (low, quality - 1)
    return best


def form(requirement: str, picture: bytes) -> tuple[str, bytes]:
    """(content type, body) of one upload. A JPEG comment makes each picture another: the same bytes are one file."""
    boundary = uuid.uuid4().hex
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="requirement"\r\n\r\n{requirement}\r\n--{boundary}\r\n'
        'Content-Disposition: form-data; name="file"; filename="foto.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
    )
    unique = picture[:2] + b"\xff\xfe\x00\x22" + boundary.encode() + picture[2:]
    body = b"".join((head.encode(), unique, f"\r\n--{boundary}--\r\n".encode()))
    return f"multipart/form-data; boundary={boundary}", body
