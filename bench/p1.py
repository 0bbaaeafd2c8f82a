"""P1: accepted applications ÷ raw psycopg2 transactions that write the same rows, eight clients each."""

from __future__ import annotations

import json
import uuid
from collections import Counter

from bench import payloads, raw
from bench.clients import Caller, Clients, Work
from bench.measure import Result, interleave
from bench.settle import Settling
from deploy.local.stack import Stack
from deploy.token import token_for

_SAMPLE = 15  # a client number that no client has


def run(stack: Stack, clients: Clients, *, seconds: float, rounds: int) -> Result:
    """Both sides on the same database; ours through gunicorn, with every worker running."""
    settling = Settling(stack, within=15)
    key = stack.token_key_file.read_text("ascii")
    first = Caller(stack.urls["intake"], token_for(key, "applicant"))
    case = json.loads(open_case(first, _SAMPLE))["id"]
    settling.wait()
    rows = raw.rows_of(stack.superuser_url("intake"), case)

    def ours() -> float:
        figure = clients.per_second(accept, (stack.urls["intake"], key), seconds)
        settling.wait()
        return figure

    def other() -> float:
        return clients.per_second(raw.transaction, (stack.database_url("intake"), rows, case), seconds)

    ours(), other()
    mine, others = interleave([ours, other], rounds)
    tables = ", ".join(f"{name} {count}" for name, count in Counter(row.table for row in rows).items())
    return Result(
        "P1 accepted applications ÷ raw transactions", "per second", 0.30, mine, others,
        notes=[f"rows of a transaction: {tables}", settling.note()],
    )  # fmt: skip


def open_case(connection: Caller, client: int) -> bytes:
    """Opens one case; the answer."""
    return connection.post("/v1/applications", payloads.application(client), payloads.JSON, str(uuid.uuid4()))


def accept(client: int, base_url: str, key: str) -> Work:
    """A client, an applicant of its own, that opens one case after another."""
    connection = Caller(base_url, token_for(key, "applicant"))

    def work() -> None:
        open_case(connection, client)

    return work
