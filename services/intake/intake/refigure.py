"""`python -m intake refigure [--office CODE]…`: the figures measured once more from the timelines, of every office or
of those that are named. While the system runs; done again it changes nothing. It says how many lines were other than
they should be: none, unless something went wrong.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from intake.deps import build
from intake.settings import Settings
from intake.store import offices
from intake.usecases.refiguring import refigure
from kit import log
from kit.clock import FollowingClock
from kit.db import EVERY_TENANT, Database


def main(arguments: Sequence[str]) -> int:
    """0 when it is done; 2, with a sentence on stderr, for an office that is not here."""
    parser = argparse.ArgumentParser(prog="python -m intake refigure", description=__doc__)
    parser.add_argument("--office", action="append", default=[], metavar="CODE", help="only this one; several times")
    given = parser.parse_args(arguments)
    settings = Settings.read()
    log.configure("intake", "refigure", settings.log_level)
    db = Database(settings.database_url, pool_size=2)
    clock = FollowingClock(db).start()
    deps = build(settings, db, clock)
    try:
        with db.transaction(EVERY_TENANT) as tx:
            here = [row["code"] for row in offices.names(tx)]
        if unknown := sorted(set(given.office) - set(here)):
            sys.stderr.write(f"refigure: there is no office {', '.join(unknown)} here\n")
            return 2
        for code in given.office or here:
            done = refigure(deps, code)
            sys.stdout.write(f"{code}: {done.cases} cases measured again, {done.lines} lines were other\n")
    finally:
        deps.close()
        clock.stop()
        db.close()
    return 0
