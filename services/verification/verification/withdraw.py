"""`python -m verification links TASK_ID`: which links lead into a task, by their ids.
`python -m verification withdraw-task TASK_ID --of WHOM --by WHO --reason WHY`
`python -m verification withdraw-link LINK_ID --by WHO --reason WHY`

A task: no link of the one that is named leads into it any more, and if he is the one who is asked he is asked no more:
the question goes to the next who may answer it, as where nobody answers; a neighbour's counts as not answered. Given
again it does nothing more, whoever is asked by then. A link: that link alone ends, and its reader gets another with his
next reminder. Who and why stand in the audit. A link's secret is known to nobody, so it is named by its id.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from uuid import UUID

from kit.by_hand import ByHand, run
from kit.db import EVERY_TENANT, Database
from verification.deps import build
from verification.settings import Settings
from verification.store import messages
from verification.usecases.withdrawing import withdraw_link, withdraw_task

WITNESS = "witness"


def _whom(text: str) -> UUID | None:
    try:
        return None if text == WITNESS else UUID(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"an id, or the word {WITNESS}") from error


_OF = (_whom, f"whose links end, as `links` shows: an officeholder's id, or {WITNESS}")
_TASK = ByHand("verification", "withdraw-task", "task", __doc__, withdraw_task, _OF)
_LINK = ByHand("verification", "withdraw-link", "link", __doc__, withdraw_link)


def task_main(arguments: Sequence[str]) -> int:
    """0 when his links are withdrawn, 1 when there is no such task or it was never his; 2, with a sentence on stderr,
    for wrong arguments."""
    return run(_TASK, Settings, build, arguments)


def link_main(arguments: Sequence[str]) -> int:
    """The same of one link."""
    return run(_LINK, Settings, build, arguments)


def list_main(arguments: Sequence[str]) -> int:
    """A line for each link of a task: id, to whom (role, id), when it was made, until when it holds."""
    parser = argparse.ArgumentParser(prog="python -m verification links", description=__doc__)
    parser.add_argument("id", type=UUID, metavar="TASK_ID")
    given = parser.parse_args(arguments)
    db = Database(Settings.read().database_url, pool_size=1)
    try:
        with db.transaction(EVERY_TENANT) as tx:
            found = messages.links_of(tx, given.id)
    finally:
        db.close()
    for row in found:
        state = "withdrawn" if row["withdrawn_at"] else f"until {row['expires_at'].isoformat()}"
        whom = row["officeholder_id"] or WITNESS
        sys.stdout.write(f"{row['id']} {row['to_role']:10} {whom} {row['made_at'].isoformat()} {state}\n")
    sys.stdout.write(f"{len(found)} links\n")
    return 0
