"""The example that keeps a copy of all cases: it begins with everything, and is killed again and again."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from clients.python.examples.mirror import Mirror
from deploy.demo.client import Person
from deploy.local.stack import Stack
from deploy.token import token_for
from pengantar_client import Client, MachineKey
from tests.support.eventually import eventually
from tests.support.followed import CITY, cases_of, letters_of
from tests.support.outcome import rows

EXAMPLE = Path("clients/python/examples/mirror.py")
SCOPES = ["events.read", "cases.read", "letters.read"]
_CASES = """
SELECT id::text, status, service, submitted_at, received_at, promised_at FROM application
WHERE kelurahan LIKE '16.71.%' AND submitted_at IS NOT NULL
"""
_LETTERS = """
SELECT id::text, status, number FROM letter WHERE kelurahan LIKE '16.71.%' AND issued_at IS NOT NULL AND NOT form
"""


def a_machine_of_the_city(stack: Stack) -> tuple[str, str]:
    """Its id and key."""
    key = stack.token_key_file.read_text("ascii")
    administrator = Person(stack.base_url, token_for(key, "area_administrator", kelurahan=CITY))
    made = administrator.post("/v1/staff/machines", {"name": f"Arsip {time.time_ns()}", "scopes": SCOPES})
    return made["id"], made["client_secret"]


def test_a_copy_is_right_although_its_program_is_killed_again_and_again(
    stack: Stack, cases: list[dict[str, Any]], tmp_path: Path
) -> None:
    assert cases
    client_id, client_secret = a_machine_of_the_city(stack)
    named = {
        "PENGANTAR_URL": stack.base_url,
        "PENGANTAR_CLIENT_ID": client_id,
        "PENGANTAR_CLIENT_SECRET": client_secret,
    }
    kept, chance = tmp_path / "cases.db", random.Random(20260819)
    mirror = Mirror(Client(stack.base_url, MachineKey(client_id, client_secret)), kept)
    for _ in range(4):
        program = subprocess.Popen([sys.executable, str(EXAMPLE), str(kept)], env=os.environ | named)
        time.sleep(chance.uniform(0.2, 1.5))
        program.kill()
        program.wait()
    if mirror.position is None:
        mirror.fetch_everything()
    eventually(lambda: not mirror.step(), within=30, every=0, what="all is read")
    known = {case: of_it for case, of_it in cases_of(mirror).items() if of_it[2] is not None}
    assert known == {case: tuple(of_it) for case, *of_it in rows(stack, "intake", _CASES)} and known
    assert letters_of(mirror) == {letter: tuple(of_it) for letter, *of_it in rows(stack, "documents", _LETTERS)}
