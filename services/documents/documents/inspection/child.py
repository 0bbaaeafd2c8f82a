"""The child that looks into one file: codes and text, told as JSON."""

import json
import math

import pypdfium2
import zxingcpp

from documents.inspection.one_file import Refused, opened, serve
from documents.render import wire

FIRST_PAGES = 3
SIDE = 2000
"""Pixels of a page's longer side at most."""
LARGEST = 4.0
"""Pixels to a point at most: a small page is not blown up."""
CODES = 8
CODE_CHARACTERS = 500
TEXT = 40_000
"""Characters of a page's text, and of a title."""


def answer(content: bytes, most_pages: int) -> tuple[bytes, bytes]:
    """What was seen, or one word why nothing could be, as a frame."""
    try:
        return wire.FOUND, json.dumps(look(content, most_pages)).encode()
    except Refused as word:
        return wire.REFUSED, str(word).encode()


def look(content: bytes, most_pages: int) -> dict[str, object]:
    """Codes and text of the first pages and the last, and the title that the file gives itself."""
    document = opened(content)
    count = len(document)
    if count < 1:
        raise Refused("not_pdf")
    if count > most_pages:
        raise Refused("pages")
    codes: list[str] = []
    texts: list[str] = []
    for index in sorted({*range(min(FIRST_PAGES, count)), count - 1}):
        try:
            page = document[index]
            texts.append(page.get_textpage().get_text_bounded()[:TEXT])
            codes += _codes(page)
        except pypdfium2.PdfiumError:
            continue  # a page that cannot be shown says nothing, the others may
    title = document.get_metadata_value("Title")[:TEXT]
    return {"codes": list(dict.fromkeys(codes))[:CODES], "text": "\n".join(texts), "title": title}


def _codes(page: pypdfium2.PdfPage) -> list[str]:
    width, height = page.get_size()
    if not (math.isfinite(width) and math.isfinite(height) and width > 0 and height > 0):
        return []
    picture = page.render(scale=min(SIDE / max(width, height), LARGEST), grayscale=True).to_pil()
    found = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)
    return [code.text for code in found[:CODES] if len(code.text) <= CODE_CHARACTERS]


def _warm_up() -> None:
    """Everything is loaded while files can still be opened."""
    document = pypdfium2.PdfDocument.new()
    page = document.new_page(72, 72)
    page.get_textpage().get_text_bounded()
    _codes(page)
    document.get_metadata_value("Title")


if __name__ == "__main__":
    serve(answer, _warm_up)
