"""The ledger of erasures and of ended accesses, to be read and to be done again: a restored backup brings back what
went after it.

    python -m intake erasures [--since 2026-08-14T08:00:00+07:00]     JSON lines, and a last one that counts them
    python -m intake replay-erasures FILE [--wait SECONDS]            all of these once more

A line names nobody. Of an erasure it says case, introduction, office, why and when. One with a `kind` is of an account:
`left` by its person, `closed`, `invited` again (the former password counts no more), `roles` that were taken away, or
a machine's `key` that was ended. Replayed, what is known or has ended stays as it is. Cases that intake does not know
(the backup is older than they are) are asked for all the same, since another service's backup may be younger. `--wait`
ends when every service has erased, which needs the workers to be running.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from contracts import ledger
from contracts.erasing import ErasedCase
from contracts.erasure import WHYS
from intake.deps import Deps, build
from intake.domain.account_ends import KINDS, ROLES, AccountEnd
from intake.settings import Settings
from intake.store import account_ends
from intake.store import erasures as store
from intake.usecases import ending_again, erasing
from kit import log
from kit.clock import FollowingClock
from kit.db import EVERY_TENANT, Database

Line = tuple[ErasedCase, datetime]


class BadLine(ValueError):
    """A line of the file is not one of ours, or some are missing."""


@dataclass(frozen=True)
class Lines:
    """What a file holds."""

    cases: Sequence[Line]
    ends: Sequence[AccountEnd]


def list_main(arguments: Sequence[str]) -> int:
    """Prints the ledger. 0."""
    parser = argparse.ArgumentParser(prog="python -m intake erasures", description=__doc__)
    parser.add_argument("--since", type=_moment, help="only what was asked for, or ended, from this moment on")
    given = parser.parse_args(arguments)
    settings = Settings.read()
    log.configure("intake", "erasures", settings.log_level)
    db = Database(settings.database_url, pool_size=1)
    try:
        sys.stdout.writelines(ledger.ended(listed(db, given.since)))
    finally:
        db.close()
    return 0


def listed(db: Database, since: datetime | None = None) -> Iterator[str]:
    """The ledger's lines, or those from then on."""
    for row in store.since(db, since):
        yield json.dumps(_plain(row))
    for end in account_ends.since(db, since):
        yield json.dumps(_plain_end(end))


def replay_main(arguments: Sequence[str]) -> int:
    """0 when all were asked for (and with `--wait`, done), 1 when some are not done in time; 2 for a bad file."""
    parser = argparse.ArgumentParser(prog="python -m intake replay-erasures", description=__doc__)
    parser.add_argument("file", type=Path, help="what `erasures` printed; - for the standard input")
    parser.add_argument("--wait", type=float, default=0, help="seconds to wait for all services")
    given = parser.parse_args(arguments)
    try:
        text = sys.stdin.read() if str(given.file) == "-" else given.file.read_text("utf-8")
        lines = read(text)
    except (OSError, BadLine) as error:
        sys.stderr.write(f"replay-erasures: {error}\n")
        return 2
    settings = Settings.read()
    log.configure("intake", "replay-erasures", settings.log_level)
    db = Database(settings.database_url, pool_size=2)
    clock = FollowingClock(db).start()
    deps = build(settings, db, clock)
    try:
        replay(deps, lines.cases)
        _say_ends(len(lines.ends), *end_again(deps, lines.ends))
        left = _wait(db, [case.application_id for case, _at in lines.cases], given.wait)
    finally:
        deps.close()
        clock.stop()
        db.close()
    sys.stdout.write(f"{len(lines.cases)} erasures asked for again, {left} not done yet\n")
    return 1 if left and given.wait else 0


def _say_ends(count: int, done: int, bereft: Sequence[str]) -> None:
    if count:
        sys.stdout.write(f"{done} of {count} accounts, roles and keys ended again, the others had ended\n")
    for office in bereft:
        sys.stdout.write(
            f"{office} has no administrator any more: python -m intake invite-administrator {office} USERNAME NAME\n"
        )


def read(text: str) -> Lines:
    """What a file holds. Raises BadLine, which names the first wrong one, before anything is done."""
    try:
        said = [json.loads(line) for line in ledger.lines_of(text)]
    except ledger.NotWhole as error:
        raise BadLine(
            f"this is no whole ledger: {error}. Write it anew with `python -m intake erasures`, or take a copy that is"
        ) from error
    cases, ends = list[Line](), list[AccountEnd]()
    for number, line in enumerate(said, 1):
        try:
            if "kind" in line:
                ends.append(_end_of(line))
            else:
                cases.append(_case_of(line))
        except (ValueError, KeyError, TypeError, AttributeError, argparse.ArgumentTypeError) as error:
            raise BadLine(f"line {number} is no line of `erasures`: {type(error).__name__}, {error}") from error
    return Lines(cases, ends)


def _case_of(said: Mapping[str, str]) -> Line:
    introduction = said.get("introduction_id")
    case = ErasedCase(
        UUID(said["application_id"]), UUID(introduction) if introduction else None, str(said["kelurahan"]),
        str(said["why"]),
    )  # fmt: skip
    if case.why not in WHYS:
        raise ValueError(f"why is one of {', '.join(WHYS)}")
    return case, _moment(said["at"])


def _end_of(said: Mapping[str, str]) -> AccountEnd:
    roles = said.get("roles", [])
    if said["kind"] not in KINDS or not isinstance(roles, list) or (said["kind"] == ROLES) != bool(roles):
        raise ValueError(f"kind is one of {', '.join(KINDS)}, and says roles where it is {ROLES}")
    return AccountEnd(
        UUID(said["id"]), str(said["kelurahan"]), said["kind"], UUID(said["account_id"]), tuple(map(str, roles)),
        _moment(said["at"]),
    )  # fmt: skip


def replay(deps: Deps, lines: Sequence[Line]) -> None:
    """Asks all services for these erasures, a transaction each. Done twice it does no more."""
    for case, at in lines:
        with deps.db.transaction(case.kelurahan) as tx:
            erasing.begin(deps, tx, case, at)


def end_again(deps: Deps, ends: Sequence[AccountEnd]) -> tuple[int, list[str]]:
    """Ends these accesses, a transaction each: how many there were, and the offices that are left without anybody who
    could invite others. Done twice it does no more."""
    done, bereft = 0, set[str]()
    for end in ends:
        with deps.db.transaction(end.kelurahan) as tx:
            before = ending_again.end_again(deps, tx, end)
            if before is not None:
                done += 1
                bereft |= {end.kelurahan} if ending_again.lacks_administrator(tx, before) else set()
    return done, sorted(bereft)


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


def _plain_end(end: AccountEnd) -> dict[str, Any]:
    plain = {name: str(getattr(end, name)) for name in ("kind", "id", "account_id", "kelurahan")}
    return plain | ({"roles": list(end.roles)} if end.roles else {}) | {"at": end.at.isoformat()}


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError("a moment is 2026-08-14T08:00:00+07:00") from error
    if moment.tzinfo is None:
        raise argparse.ArgumentTypeError("a moment needs its offset, such as +07:00")
    return moment
