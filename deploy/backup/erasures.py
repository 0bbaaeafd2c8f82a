"""What was erased after a backup was taken must not come back with it: the ledger of erasures, kept and replayed."""

from __future__ import annotations

import importlib
import json
import tempfile
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from deploy.backup.installation import Installation, StepFailed

OWNER = "intake"


def are_there() -> bool:
    """Whether this release can say what it erased, and do it again."""
    return {"erasures", "replay-erasures"} <= set(importlib.import_module(f"{OWNER}.app").SERVICE.commands)


def since(installation: Installation, moment: datetime, database: str | None = None) -> list[str]:
    """The ledger's lines from a moment of the business clock on, JSON each. Raises StepFailed."""
    done = installation.service(OWNER, "erasures", "--since", moment.isoformat(), database=database).try_()
    if done.returncode:
        raise StepFailed(f"The ledger of erasures could not be read:\n{(done.stdout + done.stderr)[-1000:]}")
    return lines(done.stdout)


def lines(text: str) -> list[str]:
    """A ledger's lines. Raises ValueError for one that is no JSON object."""
    found = [line for line in text.splitlines() if line.strip()]
    for number, line in enumerate(found, 1):
        if not isinstance(json.loads(line), dict):
            raise ValueError(f"line {number} of the ledger is no object")
    return found


def replay(installation: Installation, ledger: Iterable[str], database: str) -> None:
    """Asks intake, in a database that is not open yet, for these erasures again. Raises StepFailed."""
    installation.service(OWNER, "replay-erasures", "-", database=database).run(_text(ledger))


def wait(installation: Installation, ledger: Iterable[str], within: int) -> str:
    """Until all services have erased their part, which needs their workers; what intake said. Raises StepFailed."""
    return installation.service(OWNER, "replay-erasures", "-", "--wait", str(within)).run(_text(ledger)).strip()


def _text(ledger: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in dict.fromkeys(ledger))


def write(file: Path, ledger: Iterable[str]) -> None:
    """Whole or not at all: a ledger that lost its end would bring people back."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=file.parent, prefix=".", delete=False) as draft:
        draft.writelines(f"{line}\n" for line in ledger)
    Path(draft.name).replace(file)
