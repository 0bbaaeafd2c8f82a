"""What an office and its services say of all their letters: the paper, and who gets a copy."""

from __future__ import annotations

import io

from pypdf import PdfReader

from tests.integration.documents import story
from tests.integration.documents.story import Case
from tests.support.services import InProcess
from tests.unit.documents.pdf import text_of


def content(desk: InProcess, case: Case) -> bytes:
    return desk.call("GET", f"/v1/letters/{case.letter()['id']}/content", "officer").data


def test_letters_are_on_the_offices_paper_and_name_who_gets_a_copy(desk: InProcess) -> None:
    plain = content(desk, Case(desk).issued())
    story.office(desk, paper="a4", copies=["Camat Kalidoni", "Arsip"])
    desk.work()
    changed = content(desk, Case(desk).issued())
    story.office(desk)
    desk.work()
    heights = [float(PdfReader(io.BytesIO(pdf)).pages[0].mediabox.height) / 72 * 25.4 for pdf in (plain, changed)]
    assert [round(height) for height in heights] == [330, 297]
    assert "Tembusan" not in text_of(plain)
    assert "Tembusan:1.CamatKalidoni2.Arsip" in text_of(changed)
