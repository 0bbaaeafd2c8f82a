"""Leaflets of the shipped catalogue, and an announcement, as pictures: `python -m tests.support.leaflets FOLDER`."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pypdfium2
from PIL import Image

from documents.domain import leaflets as rules
from documents.domain.announcements import picture
from documents.domain.leaflets import KINDS
from documents.render import RenderPool
from documents.render.announcement import LAYOUT, Announcement
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
                    _save(page, folder / f"{name}-{kind}{mark}.png")
        drawn = pool.render(LAYOUT, announcement().to_json(), document_date=rules.dated(sop(), office()))
        _save(Image.open(io.BytesIO(drawn)), folder / "announcement.png")


def announcement() -> Announcement:
    """One as long as a phone's screen still shows at once."""
    said = {
        "title": "Penyaluran bantuan pangan tahap kedua tahun 2026",
        "text": "Bantuan dibagikan di kantor kelurahan, Senin sampai Rabu, mulai pukul 08.00.\n\n"
        "Bawa KTP-el asli dan undangan. Yang sakit dapat diwakili anggota keluarga dalam satu Kartu Keluarga.\n\n"
        "Gratis. Jangan memberi uang kepada siapa pun.",
    }
    return picture(said, date(2026, 8, 23), office(whatsapp="0812-3456-7890"), None, sample=True)


def _save(page: Image.Image, where: Path) -> None:
    page.convert("RGB").quantize(64).save(where, optimize=True)


def _pages(content: bytes, ending: str) -> Iterator[Image.Image]:
    if ending == "png":
        yield Image.open(io.BytesIO(content))
        return
    with pypdfium2.PdfDocument(content) as document:
        for page in document:
            yield page.render(scale=DOTS_PER_POINT).to_pil()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
