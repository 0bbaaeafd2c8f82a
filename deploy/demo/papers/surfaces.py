"""What the paper lies on: boards, a checked oilcloth or floor tiles."""

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from deploy.demo.papers import fields
from deploy.demo.papers.fields import Field

_LONG_SIDE: Final = 1200


def lay(size: tuple[int, int], rng: np.random.Generator) -> Image.Image:
    """A table top or floor that fills the picture."""
    scale = min(1.0, _LONG_SIDE / max(size))
    shape = (max(8, round(size[1] * scale)), max(8, round(size[0] * scale)))
    surface = _SURFACES[int(rng.integers(len(_SURFACES)))]
    picture = Image.fromarray(np.clip(surface(shape, rng), 0, 255).astype(np.uint8))
    return picture.resize(size, Image.Resampling.BICUBIC)


def _places(shape: tuple[int, int]) -> tuple[Field, Field]:
    """Down and across in steps of which the long side has ``_LONG_SIDE``, however many pixels there are."""
    rows, columns = shape
    y, x = np.mgrid[0:rows, 0:columns] * (_LONG_SIDE / max(shape))
    return y, x


def _tinted(tone: Field, dark: tuple[int, int, int], light: tuple[int, int, int]) -> NDArray[np.float64]:
    """Tones from 0 to 1 as colours between two."""
    low, high = np.array(dark, dtype=float), np.array(light, dtype=float)
    return np.asarray(low + tone[..., None] * (high - low))


def _boards(shape: tuple[int, int], rng: np.random.Generator) -> NDArray[np.float64]:
    """Wood: grain along the boards, a dark joint between two."""
    down, across = fields.grid(shape)
    tone = np.zeros(shape)
    count = int(rng.integers(3, 6))
    drift = (fields.clouds(shape, 3, rng) - 0.5) * 0.14
    stripes = rng.random(4096)
    for cells, weight in ((90, 0.45), (240, 0.35), (620, 0.2)):
        place = (down + drift * (0.6 + across)) * cells
        low = np.floor(place).astype(int)
        share = place - low
        tone += weight * (stripes[low % 4096] * (1 - share) + stripes[(low + 1) % 4096] * share)
    board = np.minimum((down * count).astype(int), count - 1)
    tone = tone * 0.75 + rng.uniform(0.0, 0.25, count)[board]
    seam = np.abs(down * count - np.round(down * count))
    tone *= 1 - 0.8 * np.exp(-((seam / 0.012) ** 2))
    dark, light = _WOODS[int(rng.integers(len(_WOODS)))]
    return _tinted(tone, dark, light)


def _oilcloth(shape: tuple[int, int], rng: np.random.Generator) -> NDArray[np.float64]:
    """A checked table cloth, slightly askew, with its weave."""
    y, x = _places(shape)
    turn = rng.uniform(-0.12, 0.12)
    bend = (fields.clouds(shape, 2, rng) - 0.5) * 26
    u, v = x * np.cos(turn) - y * np.sin(turn) + bend, x * np.sin(turn) + y * np.cos(turn) + bend
    square = rng.uniform(70, 110)
    # Square waves whose edges take a pixel or two: hard ones would show as steps once enlarged.
    bands = sum(np.clip(0.5 + square / 4 * np.sin(np.pi * w / square), 0, 1) for w in (u, v))
    weave = 0.06 * np.sin(u * 1.9) * np.sin(v * 1.9)
    tone = np.clip(1 - bands / 2 * 0.8 + weave - 0.1, 0, 1)
    dark, light = _CLOTHS[int(rng.integers(len(_CLOTHS)))]
    return _tinted(tone, dark, light)


def _tiles(shape: tuple[int, int], rng: np.random.Generator) -> NDArray[np.float64]:
    """Ceramic floor tiles with their grout."""
    y, x = _places(shape)
    turn, side = rng.uniform(-0.2, 0.2), rng.uniform(380, 520)
    u = (x * np.cos(turn) - y * np.sin(turn)) / side + rng.uniform()
    v = (x * np.sin(turn) + y * np.cos(turn)) / side + rng.uniform()
    grout = np.minimum(np.abs(u - np.round(u)), np.abs(v - np.round(v)))
    tone = 0.72 + 0.2 * fields.clouds(shape, 5, rng) + 0.05 * rng.standard_normal(shape)
    tone = np.clip(tone, 0, 1) * (1 - 0.55 * np.exp(-((grout / 0.008) ** 4)))
    return _tinted(tone, (84, 78, 70), (206, 200, 188))


_WOODS: Final = (
    ((58, 32, 18), (166, 112, 66)),
    ((40, 26, 20), (112, 76, 54)),
    ((116, 82, 50), (206, 168, 120)),
)
_CLOTHS: Final = (
    ((128, 34, 40), (226, 214, 200)),
    ((32, 82, 84), (214, 220, 208)),
    ((44, 58, 110), (220, 220, 222)),
)

Surface = Callable[[tuple[int, int], np.random.Generator], NDArray[np.float64]]
_SURFACES: Final[tuple[Surface, ...]] = (_boards, _oilcloth, _tiles, _boards)
