"""P2: accepted applications with four 512 KB scans ÷ bare Flask handlers that only read the same requests."""

from __future__ import annotations

import json
import uuid

from bench import payloads
from bench.bare import serving
from bench.clients import Caller, Clients, Work
from bench.measure import Result, interleave
from bench.p1 import open_case
from bench.settle import Settling
from deploy.local.stack import Stack
from deploy.token import token_for


def run(stack: Stack, clients: Clients, *, seconds: float, rounds: int) -> Result:
    """Both sides behind gunicorn with the same processes and threads; each file is checked and stored at its 201."""
    settling = Settling(stack, within=30)
    key = stack.token_key_file.read_text("ascii")
    with serving(stack) as bare:

        def ours() -> float:
            figure = clients.per_second(accept, (stack.urls["intake"], key), seconds)
            settling.wait()
            return figure

        def other() -> float:
            return clients.per_second(read, (bare,), seconds)

        ours(), other()
        mine, others = interleave([ours, other], rounds)
    size = len(payloads.scan(0)) / 1024
    return Result(
        "P2 applications with four scans ÷ bare Flask reading them", "per second", 0.35, mine, others,
        floor=40, notes=[f"scans of {size:.0f} KB; five requests each", settling.note()],
    )  # fmt: skip


def accept(client: int, base_url: str, key: str) -> Work:
    """A client that opens a case and sends its four scans."""
    connection = Caller(base_url, token_for(key, "applicant"))
    scans = [payloads.scan(number) for number in range(len(payloads.SCANS))]

    def work() -> None:
        made = json.loads(open_case(connection, client))
        _send_scans(connection, f"/v1/applications/{made['id']}/files", scans)

    return work


def read(client: int, base_url: str) -> Work:
    """A client that sends the same to the bare handlers."""
    connection = Caller(base_url)
    scans = [payloads.scan(number) for number in range(len(payloads.SCANS))]

    def work() -> None:
        open_case(connection, client)
        _send_scans(connection, "/v1/applications/files", scans)

    return work


def _send_scans(connection: Caller, path: str, scans: list[bytes]) -> None:
    for requirement, scan in zip(payloads.SCANS, scans, strict=True):
        kind, body = payloads.form(requirement, scan)
        connection.post(path, body, kind, str(uuid.uuid4()))
