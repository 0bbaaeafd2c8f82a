"""What a person may ask for about his data, each within 3 × 24 hours (UU PDP 27/2022): what he is told of it, and when
somebody is warned."""

from __future__ import annotations

from datetime import datetime, timedelta

from intake.domain.erasure import WITHIN
from kit.problems import Conflict, Words

__all__ = ["ANSWERS", "KINDS", "MOST_OPEN", "STATES", "WARNED", "WITHIN", "AlreadyAnswered", "TooManyOpen", "state_of"]

RECORD, CORRECTION, ERASURE, CONSENT = KINDS = ("record", "correction", "erasure", "consent")
"""`consent`: one that was withdrawn, and of which the other services have not been told yet."""
OPEN, SOON, LATE = STATES = ("open", "soon", "late")
WARNED = timedelta(hours=24)
"""So long before its time is over a request is shown and measured as `soon`."""
ASKED, DONE, REFUSED = "asked", "done", "refused"
ANSWERS = (DONE, REFUSED)
MOST_OPEN = 5
"""Corrections of one case that nobody has answered yet."""


def state_of(due_at: datetime, now: datetime) -> str:
    """How near its end the time is in which it has to be done."""
    return LATE if due_at <= now else SOON if due_at - now <= WARNED else OPEN


class TooManyOpen(Conflict):
    """The officer has enough to answer."""

    slug = "corrections-open"
    title = Words("Masih ada perbaikan yang menunggu", "There are corrections that wait")
    detail = Words(
        "Tunggu jawaban petugas; batasnya tertulis di `due_at`.", "Wait for the officer; `due_at` is the limit."
    )


class AlreadyAnswered(Conflict):
    """An answer stands."""

    slug = "correction-answered"
    title = Words("Sudah dijawab", "Answered already")
    detail = Words("Pemohon dapat mengajukan lagi.", "The applicant can ask again.")
