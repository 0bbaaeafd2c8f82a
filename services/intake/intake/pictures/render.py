"""Decodes a photo in full and makes its viewing copy. Runs in the sandbox only."""

from __future__ import annotations

import struct
import warnings
import zlib
from io import BytesIO
from typing import Any, BinaryIO

import pillow_heif
from PIL import Image, JpegImagePlugin, MpoImagePlugin, PngImagePlugin, WebPImagePlugin

from intake.pictures.kinds import Kind

FORMATS = {Kind.JPEG: "JPEG", Kind.PNG: "PNG", Kind.WEBP: "WEBP", Kind.HEIC: "HEIF"}
PLUGINS = (JpegImagePlugin, MpoImagePlugin, PngImagePlugin, WebPImagePlugin)  # loaded before any fork
pillow_heif.register_heif_opener(thumbnails=False)
pillow_heif.options.DECODE_THREADS = 2
warnings.simplefilter("error", Image.DecompressionBombWarning)

# What decoders raise at bad files. Anything else ends the child, which says the same a little later.
BAD_FILE = (
    OSError,
    SyntaxError,
    ValueError,
    LookupError,
    EOFError,
    OverflowError,
    MemoryError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)
_ORIENTATION = 0x0112
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def view(source: BinaryIO, *, kind: str, edge: int, quality: int, pixels: int) -> tuple[dict[str, Any], bytes]:
    """A JPEG of the photo: upright, at most `edge` long, in RGB, and with nothing in it but the picture."""
    Image.MAX_IMAGE_PIXELS = pixels
    try:
        with Image.open(source, formats=[FORMATS[Kind(kind)]]) as image:
            image.draft(None, _fitted(image.size, edge))  # a JPEG decodes to a half or a quarter at once
            image.load()
            profile = image.info.get("icc_profile") if image.mode == "RGB" else None
            copy = _upright(_small(image, edge), _orientation(image))
    except BAD_FILE as error:
        return {"undecodable": type(error).__name__}, b""
    copy.info.clear()  # Pillow would carry a comment over
    output = BytesIO()
    copy.save(output, "JPEG", quality=quality, icc_profile=profile)
    return {"width": copy.width, "height": copy.height}, output.getvalue()


def _fitted(size: tuple[int, int], edge: int) -> tuple[int, int]:
    width, height = size
    longest = max(edge, width, height)
    return max(1, width * edge // longest), max(1, height * edge // longest)


def _small(image: Image.Image, edge: int) -> Image.Image:
    # Palettes and 16 bits cannot be averaged, so these are turned into plain colours first.
    plain = image if image.mode in ("RGB", "RGBA", "L", "LA", "CMYK", "YCbCr") else _plain(image)
    plain.thumbnail((edge, edge), Image.Resampling.LANCZOS, reducing_gap=2.0)
    return _on_paper(plain) if plain.has_transparency_data else plain.convert("RGB")


def _plain(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I;16"):
        return image.point(lambda value: value * (1 / 256)).convert("L")  # convert() alone cuts off at 255
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def _on_paper(image: Image.Image) -> Image.Image:
    """What is see-through becomes white, as on the sheet that it was scanned from."""
    layer = image.convert("RGBA")
    paper = Image.new("RGB", layer.size, "white")
    paper.paste(layer, mask=layer.getchannel("A"))
    return paper


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(_ORIENTATION, 1))
    except (*BAD_FILE, TypeError):  # broken EXIF beside a good picture: show it as it lies
        return 1


def _upright(image: Image.Image, orientation: int) -> Image.Image:
    turn = _UPRIGHT.get(orientation)
    return image if turn is None else image.transpose(turn)
