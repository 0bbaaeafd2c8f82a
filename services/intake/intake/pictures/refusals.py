"""Why a file is not taken, in words that tell its sender what to do.

Problem
├── FileTypeRefused 415     not a photo or PDF
└── FileRefused 422
    ├── EmptyFile           ├── TooManyPixels       ├── PdfBroken
    ├── PictureCutOff       ├── Animated            ├── PdfLocked
    ├── PictureBroken       └── ForeignContent      ├── PdfTooLong
    │                                               └── PdfActive
Permanent
└── Undecodable             found later, by the job that decodes it in full
"""

from __future__ import annotations

from kit.errors import Permanent
from kit.problems import Problem, Unprocessable, UnsupportedMediaType, Words


class FileTypeRefused(UnsupportedMediaType):
    """By its bytes it is none of the kinds that we take, whatever its name says."""

    slug = "file-type-refused"
    title = Words("Jenis berkas tidak diterima", "This type of file is not accepted")
    detail = Words("Kirim foto (JPEG, PNG, WebP, HEIC) atau PDF.", "Send a photo (JPEG, PNG, WebP, HEIC) or a PDF.")


class FileRefused(Unprocessable):
    """Base of what is wrong inside a file of an accepted type."""

    slug = "file-refused"


class EmptyFile(FileRefused):
    slug = "file-empty"
    title = Words("Berkas kosong", "The file is empty")
    detail = Words("Berkas ini kosong; pilih lagi lalu kirim.", "The file is empty; choose it again.")


class PictureCutOff(FileRefused):
    slug = "picture-cut-off"
    title = Words("Foto terpotong", "The photo is cut off")
    detail = Words("Foto terpotong; kirim ulang.", "The photo did not arrive whole; please send it again.")


class PictureBroken(FileRefused):
    slug = "picture-broken"
    title = Words("Foto rusak", "The photo is damaged")
    detail = Words("Foto ini rusak; ambil foto baru lalu kirim.", "The photo is damaged; take a new one.")


class TooManyPixels(FileRefused):
    slug = "picture-too-many-pixels"
    title = Words("Ukuran foto terlalu besar", "The photo has too many pixels")

    def __init__(self, limit: int) -> None:
        millions = limit // 1_000_000
        super().__init__(
            Words(
                f"Foto paling besar {millions} megapiksel; ambil ulang dengan resolusi biasa.",
                f"A photo may have at most {millions} megapixels; take it again at normal resolution.",
            ),
            more={"limit_pixels": limit},
        )


class Animated(FileRefused):
    slug = "picture-animated"
    title = Words("Gambar bergerak tidak diterima", "Animated pictures are not accepted")
    detail = Words("Kirim foto biasa, bukan gambar bergerak.", "Send an ordinary photo, not an animation.")


class ForeignContent(FileRefused):
    slug = "file-foreign-content"
    title = Words("Ada berkas lain di dalamnya", "Another file is hidden in it")
    detail = Words(
        "Di dalam berkas ini ada berkas lain; ambil foto baru lalu kirim.",
        "There is another file inside this one; take a new photo and send that.",
    )


class PdfBroken(FileRefused):
    slug = "pdf-broken"
    title = Words("PDF rusak atau terpotong", "The PDF is damaged or cut off")
    detail = Words(
        "PDF ini tidak dapat dibuka; kirim ulang, atau foto lembarnya.",
        "The PDF cannot be opened; send it again, or photograph the sheet.",
    )


class PdfLocked(FileRefused):
    slug = "pdf-locked"
    title = Words("PDF terkunci", "The PDF is locked")
    detail = Words(
        "PDF ini memakai kata sandi; simpan tanpa kata sandi, atau foto lembarnya.",
        "The PDF is encrypted; save it without a password, or photograph the sheet.",
    )


class PdfTooLong(FileRefused):
    slug = "pdf-too-long"
    title = Words("Halaman PDF terlalu banyak", "The PDF has too many pages")

    def __init__(self, limit: int) -> None:
        super().__init__(
            Words(
                f"PDF paling banyak {limit} halaman; kirim lembar yang diminta saja.",
                f"A PDF may have at most {limit} pages; send only the sheets asked for.",
            ),
            more={"limit_pages": limit},
        )


class PdfActive(FileRefused):
    slug = "pdf-active"
    title = Words("PDF berisi program atau lampiran", "The PDF holds a program or attachments")
    detail = Words(
        "PDF ini berisi program atau lampiran; cetak ke PDF biasa, atau foto lembarnya.",
        "The PDF holds scripts or attachments; print it to a plain PDF, or photograph the sheet.",
    )


class Undecodable(Permanent):
    """The file looked whole but cannot be decoded in full: it is never shown, and its item opens again."""

    words = Words(
        "Berkas ini tidak dapat dibuka; ambil foto baru lalu kirim.",
        "The file could not be opened; take a new photo and send it.",
    )


INFECTED = Words(
    "Pemindai virus menolak berkas ini; ambil foto baru dengan kamera lalu kirim.",
    "The virus scanner refused this file; take a new photo with the camera and send it.",
)

# The sandbox names a refusal by its slug.
PDF_REFUSALS: dict[str, type[Problem]] = {kind.slug: kind for kind in (PdfBroken, PdfLocked, PdfActive)}
