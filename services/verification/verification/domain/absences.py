"""`sedang di luar kota sampai Senin`: when an RT head says that he is away, and from when to when."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from contracts import written, written_days
from verification.domain import sentences

_AWAY = re.compile(
    r"\bcuti\b|\bluar (?:kota|daerah|negeri|pulau)\b"
    r"|\b(?:tidak|tdk|gak) (?:ada )?di (?:tempat|rumah)\b|\bmudik\b|\bpulang kampung\b|\bberhalangan\b"
    r"|\b(?:sakit|pergi|umrah|umroh|haji|dirawat)\b"
)
_HIMSELF = re.compile(r"\b(?:saya|lagi|sedang)\b")
_SOMEBODY = re.compile(
    r"\b(?:dia|ia|beliau|mereka|ybs|bersangkutan|pemohon|warga|anak|istri|suami|ibu|bapak|orang|setuju|tolak|ditolak"
    r"|menolak|benar|bukan)\b|\b(?!(?:hanya|biasanya|sepertinya|rencananya|insyanya)\b)\w{3,}nya\b"
)
_BACK = re.compile(
    r"^(?:saya )?(?:sudah )?(?:kembali|pulang|datang lagi|di rumah lagi|ada di tempat)(?: lagi)?(?: pak| bu)?$"
)
_UNTIL = re.compile(r"\b(?:sampai|sampe|smp|hingga|s\s?/\s?d|s\.d\.?|sd)\b", re.IGNORECASE)
_BARE = re.compile(r"(?<!\d)(\d{1,2})\s*$")


@dataclass(frozen=True)
class Away:
    """From when to when, both included; None where he did not say."""

    first: date | None
    until: date | None


def says_away(text: str) -> bool:
    """Whether he says of himself that he is not there, and of nobody else anything."""
    said = written.plain(text)
    himself = bool(_AWAY.search(said)) and bool(_HIMSELF.search(said))
    return himself and not _SOMEBODY.search(said) and not sentences.is_question(text)


def says_back(text: str) -> bool:
    """Whether he says that he is back, and nothing else."""
    return bool(_BACK.match(written.plain(text)))


def period(text: str, today: date) -> Away:
    """The days that he names: `sampai Senin`, `besok sampai tgl 7 mei`, `3 hari`, `tgl 7`."""
    before, *after = _UNTIL.split(text, maxsplit=1)
    first = written_days.day(before, today)
    if after:
        until = written_days.day(after[0], first or today)
        return Away(first or _same_month(before, until), until)
    if (lasts := written_days.span(text)) is not None:
        begins = first or today
        return Away(first, _plus(begins, lasts))
    return Away(first, first)


def _same_month(before: str, until: date | None) -> date | None:
    """The 7 of `7 sampai 10 mei`."""
    found = _BARE.search(before)
    if found is None or until is None:
        return None
    try:
        first = until.replace(day=int(found[1]))
    except ValueError:
        return None
    return first if first <= until else None


def _plus(first: date, lasts: timedelta) -> date | None:
    try:
        return first + lasts - timedelta(days=1)
    except OverflowError:
        return None
