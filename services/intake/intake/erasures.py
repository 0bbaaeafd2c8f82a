"""The ledger of erasures, to be read and to be done again: a restored backup brings back what was erased after it.

    python -m intake erasures [--since 2026-08-14T08:00:00+07:00]     JSON lines: case, introduction, office, why, when
    python -m intake replay-erasures FILE [--wait SECONDS]            asks all services for these once more

A line names nobody. Replayed, a case that is erased already stays as it is, and one that came back is erased; cases
that intake does not know (the backup is older than they are) are asked for all the same, since another service's backup
may be younger. `--wait` ends when every service has answered, which needs the workers to be running.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID

from contracts.erasing import ErasedCase
from contracts.erasure import WHYS
from intake.deps import Deps, build
from intake.settings import Settings
from intake.store import erasures as store
from intake.usecases import erasing
from kit import log
from kit.clock import FollowingClock
from kit.db import EVERY_TENANT, Database

Line = tuple[ErasedCase, datetime]


class BadLine(ValueError):
    """A line of the file is not one of ours."""


def list_main(arguments: Sequence[str]) -> int:
    """Prints the ledger. 0."""
    parser = argparse.ArgumentParser(prog="python -m intake erasures", description=__doc__)
    parser.add_argument("--since", type=_moment, help="only what was asked for from this moment on")
    given = parser.parse_args(arguments)
    settings = Settings.read()
    log.configure("intake", "erasures", settings.log_level)
    db = Database(settings.database_url, pool_size=1)
    try:
        for row in store.since(db, given.since):
            sys.stdout.write(json.dumps(_plain(row)) + "\n")
    finally:
        db.close()
    return 0


def replay_main(arguments: Sequence[str]) -> int:
    """0 when all were asked for (and with `--wait`, done), 1 when some are not done in time; 2 for a bad file."""
    parser = argparse.ArgumentParser(prog="python -m intake replay-erasures", description=__doc__)
    parser.add_argument("file", type=Path, help="what `erasures` printed; - for the standard input")
    parser.add_argument("--wait", type=float, default=0, help="seconds to wait for all services")
    given = parser.parse_args(arguments)
    try:
        text = sys.stdin.read() if str(given.file) == "-" else given.file.read_text("utf-8")
        lines = list(read(text))
    except (OSError, BadLine) as error:
        sys.stderr.write(f"replay-erasures: {error}\n")
        return 2
    settings = Settings.read()
    log.configure("intake", "replay-erasures", settings.log_level)
    db = Database(settings.database_url, pool_size=2)
    clock = FollowingClock(db).start()
    deps = build(settings, db, clock)
    try:
        replay(deps, lines)
        left = _wait(db, [case.application_id for case, _at in lines], given.wait)
    finally:
        deps.close()
        clock.stop()
        db.close()
    sys.stdout.write(f"{len(lines)} erasures asked for again, {left} not done yet\n")
    return 1 if left and given.wait else 0


def read(text: str) -> Iterator[Line]:
    """The lines of a file. Raises BadLine, which names the first wrong one, before anything is done."""
    for number, line in enumerate(filter(str.strip, text.splitlines()), 1):
        try:
            said = json.loads(line)
            introduction = said.get("introduction_id")
            case = ErasedCase(
                UUID(said["application_id"]), UUID(introduction) if introduction else None,
                str(said["kelurahan"]), str(said["why"]),
            )  # fmt: skip
            at = _moment(said["at"])
        except (ValueError, KeyError, TypeError, AttributeError, argparse.ArgumentTypeError) as error:
            raise BadLine(f"line {number} is no line of `erasures`: {type(error).__name__}") from error
        if case.why not in WHYS:
            raise BadLine(f"line {number}: why is one of {', '.join(WHYS)}")
        yield case, at


def replay(deps: Deps, lines: Sequence[Line]) -> None:
    """Asks all services for these erasures, a transaction each. Done twice it does no more."""
    for case, at in lines:
        with deps.db.transaction(case.kelurahan) as tx:
            erasing.begin(deps, tx, case, at)


def _wait(db: Database, ids: Sequence[UUID], seconds: float) -> int:
    until = time.monotonic() + seconds
    while True:
        with db.transaction(EVERY_TENANT) as tx:
            left = store.pending(tx, ids)
        if not left or time.monotonic() >= until:
            return left
        time.sleep(min(1.0, seconds))


def _plain(row: dict[str, object]) -> dict[str, str | None]:
    named = {name: row[name] for name in ("application_id", "introduction_id", "kelurahan", "why")}
    plain: dict[str, str | None] = {name: None if value is None else str(value) for name, value in named.items()}
    for name, column in (("at", "requested_at"), ("done_at", "done_at")):
        moment = row[column]
        plain[name] = moment.isoformat() if isinstance(moment, datetime) else None
    return plain


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError("a moment is 2026-08-14T08:00:00+07:00") from error
    if moment.tzinfo is None:
        raise argparse.ArgumentTypeError("a moment needs its offset, such as +07:00")
    return moment
