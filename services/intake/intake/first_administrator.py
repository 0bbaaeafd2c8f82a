"""`python -m intake invite-administrator OFFICE USERNAME NAME`: the first one of an office, kecamatan or city.

Prints an invitation, which holds for 72 hours and makes nobody anything until it is accepted with a password and an
authenticator app. For whoever runs the system: it asks nobody whether there is an administrator already.
"""

from __future__ import annotations

import argparse

from intake.deps import build
from intake.domain.accounts import ADMINISTRATORS, roles_at
from intake.settings import Settings
from intake.usecases import staff
from kit.clock import FollowingClock
from kit.db import Database
from kit.problems import Problem


def main(arguments: list[str]) -> int:
    """The exit code."""
    parser = argparse.ArgumentParser(prog="python -m intake invite-administrator", description=__doc__)
    parser.add_argument("office", help="code of the kelurahan (16.71.10.1001), kecamatan or city")
    parser.add_argument("username")
    parser.add_argument("name", nargs="+", help="the person's name")
    given = parser.parse_args(arguments)
    try:
        roles = roles_at(given.office) & ADMINISTRATORS
    except ValueError as error:
        parser.error(str(error))
    settings = Settings.read()
    db = Database(settings.database_url, pool_size=2)  # the key of fingerprints is read beside the transaction
    try:
        deps = build(settings, db, FollowingClock(db))
        with db.transaction(given.office) as tx:
            _account, invitation = staff.invite(
                deps, tx, " ".join(given.name), given.username, roles, "operator"
            )  # fmt: skip
    except Problem as problem:
        print(f"{problem.title.en}. {problem.detail.en if problem.detail else ''}".strip())  # noqa: T201
        return 1
    finally:
        db.close()
    print(invitation)  # noqa: T201
    return 0
