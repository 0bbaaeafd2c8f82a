"""Who may do what to a complaint from where: the one table.

    filed ──check──▶ checked ──answer──▶ answered ──satisfied, or ten working days──▶ closed
      │ ▲               │ ▲                  └──reopen──▶ checked (filed, if it never was checked)
     ask supply        ask supply
      ▼ │               ▼ │
     waiting           waiting ──ten silent working days──▶ closed

The office closes what is not its own, known already or no matter at all, with a reason; that can be reopened like an
answer. Whoever filed it may withdraw it until it is closed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kit.problems import Conflict, Words

FILED, CHECKED, WAITING, ANSWERED, CLOSED = "filed", "checked", "waiting", "answered", "closed"
OPEN = frozenset({FILED, CHECKED, WAITING, ANSWERED})
IN_OFFICE = (FILED, CHECKED)
"""It is the office's turn, and its clock runs."""

FILER, HANDLER, SYSTEM = "filer", "handler", "system"

SATISFIED, NO_OBJECTION, SILENT, WITHDRAWN = "satisfied", "no_objection", "silent", "withdrawn"
OF_OFFICE = ("not_ours", "duplicate", "not_a_matter")
"""Results that the office decides."""


@dataclass(frozen=True)
class Rule:
    """A transition: the change that it is, from where, and by whom."""

    change: str
    sources: frozenset[str]
    by: str


def _rule(change: str, by: str, *sources: str) -> Rule:
    return Rule(change, frozenset(sources), by)


TRANSITIONS: Mapping[str, Rule] = {
    "check": _rule("checked", HANDLER, FILED),
    "assign": _rule("assigned", HANDLER, FILED, CHECKED),
    "ask": _rule("more_requested", HANDLER, FILED, CHECKED),
    "answer": _rule("answered", HANDLER, CHECKED),
    "reclass": _rule("reclassed", HANDLER, CHECKED),
    "close": _rule("closed", HANDLER, FILED, CHECKED),
    "supply": _rule("supplied", FILER, FILED, CHECKED, WAITING),
    "satisfied": _rule("satisfied", FILER, ANSWERED),
    "reopen": _rule("reopened", FILER, ANSWERED, CLOSED),
    "withdraw": _rule("closed", FILER, *OPEN),
    "escalate": _rule("escalated", SYSTEM, FILED, CHECKED),
    "end": _rule("closed", SYSTEM, WAITING, ANSWERED),
    "reschedule": _rule("rescheduled", SYSTEM, *OPEN),
}


class NotNow(Conflict):
    """The complaint is somewhere else by now; nothing was changed."""

    slug = "complaint-not-now"
    title = Words("Tidak dapat dilakukan sekarang", "This cannot be done now")

    def __init__(self, action: str, status: str) -> None:
        super().__init__(
            Words(
                "Keadaan pengaduan ini sudah berubah. Buka lagi, lalu lihat apa yang dapat dilakukan (`actions`).",
                "This complaint has moved on. Open it again and see what can be done (`actions`).",
            ),
            more={"action": action, "status": status},
        )


class TooLateToReopen(Conflict):
    """The ten working days after the answer are over."""

    slug = "complaint-reopen-late"
    title = Words("Batas waktu keberatan sudah lewat", "The time to object is over")
    detail = Words(
        "Sampaikan pengaduan baru dan sebut tiket yang lama.", "File a new complaint and name the former ticket."
    )
