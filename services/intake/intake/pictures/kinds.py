"""The kinds of file that are taken, told apart by their first bytes."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """A kind of file; its value goes into the database."""

    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"
    HEIC = "heic"
    PDF = "pdf"

    @property
    def media_type(self) -> str:
        """What we call it on the wire, whatever its sender declared."""
        return "application/pdf" if self is Kind.PDF else f"image/{self.value}"


_STILL_BRANDS = {b"heic", b"heix", b"heim", b"heis"}
_SEQUENCE_BRANDS = {b"hevc", b"hevx", b"hevm", b"hevs", b"msf1"}
HEADER = 1024  # readers of PDF look for its mark this far in


def kind_of(head: bytes) -> Kind | None:
    """The kind by the first `HEADER` bytes, or None for anything else."""
    if head.startswith(b"\xff\xd8\xff"):
        return Kind.JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return Kind.PNG
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return Kind.WEBP
    if head[4:8] == b"ftyp" and brands(head) & (_STILL_BRANDS | _SEQUENCE_BRANDS):
        return Kind.HEIC
    if head.lstrip(b"\xef\xbb\xbf\0\t\n\f\r ").startswith(b"%PDF-"):
        return Kind.PDF
    return None


def brands(head: bytes) -> set[bytes]:
    """The brands of an ISO media file: `mif1` with `heic` is a HEIC, `mif1` with `avif` is none."""
    length = min(int.from_bytes(head[:4]), len(head))
    return {head[8:12]} | {head[at : at + 4] for at in range(16, length - 3, 4)}


def is_sequence(head: bytes) -> bool:
    """Whether it says that it is first of all a film, not a photo."""
    return head[8:12] in _SEQUENCE_BRANDS
