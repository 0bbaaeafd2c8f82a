"""The officer's queue and day with a million cases stored, beside the same pages of an office that has a thousand."""

from __future__ import annotations

import http.client
import json
import statistics
import time
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any
from urllib.parse import urlsplit

import psycopg2

from bench import payloads
from bench.clients import Caller
from bench.measure import Result
from deploy.local.stack import Stack
from deploy.token import token_for
from intake.offices import shipped_office
from kit.pages.session import ACCESS_COOKIE

LARGE, SMALL = "16.71.10.1001", "16.71.10.1002"
FEW, MANY = 1_000, 1_000_000
GOAL = 1 / 1.5
PAGES = {
    "queue": "/intake/antrean",
    "queue, an officer's turn": "/intake/antrean?waiting_for=officer",
    "queue, late ones of a service": "/intake/antrean?late=true&service=KK&limit=10",
    "queue, of an RT": "/intake/antrean?rt=020&limit=5",
    "today": "/intake/hari-ini",
}
"""As many lines of either office: so many there are where there are a thousand cases."""
_APART = 2
_PEOPLE = 200
"""Sealed each to its own row, so that what a page opens can be opened; the other rows are there to be many."""

_AT_ONCE = 20_000

# Of a hundred cases four in five have ended, eight lie in the office, half of these are late; in no order.
FILL = """
INSERT INTO people (id, kelurahan, nik_index, sealed)
SELECT gen_random_uuid(), %(office)s, sha256(('person' || n)::bytea), %(sealed)s
FROM generate_series(%(first)s, %(last)s) n;
INSERT INTO application (id, kelurahan, tracking_code, service, sop_version, reason, status, channel, owner, rw, rt,
    person_id, nik_index, intended_duplicate, introduction, verification, opened_at, changed_at, submitted_at,
    promised_at, due_at, status_since)
SELECT gen_random_uuid(), %(office)s, 'BENCH-' || %(office)s || '-' || n,
    (ARRAY['KTP', 'KK', 'NIKAH', 'SITU'])[1 + h / 100 %% 4], 1, NULL, status, 'http', 'bench', '005',
    lpad((1 + h / 1000 %% 60)::text, 3, '0'), (%(people)s::uuid[])[1 + n %% %(known)s],
    sha256(('person' || n)::bytea), true, 'granted', CASE status WHEN 'received' THEN 'asked' ELSE 'none' END,
    due - interval '3 days', now(), due - interval '3 days',
    CASE WHEN status IN ('draft', 'returned') THEN NULL ELSE due END,
    CASE WHEN status IN ('draft', 'returned') THEN due - interval '3 days' ELSE due END, now()
FROM (
    SELECT n, h, now() + make_interval(secs => (h %% 600000) - 300000) AS due,
        CASE WHEN h %% 100 < 3 THEN 'draft' WHEN h %% 100 < 6 THEN 'submitted' WHEN h %% 100 < 8 THEN 'returned'
             WHEN h %% 100 < 10 THEN 'received' WHEN h %% 100 < 11 THEN 'verified' WHEN h %% 100 < 13 THEN 'issued'
             WHEN h %% 100 < 95 THEN 'completed' WHEN h %% 100 < 97 THEN 'rejected' WHEN h %% 100 < 99 THEN 'withdrawn'
             ELSE 'expired' END AS status
    FROM (SELECT n, abs(hashint8(n)::bigint) AS h FROM generate_series(%(first)s, %(last)s) n)
         numbered
) made;
"""


def run(stack: Stack, *, requests: int, rounds: int, many: int = MANY) -> list[Result]:
    """Page by page, the two offices in turn, over HTTP and by cookie, as an officer's browser asks."""
    key = stack.token_key_file.read_text("ascii")
    _open_office(stack, key, SMALL)
    began = time.monotonic()
    with closing(psycopg2.connect(stack.superuser_url("intake"))) as connection:
        connection.autocommit = True
        for office, cases in ((SMALL, FEW), (LARGE, many)):
            fill(connection, office, cases, _known_people(stack, connection, key, office))
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    filled = (
        f"{many:,} cases of one office and {FEW:,} of another in one table, made in {time.monotonic() - began:.0f} s"
    )
    with _officer(stack, key, SMALL) as small, _officer(stack, key, LARGE) as large:
        return [_compared(name, path, small, large, requests, rounds, many, filled) for name, path in PAGES.items()]


def fill(connection: Any, office: str, cases: int, people: list[str]) -> None:
    """So many cases of an office, of these people, and as many more people."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed FROM people WHERE id = %s", [people[0]])
        [sealed] = cursor.fetchone()
        values = {"office": office, "people": people, "known": len(people), "sealed": sealed}
        for first in range(1, cases + 1, _AT_ONCE):
            cursor.execute(FILL, values | {"first": first, "last": min(first + _AT_ONCE - 1, cases)})


def _open_office(stack: Stack, key: str, code: str) -> None:
    """The shipped office once more, under another code."""
    data = dict(shipped_office(LARGE)) | {"code": code, "name": "Kalidoni"}
    administrator = token_for(key, "administrator", kelurahan=code)
    _ask(stack, "PUT", f"/v1/offices/{code}", json.dumps(data).encode(), {"Authorization": f"Bearer {administrator}"})


def _known_people(stack: Stack, connection: Any, key: str, office: str) -> list[str]:
    """Rows of people whose cases were opened over HTTP."""
    caller = Caller(stack.urls["intake"], token_for(key, "officer", kelurahan=office))
    for _ in range(_PEOPLE):
        caller.post("/v1/applications", payloads.application(0), payloads.JSON, str(uuid.uuid4()))
    with connection.cursor() as cursor:
        cursor.execute("SELECT id::text FROM people WHERE kelurahan = %s", [office])
        return [row[0] for row in cursor.fetchall()]


def _ask(stack: Stack, method: str, path: str, body: bytes, headers: dict[str, str]) -> None:
    address = urlsplit(stack.urls["intake"])
    with closing(http.client.HTTPConnection(address.hostname or "", address.port, timeout=30)) as connection:
        connection.request(method, path, body, headers | {"Content-Type": payloads.JSON})
        answer = connection.getresponse()
        content = answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"{method} {path}: {answer.status} {content[:300]!r}")


class _Officer:
    """A browser that is signed in: one connection that is kept."""

    def __init__(self, stack: Stack, key: str, office: str) -> None:
        address = urlsplit(stack.urls["intake"])
        self._connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=60)
        token = token_for(key, "officer", kelurahan=office)
        self._headers = {"Cookie": f"{ACCESS_COOKIE}={token}", "Accept": "text/html"}
        self.lines = 0

    def ms(self, path: str) -> float:
        """How long the page takes; `lines` has how many it shows. Raises RuntimeError when there is none."""
        began = time.perf_counter()
        self._connection.request("GET", path, headers=self._headers)
        answer = self._connection.getresponse()
        content = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status} {content[:300]!r}")
        took = 1000 * (time.perf_counter() - began)
        self.lines = content.count(b"<tr")
        return took

    def close(self) -> None:
        self._connection.close()


@contextmanager
def _officer(stack: Stack, key: str, office: str) -> Iterator[_Officer]:
    with closing(_Officer(stack, key, office)) as made:
        yield made


def _compared(
    name: str, path: str, small: _Officer, large: _Officer, requests: int, rounds: int, many: int, filled: str
) -> Result:
    """Each round asks both in turn, request by request: what disturbs the machine disturbs both."""
    for officer in (small, large) * 5:
        officer.ms(path)
    if abs(small.lines - large.lines) > _APART:
        raise RuntimeError(f"{path}: {small.lines} lines beside {large.lines}: another page")
    of_small: list[float] = []
    of_large: list[float] = []
    middles: list[float] = []
    for _ in range(rounds):
        pairs = [(small.ms(path), large.ms(path)) for _ in range(requests)]
        of_small.append(_p99([pair[0] for pair in pairs]))
        of_large.append(_p99([pair[1] for pair in pairs]))
        middles.append(statistics.median(pair[1] for pair in pairs) / statistics.median(pair[0] for pair in pairs))
    worse = statistics.median(b / a for a, b in zip(of_small, of_large, strict=True))
    notes = [f"P99 is {worse:.2f} times as long, the median {statistics.median(middles):.2f} times", filled]
    return Result(f"P99 of {name}: {FEW:,} cases ÷ {many:,}", "ms", GOAL, of_small, of_large, notes=notes)


def _p99(times: list[float]) -> float:
    return statistics.quantiles(times, n=100, method="inclusive")[98]
