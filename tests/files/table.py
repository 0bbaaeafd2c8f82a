"""The files that strangers send, and what becomes of each: one line, one outcome. docs/files.md prints this table."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Any

import pikepdf

from tests.support import files, hostile


class Outcome(StrEnum):
    """What can become of a file."""

    SAFE = "accepted and made safe"
    REFUSED = "refused before anything is stored"
    REJECTED = "refused by the decoding job and never shown"


SAFE, REFUSED, REJECTED = Outcome


@dataclass(frozen=True)
class Line:
    """One file. `slug` names the refusal; `sheet`: its viewing copy shows the sheet of `files.drawn`, upright."""

    make: Callable[[], bytes]
    outcome: Outcome
    slug: str = ""
    sheet: bool = False
    filename: bytes = b"foto.jpg"
    declared: str = "image/jpeg"


def refused(make: Callable[[], bytes], slug: str, **more: Any) -> Line:
    return Line(make, REFUSED, slug, **more)


def _half(data: bytes) -> bytes:
    return data[: len(data) // 2]


def _held(orientation: int, kind: str = "JPEG") -> bytes:
    """The sheet as a phone stores it when it is held so, with its place."""
    image = files.turned_for(orientation, files.drawn())
    return files.encoded(image, kind, exif=files.exif(orientation), quality=90)


def _action(kind: str, **more: Any) -> pikepdf.Dictionary:
    return pikepdf.Dictionary(S=pikepdf.Name("/" + kind), **more)


def _launch() -> bytes:
    return files.changed_pdf(OpenAction=_action("Launch", F="cmd.exe"))


def _names_script() -> bytes:
    scripts = pikepdf.Dictionary(JavaScript=pikepdf.Dictionary(Names=pikepdf.Array(["isi", files.script()])))
    return files.changed_pdf(Names=scripts)


_PDF: dict[str, Any] = {"filename": b"kk.pdf", "declared": "application/pdf"}
_HEIC: dict[str, Any] = {"filename": b"IMG_0001.HEIC", "declared": "image/heic"}

TABLE: dict[str, Line] = {
    # cut off
    "empty": refused(lambda: b"", "file-empty"),
    "JPEG, truncated": refused(lambda: _half(files.jpeg()), "picture-cut-off"),
    "PNG, truncated": refused(lambda: _half(files.png()), "picture-cut-off"),
    "WebP, truncated": refused(lambda: _half(files.webp()), "picture-cut-off"),
    "HEIC, truncated": refused(lambda: _half(files.heic()), "picture-cut-off"),
    "PDF, truncated": refused(lambda: _half(files.pdf()), "pdf-broken"),
    "JPEG, its data overwritten": Line(lambda: files.jpeg()[:700] + bytes(900) + files.jpeg()[-2:], REJECTED),
    "PNG, its data cut out": Line(lambda: hostile.png(64, 48, b"x\x9c"), REJECTED),
    # floods and bombs
    "PNG of 30,000 × 30,000 pixels": refused(files.giant_png, "picture-too-many-pixels"),
    "JPEG, 65,000 × 65,000 in the header alone": refused(
        lambda: hostile.flooded(files.jpeg()), "picture-too-many-pixels"
    ),
    "WebP, 16,000 × 16,000 in the header alone": refused(hostile.flooded_webp, "picture-too-many-pixels"),
    "HEIC, 60,000 × 60,000 in the header alone": refused(hostile.flooded_heic, "picture-too-many-pixels"),
    "PNG, 59 megapixels of 64 bits in the header alone": Line(
        lambda: hostile.png(7700, 7700, zlib.compress(b""), colours=6, bits=16), REJECTED
    ),
    "PNG, 59 megapixels of nothing": Line(
        lambda: hostile.png(7700, 7700, hostile.packed(7700 * (1 + 7700 * 4) + 2_000_000, b"\0"), colours=6), SAFE
    ),
    "PNG, its data unpack to 1 GB": Line(lambda: hostile.png(64, 48, hostile.packed(1_000_000_000)), REJECTED),
    "PNG, its remark unpacks to 300 MB": Line(hostile.png_with_packed_text, REJECTED),
    "JPEG with thousands of scans": refused(files.slow_jpeg, "picture-broken"),
    "PDF, its table unpacks to 400 MB": refused(files.bomb_pdf, "pdf-broken", **_PDF),
    "PDF, its page unpacks to 1 GB": Line(hostile.pdf_page_bomb, REJECTED, **_PDF),
    "PDF, its page packed twice": Line(hostile.pdf_nested_bomb, REJECTED, **_PDF),
    "PDF with a picture of 60,000 × 60,000": Line(hostile.pdf_picture_flood, REJECTED, **_PDF),
    "PDF with a photo larger than it says": Line(hostile.pdf_with_flooded_photo, REJECTED, **_PDF),
    "PDF, ten million pages by one page tree": refused(hostile.pdf_page_tree_bomb, "pdf-broken", **_PDF),
    "PDF of 10,000 pages": refused(lambda: files.pdf(10_000), "pdf-too-long", **_PDF),
    "zip": refused(files.archive, "file-type-refused"),
    "zip that unpacks to 500 MB": refused(hostile.zip_bomb, "file-type-refused"),
    # something else under a photo's name
    "SVG called .jpg": refused(lambda: hostile.SVG, "file-type-refused"),
    "HTML called .jpg": refused(lambda: hostile.HTML, "file-type-refused"),
    "PHP called .jpg": refused(lambda: hostile.PHP, "file-type-refused"),
    "ELF program": refused(lambda: hostile.ELF, "file-type-refused"),
    "Windows program called .jpg.exe": refused(lambda: hostile.PE, "file-type-refused", filename=b"kk.jpg.exe"),
    "photo called .exe.jpg": Line(files.jpeg, SAFE, sheet=True, filename=b"kk.exe.jpg"),
    "photo called .php, declared as text": Line(files.jpeg, SAFE, sheet=True, filename=b"kk.php", declared="text/html"),
    "EICAR": refused(lambda: hostile.EICAR, "file-type-refused"),
    # two in one
    "JPEG with a zip behind": refused(lambda: files.jpeg() + files.archive(), "file-foreign-content"),
    "JPEG with a PDF behind": refused(lambda: files.jpeg() + files.pdf(), "file-foreign-content"),
    "JPEG with a PDF inside": refused(hostile.jpeg_in_front_of_pdf, "file-foreign-content"),
    "PNG with a script behind": refused(lambda: files.png() + hostile.PHP, "file-foreign-content"),
    "HEIC with a program behind": refused(lambda: files.heic() + hostile.ELF, "picture-cut-off"),
    "PDF with a zip behind": refused(lambda: files.pdf() + files.archive(), "file-foreign-content", **_PDF),
    "PDF with a large JPEG behind": refused(lambda: files.pdf() + files.jpeg(), "pdf-broken", **_PDF),
    "PDF with a small JPEG behind": Line(
        lambda: files.pdf() + files.encoded(files.drawn(8, 8), "JPEG", quality=5),
        SAFE,
        **_PDF,
    ),
    "PDF with a JavaScript in front": refused(lambda: b"alert(1)/*\n" + files.pdf(), "file-type-refused", **_PDF),
    # PDFs that act
    "PDF with a script": refused(lambda: files.changed_pdf(OpenAction=files.script()), "pdf-active", **_PDF),
    "PDF with a script among its names": refused(_names_script, "pdf-active", **_PDF),
    "PDF with a script in an object stream": refused(hostile.pdf_hidden_script, "pdf-active", **_PDF),
    "PDF that starts a program": refused(_launch, "pdf-active", **_PDF),
    "PDF with something to press that starts a program": refused(
        lambda: hostile.pdf_with_note(_action("Launch", F="cmd.exe")), "pdf-active", **_PDF
    ),
    "PDF with something to press that sends a form": refused(
        lambda: hostile.pdf_with_note(_action("SubmitForm", F="https://contoh.example/")), "pdf-active", **_PDF
    ),
    "PDF with a form of XFA": refused(
        lambda: files.changed_pdf(AcroForm=pikepdf.Dictionary(XFA="<xdp/>", Fields=pikepdf.Array())),
        "pdf-active",
        **_PDF,
    ),
    "PDF with a picture that lies elsewhere": refused(hostile.pdf_with_picture_elsewhere, "pdf-active", **_PDF),
    "PDF with a bookmark that leads elsewhere": Line(
        lambda: hostile.pdf_with_bookmark(_action("GoToR", F="//contoh.example/isi.pdf")), SAFE, **_PDF
    ),
    "PDF with a link": Line(
        lambda: hostile.pdf_with_note(_action("URI", URI="https://contoh.example/")),
        SAFE,
        **_PDF,
    ),
    "PDF that opens a page elsewhere": Line(
        lambda: files.changed_pdf(OpenAction=_action("URI", URI="https://contoh.example/")),
        SAFE,
        **_PDF,
    ),
    "PDF with a file in it": refused(files.pdf_with_attachment, "pdf-active", **_PDF),
    "PDF with EICAR in it as a file": refused(lambda: hostile.pdf_with_file(hostile.EICAR), "pdf-active", **_PDF),
    "PDF behind a password": refused(files.locked_pdf, "pdf-locked", **_PDF),
    "PDF with restrictions": refused(lambda: files.locked_pdf(user=""), "pdf-locked", **_PDF),
    "PDF, a scan": Line(files.pdf, SAFE, **_PDF),
    # what phones and scanners send
    "HEIC of brand heic": Line(lambda: _held(6, "HEIF"), SAFE, sheet=True, **_HEIC),
    "HEIC of brand mif1": Line(
        lambda: files.with_brand(files.heic(), b"mif1"),
        SAFE,
        sheet=True,
        **_HEIC,
    ),
    "HEIC that nobody declared": Line(
        files.heic, SAFE, sheet=True, filename=b"berkas", declared="application/octet-stream"
    ),
    **{
        f"JPEG held as {orientation}, with its place": Line(partial(_held, orientation), SAFE, sheet=True)
        for orientation in range(1, 9)
    },
    "WebP with its place": Line(lambda: files.webp(exif=files.exif()), SAFE, sheet=True),
    "PNG with its place": Line(lambda: files.encoded(files.drawn(), "PNG", exif=files.exif()), SAFE, sheet=True),
    "JPEG in CMYK": Line(hostile.cmyk, SAFE, sheet=True),
    "PNG of 16 bits": Line(files.grey16, SAFE),
    "GIF, animated": refused(hostile.gif, "file-type-refused"),
    "PNG, animated": refused(lambda: files.animated("PNG"), "picture-animated"),
    "WebP, animated": refused(lambda: files.animated("WEBP"), "picture-animated"),
    "photo of 48 megapixels": Line(
        lambda: files.encoded(hostile.large(), "JPEG", exif=files.exif(6), quality=85), SAFE
    ),
    "photo of 48 megapixels, over 15 MB": refused(lambda: files.phone_photo(8000, 6000, 85), "file-too-large"),
    # names
    "name with ../": Line(files.jpeg, SAFE, sheet=True, filename=b"../../../etc/passwd"),
    "name with NUL": Line(files.jpeg, SAFE, sheet=True, filename=b"kk.php\0.jpg"),
    "name with right-to-left marks": Line(files.jpeg, SAFE, sheet=True, filename="kk\u202egpj.exe".encode()),
    "name with CRLF as browsers send it": Line(files.jpeg, SAFE, sheet=True, filename=b"kk%0D%0ASet-Cookie: a=b.jpg"),
    "name with CRLF": refused(files.jpeg, "file-required", filename=b"kk\r\nSet-Cookie: a=b.jpg"),
    "name of 300 characters": Line(files.jpeg, SAFE, sheet=True, filename=b"k" * 296 + b".jpg"),
}
