"""Fairness: what another office's flood does to a case.

A case of a small office is opened over HTTP and its RT head is asked; the time ends when the message to him has gone
out: through intake's outbox, verification, its outbox, notify and its jobs. One after the other, first while nothing
else happens, then while ten thousand cases of a large office, told at once, are on the same way.
"""

from __future__ import annotations

import json
import statistics
import time
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import psycopg2
import requests

from bench import payloads
from bench.clients import Caller
from bench.measure import Result
from bench.settle import Settling
from contracts.telling import tell
from deploy.local.stack import Stack
from deploy.token import token_for
from intake.offices import shipped_office
from kit.db import Database
from kit.ids import new_id
from kit.sealed import Keyring
from verification.sample import read_sample

LARGE, SMALL = "16.71.10.1001", "16.71.10.1002"
GOAL = 2.0
RW, RT = "005", "023"
TABLE = f"rw,rt,role,name,phone,from_date\n{RW},{RT},rt_head,M. Yusuf Effendi,0812 0000 0099,2026-01-01\n"
_CLIENT = 13  # a client number that no client of the other parts has
_WITHIN = 300.0
_SENT = "SELECT 1 FROM message WHERE application_id = %s AND status IN ('sent', 'delivered', 'read') LIMIT 1"
_GONE_OUT = (
    "SELECT count(*) FROM message WHERE kelurahan = %s AND status IN ('sent', 'delivered', 'read')"
    " AND requested_by = 'verification'"
)


def run(stack: Stack, *, cases: int, quiet: int, drained_within: float) -> Result:
    """The median of the cases within the flood ÷ that of the quiet ones."""
    key = stack.token_key_file.read_text("ascii")
    by_day(stack.urls["intake"], key)
    open_office(stack.urls["intake"], stack.urls["verification"], key)
    settling = Settling(stack, within=60)
    with asking_of(stack.urls["intake"], stack, key) as asking, flooding_of(stack) as flooding:
        for _ in range(5):
            asking.ms()
        settling.wait()
        calm = [asking.ms() for _ in range(quiet)]
        settling.wait()
        began = flooding.begin(cases)
        within: list[float] = []
        while flooding.left() and time.monotonic() - began < drained_within:
            within.append(asking.ms())
        drained = time.monotonic() - began
        left = flooding.left()
    notes = [
        f"{cases:,} cases of another office told at once; {len(within)} cases were opened and asked about meanwhile",
        f"90 of 100 within: {_tenth(calm):,.0f} ms quiet, {_tenth(within):,.0f} ms in the flood",
        f"the flood had gone out after {drained:.0f} s" if not left else f"{left:,} of the flood were left after that",
    ]
    return Result("a case within another office's flood ÷ quiet", "ms", GOAL, within, calm, notes=notes, at_most=True)


def _tenth(times: list[float]) -> float:
    return statistics.quantiles(times, n=10, method="inclusive")[8]


def by_day(url: str, key: str) -> None:
    """Nobody is asked at night: then the stack's clock goes on to the next morning."""
    now = datetime.now(ZoneInfo("Asia/Jakarta"))
    if 8 <= now.hour < 18:
        return
    morning = now.replace(hour=9, minute=0) + timedelta(days=now.hour >= 8)
    headers = {"Authorization": f"Bearer {token_for(key, 'administrator')}"}
    where = f"{url}/v1/clock"
    requests.put(where, json={"now": morning.isoformat()}, headers=headers, timeout=60).raise_for_status()
    time.sleep(3)  # every process of every service follows within two seconds


def open_office(intake: str, verification: str, key: str) -> None:
    """At these addresses: the shipped office once more under another code, with one RT head."""
    data = dict(shipped_office(LARGE)) | {"code": SMALL, "name": "Kalidoni"}
    headers = {"Authorization": f"Bearer {token_for(key, 'administrator', kelurahan=SMALL)}"}
    requests.put(f"{intake}/v1/offices/{SMALL}", json=data, headers=headers, timeout=30).raise_for_status()
    sent = headers | {"Content-Type": "text/csv", "Idempotency-Key": str(uuid.uuid4())}
    where = f"{verification}/v1/neighbourhoods/import"
    requests.post(where, data=TABLE, headers=sent, timeout=30).raise_for_status()


class Asking:
    """Opens cases of the small office and waits for the message to their RT head."""

    def __init__(self, url: str, key: str, notify: Any) -> None:
        self._url, self._key, self._notify = url, key, notify

    def ms(self) -> float:
        """How long one case takes. Raises RuntimeError when the message does not go out."""
        caller = Caller(self._url, token_for(self._key, "officer", kelurahan=SMALL))
        began = time.monotonic()
        case = json.loads(
            caller.post("/v1/applications", payloads.application(_CLIENT), payloads.JSON, str(uuid.uuid4()))
        )["id"]
        purpose = json.dumps({"purpose": "Mengurus KTP yang hilang"}).encode()
        caller.post(f"/v1/applications/{case}/introduction", purpose, payloads.JSON, str(uuid.uuid4()))
        with self._notify.cursor() as cursor:
            while time.monotonic() - began < _WITHIN:
                cursor.execute(_SENT, [case])
                if cursor.fetchone():
                    return 1000 * (time.monotonic() - began)
                time.sleep(0.005)
        raise RuntimeError(f"no message went out within {_WITHIN:g} s")


class Flooding:
    """Tells cases of the large office as intake does, all in one transaction."""

    def __init__(self, intake: Database, keys: Keyring, notify: Any) -> None:
        self._intake, self._keys, self._notify = intake, keys, notify
        self._places = [
            (one["rw"], one["rt"]) for one in read_sample(LARGE)["officeholders"] if one["role"] == "rt_head"
        ]
        self._before = self._cases = 0

    def begin(self, cases: int) -> float:
        """When they were committed, from which moment on all of them are there to be sent."""
        self._before, self._cases = self._gone_out(), cases
        with self._intake.transaction(LARGE) as tx:
            for number in range(cases):
                self._tell(tx, *self._places[number % len(self._places)], number)
        return time.monotonic()

    def left(self) -> int:
        """Messages to RT heads that have not gone out yet."""
        return self._cases - (self._gone_out() - self._before)

    def _tell(self, tx: Any, rw: str, rt: str, number: int) -> None:
        now, case = datetime.now(UTC), new_id()
        sent = json.loads(payloads.application(_CLIENT + 1))
        person = {"applicant": sent["applicant"] | {"rw": rw, "rt": rt}, "contact": sent["contact"], "helper": None}
        where = {"application_id": case, "kelurahan": LARGE, "rw": rw, "rt": rt, "service": "KTP", "owner": "bench",
                 "tracking_code": f"BENCH-{number}"}  # fmt: skip
        state: dict[str, Any] = {
            "sop_version": 1, "reason": "lost", "status": "draft", "channel": "http", "opened_at": now,
            "changed_at": now, "submitted_at": None, "received_at": None, "promised_at": None, "agenda_number": None,
            "introduction_id": None, "consents": {"messages": True, "courier": False}, "files": [],
            "returned_items": [], "decision_reason": None,
        }  # fmt: skip
        asked: dict[str, Any] = {
            "introduction_id": new_id(), "purpose": "Mengurus KTP yang hilang", "files": [],
            "requested_at": now + timedelta(milliseconds=1),
        }  # fmt: skip
        opened = {"applicant": person["applicant"], "contact": person["contact"], "helper": None, "details": {}}
        for kind, data, about in (
            ("application.opened", where | state, opened),
            ("introduction.requested", where | asked, person | {"grants": {}}),
        ):
            tell(tx, self._keys, kind, subject=case, tenant=LARGE, time=now, data=data, person=about)

    def _gone_out(self) -> int:
        with self._notify.cursor() as cursor:
            cursor.execute(_GONE_OUT, [LARGE])
            return int(cursor.fetchone()[0])


@contextmanager
def asking_of(url: str, stack: Stack, key: str) -> Iterator[Asking]:
    """Asks at this address of intake, and looks into notify's database."""
    with closing(psycopg2.connect(stack.superuser_url("notify"))) as notify:
        notify.autocommit = True
        yield Asking(url, key, notify)


@contextmanager
def flooding_of(stack: Stack) -> Iterator[Flooding]:
    """Tells by intake's outbox."""
    keys = Keyring(stack.secrets.path("event_keys").read_text("ascii"))
    with (
        closing(Database(stack.database_url("intake"), pool_size=1)) as intake,
        closing(psycopg2.connect(stack.superuser_url("notify"))) as notify,
    ):
        notify.autocommit = True
        yield Flooding(intake, keys, notify)
