"""What time does to paper: folds, stains, cracks and a missing corner."""

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from deploy.demo.papers import fields


def age(sheet: Image.Image, marks: tuple[str, ...], rng: np.random.Generator) -> Image.Image:
    """Give a flat sheet its marks; RGBA, transparent where the paper is gone."""
    shade = _texture(sheet.size, rng)
    if "folds" in marks:
        shade = ImageChops.multiply(shade, _folds(sheet.size, rng))
    if "stain" in marks:
        shade = ImageChops.multiply(shade, _stain(sheet.size, rng))
    worn = ImageChops.multiply(sheet, shade)
    if "crack" in marks:
        _crack(worn, rng)
    worn.putalpha(_outline(sheet.size, "torn" in marks, rng))
    return worn


def _texture(size: tuple[int, int], rng: np.random.Generator) -> Image.Image:
    """Paper is never of one tone: broad, faint clouds."""
    clouds = fields.clouds((48, 48), 3, rng) * 0.03 + 0.97
    return fields.to_image(clouds, size).convert("RGB")


def _folds(size: tuple[int, int], rng: np.random.Generator) -> Image.Image:
    """A letter folded twice: one side of each crease is in the shade."""
    rows, columns = 360, 360
    shade = np.ones((rows, columns))
    y, x = np.mgrid[0:rows, 0:columns] / rows
    for along, share in ((y, rng.uniform(0.48, 0.52)), (x, rng.uniform(0.48, 0.52))):
        distance = along - share
        shade -= 0.07 * np.exp(-np.abs(distance) / 0.05) * (distance > 0)
        shade -= 0.12 * np.exp(-((distance / 0.004) ** 2))
    return fields.to_image(shade, size).convert("RGB")


def _stain(size: tuple[int, int], rng: np.random.Generator) -> Image.Image:
    """The ring of a glass of coffee, and a yellowed edge."""
    rows, columns = 300, 300
    y, x = np.mgrid[0:rows, 0:columns] / rows
    aspect = size[0] / size[1]
    away = np.hypot((x - rng.uniform(0.25, 0.75)) * aspect, y - rng.uniform(0.3, 0.8))
    radius = rng.uniform(0.16, 0.22)
    ring = np.exp(-(((away - radius) / 0.012) ** 2)) * 0.16 + (away < radius) * 0.04
    edge = np.minimum.reduce([x, 1 - x, y, 1 - y])
    ring += 0.12 * np.exp(-edge / 0.06)
    channels = [fields.to_image(1 - ring * strength, size) for strength in (0.55, 0.9, 1.6)]
    return Image.merge("RGB", channels)


def _crack(sheet: Image.Image, rng: np.random.Generator) -> None:
    """A card that broke across: a light, jagged line with a dark side."""
    width, height = sheet.size
    x = width * rng.uniform(0.4, 0.6)
    points = [(x, 0.0)]
    for step in range(1, 13):
        x += width * rng.uniform(-0.02, 0.022)
        points.append((x, height * step / 12))
    draw = ImageDraw.Draw(sheet)
    thick = max(1, width // 260)
    draw.line([(px + thick, py) for px, py in points], fill=(70, 64, 54), width=thick)
    draw.line(points, fill=(252, 250, 244), width=thick * 2)


def _outline(size: tuple[int, int], torn: bool, rng: np.random.Generator) -> Image.Image:
    """Where there is paper: all of it, or all but one corner."""
    width, height = size
    mask = Image.new("L", size, 255)
    if torn:
        reach_x, reach_y = width * rng.uniform(0.09, 0.13), height * rng.uniform(0.1, 0.15)
        edge: list[tuple[float, float]] = [(width - reach_x, height)]
        for step in range(1, 20):
            jag = rng.uniform(-0.004, 0.004) * width
            edge.append((width - reach_x * (1 - step / 20) + jag, height - reach_y * step / 20 + jag))
        corner = [*edge, (width, height - reach_y), (width, height)]
        ImageDraw.Draw(mask).polygon(corner, fill=0)
        mask = mask.filter(ImageFilter.GaussianBlur(max(1, width // 1500)))
    # A transparent rim, so that the warped edge comes out smooth instead of in steps.
    ImageDraw.Draw(mask).rectangle((0, 0, width - 1, height - 1), outline=0, width=max(1, width // 1500))
    return mask
