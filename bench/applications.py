"""P1: accepted applications. P2: applications with four scans. Both through gunicorn, as `make run` starts it."""

from __future__ import annotations

import io
import itertools
import json
import os
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy
import psycopg2
import psycopg2.extras
import requests
from PIL import Image

from bench.measure import CLIENTS, Caller, Result, interleave, per_second
from deploy.local.stack import Stack
from deploy.token import token_for

_serial = itertools.count(1)
_BODY_LENGTHS = {"people": 900, "outbox": 1900, "idempotency": 5200}

BARE = """
from flask import Flask, request
app = Flask("bare")
@app.post("/json")
def take_json():
    return {"read": len(request.get_data())}
@app.post("/file")
def take_file():
    return {"read": len(request.files["file"].read())}
"""


def application() -> bytes:
    """A request with a NIK that nobody sent before."""
    number = next(_serial)
    nik = f"1671{10 + number // 9999 % 8:02d}{1 + number // 79992 % 28:02d}0190{1 + number % 9999:04d}"
    return json.dumps(
        {
            "service": "KTP", "reason": "lost", "intended_duplicate": True,
            "applicant": {
                "name": "Cek Mat", "nik": nik, "birth_place": "Palembang", "birth_date": "1990-01-01", "sex": "L",
                "address": "Jalan Pasar Bukit Nomor 7", "rt": "023", "rw": "005",
            },
            "contact": {"name": "Cek Mat", "phone": "0821-7777-1234"},
        }
    ).encode()  # fmt: skip


def caller(stack: Stack) -> Caller:
    token = token_for(stack.token_key_file.read_text("ascii"), "applicant")
    return Caller(stack.urls["intake"], {"Authorization": f"Bearer {token}", "Content-Type": "application/json"})


def p1(stack: Stack, *, seconds: float, rounds: int) -> Result:
    """÷ raw psycopg2 transactions that leave the same rows, 8 connections, a commit each."""
    ours = caller(stack)
    connections = [psycopg2.connect(stack.database_url("intake")) for _ in range(CLIENTS)]
    psycopg2.extras.register_uuid()

    def accept(client: int) -> None:
        ours.post(client, "/v1/applications", application(), Idempotency_Key=str(uuid.uuid4()))

    result = interleave(
        "P1 accepted applications/s ÷ raw transactions/s",
        lambda: per_second(accept, seconds),
        lambda: per_second(lambda client: _raw(connections[client]), seconds),
        rounds=rounds, goal=0.30, unit="applications/s",
    )  # fmt: skip
    for connection in connections:
        connection.close()
    return result


def _raw(connection: Any) -> None:
    """The rows that one accepted application leaves, written by hand."""
    case, person, event = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
    text = {name: "x" * size for name, size in _BODY_LENGTHS.items()}
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.tenant', '16.71.10.1001', true)")
        cursor.execute(
            "INSERT INTO people (id, kelurahan, nik_index, sealed) VALUES (%s, '16.71.10.1001', %s, %s)",
            [person, person.bytes * 2, text["people"]],
        )
        cursor.execute(
            "INSERT INTO application (id, kelurahan, tracking_code, service, sop_version, status, channel, owner, rw,"
            " rt, person_id, nik_index, intended_duplicate, opened_at, changed_at, due_at)"
            " VALUES (%s, '16.71.10.1001', %s, 'KTP', 1, 'draft', 'http', 'bench', '005', '023', %s, %s, true,"
            " now(), now(), now())",
            [case, f"raw-{case}", person, person.bytes * 2],
        )
        cursor.execute(
            "INSERT INTO timeline (kelurahan, application_id, at, status, event, by_role)"
            " VALUES ('16.71.10.1001', %s, now(), 'draft', 'opened', 'applicant')",
            [case],
        )
        cursor.execute("INSERT INTO subject_sequence (subject, last) VALUES (%s, 1)", [str(case)])
        cursor.execute(
            "INSERT INTO outbox (event_id, type, version, subject, sequence, tenant, time, data, published_at)"
            " VALUES (%s, 'application.opened', 1, %s, 1, '16.71.10.1001', now(), %s, now())",
            [event, str(case), text["outbox"]],
        )
        cursor.execute(
            "INSERT INTO idempotency (caller, route, key, fingerprint, status, headers, body)"
            " VALUES ('raw', 'POST /v1/applications', %s, %s, 201, '{}', %s)",
            [str(event), event.bytes * 2, text["idempotency"]],
        )


def p2(stack: Stack, *, seconds: float, rounds: int) -> Result:
    """÷ bare Flask handlers behind the same gunicorn settings that only read the same requests."""
    scans = [_scan(number) for number in range(4)]
    ours = caller(stack)
    with _bare_flask() as base:
        bare = Caller(base, {"Content-Type": "application/json"})

        def accept(client: int) -> None:
            made = json.loads(ours.post(client, "/v1/applications", application(), Idempotency_Key=str(uuid.uuid4())))
            for requirement, scan in zip(("KK", "SURAT_KEHILANGAN", "PAS_FOTO", "KK"), scans, strict=True):
                kind, body = _form(requirement, scan)
                ours.post(client, f"/v1/applications/{made['id']}/files", body, Content_Type=kind)

        def read(client: int) -> None:
            bare.post(client, "/json", application())
            for scan in scans:
                kind, body = _form("KK", scan)
                bare.post(client, "/file", body, Content_Type=kind)

        return interleave(
            "P2 applications with four 512 KB scans/s ÷ bare Flask reading them",
            lambda: per_second(accept, seconds),
            lambda: per_second(read, seconds),
            rounds=rounds, goal=0.35, unit="applications/s",
        )  # fmt: skip


def _scan(seed: int) -> bytes:
    """A JPEG of about 512 KB."""
    noise = numpy.random.default_rng(seed).integers(0, 256, (700, 1000, 3), dtype=numpy.uint8)
    buffer = io.BytesIO()
    Image.fromarray(noise).save(buffer, "JPEG", quality=60)
    return buffer.getvalue()


def _form(requirement: str, scan: bytes) -> tuple[str, bytes]:
    boundary = uuid.uuid4().hex
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="requirement"\r\n\r\n{requirement}\r\n--{boundary}\r\n'
        'Content-Disposition: form-data; name="file"; filename="a.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
    )
    # Other bytes each time: the same scan again would be the same file.
    unique = scan[:-2] + b"\xff\xfe\x00\x12" + boundary[:16].encode() + b"\xff\xd9"
    return f"multipart/form-data; boundary={boundary}", head.encode() + unique + f"\r\n--{boundary}--\r\n".encode()


@contextmanager
def _bare_flask() -> Iterator[str]:
    port = 31_990
    folder = os.path.join(os.environ.get("TMPDIR", "/tmp"), f"bare-{os.getpid()}")
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "bare.py"), "w", encoding="ascii") as file:
        file.write(BARE)
    command = [
        sys.executable, "-m", "gunicorn", "--chdir", folder, "-k", "gthread", "--threads", "64", "-w", "1",
        "-b", f"127.0.0.1:{port}", "--keep-alive", "15", "--log-level", "error", "bare:app",
    ]  # fmt: skip
    process = subprocess.Popen(command)
    try:
        base = f"http://127.0.0.1:{port}"
        for _ in range(100):
            try:
                requests.post(f"{base}/json", data=b"x", timeout=1)
                break
            except requests.ConnectionError:
                time.sleep(0.1)
        yield base
    finally:
        process.terminate()
        process.wait(timeout=20)
