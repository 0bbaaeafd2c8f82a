"""Two services decide at once: what an event does to a case that has moved on meanwhile.

    MOVE    the case moves (see TRANSITIONS)
    KEEP    what is told is kept on the case, which stays where it is
    NOTE    nothing but a line in the timeline: the other decision stands
    AGAIN   what must come first is still on its way: later

`outcome_of` is what the consumers ask. RACES gives those cells of it that are races a name, and each name has
a test; the row's `shown` says which service's tests show it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from intake.domain.applications import ENDED, STATUSES


class Outcome(StrEnum):
    """What an event does to a case."""

    MOVE = "move"
    KEEP = "keep"
    NOTE = "note"
    AGAIN = "again"


_OPEN = [status for status in STATUSES if status not in ENDED]

ARRIVALS: Mapping[str, Mapping[str, Outcome]] = {
    "introduction.granted": dict.fromkeys(_OPEN, Outcome.KEEP),
    "introduction.refused": dict.fromkeys(_OPEN, Outcome.KEEP),
    "verification.passed": {"received": Outcome.MOVE},
    "verification.failed": {"received": Outcome.KEEP},
    "original.seen": {"returned": Outcome.MOVE},
    "production.done": {"verified": Outcome.MOVE},
    "production.sent_back": {"verified": Outcome.KEEP},
    "letter.issued": dict.fromkeys(STATUSES, Outcome.KEEP),
    "letter.voided": dict.fromkeys(STATUSES, Outcome.KEEP) | {"issued": Outcome.MOVE},
    "handover.done": {"issued": Outcome.MOVE, "verified": Outcome.AGAIN},
}


def outcome_of(event: str, status: str) -> Outcome:
    """What `event` does to a case of this status. What the table does not name is noted, and moves nothing."""
    return ARRIVALS[event].get(status, Outcome.NOTE)


@dataclass(frozen=True, slots=True)
class Race:
    """`event` (or an action of a person) arrives when the case is `status` already."""

    name: str
    event: str
    status: str
    outcome: Outcome
    because: str
    shown: str = "intake"


RACES: tuple[Race, ...] = (
    Race("withdrawn while a letter is being issued", "letter.issued", "withdrawn", Outcome.KEEP,
         "the letter exists: it is shown with the case until documents voids it, visibly"),
    Race("letter voided after the withdrawal", "letter.voided", "withdrawn", Outcome.KEEP,
         "the number stays, marked void"),
    Race("production done for a withdrawn case", "production.done", "withdrawn", Outcome.NOTE,
         "the withdrawal stands; documents voids what it issued"),
    Race("rejected while drafting", "production.done", "rejected", Outcome.NOTE,
         "the rejection stands; documents drops its drafts"),
    Race("corrected while drafting", "edit", "verified", Outcome.KEEP,
         "the correction is told and documents drafts again; a decision on the old draft is refused there"),
    Race("corrected after the letters were issued", "edit", "issued", Outcome.NOTE,
         "issued bytes never change: the correction is refused, a letter must be voided first"),
    Race("returned while verification passes", "verification.passed", "returned", Outcome.NOTE,
         "the return stands; the RT head is asked again when the mended file is received"),
    Race("returned while verification fails", "verification.failed", "returned", Outcome.NOTE,
         "the return stands"),
    Race("resubmitted before the old verdict comes", "verification.passed", "submitted", Outcome.NOTE,
         "the verdict is about the file as it was"),
    Race("verdict after the officer overrode", "verification.passed", "verified", Outcome.NOTE,
         "the officer has decided already"),
    Race("doubt after the officer overrode", "verification.failed", "verified", Outcome.NOTE,
         "the officer has decided already"),
    Race("withdrawn while verification passes", "verification.passed", "withdrawn", Outcome.NOTE,
         "the withdrawal stands"),
    Race("rejected while verification fails", "verification.failed", "rejected", Outcome.NOTE,
         "the rejection stands"),
    Race("introduction granted after withdrawal", "introduction.granted", "withdrawn", Outcome.NOTE,
         "the letter is the applicant's all the same; the case stays closed"),
    Race("introduction refused after submission", "introduction.refused", "submitted", Outcome.KEEP,
         "the officer sees it beside the paper one that was photographed, and decides"),
    Race("sent back after the withdrawal", "production.sent_back", "withdrawn", Outcome.NOTE,
         "the withdrawal stands"),
    Race("handed over before the production is told", "handover.done", "verified", Outcome.AGAIN,
         "a repetition let the later event overtake the earlier"),
    Race("letter voided while it is handed over", "letter.voided", "completed", Outcome.KEEP,
         "the hand-over has happened; the letter is marked void"),
    Race("withdrawn while a letter is numbered", "application.withdrawn", "numbered", Outcome.KEEP,
         "the number is taken: the letter is voided visibly", shown="documents"),
    Race("corrected while the lurah decides", "application.changed", "drafted", Outcome.KEEP,
         "his decision names the hash of the old preview and is refused", shown="documents"),
)  # fmt: skip
