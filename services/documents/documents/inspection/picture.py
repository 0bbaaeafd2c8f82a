"""The child that draws one letter: it gets the bytes, answers with one picture, and ends."""

import math
from io import BytesIO

import pypdfium2
from PIL import Image, ImageDraw, ImageFont

from documents.inspection.one_file import Refused, opened, serve
from documents.render import wire

WIDTH = 1000
"""Pixels: an A4 page is readable on a screen, and its picture is small."""
LONGEST = 2.0
"""A page's height at most, in widths: a strip would be drawn as large as memory."""
QUALITY = 60
STRIP, TYPE = 180, 40
"""Pixels: what is said below the last page that is drawn, and how large."""


def answer(content: bytes, most_pages: int) -> tuple[bytes, bytes]:
    """The picture, or one word why there is none, as a frame."""
    try:
        return wire.FOUND, draw(content, most_pages)
    except Refused as word:
        return wire.REFUSED, str(word).encode()


def draw(content: bytes, most_pages: int) -> bytes:
    """The first pages below each other, and how many there are besides, as WebP. Raises Refused."""
    document = opened(content)
    count = len(document)
    pages = [_drawn(document[index]) for index in range(min(most_pages, count))]
    if not pages:
        raise Refused("not_pdf")
    if count > most_pages:
        pages.append(_strip(count - most_pages))
    whole = Image.new("RGB", (WIDTH, sum(page.height for page in pages)), "white")
    top = 0
    for page in pages:
        whole.paste(page, (0, top))
        top += page.height
    written = BytesIO()
    whole.save(written, "WEBP", quality=QUALITY, method=2)
    return written.getvalue()


def _drawn(page: pypdfium2.PdfPage) -> Image.Image:
    width, height = page.get_size()
    if not (math.isfinite(width) and math.isfinite(height) and width > 0 and 0 < height <= width * LONGEST):
        raise Refused("not_pdf")
    return page.render(scale=WIDTH / width).to_pil().convert("RGB").resize((WIDTH, round(height * WIDTH / width)))


def _strip(further: int) -> Image.Image:
    """Nobody takes the first pages for the whole letter, wherever the picture is looked at."""
    said = f"Belum semuanya: {further} halaman lagi ada pada PDF.\nNot all of it. Further pages in the PDF: {further}."
    strip = Image.new("RGB", (WIDTH, STRIP), "#ffe08a")
    font = ImageFont.load_default(TYPE)
    ImageDraw.Draw(strip).multiline_text((WIDTH / 2, STRIP / 2), said, "black", font, "mm", spacing=12, align="center")
    return strip


def _warm_up() -> None:
    """Everything is loaded while files can still be opened."""
    document = pypdfium2.PdfDocument.new()
    page = document.new_page(72, 72)
    _drawn(page).save(BytesIO(), "WEBP")
    _strip(1)


if __name__ == "__main__":
    serve(answer, _warm_up)
