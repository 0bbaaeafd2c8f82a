"""STOP, BERHENTI and MULAI: the words by which somebody ends a medium's messages to him, or has them back. They count
only where they are all that he wrote: `stop dulu, besok saya kirim` is a sentence like any other."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Literal

Wish = Literal["stop", "resume"]

WORDS: Mapping[str, Wish] = {"stop": "stop", "berhenti": "stop", "mulai": "resume"}
LONGEST = 64
"""Characters: nobody writes one word with more around it."""

CONFIRMED, RESUMED = "channel_stopped", "channel_resumed"
"""The one message that still goes after STOP: that it was heard, and how to resume; and the one after MULAI."""

_MEDIA: Mapping[str, str] = {"whatsapp": "whatsapp", "waha": "whatsapp"}
_WORD = re.compile(r"[^\W_]+")


def medium(channel: str) -> str:
    """What a person knows a channel as: WhatsApp is one, however we reach it."""
    return _MEDIA.get(channel, channel)


def wish(text: str) -> Wish | None:
    """What a message asks for, when it is one of the words alone, between whatever stops, blanks and pictures; also
    said twice, or letter by letter. None for anything else."""
    if len(text) > LONGEST:
        return None
    shown = "".join(sign for sign in text if unicodedata.category(sign) not in ("Cf", "Mn", "Me"))
    said = _WORD.findall(unicodedata.normalize("NFKC", shown).casefold())
    if len(said) > 1 and all(len(word) == 1 for word in said):
        said = ["".join(said)]
    return WORDS.get(said[0]) if said and len(set(said)) == 1 else None
