"""From a flat sheet to the picture a phone or a scanner makes of it."""

from typing import Final

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from deploy.demo.papers import fields, sheets, surfaces
from deploy.demo.papers.spec import PaperSpec

Quad = list[tuple[float, float]]

# How far a paper fills the picture in the direction that is tight.
_COVER: Final = {"PAS_FOTO": 0.62, "KTP": 0.8, "KTP_LAMA": 0.8}
_NOISE_TILE: Final = 1024


def picture(spec: PaperSpec) -> Image.Image:
    """The upright picture of a spec: a photo, or a scan where the format says so."""
    rng = np.random.default_rng(spec.seed)
    return _scan(spec, rng) if spec.scanned else _photo(spec, rng)


def _photo(spec: PaperSpec, rng: np.random.Generator) -> Image.Image:
    """A paper on a table, seen a little from the side, in the light of a room."""
    size = spec.upright_size
    scene = surfaces.lay(size, rng)
    if min(size) > 1500:
        # The table is out of focus by a hair, and was enlarged anyway.
        scene = scene.filter(ImageFilter.BoxBlur(1))
    quad = _place(sheets.aspect(spec.kind), size, _COVER.get(spec.kind, 0.9), rng)
    sheet = sheets.draw(spec, _long_side(quad), rng)
    scene = ImageChops.multiply(scene, _contact_shadow(quad, size, rng))
    _lay_down(scene, sheet, quad)
    scene = scene.filter(ImageFilter.GaussianBlur(max(size) / 4000 * rng.uniform(0.9, 1.3)))
    scene = ImageChops.multiply(scene, _room_light(size, rng))
    return _grain(scene, rng.uniform(3.0, 4.2), rng)


def _scan(spec: PaperSpec, rng: np.random.Generator) -> Image.Image:
    """A paper on the glass of a scanner: nearly straight, evenly lit, a grey rim where the lid is."""
    size = spec.upright_size
    scene = Image.new("RGB", size, (243, 244, 245))
    quad = _place(sheets.aspect(spec.kind), size, 0.97, rng, tilt=0.6, depth=0.0)
    sheet = sheets.draw(spec, _long_side(quad), rng)
    scene = ImageChops.multiply(scene, _contact_shadow(quad, size, rng))
    _lay_down(scene, sheet, quad)
    return _grain(scene, 1.2, rng)


def _long_side(quad: Quad) -> int:
    """The pixels to draw a sheet with so that it is neither enlarged nor much reduced."""
    lengths = [np.hypot(a[0] - b[0], a[1] - b[1]) for a, b in zip(quad, [*quad[1:], quad[0]], strict=True)]
    return max(32, round(float(max(lengths))))


def _place(
    aspect: float,
    size: tuple[int, int],
    cover: float,
    rng: np.random.Generator,
    *,
    tilt: float = 4.0,
    depth: float = 0.06,
) -> Quad:
    """The four corners of the paper in the picture: top left, top right, bottom right, bottom left."""
    width, height = size
    high = cover * min(height, width / aspect)
    half = np.array([high * aspect, high]) / 2
    corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * half
    # Farther away at the top: narrower there, and the whole a little shorter.
    lean = rng.uniform(0.3, 1.0) * depth
    corners[:, 0] *= np.array([1 - lean, 1 - lean, 1, 1])
    corners += rng.uniform(-0.15, 0.15, (4, 2)) * depth * high
    angle = np.radians(rng.uniform(-tilt, tilt))
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    shift = rng.uniform(-0.15, 0.15, 2) * depth * high
    placed = corners @ turn + np.array([width, height]) / 2 + shift
    return [(float(x), float(y)) for x, y in placed]


def _lay_down(scene: Image.Image, sheet: Image.Image, quad: Quad) -> None:
    """Warp the sheet into its four corners and paste it, touching only the part of the scene it covers."""
    xs, ys = [p[0] for p in quad], [p[1] for p in quad]
    box = (
        max(0, int(min(xs)) - 2),
        max(0, int(min(ys)) - 2),
        min(scene.width, int(max(xs)) + 3),
        min(scene.height, int(max(ys)) + 3),
    )
    local = [(x - box[0], y - box[1]) for x, y in quad]
    size = (box[2] - box[0], box[3] - box[1])
    data = _perspective(local, sheet.size)
    alpha = sheet.getchannel("A")
    mask = alpha.transform(size, Image.Transform.PERSPECTIVE, data, Image.Resampling.BILINEAR)
    flat = sheet.convert("RGB")
    warped = flat.transform(size, Image.Transform.PERSPECTIVE, data, Image.Resampling.BICUBIC)
    scene.paste(warped, box, mask)


def _perspective(quad: Quad, size: tuple[int, int]) -> tuple[float, ...]:
    """The eight numbers that lead from a point of the picture back to the sheet."""
    width, height = size
    rows, right = [], []
    for (x, y), (u, v) in zip(quad, [(0, 0), (width, 0), (width, height), (0, height)], strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        right += [u, v]
    solved = np.linalg.solve(np.array(rows, dtype=float), np.array(right, dtype=float))
    return tuple(float(value) for value in solved)


def _contact_shadow(quad: Quad, size: tuple[int, int], rng: np.random.Generator) -> Image.Image:
    """The soft dark edge under a paper that does not lie quite flat."""
    scale = 400 / max(size)
    small = (max(2, round(size[0] * scale)), max(2, round(size[1] * scale)))
    light = Image.new("L", small, 255)
    dx, dy = rng.uniform(-2, 4), rng.uniform(1, 5)
    ImageDraw.Draw(light).polygon([(x * scale + dx, y * scale + dy) for x, y in quad], fill=110)
    soft = light.filter(ImageFilter.GaussianBlur(3)).resize(size, Image.Resampling.BICUBIC)
    return soft.convert("RGB")


def _room_light(size: tuple[int, int], rng: np.random.Generator) -> Image.Image:
    """Uneven, slightly coloured light: a window aside, corners that fall off, the phone's own shadow."""
    shape = (150, 200) if size[0] >= size[1] else (200, 150)
    down, across = fields.grid(shape)
    angle = rng.uniform(0, 2 * np.pi)
    slope = np.cos(angle) * (across - 0.5) + np.sin(angle) * (down - 0.5)
    light = 0.95 + 0.22 * slope
    light -= 0.22 * ((across - 0.5) ** 2 + (down - 0.5) ** 2)
    centre = rng.uniform(0.25, 0.75), rng.uniform(0.75, 1.1)
    away = np.hypot((across - centre[0]) * 1.5, down - centre[1])
    light -= rng.uniform(0.1, 0.22) / (1 + np.exp((away - 0.42) / 0.05))
    warmth = rng.uniform(-0.03, 0.07)
    tints = (1.0, 1.0 - abs(warmth) * 0.35, 1.0 - max(warmth, 0.0) * 1.6)
    channels = [fields.to_image(np.minimum(light * tint, 1.0), size) for tint in tints]
    return Image.merge("RGB", channels)


def _grain(scene: Image.Image, strength: float, rng: np.random.Generator) -> Image.Image:
    """Sensor noise: one tile of it, laid out anew for each channel so that no pattern shows."""
    side = min(_NOISE_TILE, max(scene.size))
    noise = rng.standard_normal((side, side), dtype=np.float32) * np.float32(strength)
    tile = Image.fromarray(np.clip(noise + 128.5, 0, 255).astype(np.uint8))
    layers = []
    for _ in range(3):
        layer = Image.new("L", scene.size)
        start_x, start_y = (int(n) for n in rng.integers(-side, 0, 2, endpoint=True))
        for top in range(start_y, scene.height, side):
            for left in range(start_x, scene.width, side):
                layer.paste(tile, (left, top))
        layers.append(layer)
    return ImageChops.add(scene, Image.merge("RGB", layers), 1.0, -128)
