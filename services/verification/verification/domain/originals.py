"""`sudah lihat aslinya`: whether an RT head says that he was shown originals."""

from __future__ import annotations

import re

from contracts import written
from verification.domain import sentences

_POLITE = r"(?:\s+(?:pak|bu|bapak|ibu|mas|mbak|kak|ya|semua|semuanya))*"
_PAPER = r"(?:(?:dokumen|berkas|surat) ?)?(?:yang )?asli(?:nya)?"
_SHOWN = r"(?:lihat|liat|melihat|dilihat|ditunjukkan|diperlihatkan|dibawa|cocok|cocokkan)"
_SEEN = re.compile(
    rf"(?:(?:ya|iya|saya|kami) )*(?:(?:sudah|udah|sdh) (?:saya )?{_SHOWN}(?: {_PAPER})?"
    rf"|{_PAPER} (?:sudah|udah|sdh) (?:saya )?{_SHOWN})(?: dan (?:cocok|sama|sesuai))?{_POLITE}"
)
_MENTIONED = re.compile(rf"\b(?:sudah|udah|sdh)\b.*\b{_SHOWN}\b|\basli\w* (?:sudah|udah|sdh)\b|\bbelum\b.*\basli")


def says_seen(text: str) -> bool:
    """Whether he says that originals were shown to him, and nothing besides."""
    return not sentences.is_question(text) and bool(_SEEN.fullmatch(written.plain(text)))


def speaks_of_them(text: str) -> bool:
    """Whether he says something of originals that were to be shown, whichever it is."""
    return bool(_MENTIONED.search(written.plain(text)))
