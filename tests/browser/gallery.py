"""Every page as a picture, for `docs/pages`: `python -m tests.browser.gallery out/pages docs/pages` after the tests of
this folder. What is no page any more goes."""

from __future__ import annotations

import shutil
import sys
from itertools import groupby
from pathlib import Path

from PIL import Image

QUALITY, WIDEST = 35, 960
WIDTHS = {320: "320 px", 360: "phone", 1280: "desk"}
_SHOWN = 280
"""Pixels of a picture's width in the list."""


def main(source: Path, target: Path) -> None:
    shutil.rmtree(target, ignore_errors=True)
    for picture in sorted(source.glob("*/*.png")):
        small = target / picture.relative_to(source).with_suffix(".webp")
        small.parent.mkdir(parents=True, exist_ok=True)
        with Image.open(picture) as opened:
            shown = opened.convert("RGB")
            if shown.width > WIDEST:
                shown = shown.resize((WIDEST, round(shown.height * WIDEST / shown.width)))
            shown.save(small, quality=QUALITY, method=6)
    (target / "README.md").write_text(_listed(target), "utf-8")


def _listed(folder: Path) -> str:
    lines = ["# All pages", "", "Made by `make pages`, which plays each role's day in a browser.", ""]
    for story in sorted(path for path in folder.iterdir() if path.is_dir()):
        lines += [f"## {story.name.replace('_', ' ').capitalize()}", ""]
        for name, pictures in groupby(sorted(story.glob("*.webp")), lambda path: path.stem.rpartition("-")[0]):
            lines += [f"### {name}", "", " ".join(_shown(story.name, path) for path in pictures), ""]
    return "\n".join(lines).rstrip() + "\n"


def _shown(story: str, picture: Path) -> str:
    width = WIDTHS[int(picture.stem.rpartition("-")[2])]
    place = f"{story}/{picture.name}"
    return f'<a href="{place}"><img src="{place}" width="{_SHOWN}" alt="{picture.stem}, {width}"></a>'


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
