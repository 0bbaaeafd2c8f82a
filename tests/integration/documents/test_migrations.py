"""What a release does to the rows of the one before."""

from __future__ import annotations

import pytest

from deploy.local.stack import Stack
from kit.ids import new_id
from tests.support.tokens import BUKIT_SANGKAL
from tests.support.upgrading import Owner

_LETTER = """
INSERT INTO letter (id, kelurahan, kind, status, rw, rt, created_at, number, token)
VALUES (%s, %s, 'kk_introduction', %s, '005', '023', now(), %s, %s)
"""
_SHEET = "UPDATE letter SET prepared_key = 'a-sheet', prepared_sha256 = 'x' WHERE id = %s"


class Documents(Owner):
    def numbered(self, status: str = "numbered") -> str:
        letter_id = str(new_id())
        self.do(_LETTER, [letter_id, BUKIT_SANGKAL, status, f"{letter_id}/VIII/2026", letter_id])
        return letter_id


@pytest.fixture
def owner(parts: Stack) -> Documents:
    return Documents(parts.database_url("documents", "owner"), "documents")


def test_letters_that_were_numbered_before_there_was_a_choice_are_approved(
    owner: Documents, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner.upgrade(monkeypatch, 4)
    letters = {owner.numbered(), owner.numbered("void")}
    owner.upgrade(monkeypatch, 5)
    assert set(owner.do("SELECT id::text, method FROM letter")) == {(one, "approval") for one in letters}


def test_a_letter_that_was_left_without_a_method_goes_on_and_is_issued(
    owner: Documents, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner.upgrade(monkeypatch, 9)
    waiting, prepared = owner.numbered(), owner.numbered()
    owner.do(_SHEET, [prepared])
    owner.upgrade(monkeypatch, 99)
    rows = owner.do("SELECT id::text, method, prepared_key FROM letter")
    assert set(rows) == {(waiting, "approval", None), (prepared, "approval", None)}
    assert owner.do("SELECT kind, payload->>'letter_id' FROM job") == [("issue_letter", prepared)]
