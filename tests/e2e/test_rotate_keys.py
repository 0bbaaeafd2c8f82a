"""`make rotate-keys` on a system that runs: the command finds it, its rings and its services by itself."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from deploy.demo.client import Person
from deploy.local.stack import Stack
from deploy.rotate_keys import EVENTS, Local, retire, rotate
from deploy.setup.secrets import SERVICES
from deploy.token import token_for
from kit.sealed import key_ids, key_of
from tests.support import dump


def rotate_keys(stack: Stack, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "deploy.rotate_keys", "--stack", stack.name, *arguments]
    return subprocess.run(command, check=False, capture_output=True, text=True, timeout=300)


@pytest.fixture
def settled(stack: Stack) -> Iterator[None]:
    """One key in each ring, before and afterwards: a stack's secrets outlive its data."""
    local = Local.of_stack(stack.site.folder)
    _retire(local)
    yield
    _retire(local)


def _retire(local: Local) -> None:
    if any(len(key_ids(local.ring(name).read_text("ascii"))) > 1 for name in (EVENTS, *SERVICES)):
        rotate(local, print)
        retire(local, print, settled=3)


@pytest.mark.timeout(400)
@pytest.mark.usefixtures("settled")
def test_a_running_system_changes_its_keys_and_goes_on(stack: Stack, cases: list[dict[str, Any]]) -> None:
    early = rotate_keys(stack, "--retire")
    assert (early.returncode, early.stdout) == (0, "No ring has an old key.\n"), early.stderr
    rings = ["event_keys", *(f"{service}_data_keys" for service in SERVICES)]
    before = {name: key_ids(stack.secrets.read(name)) for name in rings}
    ended = rotate_keys(stack)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "All is sealed with the new keys" in ended.stdout
    after = {name: key_ids(stack.secrets.read(name)) for name in rings}
    assert {name: ids[1:] for name, ids in after.items()} == before
    for service in SERVICES:
        assert dump.sealed_with(stack, service)["people.sealed"] == {after[f"{service}_data_keys"][0]}
    assert {key_of(one.sealed or "") for one in dump.objects(stack)} == {after["event_keys"][0]}
    refused = rotate_keys(stack, "--retire")
    assert refused.returncode == 1 and "may still be under way" in refused.stderr
    key = stack.token_key_file.read_text("ascii")
    officer, lurah = (Person(stack.base_url, token_for(key, role)) for role in ("officer", "lurah"))
    for found in officer.get("/v1/applications", status="completed")["items"]:
        assert officer.get(f"/v1/applications/{found['id']}")["applicant"]["name"]
        for letter in lurah.get("/v1/letters", application_id=found["id"])["items"]:
            assert lurah.download(f"/v1/letters/{letter['id']}/content").startswith(b"%PDF")
