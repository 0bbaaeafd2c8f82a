"""What happens to a printed sheet on the lurah's desk: a made-up signature and stamp, and the scanner."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pypdfium2

from deploy.demo.papers.pen import Pen

_DPI = 150
_SEED = 20
_NAME_ABOVE_NIP = 11.0


def sign_and_scan(sheet: bytes) -> bytes:
    """A scan, as a PDF of pictures, of the sheet with a flourish and a stamp above the signer's name."""
    document = pypdfium2.PdfDocument(sheet)
    pens = [_printed(page) for page in document]
    for page, pen in zip(document, pens, strict=True):
        if where := _place(page):
            left, bottom = where
            pen.stamp((left + 4, bottom - 9), 12, "CONTOH")
            pen.scribble((left + 2, bottom - 17), 42, 15, np.random.default_rng(_SEED))
    first, *others = [pen.image for pen in pens]
    scan = BytesIO()
    first.save(scan, "PDF", resolution=_DPI, save_all=True, append_images=others)
    return scan.getvalue()


def _printed(page: pypdfium2.PdfPage) -> Pen:
    width, height = (points / 72 * 25.4 for points in page.get_size())
    pen = Pen(width, height, _DPI / 25.4, (255, 255, 255))
    pen.image.paste(page.render(scale=_DPI / 72).to_pil().resize(pen.image.size))
    return pen


def _place(page: pypdfium2.PdfPage) -> tuple[float, float] | None:
    """The upper left corner of the signer's name, two lines above the NIP, in millimetres from the page's."""
    text, found = page.get_textpage(), None
    searcher = text.search("NIP ")
    while occurrence := searcher.get_next():
        found = occurrence
    if found is None:
        return None
    left, _bottom, _right, top = text.get_charbox(found[0])
    return left / 72 * 25.4, (page.get_height() - top) / 72 * 25.4 - _NAME_ABOVE_NIP
