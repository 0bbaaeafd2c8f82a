"""`python -m bench [p1 p2 p3 p4] [--quick]`: prints each ratio beside its goal and writes out/bench.json."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from bench.measure import Result
from deploy.local.stack import Stack


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("which", nargs="*", default=["p1", "p2", "p3", "p4"])
    parser.add_argument("--quick", action="store_true", help="shorter rounds, for a first look")
    given = parser.parse_args(arguments)
    seconds, rounds = (2.0, 3) if given.quick else (5.0, 5)
    results: list[Result] = []
    if "p4" in given.which:
        from bench.letters import p4

        results += _show(p4(seconds=seconds, rounds=rounds))
    if {"p1", "p2"} & set(given.which):
        from bench.applications import p1, p2

        with Stack("bench", quiet=True) as stack:
            if "p1" in given.which:
                results += _show([p1(stack, seconds=seconds, rounds=rounds)])
            if "p2" in given.which:
                results += _show([p2(stack, seconds=seconds, rounds=rounds)])
    if "p3" in given.which:
        from bench.hops import p3

        with Stack("bench", quiet=True) as stack:
            for service, role in (
                (s, r) for s in ("intake", "verification", "documents", "notify") for r in ("web", "worker")
            ):
                stack.stop(service, role)
            results += _show([p3(stack, cases=1000 if given.quick else 3000, rounds=rounds)])
    out = Path("out") / "bench.json"
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps([asdict(result) for result in results], indent=2) + "\n", "utf-8")
    return 0


def _show(results: list[Result]) -> list[Result]:
    for result in results:
        print(result.line(), flush=True)
    return results


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
