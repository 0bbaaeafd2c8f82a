"""What the picture of an announcement says: what somebody of the office wrote, under the office's head."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from documents.domain import parts, words
from documents.domain.words import text
from documents.render.announcement import Announcement
from documents.render.data import Emblem

PICTURE_NAME = "pengumuman.png"
_UNPRINTED = re.compile("[\ufe00-\ufe0f\u200d\u20e3]")


@dataclass(frozen=True)
class Drafted:
    """An announcement of notify's, as it was told last. `person_id` has its words until they were drawn; `pictured` is
    the revision whose picture lies in the store, `ended`: it is gone, and nothing late brings it back."""

    id: UUID
    kelurahan: str
    revision: int
    until: date | None
    person_id: UUID | None
    pictured: int | None
    ended: bool


def picture(
    said: Mapping[str, Any], until: date | None, office: Mapping[str, Any], emblem: Emblem | None, *, sample: bool
) -> Announcement:
    """An announcement's picture, filled in. `said` has title and text."""
    number = text((office.get("address") or {}).get("whatsapp"))
    return Announcement(
        office=parts.office_part(office),
        emblem=emblem,
        title=printable(said["title"]) or "Pengumuman",
        lines=tuple(_lines(said["text"])),
        until=words.weekday_date(until),
        asked=words.grouped_phone(number) if number else "",
        sample=sample,
    )


def _lines(said: str) -> Iterator[str]:
    """One empty line at the most between two that say something."""
    before = ""
    for line in (printable(one) for one in said.strip().splitlines()):
        if line or before:
            yield line
        before = line


def printable(said: str) -> str:
    """Without the little pictures that no font of ours has: the text of the message has them."""
    kept = (
        sign for sign in _UNPRINTED.sub("", said) if unicodedata.category(sign) not in ("So", "Sk", "Cs", "Co", "Cn")
    )
    return " ".join("".join(kept).split())
