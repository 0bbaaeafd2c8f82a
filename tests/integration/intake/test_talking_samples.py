"""The sample picture goes with the first question for a paper, in the same message, and stands on its page."""

from __future__ import annotations

from typing import Any

import pytest

from intake import samples
from tests.integration.intake.test_talking import case_of, link_of, new_number, page_of_print, the_neighbourhood
from tests.support.browsing import browser, forms_of
from tests.support.services import InProcess
from tests.support.talking import CHAT, Phone

__all__ = ["the_neighbourhood"]


@pytest.fixture
def siti(intake: InProcess) -> Phone:
    """With an identity card's case, for data that have changed: family card, old card, portrait."""
    phone = Phone(intake, number=new_number(), rules=dict(CHAT))
    for text in ("ktp", "1", "Siti Maimunah, RT 23", "perubahan data"):
        phone.sends(text)
    return phone


def keys(turns: list[dict[str, Any]]) -> list[str | None]:
    return [one["file"]["key"] if one["file"] else None for one in turns]


def test_the_first_question_for_a_paper_has_its_sample_and_no_later_one(siti: Phone) -> None:
    asked = siti.heard[-1]
    assert (asked["template"], keys([asked])) == ("talk_document", [samples.of("KK").key])
    assert asked["file"]["beside"], "it is one message with the words, or none"
    assert keys(siti.sends("ulangi")) == [None]
    siti.photo("", page_of_print(mark="kk"))
    [following] = siti.quiet()
    assert keys([following]) == [samples.of("KTP_LAMA").key]
    assert keys(siti.sends("ulangi")) == [None]


def test_a_question_without_a_paper_has_no_picture(siti: Phone) -> None:
    assert set(keys(siti.heard[:-1])) == {None}


def test_where_documents_come_by_link_no_picture_goes_along(intake: InProcess) -> None:
    phone = Phone(intake, number=new_number())
    for text in ("ktp", "1", "Siti Maimunah, RT 23", "perubahan data"):
        phone.sends(text)
    assert phone.heard[-1]["template"] == "talk_pages" and set(keys(phone.heard)) == {None}


def test_the_picture_lies_where_the_message_says_as_soon_as_the_service_is_set_up(
    intake: InProcess, siti: Phone
) -> None:
    file = siti.heard[-1]["file"]
    with intake.deps.objects.get(file["bucket"], file["key"]) as stored:
        content = b"".join(stored)
    assert content == samples.of("KK").content and len(content) == file["size"]
    samples.put_all(intake.deps.objects, file["bucket"])  # started again: nothing is to be done


def test_the_page_of_a_photo_shows_the_same_picture(intake: InProcess, siti: Phone) -> None:
    somebody = browser(intake)
    somebody.send(forms_of(somebody.open(link_of(siti.sends("tautan")[0])).text)[0], {})
    page = somebody.open(f"/saya/{case_of(intake, siti)}/foto/KK")
    address = f"/saya/contoh/{samples.of('KK').mark}/family_card.png"
    assert address in page.text
    shown = intake.call("GET", address)
    assert (shown.status_code, shown.content_type, shown.data) == (200, samples.TYPE, samples.of("KK").content)
    assert "immutable" in shown.headers["Cache-Control"]
    for wrong in (f"/saya/contoh/{samples.of('KTP').mark}/family_card.png", "/saya/contoh/0/nobody.png"):
        assert intake.call("GET", wrong).status_code == 404
