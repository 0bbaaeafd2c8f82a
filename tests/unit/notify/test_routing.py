"""What somebody writes is for exactly one service."""

from __future__ import annotations

from uuid import uuid4

import pytest

from notify.domain.incoming import Answered, recipient


def answered(by: str | None) -> Answered:
    return Answered(uuid4(), by)


@pytest.mark.parametrize("by", ["intake", "verification"])
@pytest.mark.parametrize("heads", [True, False])
def test_an_answer_goes_to_who_asked_whatever_is_open(by: str, heads: bool) -> None:
    other = "verification" if by == "intake" else "intake"
    assert recipient("ya", answered=answered(by), heads=heads, asked=other) == by


@pytest.mark.parametrize("by", [None, "documents"])
def test_an_answer_to_a_notice_goes_to_intake(by: str | None) -> None:
    assert recipient("terima kasih", answered=answered(by), heads=True, asked="verification") == "intake"


def test_the_code_of_a_sheet_goes_to_verification_whoever_sends_it() -> None:
    assert recipient("DAFTAR K7M3-XW2R", answered=answered("intake"), heads=False, asked="intake") == "verification"
    assert recipient("daftar KK", answered=None, heads=False, asked=None) == "intake"


@pytest.mark.parametrize(
    "text", ["pengantar", "Tugas saya", "LATIHAN", "cuti sampai Senin", "  *Pengantar* untuk Siti"]
)
def test_a_head_begins_his_own_work_by_a_word(text: str) -> None:
    assert recipient(text, answered=None, heads=True, asked="intake") == "verification"
    assert recipient(text, answered=None, heads=False, asked="intake") == "intake"
    assert recipient(text, answered=None, heads=False, asked=None) == "intake"


@pytest.mark.parametrize("text", ["menu", "Layanan apa saja?", "halo", "mulai lagi", "Bantuan!"])
def test_a_head_is_a_resident_too(text: str) -> None:
    assert recipient(text, answered=None, heads=True, asked="verification") == "intake"
    assert recipient(text, answered=None, heads=False, asked="verification") == "verification"


@pytest.mark.parametrize("heads", [True, False])
def test_free_text_goes_to_the_newest_open_question(heads: bool) -> None:
    for asked in ("intake", "verification"):
        assert recipient("ya", answered=None, heads=heads, asked=asked) == asked


def test_without_a_question_heads_write_to_verification_and_others_to_intake() -> None:
    assert recipient("selamat pagi", answered=None, heads=True, asked=None) == "verification"
    assert recipient("selamat pagi", answered=None, heads=False, asked=None) == "intake"
    assert recipient("", answered=None, heads=False, asked="documents") == "intake"
