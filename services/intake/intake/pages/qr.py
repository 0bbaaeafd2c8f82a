"""QR codes on pages, as SVG without style of its own."""

from __future__ import annotations

import segno
from markupsafe import Markup


def picture(text: str) -> Markup:
    """The QR code of a text. What it says has to stand beside it as well."""
    made = segno.make(text, error="m", micro=False)
    return Markup(made.svg_inline(scale=4, border=4, svgclass="qr", lineclass=None, omitsize=True))
