"""INFO: the word by which somebody asks to be told announcements, says yes to what he was shown, or has enough of them.
It counts only where it stands alone: `info kapan KTP saya jadi` is a sentence like any other."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

MEDIUM = "announcements"
"""What he agrees to, beside the media of `stopping`."""
ASK, AGREED, ENDED = "channel_info_ask", "channel_info_agreed", "channel_info_ended"
"""What he is shown before he agrees, and the two confirmations."""
LONGEST = 64

_YES = r"(?:ya|iya|mau|setuju|yes)"
_NO = r"(?:stop|berhenti|tidak|no)"
_PLACE = r"(?: rt (?P<rt>\d{1,3}))?(?: rw (?P<rw>\d{1,3}))?"
_WORDS = re.compile(rf"info(?: (?:(?P<yes>{_YES}){_PLACE}|(?P<no>{_NO})))?")


@dataclass(frozen=True)
class Said:
    """What was said of announcements; `rt` and `rw` (three digits) are those whose announcements he wants too."""

    what: Literal["ask", "yes", "no"]
    rt: str | None = None
    rw: str | None = None


def said(text: str) -> Said | None:
    """What a message says of announcements, where that is all it says; None for anything else."""
    if len(text) > LONGEST:
        return None
    shown = "".join(sign for sign in text if unicodedata.category(sign) not in ("Cf", "Mn", "Me"))
    found = _WORDS.fullmatch(" ".join(re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", shown).casefold())))
    if found is None:
        return None
    if found["yes"]:
        return Said("yes", _three(found["rt"]), _three(found["rw"]))
    return Said("no" if found["no"] else "ask")


def _three(digits: str | None) -> str | None:
    return digits.zfill(3) if digits else None
