"""`python -m notify take-again`: what came in and was set aside (a number that the settings did not name, a mistake of
ours) is done once more, as the settings and the code are now; files that could not be fetched are tried. Says how
much."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from kit import log
from kit.clock import FollowingClock
from kit.db import Database
from notify.deps import build
from notify.settings import Settings
from notify.usecases import arrivals, media


def main(arguments: Sequence[str]) -> int:
    """0, or 2 with a sentence on stderr when it is given something to do it with."""
    if len(arguments) > 1:
        sys.stderr.write(f"{__doc__}\n")
        return 2
    settings = Settings.read()
    log.configure("notify", "take-again", settings.log_level)
    db = Database(settings.database_url, pool_size=3)
    clock = FollowingClock(db).start()
    deps = build(settings, db, clock)
    try:
        again, left = arrivals.take_again(deps)
        sys.stdout.write(f"{again} will be done once more, {left} stay set aside\n")
        sys.stdout.write(f"{media.soon(deps)} files are fetched now\n")
    finally:
        clock.stop()
        deps.close()
        db.close()
    return 0
