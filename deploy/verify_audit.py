"""`make verify-audit`: walks the audit chains of all four services; 1 when a link is broken.

Keep what it prints elsewhere: `ARGS='--heads FILE'` compares with what was kept.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

from deploy.local.process import PartError
from deploy.services import runner
from deploy.setup.secrets import SERVICES

_HEAD = re.compile(r"^(\w+) (?:holds|BROKEN) (\S+:\d+:[0-9a-f]{64})$")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="make verify-audit", description=__doc__)
    parser.add_argument("--compose", action="store_true", help="in the containers of this folder's compose.yaml")
    parser.add_argument("--stack", default="run", help="the local stack")
    parser.add_argument("--heads", type=Path, help="what this printed before")
    given = parser.parse_args(arguments)
    run = runner(compose=given.compose, stack=given.stack)
    kept = heads(given.heads.read_text("utf-8")) if given.heads else {}
    worst = 0
    for service in SERVICES:
        try:
            done = run(
                service, ["verify-audit", *(part for head in kept.get(service, []) for part in ("--head", head))]
            )
        except PartError as error:
            raise SystemExit(str(error)) from error
        sys.stdout.write(done.stdout)
        if done.returncode:
            sys.stderr.write(done.stderr if not done.stdout else "")
        worst = max(worst, 1 if done.returncode else 0)
    return worst


def heads(text: str) -> dict[str, list[str]]:
    """By service, the heads that were printed before."""
    found: dict[str, list[str]] = {}
    for line in text.splitlines():
        if match := _HEAD.match(line):
            found.setdefault(match[1], []).append(match[2])
    return found


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
