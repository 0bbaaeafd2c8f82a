"""How a photo looks: too small, dark or blurred to be read. The same measure as on the pages, of a small copy."""

from __future__ import annotations

from typing import Any, BinaryIO

from PIL import Image, ImageFilter, ImageStat

from intake.pictures.kinds import Kind
from intake.pictures.render import BAD_FILE, FORMATS

EDGE = 640
DARK, BLURRED, SMALL = "dark", "blurred", "small"
LEAST_LIGHT = 45
"""Mean brightness of 255: below it, print on paper is not told from the table that it lies on."""
LEAST_DETAIL = 50
"""Variance of how much neighbouring points differ; see the test, which measures a page of print at several blurs."""
LEAST_EDGE = 400
"""Points of the longer side: a card's small print has fewer than five points a letter below it."""

# What a point differs from its four neighbours by, around the middle grey.
_NEIGHBOURS = ImageFilter.Kernel((3, 3), (0, 1, 0, 1, -4, 1, 0, 1, 0), scale=1, offset=128)


def measure(source: BinaryIO, *, kind: str, pixels: int) -> tuple[dict[str, Any], bytes]:
    """{doubt}: what is to be doubted of the photo, or None. Runs in the sandbox only. What cannot be decoded is no
    matter of looks: the job that makes the viewing copy refuses it."""
    Image.MAX_IMAGE_PIXELS = pixels
    try:
        with Image.open(source, formats=[FORMATS[Kind(kind)]]) as image:
            longest = max(image.size)
            image.draft("L", (EDGE, EDGE))
            image.load()
            light = image.convert("RGB").convert("L")
    except BAD_FILE:
        return {"doubt": None}, b""
    light.thumbnail((EDGE, EDGE), Image.Resampling.BILINEAR)
    return {"doubt": SMALL if longest < LEAST_EDGE else doubt_of(light)}, b""


def doubt_of(light: Image.Image) -> str | None:
    """Of a small picture in grey."""
    if ImageStat.Stat(light).mean[0] < LEAST_LIGHT:
        return DARK
    inner = light.filter(_NEIGHBOURS).crop((1, 1, max(2, light.width - 1), max(2, light.height - 1)))
    return BLURRED if ImageStat.Stat(inner).var[0] < LEAST_DETAIL else None
