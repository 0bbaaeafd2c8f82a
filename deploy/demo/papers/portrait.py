"""A portrait of nobody: a silhouette without a face."""

from collections.abc import Mapping
from typing import Final

from deploy.demo.papers.pen import RED, Colour, Pen, Point

_BACKGROUNDS: Final[Mapping[str, Colour]] = {"merah": (186, 28, 34), "biru": (34, 84, 168)}
_SKIN: Final[Colour] = (176, 132, 102)
_HAIR: Final[Colour] = (38, 32, 32)
_CLOTHES: Final[Colour] = (232, 230, 224)
_SCARF: Final[Colour] = (92, 112, 104)


def print_photo(pen: Pen, fields: Mapping[str, str]) -> None:
    """A photo print with a white rim: ``Latar`` is merah or biru, ``Kerudung`` ya draws a headscarf."""
    background = _BACKGROUNDS.get(fields.get("Latar", "merah").lower(), _BACKGROUNDS["merah"])
    scarf = fields.get("Kerudung", "").lower() == "ya"
    rim = pen.width * 0.06
    _figure(pen, (rim, rim), (pen.width - 2 * rim, pen.height * 0.84 - rim), background, scarf)
    pen.watermark("CONTOH", pen.width * 0.115, 120)
    pen.box((0, pen.height * 0.84), (pen.width, pen.height), fill=(250, 249, 246))
    middle = (pen.width / 2, pen.height * 0.915)
    pen.text(middle, "CONTOH", pen.width * 0.19, colour=RED, bold=True, anchor="mm")


def small(pen: Pen, corner: Point, width: float) -> float:
    """A grey box with a figure, where a sheet has a place for a photo; how high it is."""
    height = width * 1.25
    _figure(pen, corner, (width, height), (186, 188, 190), scarf=False)
    middle = (corner[0] + width / 2, corner[1] + height * 0.88)
    pen.text(middle, "CONTOH", width * 0.2, colour=RED, bold=True, anchor="mm")
    return height


def _figure(pen: Pen, corner: Point, size: tuple[float, float], background: Colour, scarf: bool) -> None:
    """Shoulders, neck and head on a sheet of their own, so that its edge cuts them off."""
    width, height = size
    middle, top = width / 2, height * 0.1
    part = Pen(width, height, pen.scale, background)
    _ellipse(part, (middle, top + width * 1.24), width * 0.47, width * 0.42, _CLOTHES)
    part.box((middle - width * 0.47, top + width * 1.24), (middle + width * 0.47, height), fill=_CLOTHES)
    if scarf:
        _ellipse(part, (middle, top + width * 0.44), width * 0.33, width * 0.41, _SCARF)
        _ellipse(part, (middle, top + width * 0.95), width * 0.38, width * 0.26, _SCARF)
    else:
        neck = (middle - width * 0.09, top + width * 0.6)
        part.box(neck, (middle + width * 0.09, top + width * 0.9), fill=(158, 116, 90))
        _ellipse(part, (middle, top + width * 0.36), width * 0.27, width * 0.33, _HAIR)
    _ellipse(part, (middle, top + width * 0.44), width * 0.225, width * 0.29, _SKIN)
    x, y = pen.at(corner)
    pen.image.paste(part.image, (round(x), round(y)))


def _ellipse(pen: Pen, centre: Point, across: float, down: float, colour: Colour) -> None:
    """An ellipse by its centre and half axes."""
    first, second = (centre[0] - across, centre[1] - down), (centre[0] + across, centre[1] + down)
    pen.draw.ellipse((*pen.at(first), *pen.at(second)), fill=colour)
