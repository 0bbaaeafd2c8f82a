"""What was asked is of one case: an answer that comes when that one has ended says nothing of another."""

from __future__ import annotations

from typing import Any

import pytest

from intake.store import conversations
from tests.integration.intake import cast
from tests.integration.intake.test_talking import case_of, case_row, new_number, opened, the_neighbourhood
from tests.support.services import InProcess
from tests.support.talking import CHAT, Phone
from tests.support.tokens import BUKIT_SANGKAL

__all__ = ["the_neighbourhood"]


@pytest.fixture
def siti(intake: InProcess) -> Phone:
    return Phone(intake, number=new_number(), rules=dict(CHAT))


def ended(intake: InProcess, case: Any) -> None:
    with intake.deps.db.transaction("*") as tx:
        tx.execute("UPDATE application SET status = 'expired' WHERE id = %s", [case])


def two(intake: InProcess, phone: Phone) -> tuple[Any, Any]:
    """A case of her own, then one for Rohana; of both the id, the older first."""
    opened(phone)
    first = case_of(intake, phone)
    for text in ("menu", "baru", "kk", "2", "Rohana, RT 23", "Siti, tetangga", "hilang"):
        phone.sends(text)
    second = case_of(intake, phone)
    assert first != second
    return first, second


@pytest.mark.parametrize("word", ["ya", "1", "kirim", "batal"])
def test_a_yes_to_withdrawing_a_case_that_ended_meanwhile_withdraws_no_other(
    intake: InProcess, siti: Phone, word: str
) -> None:
    first, second = two(intake, siti)
    assert "Rohana" in siti.sends("batal")[0]["text"]
    ended(intake, second)
    got = siti.sends(word)
    assert [one["template"] for one in got] == ["talk_note"] and "tidak berjalan" in got[0]["text"]
    assert case_row(intake, first)["status"] == "draft"
    assert siti.sends("batal")[0]["template"] == "talk_withdraw", "asked anew, of the other one, he may"
    siti.sends("ya")
    assert case_row(intake, first)["status"] == "withdrawn"


def test_a_field_of_a_case_that_ended_is_not_written_into_another(intake: InProcess, siti: Phone) -> None:
    siti.rules = dict(CHAT) | {"numbers": False}
    first, second = two(intake, siti)
    siti.sends("ganti tempat lahir")
    assert "lahir" in siti.heard[-1]["text"]
    ended(intake, second)
    assert siti.sends("Lahat")[0]["template"] == "talk_note"
    assert cast.show(intake, first)["applicant"].get("birth_place") is None


def test_the_digit_of_a_menu_is_that_of_the_list_that_was_shown(intake: InProcess, siti: Phone) -> None:
    first, second = two(intake, siti)
    shown = siti.sends("menu")[0]["options"]
    assert [one["id"] for one in shown] == [str(second), str(first), "new", "office"]
    ended(intake, second)
    assert "tidak berjalan" in siti.sends("1")[0]["text"]
    siti.sends("menu")
    ended(intake, first)
    assert siti.sends("2")[0]["template"] == "talk_service"


def test_an_answer_that_quotes_a_question_of_an_ended_case_is_for_no_other(intake: InProcess, siti: Phone) -> None:
    first, second = two(intake, siti)
    asked = siti.sends("batal")[0]
    ended(intake, second)
    siti.sends("menu")
    siti.sends("1")
    assert siti.sends("batal")[0]["template"] == "talk_withdraw"
    assert siti.sends("ya", replies_to=str(asked["message_id"]))[0]["template"] == "talk_note"
    assert case_row(intake, first)["status"] == "draft"


def about(intake: InProcess, case: Any, phone: Phone) -> list[str]:
    with intake.deps.db.transaction(BUKIT_SANGKAL) as tx:
        rows = conversations.of_case(tx, intake.deps.data_keys, case)
    return sorted(row["said"]["text"] for row in rows)


def test_what_is_said_while_a_case_is_being_opened_is_about_that_one(intake: InProcess, siti: Phone) -> None:
    opened(siti)
    first = case_of(intake, siti)
    before = about(intake, first, siti)
    assert before == sorted(["halo", "2", "1", "Siti Maimunah, RT 23", "baru"])
    said = ["baru", "kk", "2", "Rohana, RT 23", "bantuan", "lanjut", "Siti, tetangga", "hilang"]
    for text in ("menu", *said[:5]):
        siti.sends(text)
    assert about(intake, first, siti) == sorted([*before, "menu"])
    rows = intake.rows("SELECT application_id FROM incoming_message WHERE contact_id = %s AND office", [siti.contact])
    assert [row["application_id"] for row in rows] == [None]
    for text in said[5:]:
        siti.sends(text)
    second = case_of(intake, siti)
    assert first != second and set(said) - {"lanjut"} <= set(about(intake, second, siti))
    assert about(intake, first, siti) == sorted([*before, "menu"])


def test_what_is_said_of_a_case_that_is_not_opened_after_all_is_about_none(intake: InProcess, siti: Phone) -> None:
    opened(siti)
    first = case_of(intake, siti)
    before = about(intake, first, siti)
    for text in ("menu", "baru", "kk", "batal"):
        siti.sends(text)
    assert about(intake, first, siti) == sorted([*before, "menu"])
