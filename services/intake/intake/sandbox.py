"""`python -m intake sandbox NAME`: lets a machine into the office for trying, which has some made-up cases then.

Needs `SANDBOX=true` at the last `migrate`, which makes the office. Prints the machine's id and key. Each time another
machine; cases are opened where there are none.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Any

from intake.deps import build
from intake.schemas.applications import NewApplication
from intake.settings import Settings
from intake.usecases.sandbox import STREET, let_in
from kit.clock import FollowingClock
from kit.db import Database
from kit.problems import Problem

_PEOPLE = (
    ("KK", "lost", "Ani Contoh", "P", "1980-01-01", "001"),
    ("KTP", "lost", "Budi Contoh", "L", "1975-05-17", "001"),
    ("KK", "lost", "Cici Contoh", "P", "1990-10-28", "002"),
)


def main(arguments: list[str]) -> int:
    """The exit code."""
    parser = argparse.ArgumentParser(prog="python -m intake sandbox", description=__doc__)
    parser.add_argument("name", nargs="+", help="what the other system is called")
    given = parser.parse_args(arguments)
    settings = Settings.read()
    db = Database(settings.database_url, pool_size=2)
    try:
        machine_id, key = let_in(build(settings, db, FollowingClock(db)), " ".join(given.name), bodies())
    except Problem as problem:
        print(f"{problem.title.en}. {problem.detail.en}")  # noqa: T201
        return 1
    finally:
        db.close()
    print(f"client_id={machine_id}\nclient_secret={key}")  # noqa: T201
    return 0


def bodies() -> Iterator[dict[str, Any]]:
    """Applications of made-up people, read as the API reads them."""
    for number, (service, reason, name, sex, born, rt) in enumerate(_PEOPLE, 1):
        year, month, day = born.split("-")
        of_day = int(day) + (40 if sex == "P" else 0)
        applicant = {
            "name": name, "nik": f"167110{of_day:02d}{month}{year[2:]}{number:04d}", "birth_place": "Contoh",
            "birth_date": born, "sex": sex, "address": STREET, "rt": rt, "rw": "001",
        }  # fmt: skip
        contact = {"name": name, "phone": f"+62812000099{number:02d}"}
        body = {"service": service, "reason": reason, "applicant": applicant, "contact": contact}
        yield NewApplication().load(body)  # type: ignore[misc]
