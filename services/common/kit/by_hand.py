"""Commands by which an operator changes one thing, named by its id: who decided it and why stand with the change."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import structlog

from kit import log
from kit.clock import Clock, FollowingClock
from kit.db import EVERY_TENANT, Database
from kit.problems import NotFound

_MOST = 200

logger = structlog.get_logger()


@dataclass(frozen=True)
class ByHand:
    """A command: `act(deps, tx, id, by, reason)` says whether it changed anything, in a transaction that sees every
    office, and raises NotFound. With `of`, how `--of` is read and what it names, it is given that as well."""

    service: str
    name: str
    what: str
    about: str
    act: Callable[..., bool]
    of: tuple[Callable[[str], Any], str] | None = None


def run(command: ByHand, settings: Any, build: Callable[[Any, Database, Clock], Any], arguments: Sequence[str]) -> int:
    """0 when it is done, 1 when there is no such thing; 2, with a sentence on stderr, for wrong arguments. `settings`
    is the class that reads them."""
    given = _parser(command).parse_args(arguments)
    more = {"of": given.of} if command.of else {}
    read = settings.read()
    log.configure(command.service, command.name, read.log_level)
    db = Database(read.database_url, pool_size=2)
    clock = FollowingClock(db).start()
    deps = build(read, db, clock)
    try:
        with db.transaction(EVERY_TENANT) as tx:
            changed = command.act(deps, tx, given.id, given.by, given.reason, **more)
    except NotFound:
        sys.stderr.write(f"{command.name}: there is no {command.what} {given.id}{' with this --of' if more else ''}\n")
        return 1
    finally:
        deps.close()
        clock.stop()
        db.close()
    logger.info(command.name, id=str(given.id), changed=changed)
    sys.stdout.write(f"{command.what} {given.id}: {'withdrawn' if changed else 'was withdrawn before'}\n")
    return 0


def _parser(command: ByHand) -> argparse.ArgumentParser:
    program = f"python -m {command.service} {command.name}"
    parser = argparse.ArgumentParser(prog=program, description=command.about)
    parser.add_argument("id", type=UUID, metavar=f"{command.what.upper()}_ID")
    if command.of:
        parser.add_argument("--of", required=True, type=command.of[0], help=command.of[1])
    parser.add_argument("--by", required=True, type=_line, help="who decided it: an account or an office, no person")
    parser.add_argument("--reason", required=True, type=_line, help="why; name nobody")
    return parser


def _line(text: str) -> str:
    text = text.strip()
    if not text or len(text) > _MOST or not text.isprintable():
        raise argparse.ArgumentTypeError(f"one line of 1 to {_MOST} characters")
    return text
