"""Draws a sample: the paper lies whole and upright on a table, grey bars stand where its data would be, CONTOH goes
across it, and below it is said what makes a good photo. Nothing on it is a real crest, seal or form."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from deploy.samples.papers import Paper

SIZE = (800, 640)
_TWICE = 2
"""Drawn so many times as large, and made smaller, so that its edges are smooth."""
_FONTS = Path(__file__).parents[2] / "services/documents/documents/layouts/fonts"
_TABLE, _SHEET, _EDGE = (171, 146, 112), (252, 252, 248), (120, 120, 116)
_BAR, _DARK, _MARK, _FRAME = (196, 200, 204), (70, 74, 80), (200, 40, 40), (24, 120, 72)
_STRIP = 64
_COLOURS = 48

Box = tuple[float, float, float, float]


def draw(paper: Paper) -> bytes:
    """The picture as PNG; the same bytes for the same paper."""
    picture = Image.new("RGB", (SIZE[0] * _TWICE, SIZE[1] * _TWICE), _TABLE)
    pen = ImageDraw.Draw(picture)
    box = _DRAWN[paper.layout](pen, paper)
    _corners(pen, box)
    picture = _marked(picture, box)
    _said(ImageDraw.Draw(picture), paper.hint)
    small = picture.resize(SIZE, Image.Resampling.LANCZOS).quantize(_COLOURS, dither=Image.Dither.NONE)
    out = io.BytesIO()
    small.save(out, "PNG", optimize=True)
    return out.getvalue()


def _font(size: float, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    name = "LiberationSans-Bold.ttf" if bold else "LiberationSans-Regular.ttf"
    return ImageFont.truetype(str(_FONTS / name), round(size * _TWICE))


def _up(*places: float) -> tuple[float, ...]:
    return tuple(place * _TWICE for place in places)


def _sheet(pen: ImageDraw.ImageDraw, box: Box, *, radius: float = 4) -> None:
    left, top, right, bottom = box
    pen.rounded_rectangle(_up(left + 6, top + 7, right + 6, bottom + 7), radius * _TWICE, fill=(140, 118, 88))
    pen.rounded_rectangle(_up(*box), radius * _TWICE, fill=_SHEET, outline=_EDGE, width=2)


def _bar(pen: ImageDraw.ImageDraw, left: float, top: float, length: float, height: float = 9) -> None:
    pen.rounded_rectangle(_up(left, top, left + length, top + height), 3 * _TWICE, fill=_BAR)


def _words(pen: ImageDraw.ImageDraw, at: tuple[float, float], text: str, size: float, *, bold: bool = False,
           anchor: str = "mm") -> None:  # fmt: skip
    pen.text(_up(*at), text, font=_font(size, bold=bold), fill=_DARK, anchor=anchor)


def _letter(pen: ImageDraw.ImageDraw, paper: Paper) -> Box:
    left, top, right, bottom = box = (216.0, 22.0, 584.0, 546.0)
    _sheet(pen, box)
    pen.ellipse(_up(left + 26, top + 22, left + 66, top + 62), fill=_BAR)
    _bar(pen, left + 84, top + 26, 220, 11)
    _bar(pen, left + 84, top + 46, 170)
    pen.line(_up(left + 24, top + 76, right - 24, top + 76), fill=_EDGE, width=3)
    _words(pen, ((left + right) / 2, top + 106), paper.title, 19, bold=True)
    _bar(pen, (left + right) / 2 - 70, top + 124, 140)
    _words(pen, (left + 30, top + 166), "Nama", 14, anchor="lm")
    _words(pen, (left + 120, top + 166), ": CONTOH", 14, bold=True, anchor="lm")
    for line in range(4):
        _bar(pen, left + 30, top + 190 + line * 24, 62)
        _bar(pen, left + 120, top + 190 + line * 24, 190 - line * 24)
    for line, length in enumerate((308, 296, 304, 180)):
        _bar(pen, left + 30, top + 304 + line * 22, length)
    if paper.stamped:
        pen.ellipse(_up(right - 178, top + 412, right - 96, top + 494), outline=(150, 150, 190), width=8)
    _bar(pen, right - 150, top + 424, 110)
    _bar(pen, right - 140, top + 486, 92)
    return box


def _table(pen: ImageDraw.ImageDraw, paper: Paper) -> Box:
    left, top, right, bottom = box = (60.0, 44.0, 740.0, 526.0)
    _sheet(pen, box)
    pen.ellipse(_up(left + 26, top + 18, left + 62, top + 54), fill=_BAR)
    _words(pen, ((left + right) / 2, top + 34), paper.title, 26, bold=True)
    _bar(pen, (left + right) / 2 - 110, top + 56, 220)
    _words(pen, (left + 30, top + 92), "Nama Kepala Keluarga : CONTOH", 14, bold=True, anchor="lm")
    _bar(pen, left + 30, top + 110, 230)
    _bar(pen, right - 250, top + 90, 210)
    _bar(pen, right - 250, top + 110, 170)
    for first, rows in ((top + 138, 5), (top + 292, 5)):
        _grid(pen, (left + 24, first, right - 24, first + 26 * rows), rows)
    _bar(pen, left + 40, bottom - 44, 130)
    _bar(pen, right - 170, bottom - 44, 130)
    return box


def _grid(pen: ImageDraw.ImageDraw, box: Box, rows: int) -> None:
    left, top, right, bottom = box
    columns = (0, 0.05, 0.3, 0.5, 0.6, 0.78, 1)
    for row in range(rows):
        for one, following in zip(columns, columns[1:], strict=False):
            start, end = left + (right - left) * one, left + (right - left) * following
            _bar(pen, start + 6, top + row * 26 + 9, (end - start - 12) * (1 if row == 0 else 0.8), 8)
    for row in range(rows + 1):
        pen.line(_up(left, top + row * 26, right, top + row * 26), fill=_EDGE, width=2)
    for one in columns:
        at = left + (right - left) * one
        pen.line(_up(at, top, at, bottom), fill=_EDGE, width=2)


def _card(pen: ImageDraw.ImageDraw, paper: Paper) -> Box:
    left, top, right, bottom = box = (120.0, 106.0, 680.0, 459.0)
    _sheet(pen, box, radius=18)
    _words(pen, ((left + right) / 2, top + 34), paper.title, 22, bold=True)
    _bar(pen, left + 30, top + 66, 300, 15)
    _words(pen, (left + 30, top + 112), "Nama", 15, anchor="lm")
    _words(pen, (left + 130, top + 112), ": CONTOH", 15, bold=True, anchor="lm")
    for line in range(7):
        _bar(pen, left + 30, top + 136 + line * 27, 76)
        _bar(pen, left + 130, top + 136 + line * 27, 220 - line % 3 * 36)
    _face(pen, (right - 162, top + 66, right - 30, top + 236))
    _bar(pen, right - 150, top + 254, 108)
    return box


def _portrait(pen: ImageDraw.ImageDraw, paper: Paper) -> Box:
    left, top, right, bottom = box = (230.0, 22.0, 570.0, 546.0)
    _sheet(pen, box)
    _face(pen, (left + 20, top + 20, right - 20, bottom - 64))
    _words(pen, ((left + right) / 2, bottom - 32), paper.title, 22, bold=True)
    return box


def _face(pen: ImageDraw.ImageDraw, box: Box) -> None:
    """Somebody who is nobody: head and shoulders before a plain wall."""
    left, top, right, bottom = box
    wide, high, middle = right - left, bottom - top, (left + right) / 2
    pen.rectangle(_up(*box), fill=(206, 222, 232))
    shoulders = (middle - wide * 0.4, bottom - high * 0.3, middle + wide * 0.4, bottom + high * 0.3)
    pen.chord(_up(*shoulders), 180, 360, fill=(120, 128, 138))
    pen.rectangle(
        _up(middle - wide * 0.09, top + high * 0.52, middle + wide * 0.09, top + high * 0.74), fill=(168, 150, 132)
    )
    pen.ellipse(
        _up(middle - wide * 0.23, top + high * 0.16, middle + wide * 0.23, top + high * 0.62), fill=(184, 166, 146)
    )
    hair = (middle - wide * 0.24, top + high * 0.13, middle + wide * 0.24, top + high * 0.5)
    pen.chord(_up(*hair), 190, 350, fill=(84, 78, 72))


def _corners(pen: ImageDraw.ImageDraw, box: Box) -> None:
    """Where the edges of the photo belong: all of the paper is within."""
    left, top, right, bottom = box[0] - 14, box[1] - 14, box[2] + 14, box[3] + 14
    for x, y, right_of, under in (
        (left, top, 1, 1),
        (right, top, -1, 1),
        (left, bottom, 1, -1),
        (right, bottom, -1, -1),
    ):
        pen.line(_up(x, y, x + 44 * right_of, y), fill=_FRAME, width=10)
        pen.line(_up(x, y, x, y + 44 * under), fill=_FRAME, width=10)


def _marked(picture: Image.Image, box: Box) -> Image.Image:
    """CONTOH goes across it, so that nobody takes it for a paper."""
    over = Image.new("RGBA", picture.size, (0, 0, 0, 0))
    middle = ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
    font = _font(min(104, (box[2] - box[0]) / 4.4), bold=True)
    ImageDraw.Draw(over).text(_up(*middle), "CONTOH", font=font, fill=(*_MARK, 120), anchor="mm")
    centre = (middle[0] * _TWICE, middle[1] * _TWICE)
    turned = over.rotate(24, resample=Image.Resampling.BICUBIC, center=centre)
    return Image.alpha_composite(picture.convert("RGBA"), turned).convert("RGB")


def _said(pen: ImageDraw.ImageDraw, hint: str) -> None:
    wide, high = SIZE
    pen.rectangle(_up(0, high - _STRIP, wide, high), fill=(255, 255, 255))
    _words(pen, (wide / 2, high - _STRIP / 2), hint, 22, bold=True)


_DRAWN = {"letter": _letter, "table": _table, "card": _card, "portrait": _portrait}
