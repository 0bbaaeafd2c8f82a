"""A reader's mark across a viewing copy: on every page, whatever the page is made of, and in bounded numbers."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from pikepdf import Dictionary, Name
from PIL import Image

from intake.pictures import view
from intake.pictures.refusals import Undecodable
from intake.pictures.view import TooManyAtOnce, mark_view
from kit.spool import Spool
from tests.support import files

TEXT = "officer yanti - hanya untuk PGT-7K3M9-XW2RB - 14-08-2026"
PDF = "application/pdf"


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    return Spool(tmp_path)


def marked(spool: Spool, content: bytes, media_type: str = PDF) -> bytes:
    with mark_view(io.BytesIO(content), media_type, TEXT, spool) as copy:
        return copy.stream.read()


def a_pdf(content: bytes, **page: object) -> bytes:
    """One page; its resources lie with its parent, as some programs write them."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(300, 400))
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Courier)
    pdf.Root.Pages.Resources = Dictionary(Font=Dictionary(F1=font))
    [first] = pdf.pages
    del first.obj[Name.Resources]
    first.obj.Contents = pdf.make_stream(content)
    for name, value in page.items():
        first.obj[Name(f"/{name}")] = value
    output = io.BytesIO()
    pdf.save(output)
    return output.getvalue()


def red_of(pdf: bytes) -> float:
    """Which part of the first page is of the mark's red, as a person would see it."""
    image = pypdfium2.PdfDocument(pdf)[0].render(scale=1).to_pil().convert("RGB")
    red, green, blue = (image.getchannel(name).tobytes() for name in "RGB")
    return sum(r > g + 40 and r > b + 40 for r, g, b in zip(red, green, blue, strict=True)) / len(red)


WRITING = b"BT /F1 12 Tf 20 200 Td (Kartu Keluarga CONTOH) Tj ET"


@pytest.mark.parametrize(
    "pdf",
    [
        a_pdf(WRITING),
        a_pdf(WRITING, Rotate=90),
        a_pdf(WRITING, MediaBox=pikepdf.Array([-50, 100, 250, 500])),
        a_pdf(WRITING + b" q q 0 0 1 1 re W n 0.001 0 0 0.001 0 0 cm"),
        a_pdf(b"Q Q Q " + WRITING),
    ],
    ids=["plain", "turned", "not from zero", "clipped and scaled away", "more ends than beginnings"],
)
def test_the_mark_is_seen_and_the_page_below_it_stays(spool: Spool, pdf: bytes) -> None:
    copy = marked(spool, pdf)
    text = pypdfium2.PdfDocument(copy)[0].get_textpage().get_text_range()
    assert TEXT in text and "Kartu Keluarga CONTOH" in text
    assert red_of(pdf) == 0 and red_of(copy) > 0.005


@pytest.mark.parametrize("size", [(2000, 1500), (1500, 2000), (60, 40), (4000, 20)])
def test_a_picture_of_any_shape_keeps_it_and_is_marked(spool: Spool, size: tuple[int, int]) -> None:
    copy = marked(spool, files.jpeg(*size), "image/jpeg")
    with Image.open(io.BytesIO(copy)) as image:
        assert image.size == size
    assert copy != files.jpeg(*size)


def test_what_cannot_be_marked_is_not_shown(spool: Spool) -> None:
    for content, media_type in ((b"%PDF-1.7 nothing", PDF), (b"\xff\xd8nothing", "image/jpeg")):
        with pytest.raises(Undecodable):
            marked(spool, content, media_type)
    assert spool.used == 0


@pytest.fixture
def all_taken(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(view, "PATIENCE", 0.05)
    for _ in range(view.AT_ONCE):
        view._MARKING.acquire()
    yield
    for _ in range(view.AT_ONCE):
        view._MARKING.release()


def test_others_than_a_few_at_once_are_told_to_come_again(spool: Spool, all_taken: None) -> None:
    with pytest.raises(TooManyAtOnce):
        marked(spool, files.jpeg(), "image/jpeg")


def test_their_places_are_free_again_whatever_became_of_them(spool: Spool) -> None:
    for _ in range(view.AT_ONCE + 1):
        with pytest.raises(Undecodable):
            marked(spool, b"nothing", "image/jpeg")
    assert marked(spool, files.jpeg(), "image/jpeg")
