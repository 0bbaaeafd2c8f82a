"""Leaflets of the shipped catalogue as pictures: `python -m tests.support.leaflets docs/leaflets`."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
from PIL import Image

from documents.domain.leaflets import KINDS
from documents.render import RenderPool
from documents.render.leaflets import Leaflet
from tests.unit.documents.test_leaflets import CODES, draw, hard, made, office, sop

DOTS_PER_POINT = 100 / 72
_WITHOUT_WHATSAPP = "SITU"


def examples() -> Iterator[tuple[str, Leaflet]]:
    """One of each service, one of them for an office without a WhatsApp number; and the longest that has to fit."""
    for code in CODES:
        number = None if code == _WITHOUT_WHATSAPP else "0812-3456-7890"
        yield code.lower(), made(sop(code), office(whatsapp=number))
    yield "long", hard()


def main(folder: Path) -> None:
    """`ktp-picture.png`, `ktp-notice.png`, and each page of the SOP."""
    folder.mkdir(parents=True, exist_ok=True)
    with RenderPool(1, 30) as pool:
        for name, leaflet in examples():
            for kind, ending in KINDS.items():
                for number, page in enumerate(_pages(draw(pool, kind, leaflet), ending), start=1):
                    mark = "" if number == 1 else f"-{number}"
                    page.convert("RGB").quantize(64).save(folder / f"{name}-{kind}{mark}.png", optimize=True)


def _pages(content: bytes, ending: str) -> Iterator[Image.Image]:
    if ending == "png":
        yield Image.open(io.BytesIO(content))
        return
    with pypdfium2.PdfDocument(content) as document:
        for page in document:
            yield page.render(scale=DOTS_PER_POINT).to_pil()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
