"""What a release does to the rows of the one before."""

from __future__ import annotations

from typing import Any

import psycopg2
import pytest

from deploy.local.stack import Stack
from kit import migrate
from kit.ids import new_id
from tests.support.services import empty
from tests.support.tokens import BUKIT_SANGKAL

_LETTER = """
INSERT INTO letter (id, kelurahan, kind, status, rw, rt, created_at, number, token)
VALUES (%s, %s, 'kk_introduction', %s, '005', '023', now(), %s, %s)
"""
_SHEET = "UPDATE letter SET prepared_key = 'a-sheet', prepared_sha256 = 'x' WHERE id = %s"


class Owner:
    """The database of documents, before and after."""

    def __init__(self, url: str) -> None:
        self.url = url
        empty(url)

    def upgrade(self, monkeypatch: pytest.MonkeyPatch, most: int) -> None:
        files = migrate.migration_files

        def older(package: str) -> list[tuple[int, str, str]]:
            return [file for file in files(package) if package == "kit" or file[0] <= most]

        with monkeypatch.context() as patch:
            patch.setattr(migrate, "migration_files", older)
            migrate.migrate(self.url, ["kit", "documents"])

    def do(self, sql: str, values: list[Any] | None = None) -> list[tuple[Any, ...]]:
        connection = psycopg2.connect(self.url)
        try:
            with connection, connection.cursor() as cursor:
                cursor.execute("SELECT set_config('app.tenant', '*', true)")
                cursor.execute(sql, values)
                return list(cursor.fetchall()) if cursor.description else []
        finally:
            connection.close()

    def numbered(self, status: str = "numbered") -> str:
        letter_id = str(new_id())
        self.do(_LETTER, [letter_id, BUKIT_SANGKAL, status, f"{letter_id}/VIII/2026", letter_id])
        return letter_id


@pytest.fixture
def owner(parts: Stack) -> Owner:
    return Owner(parts.database_url("documents", "owner"))


def test_letters_that_were_numbered_before_there_was_a_choice_are_approved(
    owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner.upgrade(monkeypatch, 4)
    letters = {owner.numbered(), owner.numbered("void")}
    owner.upgrade(monkeypatch, 5)
    assert set(owner.do("SELECT id::text, method FROM letter")) == {(one, "approval") for one in letters}


def test_a_letter_that_was_left_without_a_method_goes_on_and_is_issued(
    owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner.upgrade(monkeypatch, 9)
    waiting, prepared = owner.numbered(), owner.numbered()
    owner.do(_SHEET, [prepared])
    owner.upgrade(monkeypatch, 99)
    rows = owner.do("SELECT id::text, method, prepared_key FROM letter")
    assert set(rows) == {(waiting, "approval", None), (prepared, "approval", None)}
    assert owner.do("SELECT kind, payload->>'letter_id' FROM job") == [("issue_letter", prepared)]
