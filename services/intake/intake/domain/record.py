"""All that is kept about a person's case, for himself: what of it is his, and how long it is there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from intake.domain.applications import NEIGHBOURS
from intake.domain.consent import own_phone
from intake.domain.erasure import WITHIN
from kit.problems import Conflict, NotFound, Words

__all__ = ["KEPT", "LEFT_OUT", "LINK_SECONDS", "MOST_BYTES", "WITHIN", "NoRecord", "NotReady", "own_part"]

KEPT = timedelta(days=7)
LEFT_OUT = (
    "Keluhan, percakapan dan jawaban survei hanya ada dalam salinan yang diminta pemohon sendiri. / Complaints, "
    "conversations and answers to the survey are only in the copy that the applicant himself asks for."
)
"""What is said in one that an officer asked for."""
LINK_SECONDS = 300
MOST_BYTES = 500_000_000
_OF_OTHERS = ("witnesses", NEIGHBOURS)
"""Entries that are about neighbours."""


class NoRecord(NotFound):
    """Nobody asked for it, or its week is over."""

    slug = "record-not-asked"
    title = Words("Belum diminta", "Not asked for")
    detail = Words("Minta dahulu dengan POST ke alamat ini.", "Ask for it first, by a POST to this address.")


class NotReady(Conflict):
    """It is being put together."""

    slug = "record-not-ready"
    title = Words("Belum siap", "Not ready yet")
    detail = Words("Tanyakan lagi sebentar; batasnya tertulis di `due_at`.", "Ask again soon; `due_at` is the limit.")


def own_part(person: Mapping[str, Any]) -> dict[str, Any]:
    """What of a case's people is the applicant's: not the helper's name and number, not the neighbours'
    (UU PDP 27/2022 Art. 33)."""
    helper, contact = person.get("helper") or {}, person.get("contact") or {}
    details = {name: value for name, value in (person.get("details") or {}).items() if name not in _OF_OTHERS}
    own = contact if contact.get("phone") != helper.get("phone") or not helper else {"messages_to": "helper"}
    return {
        "applicant": person.get("applicant") or {},
        "contact": own,
        "own_phone": own_phone(person),
        "helped": bool(helper),
        "helper_relation": helper.get("relation"),
        "details": details,
    }
