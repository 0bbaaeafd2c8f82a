"""A backup of the running system, restored on a machine that has nothing: everything is there again."""

from __future__ import annotations

import hashlib
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg2
import pytest
import requests

from deploy.backup import keys
from deploy.backup.manifest import NAME
from deploy.demo.client import Person
from deploy.local import running
from deploy.local.parts.postgres import programs
from deploy.local.stack import Stack
from deploy.setup.secrets import SERVICES
from deploy.token import token_for
from tests.e2e.test_signing_in import sign_in
from tests.support.backups import Operator, forget, restored
from tests.support.canaries import leaks, opening
from tests.support.outcome import assert_nothing_is_left, rows

pytestmark = pytest.mark.timeout(300)

ELSEWHERE = "e2e_restored"
_RIGHTS = (
    "SELECT table_name, grantee, privilege_type FROM information_schema.role_table_grants"
    " WHERE table_schema = 'public' AND grantee NOT LIKE 'pg_%' AND grantee <> 'postgres' ORDER BY 1, 2, 3"
)
_OWNERS = "SELECT tablename, tableowner, rowsecurity FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
_DEFAULTS = "SELECT defaclobjtype, defaclacl::text FROM pg_default_acl ORDER BY 1"


def _lasting(found: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Without the feed's parts, which are made as it goes: behind its leap a restored feed has others."""
    return [row for row in found if not re.fullmatch(r"feed_event_\d+", str(row[0]))]


@pytest.fixture(scope="module")
def operator(tmp_path_factory: pytest.TempPathFactory) -> Operator:
    return Operator(tmp_path_factory.mktemp("operator"))


@pytest.fixture(scope="module")
def backup(stack: Stack, cases: list[dict[str, Any]], operator: Operator) -> Path:
    return operator.take(stack)


@pytest.fixture(scope="module")
def again(backup: Path, operator: Operator) -> Iterator[Stack]:
    forget(ELSEWHERE)
    done = operator.restore(backup, ELSEWHERE)
    assert done.returncode == 0, done.stderr
    with restored(ELSEWHERE) as running:
        yield running


# What a thief of the backup has


def readable(backup: Path) -> Iterator[tuple[str, str]]:
    """Every part as text; dumps as SQL."""
    for file in backup.iterdir():
        if file.suffix == ".dump":
            shown = subprocess.run([programs() / "pg_restore", "-f", "-", file], check=True, capture_output=True)
            assert b"COPY public.people" in shown.stdout
            yield file.name, shown.stdout.decode("utf-8")
        else:
            yield file.name, file.read_bytes().decode("latin-1")


def test_a_stolen_backup_names_nobody_and_opens_no_door(
    stack: Stack, backup: Path, cases: list[dict[str, Any]]
) -> None:
    doors = {secret for secret in opening(cases) if len(secret) >= 12}
    doors |= {stack.secrets.read(ring).partition(":")[2] for ring in keys.RINGS}
    doors |= {stack.secrets.read(f"{service}_owner_password") for service in SERVICES}
    seen = dict(readable(backup))
    assert {"intake.dump", "notify.dump", "intake-files.tar", "documents-letters.tar", "keys.sealed"} < seen.keys()
    for name, text in seen.items():
        assert leaks(text) == [], name
        assert [door for door in doors if door in text] == [], name


def test_without_the_passphrase_nothing_is_restored(backup: Path, operator: Operator) -> None:
    done = operator.run("restore", str(backup), "--stack", "e2e_refused", "--nothing-erased", phrase=False)
    assert (done.returncode, "BACKUP_PASSPHRASE_FILE" in done.stderr) == (1, True)


def test_without_a_passphrase_no_backup_is_taken_unless_it_leaves_the_keys_out(
    stack: Stack, operator: Operator, tmp_path: Path
) -> None:
    out = str(tmp_path / "out")
    refused = operator.run("take", out, "--stack", stack.name, phrase=False)
    assert (refused.returncode, "--without-keys" in refused.stderr, Path(out).exists()) == (1, True, False)
    done = operator.run("take", out, "--stack", stack.name, "--without-keys", phrase=False)
    assert (done.returncode, "WITHOUT KEYS" in done.stdout) == (0, True)
    [whole] = Path(out).iterdir()
    assert not (whole / "keys.sealed").exists() and (whole / NAME).exists()


# What is there again


def test_a_stack_that_runs_is_not_restored_over(stack: Stack, backup: Path, operator: Operator) -> None:
    done = operator.restore(backup, stack.name, "--replace")
    assert (done.returncode, "Stop it first" in done.stderr) == (1, True)


def test_every_letter_checks_and_has_the_same_bytes(again: Stack, cases: list[dict[str, Any]]) -> None:
    for letter in (letter for case in cases for letter in case["letters"]):
        path = urlsplit(letter["check_url"]).path
        assert requests.get(again.base_url + path, timeout=20).status_code == 200
        answer = requests.post(
            f"{again.base_url}/v1/checks", files={"file": Path(letter["file"]).read_bytes()}, timeout=30
        ).json()
        assert (answer["result"], answer["letter"]["number"]) == ("genuine", letter["number"])


def test_names_and_files_open(again: Stack, cases: list[dict[str, Any]]) -> None:
    key = again.token_key_file.read_text("ascii")
    officer, lurah = (Person(again.base_url, token_for(key, role)) for role in ("officer", "lurah"))
    found = officer.get("/v1/applications", status="completed")["items"]
    assert len(found) == len(cases)
    for one in found:
        case = officer.get(f"/v1/applications/{one['id']}")
        assert case["applicant"]["name"] and case["files"]
        file = f"/v1/applications/{one['id']}/files/{case['files'][0]['file_id']}"
        link = officer.post(f"{file}/links", {})
        assert len(officer.download(urlsplit(link["url"]).path)) > 1000
        for letter in lurah.get("/v1/letters", application_id=one["id"])["items"]:
            content = lurah.download(f"/v1/letters/{letter['id']}/content")
            assert hashlib.sha256(content).hexdigest() == letter["sha256"]


@pytest.mark.parametrize("service", SERVICES)
def test_owners_rights_and_row_level_security_are_as_they_were(stack: Stack, again: Stack, service: str) -> None:
    for asked in (_RIGHTS, _OWNERS, _DEFAULTS):
        assert _lasting(rows(again, service, asked)) == _lasting(rows(stack, service, asked))
    with psycopg2.connect(again.database_url(service)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM people")
        assert cursor.fetchone() == (0,), "without a tenant the runtime role sees nobody"
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            cursor.execute("ALTER TABLE people DISABLE ROW LEVEL SECURITY")


@pytest.mark.parametrize("service", SERVICES)
def test_the_audit_holds(again: Stack, service: str) -> None:
    done = running.run(again.name, service, ["verify-audit"])
    assert (done.returncode, "holds" in done.stdout, "BROKEN" in done.stdout) == (0, True, False), done.stdout


def test_signing_in_works_and_what_was_told_again_has_no_second_effect(again: Stack) -> None:
    before = rows(again, "notify", "SELECT count(*) FROM message WHERE template <> 'sign_in_code'")
    assert sign_in(again, "+6281271009901")["access_token"]
    assert_nothing_is_left(again)
    assert rows(again, "notify", "SELECT count(*) FROM message WHERE template <> 'sign_in_code'") == before
    assert rows(again, "documents", "SELECT number FROM register_line GROUP BY number HAVING count(*) > 1") == []
