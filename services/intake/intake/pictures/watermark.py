"""Writes who looks, why and when across a viewing copy. Runs in the sandbox only.

The text is plain ASCII, made by us. The copy in the store stays clean: each reader gets bytes of his own.
"""

from __future__ import annotations

import math
from io import BytesIO
from typing import Any, BinaryIO

from pikepdf import Dictionary, Name, Page, Pdf
from PIL import Image, ImageDraw, ImageFont

from intake.pictures.pdf import BAD_PDF
from intake.pictures.render import BAD_FILE

Result = tuple[dict[str, Any], bytes]

ANGLE = 30
_SMALLEST = 12
_ACROSS = 32  # how many lines of text the shorter side would hold
_RED = (176, 0, 0)
_SEEN_THROUGH = 90  # of 255: print below it stays readable


def picture(source: BinaryIO, *, text: str, quality: int) -> Result:
    """The JPEG with the text repeated over all of it, and once in full on a strip at its foot."""
    try:
        with Image.open(source, formats=["JPEG"]) as image:
            image.load()
            profile = image.info.get("icc_profile") if image.mode == "RGB" else None
            plain = image.convert("RGBA")
    except BAD_FILE as error:
        return {"undecodable": type(error).__name__}, b""
    size = max(_SMALLEST, min(plain.size) // _ACROSS)
    marked = Image.alpha_composite(plain, _all_over(plain.size, text, size))
    marked = Image.alpha_composite(marked, _strip(plain.size, text, size)).convert("RGB")
    output = BytesIO()
    marked.save(output, "JPEG", quality=quality, icc_profile=profile)
    return {"width": marked.width, "height": marked.height}, output.getvalue()


def _all_over(size: tuple[int, int], text: str, height: int) -> Image.Image:
    width, tall = size
    side = math.ceil(math.hypot(width, tall))
    layer = Image.new("RGBA", (side, side))
    draw, font = ImageDraw.Draw(layer), ImageFont.load_default(height)
    step = draw.textlength(text, font) + 3 * height
    for row, y in enumerate(range(0, side, 6 * height)):
        x = -(row % 2) * step / 2
        while x < side:
            draw.text((x, y), text, (*_RED, _SEEN_THROUGH), font)
            x += step
    left, top = (side - width) // 2, (side - tall) // 2
    return layer.rotate(ANGLE).crop((left, top, left + width, top + tall))


def _strip(size: tuple[int, int], text: str, height: int) -> Image.Image:
    """In letters as small as it takes, so that all of the text is there."""
    width, tall = size
    layer = Image.new("RGBA", size)
    draw = ImageDraw.Draw(layer)
    length = draw.textlength(text, ImageFont.load_default(height))
    fitting = max(6, min(height, int(height * width * 0.96 / max(1.0, length))))
    draw.rectangle((0, tall - fitting * 2, width, tall), (255, 255, 255, 200))
    draw.text((width * 0.02, tall - fitting * 1.6), text, (*_RED, 255), ImageFont.load_default(fitting))
    return layer


def document(source: BinaryIO, *, text: str) -> Result:
    """The PDF with the text repeated over each page. A page becomes a form of its own below the text, so that nothing
    in it can move or hide what is written over it."""
    output = BytesIO()
    try:
        with Pdf.open(source) as pdf:
            font = pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
            alpha = _SEEN_THROUGH / 255
            seen_through = pdf.make_indirect(Dictionary(Type=Name.ExtGState, ca=alpha, CA=alpha))
            for page in pdf.pages:
                _mark(pdf, page, text, Dictionary(Mark=font), Dictionary(Mark=seen_through))
            pdf.save(output, deterministic_id=True)
            return {"pages": len(pdf.pages)}, output.getvalue()
    except BAD_PDF as error:
        return {"undecodable": type(error).__name__}, b""


def _mark(pdf: Pdf, page: Page, text: str, fonts: Dictionary, states: Dictionary) -> None:
    below = pdf.make_indirect(page.as_form_xobject(handle_transformations=False))
    below.write(below.read_bytes())  # now: qpdf would read the page's contents when it saves, which are ours by then
    x0, y0, x1, y1 = (float(edge) for edge in page.mediabox)  # type: ignore[attr-defined]
    left, foot, width, tall = min(x0, x1), min(y0, y1), abs(x1 - x0), abs(y1 - y0)
    size = max(8.0, min(width, tall) / _ACROSS)
    written = _repeated(text, left, foot, width, tall, size)
    page.obj.Resources = Dictionary(XObject=Dictionary(Below=below), Font=fonts, ExtGState=states)
    page.obj.Contents = pdf.make_stream(b"q /Below Do Q\n" + written)


def _repeated(text: str, left: float, foot: float, width: float, tall: float, size: float) -> bytes:
    shown = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)").encode("ascii")
    red = " ".join(f"{value / 255:.3f}" for value in _RED)
    lines = [f"q /Mark gs {red} rg BT /Mark {size:.2f} Tf".encode()]
    cos, sin = math.cos(math.radians(ANGLE)), math.sin(math.radians(ANGLE))
    step = len(text) * size * 0.55 + 3 * size
    y = foot - width * sin
    row = 0
    while y < foot + tall:
        x = left - (row % 2) * step / 2
        while x < left + width:
            at = f"{cos:.4f} {sin:.4f} {-sin:.4f} {cos:.4f} {x:.2f} {y + (x - left) * sin / cos:.2f} Tm"
            lines.append(at.encode() + b" (" + shown + b") Tj")
            x += step * cos
        y += 6 * size
        row += 1
    return b"\n".join([*lines, b"ET Q"])
