"""Files made to hurt: bombs, floods, polyglots, programs, and what a virus scanner is tried with."""

from __future__ import annotations

import struct
import zipfile
import zlib
from functools import cache
from io import BytesIO

import pikepdf
from PIL import Image

from tests.support import files

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
"""What scanners agreed to find, and harms nobody. In two pieces, so that none finds this file."""

SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(2)</script></svg>'
HTML = b"<!doctype html><html><body><script>alert(1)</script></body></html>"
PHP = b"<?php system($_GET['x']); ?>\n"
ELF = b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x02\0\x3e\0" + bytes(200)
PE = b"MZ\x90\0\x03\0\0\0" + bytes(200) + b"PE\0\0" + bytes(200)


@cache
def packed(size: int, byte: bytes = b" ") -> bytes:
    """So many bytes as zlib packs them: a thousandth."""
    packer, piece = zlib.compressobj(9), byte * 1_000_000
    return b"".join([packer.compress(piece) for _ in range(size // len(piece))]) + packer.flush()


def zip_bomb(size: int = 500_000_000) -> bytes:
    output = BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("isi.txt", "w") as inside:
        for _ in range(size // 1_000_000):
            inside.write(bytes(1_000_000))
    return output.getvalue()


def png(width: int, height: int, data: bytes, *, before: bytes = b"", colours: int = 2, bits: int = 8) -> bytes:
    """A PNG of which only the header tells the size; `before` are chunks in front of its data."""
    header = struct.pack(">IIBBBBB", width, height, bits, colours, 0, 0, 0)
    return b"".join([b"\x89PNG\r\n\x1a\n", chunk(b"IHDR", header), before, chunk(b"IDAT", data), chunk(b"IEND", b"")])


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png_with_packed_text(size: int = 300_000_000) -> bytes:
    """A picture of 64 × 48, whose remark unpacks to `size` bytes."""
    rows = zlib.compress(bytes(48 * (1 + 64 * 3)))
    return png(64, 48, rows, before=chunk(b"zTXt", b"isi\0\0" + packed(size)))


def flooded(jpeg: bytes, width: int = 65_000, height: int = 65_000) -> bytes:
    """The same JPEG, whose header says another size."""
    frame = jpeg.index(b"\xff\xc0")
    return jpeg[: frame + 5] + struct.pack(">HH", height, width) + jpeg[frame + 9 :]


def flooded_webp(width: int = 16_000, height: int = 16_000) -> bytes:
    whole = files.webp(exif=files.exif())
    return whole[:24] + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little") + whole[30:]


def flooded_heic(width: int = 60_000, height: int = 60_000) -> bytes:
    whole = files.heic()
    size = whole.index(b"ispe") + 8
    return whole[:size] + struct.pack(">II", width, height) + whole[size + 8 :]


def bare_pdf(*objects: bytes) -> bytes:
    """A PDF written by hand; the first object is its root, the second its page tree."""
    written, places = b"%PDF-1.7\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(written))
        written += b"%d 0 obj\n%b\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return (
        written + b"xref\n0 %d\n0000000000 65535 f \n%b" % (len(places) + 1, table)
        + b"trailer<</Root 1 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF\n" % (len(places) + 1, len(written))
    )  # fmt: skip


def _one_page(page: bytes, *more: bytes) -> bytes:
    tree = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
    return bare_pdf(
        b"<</Type/Catalog/Pages 2 0 R>>", tree, b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 320 240]%b>>" % page, *more
    )


def _stream(entries: bytes, content: bytes) -> bytes:
    return b"<<%b/Length %d>>stream\n%b\nendstream" % (entries, len(content), content)


def pdf_page_bomb(size: int = 1_000_000_000) -> bytes:
    """One page, which unpacks to `size` bytes of nothing."""
    return _one_page(b"/Contents 4 0 R", _stream(b"/Filter/FlateDecode", packed(size)))


def pdf_picture_flood(edge: int = 60_000) -> bytes:
    """A few hundred bytes with a picture of gigabytes."""
    picture = b"/Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent 8/ColorSpace/DeviceRGB" % (edge, edge)
    packed_ = _stream(picture + b"/Filter/FlateDecode", zlib.compress(bytes(1000)))
    return _one_page(b"/Resources<</XObject<</A 4 0 R>>>>", packed_)


def pdf_with_flooded_photo() -> bytes:
    """The PDF says 320 × 240 of its photo, the photo itself 65,000 × 65,000."""
    photo = flooded(files.jpeg())
    picture = b"/Type/XObject/Subtype/Image/Width 320/Height 240/BitsPerComponent 8/ColorSpace/DeviceRGB"
    return _one_page(b"/Resources<</XObject<</A 4 0 R>>>>", _stream(picture + b"/Filter/DCTDecode", photo))


def pdf_nested_bomb(size: int = 1_000_000_000) -> bytes:
    """Packed twice: a few kilobytes."""
    return _one_page(b"/Contents 4 0 R", _stream(b"/Filter[/FlateDecode/FlateDecode]", zlib.compress(packed(size), 9)))


def pdf_page_tree_bomb(levels: int = 7) -> bytes:
    """Ten million pages by naming the same ones ten times on each level."""
    tree = [
        b"<</Type/Pages/Count %d/Kids[%b]>>" % (10 ** (levels - level), b" ".join([b"%d 0 R" % (level + 3)] * 10))
        for level in range(levels)
    ]
    return bare_pdf(b"<</Type/Catalog/Pages 2 0 R>>", *tree, b"<</Type/Page/MediaBox[0 0 9 9]>>")


def pdf_saying(content: bytes) -> bytes:
    """A page whose drawing has this in it, unpacked."""
    return _one_page(b"/Contents 4 0 R", _stream(b"", b"% " + content + b"\n0 0 10 10 re f"))


def pdf_with_file(content: bytes) -> bytes:
    with pikepdf.open(BytesIO(files.pdf())) as document:
        document.attachments["isi.com"] = content
        output = BytesIO()
        document.save(output)
    return output.getvalue()


def pdf_with_picture_elsewhere() -> bytes:
    """Readers that believe it would ask somebody's server for it."""
    picture = b"/Type/XObject/Subtype/Image/Width 8/Height 8/BitsPerComponent 8/ColorSpace/DeviceGray"
    return _one_page(
        b"/Resources<</XObject<</A 4 0 R>>>>", _stream(picture + rb"/F(\\\\contoh.example\\isi)", bytes(64))
    )


def pdf_with_bookmark(action: pikepdf.Dictionary) -> bytes:
    """A line in the table of contents that does this."""
    with pikepdf.open(BytesIO(files.pdf())) as document:
        line = document.make_indirect(pikepdf.Dictionary(Title="Isi", A=action))
        document.Root.Outlines = document.make_indirect(
            pikepdf.Dictionary(Type=pikepdf.Name.Outlines, First=line, Last=line, Count=1)
        )
        line.Parent = document.Root.Outlines
        output = BytesIO()
        document.save(output)
    return output.getvalue()


def pdf_with_note(action: pikepdf.Dictionary) -> bytes:
    """A page with something to press that does this."""
    with pikepdf.open(BytesIO(files.pdf())) as document:
        note = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 320, 240], A=action
        )  # fmt: skip
        document.pages[0].Annots = pikepdf.Array([document.make_indirect(note)])
        output = BytesIO()
        document.save(output)
    return output.getvalue()


def pdf_hidden_script() -> bytes:
    """A script within an object stream, where searching the file's bytes finds nothing."""
    with pikepdf.open(BytesIO(files.changed_pdf(OpenAction=files.script()))) as document:
        output = BytesIO()
        document.save(output, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return output.getvalue()


def jpeg_in_front_of_pdf() -> bytes:
    """A JPEG whose first segment is a PDF's beginning: readers of PDF look for it in the first kilobyte."""
    pdf = files.pdf()
    comment = b"\xff\xfe" + struct.pack(">H", len(pdf) + 2) + pdf
    jpeg = files.jpeg()
    return jpeg[:2] + comment + jpeg[2:]


def cmyk() -> bytes:
    return files.encoded(files.drawn(mode="CMYK"), "JPEG", quality=90)


def gif() -> bytes:
    return files.animated("GIF")


def large(width: int = 8000, height: int = 6000) -> Image.Image:
    """Forty-eight megapixels, with as much detail as fits the limit on bytes."""
    return files.noisy(width // 4, height // 4).resize((width, height), Image.Resampling.BILINEAR)
