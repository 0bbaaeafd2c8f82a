"""A guide as PDF: typst fills `guide.typ` in a folder of its own, with what it shows laid beside it."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pypdfium2
import typst
from PIL import Image

from deploy.guides.parts import Guide, Shot, Step

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "guides"
PAGES = ROOT / "docs" / "pages"
LAYOUT = Path(__file__).with_name("guide.typ")
FONTS = ROOT / "services" / "documents" / "documents" / "layouts" / "fonts"
MADE = datetime(2026, 1, 1, tzinfo=UTC)
"""What every guide names as its moment, so that the same guide has the same bytes."""
_DOTS = 110 / 72


def print_guide(guide: Guide) -> bytes:
    """PDF/A and PDF/UA, one page; its keyword is the digest of its words. Raises typst.TypstError where it does not
    fit, and what `Bubble.data` raises."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copy(LAYOUT, folder / LAYOUT.name)
        for number, step in enumerate(guide.steps):
            if isinstance(step.shows, Shot):
                _cut(step.shows, folder / f"{number}.png")
        known = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])
        compiler = typst.Compiler(root=str(folder), font_paths=known)
        made = compiler.compile(
            input=str(folder / LAYOUT.name), format="pdf", pdf_standards=["a-2a", "ua-1"], timestamp=MADE,
            sys_inputs={"data": json.dumps(words_of(guide), ensure_ascii=False), "digest": digest_of(guide)},
        )  # fmt: skip
    if not isinstance(made, bytes):
        raise TypeError("a PDF is one document")
    return made


def words_of(guide: Guide) -> Mapping[str, Any]:
    """All that a guide says, with the messages as they are sent now."""
    return {
        "title": guide.title,
        "lead": guide.lead,
        "steps": [_step(number, step) for number, step in enumerate(guide.steps)],
        "remember": list(guide.remember),
    }


def digest_of(guide: Guide) -> str:
    """Another one whenever a guide says something else."""
    return hashlib.sha256(json.dumps(words_of(guide), sort_keys=True).encode()).hexdigest()[:16]


def draw(pdf: bytes, target: Path) -> None:
    """The page as a picture."""
    with pypdfium2.PdfDocument(pdf) as document:
        document[0].render(scale=_DOTS).to_pil().quantize(64).save(target, optimize=True)


def _step(number: int, step: Step) -> dict[str, Any]:
    told: dict[str, Any] = {"title": step.title, "text": step.text, "bubble": None, "picture": None}
    if isinstance(step.shows, Shot):
        told["picture"] = {"file": f"{number}.png", "about": step.shows.about}
    elif step.shows is not None:
        told["bubble"] = step.shows.data()
    return told


def _cut(shot: Shot, target: Path) -> None:
    with Image.open(PAGES / f"{shot.page}.webp") as page:
        page.convert("RGB").crop(shot.part).save(target)
