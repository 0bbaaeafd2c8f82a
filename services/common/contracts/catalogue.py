"""The list of events: who sends each, who reads it, what it looks like."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib import resources
from typing import Any, Literal

from contracts import (
    access,
    announcement,
    application,
    complaining,
    complaint,
    documents,
    erasure,
    messages,
    office,
    record,
    verification,
)
from contracts.fields import EventData

SERVICES = ("intake", "verification", "documents", "notify")

Kind = Literal["state", "fact"]
EventSchema = type[EventData]


@dataclass(frozen=True)
class EventContract:
    """One event: `state` carries the whole state of its subject (the highest sequence wins), a `fact`
    happened and is never dropped."""

    type: str
    producers: tuple[str, ...]
    consumers: tuple[str, ...]
    schema: EventSchema
    kind: Kind
    version: int = 1

    @property
    def example(self) -> dict[str, Any]:
        """The data of a made-up event of this type, with `person` still in the clear."""
        return examples()[self.type]


def _state(name: str, producer: str, consumers: str, schema: type[EventData]) -> EventContract:
    return EventContract(name, (producer,), tuple(consumers.split()), schema, "state")


def _fact(name: str, producers: str, consumers: str, schema: type[EventData]) -> EventContract:
    return EventContract(name, tuple(producers.split()), tuple(consumers.split()), schema, "fact")


_OTHERS = "verification documents notify"

_LIST = (
    *(
        _state(f"application.{change}", "intake", _OTHERS, application.ApplicationState)
        for change in (
            "opened", "changed", "submitted", "returned", "resubmitted", "received", "verified",
            "issued", "completed", "rejected", "withdrawn", "expired",
        )
    ),
    *(
        _state(f"complaint.{change}", "intake", "notify", complaint.ComplaintState)
        for change in (*complaining.CHANGES, complaining.AGAIN)
    ),
    _fact("deadline.approaching", "intake", "notify", application.DeadlineTold),
    _fact("deadline.missed", "intake", "notify", application.DeadlineTold),
    _fact("introduction.requested", "intake", "verification documents", application.IntroductionRequested),
    _fact("introduction.granted", "verification", "intake documents notify", verification.IntroductionGranted),
    _fact("introduction.refused", "verification", "intake notify", verification.IntroductionRefused),
    _fact("verification.passed", "verification", "intake documents notify", verification.VerificationResult),
    _fact("verification.failed", "verification", "intake documents notify", verification.VerificationResult),
    _fact("original.seen", "verification", "intake", verification.OriginalSeen),
    _state("task.changed", "verification", "intake", verification.TaskState),
    _fact("letter.drafted", "documents", "notify", documents.LettersDrafted),
    _fact("letter.issued", "documents", "intake notify", documents.LetterIssued),
    _fact("letter.voided", "documents", "intake notify", documents.LetterVoided),
    _fact("production.done", "documents", "intake notify", documents.ProductionDone),
    _fact("production.sent_back", "documents", "intake notify", documents.ProductionSentBack),
    *(
        _state(f"handover.{change}", "documents", "intake notify", documents.HandoverState)
        for change in ("ready", "dispatched", "failed", "done")
    ),
    _fact("announcement.drafted", "notify", "documents", announcement.AnnouncementDrafted),
    _fact("announcement.pictured", "documents", "notify", announcement.AnnouncementPictured),
    _fact("announcement.ended", "notify", "documents", announcement.AnnouncementEnded),
    _fact("message.requested", "intake verification documents", "notify", messages.MessageRequested),
    _fact("message.delivered", "notify", "intake verification", messages.MessageOutcome),
    _fact("message.failed", "notify", "intake verification", messages.MessageOutcome),
    _fact("message.received", "notify", "intake verification", messages.MessageReceived),
    _state("contact.changed", "notify", "intake verification", messages.ContactState),
    _fact("access.recorded", "verification documents notify", "intake", access.AccessRecorded),
    _fact("erasure.requested", "intake", _OTHERS, erasure.ErasureRequested),
    _fact("erasure.done", "verification documents notify", "intake", erasure.ErasureDone),
    _fact("record.requested", "intake", _OTHERS, record.RecordRequested),
    _fact("record.provided", "verification documents notify", "intake", record.RecordProvided),
    _state("office.changed", "intake", _OTHERS, office.OfficeState),
    _state("sop.published", "intake", _OTHERS, office.SopPublished),
    _state("clock.changed", "intake", _OTHERS, office.ClockChanged),
    _fact("access.changed", "intake", _OTHERS, office.AccessChanged),
    _state("neighbourhood.changed", "verification", "intake documents", verification.NeighbourhoodState),
    _state("officeholder.changed", "verification", "intake documents notify", verification.OfficeholderState),
)  # fmt: skip

EVENTS: dict[str, EventContract] = {event.type: event for event in _LIST}


def contract(event_type: str) -> EventContract:
    """The contract of an event type. Raises KeyError for a type that is not on the list."""
    return EVENTS[event_type]


def subscriptions() -> dict[str, list[str]]:
    """Who reads what: each consumer with the types of events that its queue is bound to."""
    return {name: [event.type for event in EVENTS.values() if name in event.consumers] for name in SERVICES}


def examples() -> dict[str, dict[str, Any]]:
    """One example of each event, by type, read from `examples/<type>.json`."""
    folder = resources.files("contracts") / "examples"
    return {name: json.loads((folder / f"{name}.json").read_text("utf-8")) for name in EVENTS}
