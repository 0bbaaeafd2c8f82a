"""`python -m bench [p1 p2 p3 p4 signing drafts queue fairness whatsapp] [--quick]`: each ratio beside its goal, and
every round in out/bench.json. `signing` and `drafts` (times and memory) are told without a goal."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psycopg2

from bench.measure import Figures, Result
from deploy.local.stack import Stack

ALL = ("p1", "p2", "p3", "p4", "signing", "drafts", "queue", "fairness", "whatsapp")
WITHOUT_STACK = {"p4", "signing", "whatsapp"}
WHATSAPP_ROUNDS = 3
"""Each sets hundreds of conversations going in all services, and waits until they are over."""
OUT = Path("out") / "bench.json"

Results = list[Result | Figures]


@dataclass(frozen=True)
class Size:
    """How long each round takes and how many are counted; a warm-up comes before."""

    seconds: float
    rounds: int
    scan_seconds: float
    scan_rounds: int
    cases: int
    hop_rounds: int
    burst: int
    draft_rounds: int
    pages: int
    stored: int
    answers: int
    flood: int
    flooded: float


FULL = Size(seconds=4, rounds=5, scan_seconds=3, scan_rounds=4, cases=3000, hop_rounds=3, burst=200, draft_rounds=3,
            pages=150, stored=1_000_000, answers=1000, flood=10_000, flooded=600)  # fmt: skip
QUICK = Size(seconds=1.5, rounds=3, scan_seconds=1.5, scan_rounds=2, cases=600, hop_rounds=2, burst=60, draft_rounds=1,
             pages=60, stored=100_000, answers=200, flood=2_000, flooded=150)  # fmt: skip


def main(arguments: list[str]) -> int:
    """Measures what was named, or all."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "which", nargs="*", metavar="p1 … p4, signing, drafts, queue, fairness, whatsapp", help="all when none is named"
    )
    parser.add_argument("--quick", action="store_true", help="short rounds, for a first look")
    parser.add_argument("--stack", default="bench", help="the local stack to start (bench)")
    given = parser.parse_args(arguments)
    if unknown := set(given.which) - set(ALL):
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    which, size = set(given.which or ALL), QUICK if given.quick else FULL
    began = time.monotonic()
    load = f"load average before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
    print(load)
    results = _letters(which, size)
    if which - WITHOUT_STACK:
        with Stack(given.stack, quiet=True) as stack:
            _check_durable(stack)
            results += _with_stack(stack, which, size)
    if "whatsapp" in which:  # on a stack of its own: its messages go to a gateway
        from bench import whatsapp

        results += _show(whatsapp.run(seconds=size.seconds, rounds=WHATSAPP_ROUNDS, burst=size.answers, within=240))
    took = time.monotonic() - began
    written = {
        "quick": given.quick,
        "seconds": round(took, 1),
        "before": load,
        "results": [each.as_json() for each in results],
    }
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps(written, indent=2, ensure_ascii=False) + "\n", "utf-8")
    print(f"{took:.0f} s in all; every round is in {OUT}")
    return 0


def _letters(which: set[str], size: Size) -> Results:
    results: Results = []
    if "p4" in which:
        from bench import p4

        results += _show(p4.run(seconds=size.seconds / 2, rounds=size.rounds))
    if "signing" in which:
        from bench import signing

        results += _show(signing.run(seconds=size.seconds / 4, rounds=size.rounds))
    return results


def _with_stack(stack: Stack, which: set[str], size: Size) -> Results:
    from bench.clients import clients

    results: Results = []
    if "drafts" in which:  # first: it tells the memory of a worker that did nothing else
        from bench import drafts

        results += _show(drafts.run(stack, single=20, burst=size.burst, rounds=size.draft_rounds))
    with clients() as eight:
        if "p1" in which:
            from bench import p1

            results += _show([p1.run(stack, eight, seconds=size.seconds, rounds=size.rounds)])
        if "p2" in which:
            from bench import p2

            results += _show([p2.run(stack, eight, seconds=size.scan_seconds, rounds=size.scan_rounds)])
    if "queue" in which:
        from bench import queue

        results += _show(queue.run(stack, requests=size.pages, rounds=3, many=size.stored))
    if "fairness" in which:
        from bench import fairness

        results += _show([fairness.run(stack, cases=size.flood, quiet=40, drained_within=size.flooded)])
    if "p3" in which:  # last: it stops the services
        from bench import p3

        results += _show([p3.run(stack, cases=size.cases, rounds=size.hop_rounds)])
    return results


def _check_durable(stack: Stack) -> None:
    """A figure without fsync would be another figure."""
    connection = psycopg2.connect(stack.superuser_url())
    with connection.cursor() as cursor:
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            cursor.execute(f"SHOW {name}")
            if cursor.fetchone() != ("on",):
                raise SystemExit(f"PostgreSQL's {name} is not on")
    connection.close()
    print("PostgreSQL: fsync, synchronous_commit and full_page_writes are on")


def _show(results: Sequence[Result | Figures]) -> Sequence[Result | Figures]:
    for result in results:
        print("\n".join(result.lines()), flush=True)
    return results


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
