"""Draws every sample picture anew, as intake ships it."""

from __future__ import annotations

from pathlib import Path

from deploy.samples.drawing import draw
from deploy.samples.papers import PAPERS
from intake import samples

FOLDER = Path(samples.__file__).parent


def main() -> None:
    for paper in PAPERS:
        (FOLDER / f"{paper.name}.png").write_bytes(draw(paper))
        print(f"{paper.name}.png")


if __name__ == "__main__":
    main()
