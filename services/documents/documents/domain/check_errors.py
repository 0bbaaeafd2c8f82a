"""Why a stranger's file could not be compared with our letters."""

from __future__ import annotations

from kit.problems import Unavailable, Unprocessable, Words


class NotAPdf(Unprocessable):
    slug = "not-a-pdf"
    title = Words("Bukan PDF yang utuh", "Not a whole PDF")
    detail = Words(
        "Kirim berkas PDF surat seperti yang diterima. Untuk lembar cetak atau foto, pindai kode QR-nya saja.",
        "Send the letter's PDF as it was received. Of a printed sheet or a photo just scan the QR code.",
    )


class PdfLocked(Unprocessable):
    slug = "pdf-locked"
    title = Words("PDF terkunci", "The PDF is locked")
    detail = Words(
        "Berkas ini memakai kata sandi. Surat kami tidak pernah dikunci; kirim berkas yang asli.",
        "This file has a password. Our letters never have one; send the original file.",
    )


class TooManyPages(Unprocessable):
    slug = "too-many-pages"
    title = Words("Terlalu banyak halaman", "Too many pages")
    detail = Words("Kirim berkas suratnya saja.", "Send the letter's file alone.")


class FileNotReadable(Unprocessable):
    slug = "file-not-readable"
    title = Words("Berkas tidak dapat diperiksa", "The file could not be examined")
    detail = Words(
        "Berkas ini rusak atau terlalu berat untuk dibuka, tidak seperti surat kami. Pindai kode QR pada lembarnya.",
        "This file is broken or too heavy to open. Our letters never are; scan the QR code on the sheet instead.",
    )


class CheckBusy(Unavailable):
    slug = "check-busy"
    title = Words("Sedang banyak pemeriksaan", "Too many checks at this moment")

    def __init__(self) -> None:
        super().__init__("no room to look into a file")
