"""Files that strangers send to be checked: letters tampered with, other people's papers, and what is made to hurt."""

from __future__ import annotations

import zlib
from io import BytesIO

import pikepdf
import pypdfium2
import segno
from PIL import Image, ImageDraw

from tests.support.files import encoded

QR_DARK = "#000"


def saved_again(pdf: bytes) -> bytes:
    """As a program saves it that changed nothing."""
    out = BytesIO()
    with pikepdf.open(BytesIO(pdf)) as document:
        document.save(out)
    return out.getvalue()


def appended(pdf: bytes) -> bytes:
    """An incremental update in which a comment stands; all bytes before it stay."""
    table = pdf[pdf.rindex(b"startxref") :].split()[1]
    return pdf + b"\n% a remark\nstartxref\n" + table + b"\n%%EOF\n"


def photographed(pdf: bytes) -> bytes:
    """Its first page as a picture in a PDF: no text is left."""
    with pypdfium2.PdfDocument(pdf) as document:
        return encoded(document[0].render(scale=2.5).to_pil(), "PDF")


def sheet_with_code(address: str) -> bytes:
    """A screenshot of something else with a QR code on it."""
    sheet = Image.new("RGB", (1000, 1400), "white")
    ImageDraw.Draw(sheet).text((100, 100), "SURAT KETERANGAN LAIN")
    out = BytesIO()
    segno.make_qr(address, error="m").save(out, kind="png", scale=6)
    sheet.paste(Image.open(out).convert("RGB"), (300, 700))
    return encoded(sheet, "PDF")


def written(*lines: str, pages: int = 1, content: bytes | None = None) -> bytes:
    """A PDF with real text, in a font that every reader has."""
    document = pikepdf.new()
    font = document.make_indirect(
        pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    )
    said = " ".join(f"({line}) Tj 0 -20 Td" for line in lines)
    stream = document.make_stream(content or f"BT /F1 12 Tf 50 700 Td {said} ET".encode())
    for _ in range(pages):
        page = document.add_blank_page(page_size=(595, 842))
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        page.Contents = stream
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def locked(pdf: bytes) -> bytes:
    """Behind a password."""
    out = BytesIO()
    with pikepdf.open(BytesIO(pdf)) as document:
        document.save(out, encryption=pikepdf.Encryption(owner="rahasia", user="rahasia"))
    return out.getvalue()


def endless(repeats: int = 4_000_000) -> bytes:
    """A small file that takes very long to draw: one compressed stream fills the page again and again."""
    return written(content=b"0 0 595 842 re f " * 10 + b"0 0 595 842 re 1 1 500 800 re f* " * repeats)


def bomb(size: int = 600_000_000) -> bytes:
    """Less than a megabyte that unpacks to hundreds."""
    packer = zlib.compressobj(9)
    block = b" " * 10_000_000
    packed = b"".join(packer.compress(block) for _ in range(size // len(block))) + packer.flush()
    head = (
        b"%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>endobj\n"
        b"4 0 obj<</Filter/FlateDecode/Length %d>>stream\n" % len(packed)
    )
    return head + packed + b"\nendstream endobj\ntrailer<</Root 1 0 R/Size 5>>\nstartxref\n0\n%%EOF"
