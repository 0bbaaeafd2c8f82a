"""Somebody answers an announcement of the office: what he writes is filed as a question or a wish. He is asked nothing
for it, and his ticket comes as every other one does."""

from __future__ import annotations

from intake.domain.conversation import words
from intake.domain.conversation.asking import kind_of
from intake.domain.conversation.turns import Turn
from intake.usecases.complaining import filing
from intake.usecases.talking.complaint_drafts import take_out
from intake.usecases.talking.scene import Scene
from kit import rates
from kit.rates import Rate

FILED_BY_CONTACT = Rate("wishes-by-contact", most=10, within=86_400)
"""Each of them is a ticket that somebody has to answer: what is beyond stays with the messages from people."""
CHANNEL = "whatsapp"
READ, OTHER = "read", "other"


def meant(at: Scene) -> str | None:
    """What somebody answers to an announcement, by quoting it: `question`, `wish`, `read` for a mere sign that he read
    it, or `other` for what is no words. None for all else, and for words that are understood everywhere, as a menu."""
    heard = at.heard
    if not heard.announcement or heard.choice is not None:
        return None
    if heard.file is not None or heard.problem is not None or not heard.text.strip():
        return OTHER
    name = words.command(heard.text)
    if name is not None:
        return READ if name == "thanks" else None
    return kind_of(heard.text) or READ


def take(at: Scene, kind: str) -> Turn | None:
    """Files it; the notice with the ticket is the answer. A photo or a voice is a person's to look at."""
    at.talk.unclear = 0
    if kind == READ:
        return None
    if kind == OTHER:
        at.for_office()
        return None
    contact = at.conversation.contact_id
    if rates.take(at.tx, at.deps.fingerprints, FILED_BY_CONTACT, str(contact)) is not None:
        at.for_office()
        return None
    body = {
        "kind": kind, "text": at.heard.text.strip(), "about": "office", "confidentiality": "open", "step": None,
        "service": None, "tracking_code": None, "name": at.talk.name or None, "phone": at.talk.phone,
        "contact_id": str(contact), "language": at.talk.language,
    }  # fmt: skip
    filing.file(at.deps, at.tx, body, channel=CHANNEL)
    take_out(at)
    return None
