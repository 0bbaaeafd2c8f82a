"""Which event is told to the applicant, in which words: the one table of unasked messages.

Per event the first notice whose condition holds is sent. An event with none is heard and kept where needed, and
nobody is told: what people did themselves (opened, changed), what goes on inside the office (received,
verified, issued, production, a verdict, a step that is late), and the hand-over while it is under way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from notify.domain import words
from notify.domain.copies import ENDED, Case, Letter, Office, Recipient, Sop


@dataclass(frozen=True)
class Facts:
    """What a notice can speak of."""

    data: Mapping[str, Any]
    case: Case
    office: Office
    sop: Sop
    letters: tuple[Letter, ...]
    to: Recipient
    now: datetime
    public_url: str
    in_chat: bool = False

    @property
    def person(self) -> Mapping[str, Any]:
        return self.data.get("person") or {}


Value = str | list[str]
Values = dict[str, Value]


@dataclass(frozen=True)
class Notice:
    """A template, when it is used, and what fills it besides what every notice has. In a chat people are told unasked
    of the promise, of what they have to do, of what is late, of how it ended and of papers that are ready (`in_chat`);
    of the rest when they ask."""

    template: str
    when: Callable[[Facts], bool] = lambda _facts: True
    values: Callable[[Facts], Values] = lambda _facts: {}
    in_chat: bool = True


def _submitted(facts: Facts) -> Values:
    return {
        "promised_date": words.local_date(facts.data["promised_at"], facts.office.zone, facts.to.language),
        "cost": words.said(facts.sop.cost, facts.to.language),
    }


def _resubmitted(facts: Facts) -> Values:
    return {"promised_date": words.local_date(facts.data["promised_at"], facts.office.zone, facts.to.language)}


def _returned(facts: Facts) -> Values:
    items = words.item_lines(
        facts.data["returned_items"], facts.sop.requirements, facts.office, facts.now, facts.to.language
    )
    return {"items": items}


def _breaks_the_promise(facts: Facts) -> bool:
    """The applicant hears of it once, when the promised date has passed; what follows goes up in the office."""
    return facts.data["level"] == "officer" and facts.data["expected_at"] is not None


def _late(facts: Facts) -> Values:
    zone, language = facts.office.zone, facts.to.language
    return {
        "promised_date": words.local_date(facts.data["due_at"], zone, language),
        "expected_date": words.local_date(facts.data["expected_at"], zone, language),
        "complaint": words.said(facts.sop.complaint, language),
    }


def _decided(facts: Facts) -> Values:
    return {"reason": facts.data.get("decision_reason") or ""}


def _rejected(facts: Facts) -> Values:
    return _decided(facts) | {"complaint": words.said(facts.sop.complaint, facts.to.language)}


def _granted(facts: Facts) -> Values:
    return _neighbourhood(facts) | {
        "rt_head_name": (facts.person.get("rt_head") or {}).get("name") or "",
        "valid_until": words.long_date(facts.data["valid_until"], facts.to.language),
    }


def _refused(facts: Facts) -> Values:
    return _neighbourhood(facts) | {
        "reason": words.reason(words.REFUSALS, facts.data["reason"], facts.to.language),
        "note": facts.person.get("note") or "",
    }


def _neighbourhood(facts: Facts) -> Values:
    return {"rt": facts.data["rt"], "rw": facts.data["rw"]}


def _ready(facts: Facts) -> Values:
    return {
        "letters": words.letter_lines(facts.letters),
        "next_step": words.said(facts.sop.next_step, facts.to.language),
        "office_address": facts.office.address,
        "office_hours": words.hours_line(facts.office.hours(facts.now), facts.to.language),
    }


def _handed_over(facts: Facts) -> Values:
    return {
        "next_step": words.said(facts.sop.next_step, facts.to.language),
        "complaint": words.said(facts.sop.complaint, facts.to.language),
    }


def _drafted(facts: Facts) -> Values:
    return {"letters": words.printed_lines(facts.person["letters"], facts.to.language)}


def _voided(facts: Facts) -> Values:
    return {
        "number": facts.data["number"],
        "reason": words.reason(words.VOIDED, facts.data["reason"], facts.to.language),
    }


def _fetched(facts: Facts) -> bool:
    return facts.data["method"] == "pickup" and facts.office.receives_visitors(facts.now)


READY = frozenset({"letters_ready_pickup", "letters_ready_courier", "letters_ready_digital"})
"""Where letters go along, if the channel takes them."""


def _fetched_or_brought(facts: Facts) -> bool:
    """Who opened his letter on his own phone knows that he has it."""
    return bool(facts.data["method"] != "digital")


NOTICES: Mapping[str, tuple[Notice, ...]] = {
    "application.opened": (),
    "application.changed": (),
    "application.submitted": (Notice("submitted", values=_submitted),),
    "application.returned": (Notice("returned", values=_returned),),
    "application.resubmitted": (Notice("resubmitted", values=_resubmitted),),
    "application.received": (),
    "application.verified": (),
    "application.issued": (),
    "application.completed": (),
    "application.rejected": (Notice("rejected", values=_rejected),),
    "application.withdrawn": (Notice("withdrawn", values=_decided, in_chat=False),),
    "application.expired": (Notice("expired", in_chat=False),),
    "deadline.approaching": (),
    "deadline.missed": (Notice("promise_missed", _breaks_the_promise, _late),),
    "introduction.granted": (Notice("introduction_granted", values=_granted, in_chat=False),),
    "introduction.refused": (Notice("introduction_refused", values=_refused),),
    "verification.passed": (),
    "verification.failed": (),
    "letter.drafted": (
        Notice("letter_drafted", lambda facts: facts.case.status not in ENDED, _drafted, in_chat=False),
    ),
    "letter.issued": (),
    "letter.voided": (
        Notice("letter_voided_ended", lambda facts: facts.case.status in ENDED, _voided),
        Notice("letter_voided", values=_voided),
    ),
    "production.done": (),
    "production.sent_back": (),
    "handover.ready": (
        Notice("letters_ready_pickup", _fetched, _ready),
        Notice("letters_ready_courier", lambda facts: facts.data["method"] == "courier", _ready),
        Notice("letters_ready_digital", values=_ready),
    ),
    "handover.dispatched": (),
    "handover.failed": (),
    "handover.done": (Notice("handed_over", _fetched_or_brought, _handed_over, in_chat=False),),
}


ONLY_WHEN_ASKED = frozenset(notice.template for notices in NOTICES.values() for notice in notices if not notice.in_chat)
"""What no chat is sent."""


def common(facts: Facts) -> Values:
    """What every notice may say."""
    return {
        "name": facts.to.name,
        "service_name": words.said(facts.sop.name, facts.to.language),
        "office_name": facts.office.name,
        "office_phone": facts.office.phone,
        "tracking_code": facts.case.tracking_code,
        "track_url": f"{facts.public_url}/lacak/{facts.case.tracking_code}",
    }


def notice_for(event_type: str, facts: Facts) -> tuple[str, Values] | None:
    """The template of this event and what fills it, or None when nobody is told."""
    for notice in NOTICES[event_type]:
        if notice.when(facts):
            if facts.in_chat and not notice.in_chat:
                return None
            return notice.template, common(facts) | notice.values(facts)
    return None
