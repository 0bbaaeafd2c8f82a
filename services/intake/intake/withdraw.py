"""`withdraw-file` and `withdraw-link`: what must not be read any more is read by nobody, from the commit on.

    python -m intake withdraw-file FILE_ID --by WHO --reason WHY
    python -m intake withdraw-link LINK_ID --by WHO --reason WHY

A file: every link to it, the permission in the RT head's link and the office's own login end; other services drop it
when they hear of it; its bytes and its viewing copy are removed for good. A link: that link alone ends. Who and why
stand in the case's timeline.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from uuid import UUID

import structlog

from intake.deps import Deps, build
from intake.settings import Settings
from intake.usecases.files import withdraw, withdraw_link
from kit import log
from kit.clock import FollowingClock
from kit.db import EVERY_TENANT, Database, Tx
from kit.problems import NotFound

_MOST = 200

logger = structlog.get_logger()


def file_main(arguments: Sequence[str]) -> int:
    """0 when it is withdrawn, 1 when there is no such file; 2, with a sentence on stderr, for wrong arguments."""
    return _run("withdraw-file", "file", arguments, withdraw)


def link_main(arguments: Sequence[str]) -> int:
    """The same of one link."""
    return _run("withdraw-link", "link", arguments, withdraw_link)


def _run(
    command: str, what: str, arguments: Sequence[str], act: Callable[[Deps, Tx, UUID, str, str], bool]
) -> int:  # fmt: skip
    given = _parser(command, what).parse_args(arguments)
    settings = Settings.read()
    log.configure("intake", command, settings.log_level)
    db = Database(settings.database_url, pool_size=2)
    clock = FollowingClock(db).start()
    deps = build(settings, db, clock)
    try:
        with db.transaction(EVERY_TENANT) as tx:
            changed = act(deps, tx, given.id, given.by, given.reason)
    except NotFound:
        sys.stderr.write(f"{command}: there is no {what} {given.id}\n")
        return 1
    finally:
        deps.close()
        clock.stop()
        db.close()
    logger.info(command, id=str(given.id), changed=changed)
    sys.stdout.write(f"{what} {given.id}: {'withdrawn' if changed else 'was withdrawn before'}\n")
    return 0


def _parser(command: str, what: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=f"python -m intake {command}", description=__doc__)
    parser.add_argument("id", type=UUID, metavar=f"{what.upper()}_ID")
    parser.add_argument("--by", required=True, type=_line, help="who decided it: an account or an office, no person")
    parser.add_argument("--reason", required=True, type=_line, help="why; the applicant reads it; name nobody")
    return parser


def _line(text: str) -> str:
    text = text.strip()
    if not text or len(text) > _MOST or not text.isprintable():
        raise argparse.ArgumentTypeError(f"one line of 1 to {_MOST} characters")
    return text
