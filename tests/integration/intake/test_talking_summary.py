"""What was understood is said before a case is sent, with a question that is asked anyway."""

from __future__ import annotations

from tests.integration.intake.test_talking import case_of, case_row, new_number, the_neighbourhood
from tests.support.services import InProcess
from tests.support.talking import CHAT, Phone

__all__ = ["the_neighbourhood"]


def test_the_last_question_says_what_was_understood_and_a_correction_counts(intake: InProcess) -> None:
    siti = Phone(intake, number=new_number())
    siti.plays("""
        > ktp
        < talk_whom: Gratis
        > 1
        < talk_name: RT 23
        > Siti Maimunah, RT 23
        < talk_reason: Siti Maimunah, RT 023 RW 005
        > benar
        < talk_reason: pilih alasannya
        > salah, nama Siti Aminah
        < talk_reason: Siti Aminah, RT 023 RW 005
        > hilang
        < talk_pages: Pengantar KTP-el (Hilang), Siti Aminah, RT 023 RW 005
        > benar
        <
        > salah
        < talk_correct: RT dan RW
    """)
    row = case_row(intake, case_of(intake, siti))
    assert (row["service"], row["reason"], row["rt"], row["rw"]) == ("KTP", "lost", "023", "005")


def test_a_service_without_reasons_says_it_with_the_first_question_of_the_case(intake: InProcess) -> None:
    siti = Phone(intake, number=new_number(), rules=dict(CHAT))
    for text in ("surat usaha", "1"):
        siti.sends(text)
    [turn] = siti.sends("Siti Maimunah, RT 23")
    assert "Surat keterangan tempat usaha, Siti Maimunah, RT 023 RW 005" in turn["text"]
    assert "salah, nama" in turn["text"]
