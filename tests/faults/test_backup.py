"""`make faults`: backups while people work, then everything is destroyed and restored, and the work goes on."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from deploy.backup import erasures, manifest
from deploy.demo.client import Person
from deploy.local import running
from deploy.local.stack import Stack
from deploy.token import token_for
from tests.e2e.test_signing_in import sign_in
from tests.support.backups import Operator, forget, restored
from tests.support.eventually import eventually
from tests.support.outcome import SERVICES, assert_nothing_is_left, rows
from tests.support.playing import Act, play, whole_stack

pytestmark = [pytest.mark.faults, pytest.mark.timeout(1800)]

_ERASED = "SELECT application_id FROM erasure WHERE done_at IS NOT NULL"
_FILES = "SELECT count(*) FROM file"
LOST, AGAIN = "faults_lost", "faults_restored"
MOMENTS = (12, 30, 44)
"""Deeds of the demo beside which a backup is taken: applications open, verification, production."""


def taking(operator: Operator, stack: Stack, taken: list[Path]) -> Act:
    return lambda: taken.append(operator.take(stack))


def numbers_without_gap(stack: Stack) -> None:
    """Each register counts 1..n, and so do the agenda numbers: none is missing, none is given twice."""
    for series, count, first, last, number in rows(
        stack, "documents",
        "SELECT series, count(*), min(n), max(n), count(DISTINCT number) FROM register_line GROUP BY series",
    ):  # fmt: skip
        assert (first, last, number) == (1, count, count), series
    agenda = rows(stack, "intake", "SELECT agenda_number FROM application WHERE agenda_number IS NOT NULL ORDER BY 1")
    assert agenda == [(f"{number:04d}/2026",) for number in range(1, len(agenda) + 1)]


def copies_agree(stack: Stack) -> dict[str, Any]:
    """Cases of which a service knows another state than intake."""
    state = "SELECT id, status FROM application ORDER BY id"
    owner = dict(rows(stack, "intake", state))
    return {
        service: differing
        for service in ("documents", "notify")
        if (differing := {one: status for one, status in rows(stack, service, state) if owner.get(one) != status})
    }


def test_whatever_was_under_way_goes_on_after_everything_was_destroyed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    operator, taken = Operator(tmp_path), list[Path]()
    with whole_stack(LOST) as stack:
        acts = {moment: taking(operator, stack, taken) for moment in MOMENTS}
        cases = play(stack, tmp_path / "first", monkeypatch, acts)
        taken.append(operator.take(stack))
    forget(LOST)
    for source in taken:
        forget(AGAIN)
        done = operator.restore(source, AGAIN)
        assert done.returncode == 0, done.stderr
        with restored(AGAIN) as again:
            assert_nothing_is_left(again)
            assert copies_agree(again) == {}
            numbers_without_gap(again)
            for service in SERVICES:
                audit = running.run(AGAIN, service, ["verify-audit"])
                assert (audit.returncode, "BROKEN" in audit.stdout) == (0, False), audit.stdout
            if source == taken[-1]:
                for letter in (letter for case in cases for letter in case["letters"]):
                    content = Path(letter["file"]).read_bytes()
                    assert requests.get(again.base_url + urlsplit(letter["check_url"]).path, timeout=20).ok
                    assert hashlib.sha256(content).hexdigest() == letter["check_sha256"]
                assert sign_in(again, "+6281271009902")["access_token"]
                more = play(again, tmp_path / "second", monkeypatch)
                assert [case["status"] for case in more] == ["completed"] * len(cases)
                assert_nothing_is_left(again)
                numbers_without_gap(again)


def test_a_service_that_is_restored_newer_than_the_one_it_hears_comes_back_to_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Intake as it was early, the others as they were late: what an operator may do who has lost one database."""
    operator, taken = Operator(tmp_path), list[Path]()
    with whole_stack(LOST) as stack:
        play(stack, tmp_path / "first", monkeypatch, {30: taking(operator, stack, taken)})
        taken.append(operator.take(stack))
    forget(LOST)
    mixed = _mixed(*taken)
    forget(AGAIN)
    done = operator.restore(mixed, AGAIN)
    assert done.returncode == 0, done.stderr
    with restored(AGAIN) as again:
        states = dict(rows(again, "intake", "SELECT id, status FROM application"))
        assert set(states.values()) != {"completed"}, "intake is the older one"
        eventually(lambda: copies_agree(again) == {}, within=60, what="the others know intake's states")


class Leavers:
    """An officer, a machine and a resident, who are there at the backup and not afterwards."""

    def __init__(self, stack: Stack) -> None:
        self._base = stack.base_url
        key = stack.token_key_file.read_text("ascii")
        self._administrator = {"Authorization": f"Bearer {token_for(key, 'administrator')}"}
        staff = {"name": "Nyimas Halimah", "username": "halimah", "roles": ["officer"]}
        self._officer = self._send("POST", "/v1/staff", json=staff)["id"]
        machine = {"name": "Dasbor kota", "scopes": ["reports.read"]}
        self._machine = self._send("POST", "/v1/staff/machines", json=machine)
        self._tokens = sign_in(stack, "+6281271009903")

    def go(self) -> None:
        """Closed, ended, and given up."""
        self._send("DELETE", f"/v1/staff/{self._officer}")
        [key] = self._machine["keys"]
        self._send("DELETE", f"/v1/staff/machines/{self._machine['id']}/keys/{key['id']}")
        own = {"Authorization": f"Bearer {self._tokens['access_token']}"}
        assert requests.delete(f"{self._base}/v1/auth/account", headers=own, timeout=20).status_code == 204

    def left(self, stack: Stack) -> list[tuple[Any, ...]]:
        """Who of them could come in."""
        ids = f"('{self._officer}', '{self._machine['id']}', '{self._tokens['account_id']}')"
        return rows(
            stack, "intake",
            f"SELECT a.id, a.kind FROM account a WHERE id IN {ids} AND state <> 'closed' AND (kind <> 'machine'"
            " OR EXISTS (SELECT FROM machine_key k WHERE k.account_id = a.id AND k.ends_at > clock_timestamp()))",
        )  # fmt: skip

    def _send(self, method: str, path: str, **more: Any) -> Any:
        answer = requests.request(method, f"{self._base}{path}", headers=self._administrator, timeout=20, **more)
        assert answer.ok, answer.text
        return answer.json() if answer.content else None


@pytest.mark.skipif(not erasures.are_there(), reason="*** this release has no commands for erasures: nothing to replay")
def test_what_was_erased_or_ended_after_a_backup_is_so_before_the_restored_system_opens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    operator, ledger = Operator(tmp_path), tmp_path / "erasures.jsonl"
    with whole_stack(LOST) as stack:
        play(stack, tmp_path / "first", monkeypatch)
        leavers = Leavers(stack)
        source = operator.take(stack)
        leavers.go()
        officer = Person(stack.base_url, token_for(stack.token_key_file.read_text("ascii"), "officer"))
        case = officer.get("/v1/applications", status="completed")["items"][0]["id"]
        officer.post(f"/v1/applications/{case}/erasure", {})
        eventually(lambda: rows(stack, "intake", _ERASED), within=90, every=0.5, what="all services have erased")
        left = rows(stack, "intake", _FILES)
        assert operator.run("erasures", str(ledger), "--stack", LOST).returncode == 0
    assert case in ledger.read_text()
    forget(LOST)
    forget(AGAIN)
    refused = operator.run("restore", str(source), "--stack", AGAIN)
    assert (refused.returncode, "--erasures FILE" in refused.stderr) == (1, True)
    done = operator.run("restore", str(source), "--stack", AGAIN, "--erasures", str(ledger))
    assert done.returncode == 0, done.stderr
    assert "3 of 3 accounts, roles and keys ended again" in done.stdout
    assert "1 erasures asked for again, 0 not done yet" in done.stdout
    with Stack(AGAIN, services=False, quiet=True, keep=True) as parts:
        assert leavers.left(parts) == []
        assert [str(one) for (one,) in rows(parts, "intake", _ERASED)] == [case]
        assert rows(parts, "intake", _FILES) == left
    forget(AGAIN)


def _mixed(early: Path, late: Path) -> Path:
    """The late backup, with intake's database of the early one; the keys' binding is what it is for, so they are bound
    anew as the tool would."""
    from deploy.backup import keys
    from deploy.backup.take import KEYS

    told, before = manifest.read(late), manifest.read(early)
    secrets = keys.unseal((late / KEYS).read_bytes(), b"kunci cadangan yang panjang", told.bound_to)
    target = late.parent / "mixed"
    shutil.copytree(late, target)
    shutil.copy(early / "intake.dump", target / "intake.dump")
    intake = next(part for part in before.parts if part.name == "intake.dump")
    parts = tuple(intake if part.name == "intake.dump" else part for part in told.parts)
    sealed = keys.seal(secrets, b"kunci cadangan yang panjang", manifest.bound_to(parts))
    (target / KEYS).write_bytes(sealed)
    own = manifest.Part(KEYS, len(sealed), hashlib.sha256(sealed).hexdigest())
    content = json.loads(told.text())
    content["databases"]["intake"] = json.loads(before.text())["databases"]["intake"]
    content["parts"] = [vars(own if part.name == KEYS else part) for part in parts]
    text = json.dumps(content).encode()
    (target / manifest.NAME).write_bytes(text)
    (target / manifest.OWN_HASH).write_text(hashlib.sha256(text).hexdigest() + os.linesep)
    return target
