"""Cases that wait for the RT head's verdict, and the verdict, told as verification tells it."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime
from uuid import UUID

import psycopg2

from bench.clients import Caller
from bench.p1 import open_case
from contracts.telling import tell
from deploy.demo.play import KELURAHAN
from deploy.local.stack import Stack
from deploy.token import token_for
from kit.db import Database
from kit.ids import new_id
from kit.sealed import Keyring

_CLIENT = 14  # a client number that no client of the other parts has
_RECEIVED = """
UPDATE application SET status = 'received', verification = 'asked', introduction = 'waived',
    submitted_at = changed_at, received_at = changed_at, status_since = changed_at
WHERE id = ANY(%s::uuid[])
"""


class Verdicts:
    """Opens cases over HTTP and puts them where the RT head is asked; nobody is told of that, so that no message goes
    out for it. Then tells that he calls everything genuine."""

    def __init__(self, stack: Stack) -> None:
        self._intake = stack.superuser_url("intake")
        self._url = stack.urls["intake"]
        self._token = token_for(stack.token_key_file.read_text("ascii"), "applicant")
        self._verification = Database(stack.database_url("verification"), pool_size=1)
        self._keys = Keyring(stack.secrets.path("event_keys").read_text("ascii"))

    def close(self) -> None:
        """Lets the connection go."""
        self._verification.close()

    def waiting(self, count: int) -> list[UUID]:
        """New cases that wait for a verdict."""
        caller = Caller(self._url, self._token)  # anew each time: the server lets go of a connection that rests
        found = [UUID(json.loads(open_case(caller, _CLIENT))["id"]) for _ in range(count)]
        self.received(found)
        return found

    def received(self, cases: list[UUID]) -> None:
        """Drafts of cases are received, and the RT head is asked."""
        connection = psycopg2.connect(self._intake)
        try:
            with connection, connection.cursor() as cursor:
                cursor.execute(_RECEIVED, [[str(case) for case in cases]])
        finally:
            connection.close()

    def passed(self, cases: list[UUID]) -> None:
        """`verification.passed` for each of them, in one transaction: they leave at once."""
        now = datetime.now(UTC)
        with self._verification.transaction(KELURAHAN) as tx:
            for case in cases:
                task = new_id()
                tell(
                    tx, self._keys, "verification.passed", subject=task, tenant=KELURAHAN, time=now,
                    data={
                        "task_id": task, "application_id": case, "kelurahan": KELURAHAN, "rw": "005", "rt": "023",
                        "reason": None, "verdicts": [], "decided_at": now, "officeholder_id": uuid.uuid4(),
                    },
                    person={"contact": None, "notes": {}, "statements": []},
                )  # fmt: skip
