"""STOP, BERHENTI and MULAI count only where they are all that somebody wrote."""

from __future__ import annotations

import pytest

from notify.domain.stopping import medium, wish

_STOPS = [
    "STOP", "stop", "Stop.", "  stop  ", "BERHENTI", "Berhenti!", "berhenti…", "STOP 🙏", "🛑 stop", "stop stop",
    "S T O P", "*STOP*", "“Stop”", "stop\n", "ＳＴＯＰ", "st\u200bop",
]  # fmt: skip
_SENTENCES = [
    "stop dulu, besok saya kirim", "jangan berhenti", "mulai dari mana ya?", "berhenti dulu pak", "non stop",
    "stop?mulai", "stopkontak", "saya mulai berhenti", "", "🛑", "stop 2", "mulai lagi", "STOP" + " " * 70,
]  # fmt: skip


@pytest.mark.parametrize("text", _STOPS)
def test_the_word_alone_ends_it(text: str) -> None:
    assert wish(text) == "stop"


@pytest.mark.parametrize("text", ["MULAI", "mulai", "Mulai!", "mulai 🙂"])
def test_the_word_alone_resumes_it(text: str) -> None:
    assert wish(text) == "resume"


@pytest.mark.parametrize("text", _SENTENCES)
def test_a_sentence_with_the_word_is_a_sentence(text: str) -> None:
    assert wish(text) is None


def test_whatsapp_is_one_by_whatever_channel() -> None:
    assert medium("whatsapp") == medium("waha") == "whatsapp" != medium("email")
