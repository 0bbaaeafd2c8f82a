"""Handing the papers over: ready after production, done when somebody has received them. Papers are carried by a
courier or by the RT head.

ready ─dispatch→ dispatched ─complete, with the recipient's code→ done        ready ─complete→ done
  ↑                  │ ↑ nobody was met
  └────bring back────┘ ┘                                            ready, dispatched ─stop→ failed
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from documents.domain.errors import HandoverClosed

PAYERS = ("applicant", "office")
MOST_CODE_TRIES = 5
METHODS = ("pickup", "courier", "rt_head", "digital")
CARRIED = ("courier", "rt_head")
"""Somebody brings the papers: only the recipient's code, or a photo of the receipt, completes it."""
STATUSES = ("ready", "dispatched", "failed", "done")

# act -> (the states that it starts from, the state that it leads to)
TRANSITIONS: Mapping[str, tuple[frozenset[str], str]] = {
    "dispatch": (frozenset({"ready"}), "dispatched"),
    "try": (frozenset({"dispatched"}), "dispatched"),
    "bring_back": (frozenset({"dispatched"}), "ready"),
    "complete": (frozenset({"ready", "dispatched"}), "done"),
    "stop": (frozenset({"ready", "dispatched"}), "failed"),
}

MAY_DO: Mapping[str, tuple[str, ...]] = {
    "choose": ("applicant", "officer"), "complete": ("officer",), "dispatch": ("officer",), "try": ("officer",),
    "bring_back": ("officer",),
}  # fmt: skip
"""Who may do what with a hand-over."""


@dataclass
class Handover:
    """One hand-over of all papers of a case. `person` has contact, courier (or the RT head who carries), received_by,
    relation, authority, and what the applicant has `chosen`; `attempts` says how often nobody was met."""

    id: UUID
    kelurahan: str
    application_id: UUID
    status: str
    method: str
    ready_at: datetime
    at: datetime
    person_id: UUID
    by: str | None = None
    reason: str | None = None
    price: int | None = None
    payer: str | None = None
    code_hash: bytes | None = None
    code_tries: int = 0
    attempts: int = 0
    version: int = 1
    person: dict[str, Any] = field(default_factory=dict)

    @property
    def takes(self) -> frozenset[str]:
        """What of MAY_DO may be done with it as it stands."""
        fits = {act for act in MAY_DO if act in TRANSITIONS and self.status in TRANSITIONS[act][0]}
        return frozenset(fits | ({"choose"} if self.status == "ready" else set()))

    def do(self, act: str, at: datetime) -> None:
        """Moves on. Raises HandoverClosed where the table does not allow it."""
        starts, leads = TRANSITIONS[act]
        if self.status not in starts:
            raise HandoverClosed
        self.status, self.at = leads, at


@dataclass(frozen=True)
class Option:
    """A way in which the papers can be received, with what it costs whom."""

    method: str
    carrier: str | None = None
    price: int | None = None
    payer: str | None = None


def options(office: Mapping[str, Any], head: str | None, *, receives_visitors: bool) -> list[Option]:
    """What an applicant may choose from. A courier only where the office has said what he costs; `head` is the RT
    head's name, if one is in office."""
    found = [Option("pickup")] if receives_visitors else []
    if courier := office.get("courier"):
        found.append(Option("courier", courier["name"], courier["price"], courier["payer"]))
    if head:
        found.append(Option("rt_head", head, 0, "office"))
    return [*found, Option("digital")]
