"""From `verification.passed` to the draft that the lurah can sign: one case at a time, and many at once."""

from __future__ import annotations

import statistics
import time
from contextlib import closing
from typing import Any
from uuid import UUID

import psycopg2

from bench import memory
from bench.measure import Figures
from bench.settle import Settling
from bench.verdicts import Verdicts
from deploy.local.stack import Stack

_WITHIN = 60.0
_LONG_ENOUGH = 30.0
"""Seconds after which no other round begins: on a busy machine there are fewer of them."""
# Of each case: whether its letter can be signed, and whether a letter or form is still in the making.
_STATE = """
SELECT application_id, bool_or(NOT form AND status = 'drafted'), bool_or(status = 'drafting')
FROM letter WHERE application_id = ANY(%s::uuid[]) GROUP BY application_id
"""


def run(stack: Stack, *, single: int, burst: int, rounds: int) -> list[Figures]:
    """Through both outboxes and relays, the broker, intake and documents, on a clock of our own: it begins before
    verification's transaction and ends when the draft can be read. Then the memory that this left behind."""
    alone: list[list[float]] = []
    together: list[list[float]] = []
    spans: list[float] = []
    settling = Settling(stack, within=30)
    with closing(Verdicts(stack)) as verdicts, closing(psycopg2.connect(stack.superuser_url("documents"))) as documents:
        documents.autocommit = True
        _drafted(verdicts, documents, verdicts.waiting(1))  # the renderers start with the first letters
        first = memory.worker(stack, "the first case")
        until = time.monotonic() + _LONG_ENOUGH
        while len(alone) < rounds and time.monotonic() < until:
            cases = verdicts.waiting(single + burst)
            settling.wait()
            alone.append([_drafted(verdicts, documents, [case])[0] for case in cases[:single]])
            settling.wait()
            began = time.monotonic()
            together.append(_drafted(verdicts, documents, cases[single:]))
            spans.append(time.monotonic() - began)
        made = _made(documents)
    each = made / (1 + len(alone) * (single + burst))
    speed = f"{burst * each / statistics.median(spans):,.1f} letters and forms a second; a case has {each:g}"
    return [
        _times("one case at a time", alone, []),
        _times(f"{burst} cases at once", together, [speed]),
        first,
        memory.worker(stack, f"{made:,} letters and forms"),
    ]


def _times(what: str, rounds: list[list[float]], notes: list[str]) -> Figures:
    """Of each round the median and the 90th percentile."""
    tenths = [statistics.quantiles(times, n=10, method="inclusive") for times in rounds]
    figures = {"median": [each[4] for each in tenths], "90th percentile": [each[8] for each in tenths]}
    return Figures(f"P4 from verification.passed to the draft, {what}", "ms", figures, notes)


def _drafted(verdicts: Verdicts, documents: Any, cases: list[UUID]) -> list[float]:
    """After how many ms the letter of each case was drafted; comes back when their forms are there as well."""
    times: dict[str, float] = {}
    began = time.monotonic()
    verdicts.passed(cases)
    with documents.cursor() as cursor:
        while time.monotonic() - began < _WITHIN:
            cursor.execute(_STATE, [[str(case) for case in cases]])
            rows, now = cursor.fetchall(), time.monotonic()
            for case, drafted, _ in rows:
                if drafted:
                    times.setdefault(case, 1000 * (now - began))
            if len(times) == len(cases) and not any(more for _, _, more in rows):
                return list(times.values())
            time.sleep(0.003 if len(cases) == 1 else 0.02)
    raise RuntimeError(f"{len(cases) - len(times)} of {len(cases)} drafts were not there within {_WITHIN:g} s")


def _made(documents: Any) -> int:
    with documents.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM letter WHERE status = 'drafted'")
        return int(cursor.fetchone()[0])
