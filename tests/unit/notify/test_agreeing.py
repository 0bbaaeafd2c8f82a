"""INFO, alone in a message: who asks, agrees and has enough."""

from __future__ import annotations

import pytest

from notify.domain.agreeing import LONGEST, Said, said


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("INFO", Said("ask")),
        ("Info 🙏", Said("ask")),
        ("info ya", Said("yes")),
        ("INFO SETUJU!", Said("yes")),
        ("Info Ya RT 23 RW 5", Said("yes", "023", "005")),
        ("info ya rt.023/rw.005", Said("yes", "023", "005")),
        ("info ya rt 7", Said("yes", "007", None)),
        ("info stop", Said("no")),
        ("INFO  BERHENTI.", Said("no")),
    ],
)
def test_the_word_alone_counts(text: str, meant: Said) -> None:
    assert said(text) == meant


@pytest.mark.parametrize(
    "text", ["info kapan KTP saya jadi", "minta info", "informasi", "ya", "stop", "info ya tapi jangan malam",
             "info stop dulu", "", "info " * LONGEST],
)  # fmt: skip
def test_in_a_sentence_it_is_a_word_like_any_other(text: str) -> None:
    assert said(text) is None
