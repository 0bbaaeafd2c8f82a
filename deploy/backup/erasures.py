"""What was erased after a backup was taken must not come back with it, nor accounts, roles and keys that have ended
since: the ledger of both, kept and replayed."""

from __future__ import annotations

import importlib
import json
import os
import tempfile
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

from contracts import ledger
from deploy.backup import folder
from deploy.backup.installation import Installation, StepFailed

OWNER = "intake"


class LedgerRefused(Exception):
    """A ledger that was kept cannot be used; nothing was changed, and the text says what to do."""


def are_there() -> bool:
    """Whether this release can say what it erased, and do it again."""
    return {"erasures", "replay-erasures"} <= set(importlib.import_module(f"{OWNER}.app").SERVICE.commands)


def since(installation: Installation, moment: datetime, database: str | None = None) -> list[str]:
    """The ledger's lines from a moment of the business clock on, JSON each. Raises StepFailed."""
    done = installation.service(OWNER, "erasures", "--since", moment.isoformat(), database=database).try_()
    if done.returncode:
        raise StepFailed(f"The ledger of erasures could not be read:\n{(done.stdout + done.stderr)[-1000:]}")
    try:
        return ledger.lines_of(done.stdout)
    except ledger.NotWhole as error:
        raise StepFailed(f"The ledger of erasures did not come whole: {error}.") from error


def read(file: Path) -> list[str]:
    """The lines of a ledger that was kept. Raises LedgerRefused."""
    try:
        return ledger.lines_of(file.read_text("utf-8"))
    except (ledger.NotWhole, UnicodeDecodeError) as error:
        raise LedgerRefused(
            f"{file} is no whole ledger: {error}. Whoever is missing in it would come back. Write it anew with"
            " `make erasures OUT=…` where the installation can still be read, or name an older copy that is whole; one"
            " of a release that wrote no such last line has to be written anew as well."
        ) from error


def cases(lines: Iterable[str]) -> int:
    """How many of the lines are erasures; the others are ends of accounts, roles and keys."""
    return sum("kind" not in json.loads(line) for line in lines)


def replay(installation: Installation, lines: Iterable[str], database: str, rings: Mapping[str, str]) -> list[str]:
    """Asks intake, in a database that is not open yet, for these erasures and ends again; what it said. Raises
    StepFailed."""
    said = installation.service(OWNER, "replay-erasures", "-", database=database, rings=rings).run(_text(lines))
    return [line for line in said.splitlines() if not line.startswith("{")]  # those are its log's


def wait(installation: Installation, lines: Iterable[str], within: int) -> str:
    """Until all services have erased their part, which needs their workers; what intake said. Raises StepFailed."""
    return installation.service(OWNER, "replay-erasures", "-", "--wait", str(within)).run(_text(lines)).strip()


def _text(lines: Iterable[str]) -> str:
    return "".join(ledger.ended(dict.fromkeys(lines)))


def write(file: Path, lines: Iterable[str]) -> None:
    """Whole or not at all, and on the disk: a ledger that lost its end would bring people back."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=file.parent, prefix=".", delete=False) as draft:
        try:
            draft.writelines(ledger.ended(lines))
            draft.flush()
            os.fsync(draft.fileno())
            Path(draft.name).replace(file)
        except BaseException:
            Path(draft.name).unlink(missing_ok=True)
            raise
    folder.sync(file.parent)
