"""Drawing on a sheet that is measured in millimetres."""

from functools import lru_cache
from typing import Final

import numpy as np
from PIL import Image, ImageDraw, ImageFont

Colour = tuple[int, int, int]
Point = tuple[float, float]

INK: Final[Colour] = (34, 34, 42)
BLUE_INK: Final[Colour] = (28, 44, 122)
RED: Final[Colour] = (196, 30, 36)
VIOLET: Final[Colour] = (92, 52, 150)


@lru_cache(maxsize=64)
def _font(pixels: int) -> ImageFont.FreeTypeFont:
    """Pillow's own font: the same on every machine, whatever fonts it has."""
    font = ImageFont.load_default(max(pixels, 4))
    if not isinstance(font, ImageFont.FreeTypeFont):
        raise RuntimeError("this Pillow was built without FreeType, which its scalable font needs")
    return font


class Pen:
    """A sheet of paper and what draws on it; every measure is in millimetres."""

    def __init__(self, width: float, height: float, pixels_per_mm: float, paper: Colour) -> None:
        """Take a blank sheet."""
        self.width, self.height, self.scale = width, height, pixels_per_mm
        self.image = Image.new("RGB", (self.px(width), self.px(height)), paper)
        self.draw = ImageDraw.Draw(self.image)

    def px(self, millimetres: float) -> int:
        """Millimetres as whole pixels, at least one."""
        return max(1, round(millimetres * self.scale))

    def at(self, point: Point) -> Point:
        """A point of the sheet in pixels."""
        return point[0] * self.scale, point[1] * self.scale

    def text_width(self, text: str, size: float) -> float:
        """How wide a text comes out."""
        return _font(self.px(size)).getlength(text) / self.scale

    def text(
        self,
        point: Point,
        text: str,
        size: float,
        *,
        colour: Colour = INK,
        bold: bool = False,
        anchor: str = "la",
    ) -> None:
        """Write one line; ``size`` is the height of the type."""
        stroke = size * self.scale / 26 if bold else 0
        self.draw.text(self.at(point), text, fill=colour, font=_font(self.px(size)), anchor=anchor, stroke_width=stroke)

    def wrapped(self, text: str, size: float, width: float) -> list[str]:
        """Break a text into lines that fit a width; a word that is too long keeps its line."""
        lines: list[str] = []
        for word in text.split():
            longer = f"{lines[-1]} {word}" if lines else word
            if lines and self.text_width(longer, size) <= width:
                lines[-1] = longer
            else:
                lines.append(word)
        return lines

    def line(self, points: list[Point], width: float, colour: Colour = INK) -> None:
        """Draw a line through points."""
        self.draw.line([self.at(p) for p in points], fill=colour, width=self.px(width), joint="curve")

    def box(self, corner: Point, opposite: Point, *, fill: Colour) -> None:
        """Fill a rectangle; one whose opposite corner lies above its corner is empty."""
        if opposite[1] > corner[1]:
            self.draw.rectangle((*self.at(corner), *self.at(opposite)), fill=fill)

    def scribble(self, corner: Point, width: float, height: float, rng: np.random.Generator) -> None:
        """Sign with a made-up flourish."""
        steps = np.linspace(0.0, 1.0, 90)
        waves = [np.sin(steps * rng.uniform(8, 34) + rng.uniform(0, 6)) for _ in range(3)]
        across = corner[0] + width * (0.1 + 0.75 * steps + 0.12 * waves[0])
        down = corner[1] + height * (0.5 + 0.32 * waves[1] * (1 - 0.7 * steps) + 0.1 * waves[2])
        points = list(zip(across.tolist(), down.tolist(), strict=True))
        self.line(points, 0.55, BLUE_INK)
        self.line([points[-1], (corner[0] + width * 0.05, corner[1] + height * 0.92)], 0.4, BLUE_INK)

    def stamp(self, centre: Point, radius: float, text: str) -> None:
        """Press a round stamp that names no office."""
        side = self.px(radius * 2.2)
        mask = Image.new("L", (side, side), 0)
        draw, middle = ImageDraw.Draw(mask), side / 2
        for share, width in ((1.0, 0.8), (0.78, 0.4)):
            reach = radius * share * self.scale
            box = (middle - reach, middle - reach, middle + reach, middle + reach)
            draw.ellipse(box, outline=190, width=self.px(width))
        font = _font(self.px(radius * 0.42))
        draw.text((middle, middle), text, fill=200, font=font, anchor="mm", stroke_width=self.scale / 12)
        self._press(mask.rotate(14, Image.Resampling.BICUBIC), VIOLET, centre)

    def watermark(self, text: str, size: float, strength: int) -> None:
        """Repeat a word across the whole sheet, aslant, in red."""
        step_x, step_y = self.text_width(text, size) * 1.25, size * 2.1
        diagonal = (self.width**2 + self.height**2) ** 0.5
        side = self.px(diagonal)
        mask = Image.new("L", (side, side), 0)
        draw, font = ImageDraw.Draw(mask), _font(self.px(size))
        for row in range(int(diagonal / step_y) + 1):
            for column in range(-1, int(diagonal / step_x) + 1):
                point = self.at((step_x * (column + 0.5 * (row % 2)), step_y * row))
                draw.text(point, text, fill=strength, font=font, stroke_width=size * self.scale / 26)
        self._press(mask.rotate(28, Image.Resampling.BICUBIC), RED, (self.width / 2, self.height / 2))

    def _press(self, mask: Image.Image, colour: Colour, centre: Point) -> None:
        """Put a colour on the sheet through a mask."""
        x, y = self.at(centre)
        corner = (round(x - mask.width / 2), round(y - mask.height / 2))
        self.image.paste(colour, (*corner, corner[0] + mask.width, corner[1] + mask.height), mask)
