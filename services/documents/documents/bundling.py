"""PDF pages from scans and letters: each on A4, upright, as large as fits. What cannot be read is left out and said."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import BinaryIO

import img2pdf
import pikepdf

A4 = (595.276, 841.890)
MARGIN = 28.35
"""A centimetre, in points."""


class Unreadable(Exception):
    """Neither a picture nor a PDF that can be printed."""


def page_count(document: pikepdf.Pdf) -> int:
    return len(document.pages)


def new_document() -> pikepdf.Pdf:
    return pikepdf.new()


@contextmanager
def opened(content: BinaryIO, media_type: str) -> Iterator[pikepdf.Pdf]:
    """A scan or letter as a PDF. Raises Unreadable."""
    try:
        source = content if media_type == "application/pdf" else BytesIO(_picture(content))
        with pikepdf.open(source) as document:
            yield document
    except (pikepdf.PdfError, ValueError) as error:
        raise Unreadable from error


def _picture(content: BinaryIO) -> bytes:
    layout = img2pdf.get_layout_fun(
        (img2pdf.mm_to_pt(210), img2pdf.mm_to_pt(297)), border=(MARGIN, MARGIN), fit=img2pdf.FitMode.into,
        auto_orient=True,
    )  # fmt: skip
    try:
        made: bytes = img2pdf.convert(content.read(), layout_fun=layout, rotation=img2pdf.Rotation.ifvalid)
    except Exception as error:  # it raises half a dozen kinds for what is no picture
        raise Unreadable from error
    return made


def append(document: pikepdf.Pdf, source: pikepdf.Pdf, most: int, *, fit: bool = True) -> int:
    """Adds the pages of `source`, each fitted on A4 or in its own size; how many. At most `most` of them."""
    added = 0
    for page in list(source.pages)[:most]:
        width, height = _shown_size(page)
        size = (A4 if width <= height else (A4[1], A4[0])) if fit else (width, height)
        sheet = document.add_blank_page(page_size=size)
        sheet.add_overlay(page, pikepdf.Rectangle(0, 0, *size))
        added += 1
    return added


def _shown_size(page: pikepdf.Page) -> tuple[float, float]:
    """Width and height as a reader shows them, in points. Raises Unreadable."""
    try:
        left, bottom, right, top = (float(side) for side in page.mediabox)
        turned = int(page.obj.get("/Rotate", 0)) % 180 != 0
    except (ValueError, TypeError, AttributeError, KeyError) as error:
        raise Unreadable from error
    width, height = abs(right - left), abs(top - bottom)
    if not (3 <= width <= 14_400 and 3 <= height <= 14_400):
        raise Unreadable
    return (height, width) if turned else (width, height)


def put_first(document: pikepdf.Pdf, cover: bytes) -> None:
    """The cover goes before everything."""
    with pikepdf.open(BytesIO(cover)) as first:
        for place, page in enumerate(first.pages):
            document.pages.insert(place, page)


def save(document: pikepdf.Pdf, target: BinaryIO) -> None:
    """Writes the whole, streams compressed."""
    document.save(target, compress_streams=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
