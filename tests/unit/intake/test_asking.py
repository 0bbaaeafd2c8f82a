"""What people answer to an announcement: a question, a wish, or a sign that they read it."""

from __future__ import annotations

import pytest

from intake.domain.conversation.asking import kind_of


@pytest.mark.parametrize("text", ["Jam berapa?", "pak kapan mulainya", "Apakah boleh diwakilkan", "di mana tempatnya",
                                  "bawa sendiri ?", "Maaf bu, bisa diwakilkan anak saya"])  # fmt: skip
def test_what_asks_is_a_question(text: str) -> None:
    assert kind_of(text) == "question"


@pytest.mark.parametrize("text", ["Tolong selokan RT 23 juga dibersihkan", "Sebaiknya hari Sabtu saja"])
def test_what_says_something_is_a_wish(text: str) -> None:
    assert kind_of(text) == "wish"


@pytest.mark.parametrize(
    "text", ["ok", "Siap pak", "Baik bu lurah 🙏", "sudah saya teruskan", "👍", "Oke, terima kasih"]
)
def test_a_mere_sign_is_neither_and_nobody_has_to_answer_it(text: str) -> None:
    assert kind_of(text) is None
