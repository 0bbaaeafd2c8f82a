"""What people answer to an announcement is filed as a question or a wish, and told once by its ticket."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from intake.store import conversations
from intake.usecases.talking import wishing
from kit.rates import Rate
from tests.integration.intake.test_talking import new_number
from tests.support.services import InProcess
from tests.support.talking import Phone
from tests.support.tokens import BUKIT_SANGKAL


@pytest.fixture
def phone(intake: InProcess) -> Phone:
    intake.clock.at = datetime(2026, 8, 14, 2, 0, tzinfo=UTC)
    return Phone(intake, number=new_number())


def answers(phone: Phone, text: str = "", **more: Any) -> list[dict[str, Any]]:
    return phone.sends(text, replies_to=str(uuid4()), announcement_id=str(uuid4()), **more)


def filed(phone: Phone) -> list[dict[str, Any]]:
    rows = [row["data"] for row in phone.intake.told("complaint.filed")]
    return [row for row in rows if (row["person"] or {}).get("to", {}).get("phone") == phone.number]


@pytest.mark.parametrize(("text", "kind"), [("Jam berapa?", "question"), ("Tolong lampu jalan diperbaiki", "wish")])
def test_it_is_filed_without_a_question_and_the_ticket_is_the_answer(phone: Phone, text: str, kind: str) -> None:
    assert answers(phone, text) == []
    [one] = filed(phone)
    assert (one["kind"], one["channel"], one["about"], one["confidentiality"]) == (kind, "whatsapp", "office", "open")
    assert one["person"]["to"]["contact_id"] == str(phone.contact)


def test_told_twice_it_is_filed_once(phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    once = phone.intake.apply
    monkeypatch.setattr(phone.intake, "apply", lambda event: [once(event), once(event)])
    assert answers(phone, "Jam berapa?") == []
    assert len(filed(phone)) == 1


def test_what_was_filed_is_kept_with_its_ticket_alone(phone: Phone) -> None:
    for text in ("Tolong lampu jalan diperbaiki", "Siap pak"):
        answers(phone, text)
    with phone.intake.deps.db.transaction(BUKIT_SANGKAL) as tx:
        kept = conversations.of_contact(tx, phone.intake.deps.data_keys, phone.contact, 50)
    assert [row["said"]["text"] for row in kept] == ["Siap pak"]


def test_thanks_file_nothing_and_a_photo_is_a_persons_to_look_at(phone: Phone) -> None:
    for text in ("Siap pak", "Terima kasih", "👍"):
        assert answers(phone, text) == []
    assert answers(phone, "", kind="photo", problem="gone") == []
    assert filed(phone) == []


def test_a_message_that_answers_no_announcement_is_a_turn_of_the_conversation(phone: Phone) -> None:
    assert phone.sends("Jam berapa?") != [] and filed(phone) == []


def test_of_many_the_office_gets_the_first_as_tickets_and_reads_the_rest(
    phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wishing, "FILED_BY_CONTACT", Rate("wishes-by-contact", most=2, within=86_400))
    for number in range(4):
        assert answers(phone, f"Usul nomor {number}, tolong dibaca") == []
    assert len(filed(phone)) == 2
