"""The guides in `docs/guides` show the messages and buttons that there are now, on one page each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
from pypdf import PdfReader

from contracts.pages import MENU
from deploy.guides.parts import Bubble, Guide, Shot
from deploy.guides.printing import FOLDER, PAGES, digest_of, print_guide, words_of
from deploy.guides.texts import GUIDES
from tests.architecture.code import ROOT
from tests.support.pdfa import judge
from tests.unit.documents.conftest import judged
from tests.unit.documents.pdf import boxes_in, squashed, text_of

__all__ = ["judged"]
EACH = pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.name)
_BUTTON = re.compile(r"\[([^\]]+)\]")


def kept(guide: Guide) -> bytes:
    return (FOLDER / f"{guide.name}.pdf").read_bytes()


def own_words(guide: Guide) -> Iterator[str]:
    yield from (text for step in guide.steps for text in (step.title, step.text))
    yield from guide.remember


def words_of_pages() -> set[str]:
    """What stands on a button, a link or in the menu."""
    texts = {entry.words.id for entry in MENU}
    for path in ROOT.glob("services/*/*/pages/texts/en.po"):
        texts |= set(re.findall(r'^msgid "(.+)"$', path.read_text("utf-8"), re.MULTILINE))
    return texts


@EACH
def test_a_guide_says_what_is_said_now(guide: Guide) -> None:
    made = PdfReader(BytesIO(kept(guide))).metadata
    assert made is not None
    assert made["/Keywords"] == digest_of(guide), "write the guides anew: make guides"


@EACH
def test_each_button_that_a_guide_names_is_on_a_page(guide: Guide) -> None:
    named = {button for text in own_words(guide) for button in _BUTTON.findall(text)}
    assert named - words_of_pages() == set()


@EACH
def test_a_guide_shows_all_that_it_says_on_one_page_inside_its_margins(guide: Guide) -> None:
    pdf = kept(guide)
    text = text_of(pdf)
    for bubble in (step["bubble"] for step in words_of(guide)["steps"] if step["bubble"]):
        assert squashed(bubble["said"].replace("*", "")) in text
    for said in own_words(guide):
        assert squashed(re.sub(r"[][*]", "", said)) in text
    with pypdfium2.PdfDocument(pdf) as document:
        assert len(document) == 1
        width, _ = document[0].get_size()
    assert [box.text for box in boxes_in(pdf) if box.left < 30 or box.right > width - 30 or box.bottom < 20] == []


@EACH
def test_a_guide_can_be_read_aloud_and_kept(guide: Guide, judged: None, tmp_path: Path) -> None:
    assert judge(kept(guide), tmp_path) == []


def test_the_same_guide_has_the_same_bytes() -> None:
    assert print_guide(GUIDES[0]) == print_guide(GUIDES[0])


def test_every_picture_of_a_page_is_there() -> None:
    shots = [step.shows for guide in GUIDES for step in guide.steps if isinstance(step.shows, Shot)]
    assert shots and [one.page for one in shots if not (PAGES / f"{one.page}.webp").is_file()] == []


def test_a_bubble_shows_nothing_that_the_message_has_not() -> None:
    with pytest.raises(IndexError):
        Bubble("talk_whom", (9,)).data()
    with pytest.raises(KeyError):
        Bubble("no_such_message").data()
