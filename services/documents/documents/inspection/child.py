"""The child that looks into one file: it gets the bytes, answers once, and ends.

Before the file is there it gives up the right to open anything, and to do anything to other processes.
"""

import json
import math
import os
import resource
import signal
import socket
import sys
from collections.abc import Callable

import pypdfium2
import zxingcpp

from documents.render import limits, wire
from documents.render.confine import nothing_of_others

CHANNEL = 3
"""Where the channel lies; the descriptors below it are the standard ones, and none above it can be had."""
FIRST_PAGES = 3
SIDE = 2000
"""Pixels of a page's longer side at most."""
LARGEST = 4.0
"""Pixels to a point at most: a small page is not blown up."""
CODES = 8
CODE_CHARACTERS = 500
TEXT = 40_000
"""Characters of a page's text, and of a title."""


class Refused(Exception):
    """What the parent is told; one of its words."""


def main() -> None:
    """Looks into one file."""
    serve(answer, _warm_up)


def serve(answer: Callable[[bytes, int], tuple[bytes, bytes]], warm_up: Callable[[], None]) -> None:
    """Serve one file; the arguments are the channel's descriptor, the limits and the most pages."""
    descriptor, memory, cpu_seconds, pages = map(int, sys.argv[1:])
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # the parent sees to our end
    os.dup2(descriptor, CHANNEL)
    os.closerange(CHANNEL + 1, descriptor + 1)
    channel = socket.socket(fileno=CHANNEL)
    limits.limit(resource.RLIMIT_AS, memory)
    warm_up()
    limits.forbid(CHANNEL + 1)
    limits.allow_cpu(cpu_seconds)
    nothing_of_others()  # a limit to descriptors alone would leave room for one that takes the place of another
    wire.send(channel, wire.READY, b"")
    _, content = wire.receive(channel)
    wire.send(channel, *answer(content, pages))


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


def opened(content: bytes) -> pypdfium2.PdfDocument:
    if b"%PDF-" not in content[:1024]:
        raise Refused("not_pdf")
    try:
        return pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        raise Refused("locked" if "password" in str(error).lower() else "not_pdf") from error


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
    main()
