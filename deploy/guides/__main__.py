"""Writes every guide as PDF, and as a picture for whoever looks through the folder."""

from __future__ import annotations

from pathlib import Path

from deploy.guides.printing import FOLDER, draw, print_guide
from deploy.guides.texts import GUIDES


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for guide in GUIDES:
        pdf = print_guide(guide)
        Path(FOLDER / f"{guide.name}.pdf").write_bytes(pdf)
        draw(pdf, FOLDER / f"{guide.name}.png")


if __name__ == "__main__":
    main()
