"""The QR code of a letter, as SVG."""

import io

import segno


def qr_svg(url: str) -> str:
    """Draw `url` dark on white, with the quiet zone that readers want.

    The mask is fixed: every mask can be read, and trying all eight to find the prettiest costs more than half a letter.
    """
    code = segno.make_qr(url, error="m", mask=3, boost_error=False)
    out = io.BytesIO()
    code.save(out, kind="svg", xmldecl=False, border=4, light="#fff")
    return out.getvalue().decode("ascii")
