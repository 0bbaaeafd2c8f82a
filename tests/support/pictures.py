"""Every sample letter and form as a picture: `python -m tests.support.pictures docs/letters [kind …]`."""

from __future__ import annotations

import sys
from pathlib import Path

import pypdfium2

from documents.render import RenderPool
from tests.unit.documents.samples import DOCUMENT_DATE, SAMPLES

DOTS_PER_POINT = 110 / 72


def draw(folder: Path, kinds: list[str]) -> None:
    """One PNG for each page: `n1.png`, or `n1-2.png` for the second."""
    folder.mkdir(parents=True, exist_ok=True)
    with RenderPool(1) as pool:
        for kind in kinds or sorted(SAMPLES):
            pdf = pool.render(kind, SAMPLES[kind].to_json(), document_date=DOCUMENT_DATE)
            with pypdfium2.PdfDocument(pdf) as document:
                for number, page in enumerate(document, start=1):
                    name = kind if number == 1 else f"{kind}-{number}"
                    picture = page.render(scale=DOTS_PER_POINT).to_pil().quantize(32)
                    picture.save(folder / f"{name}.png", optimize=True)


if __name__ == "__main__":
    draw(Path(sys.argv[1]), sys.argv[2:])
