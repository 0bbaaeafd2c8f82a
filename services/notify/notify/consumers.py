"""What notify hears from the others, and what it does then: the index of its consumers. Whether an event is told to
anybody, and in which words, stands in `notify.domain.notices`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from contracts import complaining, erasing, providing
from kit import ended
from kit.bus.envelope import Received
from kit.clock import set_offset
from kit.db import Tx
from kit.service import Handler
from notify.deps import Deps
from notify.store import copies
from notify.usecases import announcing, complaints, feeding, notices, subscriptions


def application_told(deps: Deps, tx: Tx, event: Received) -> None:
    """The state of a case. One that was overtaken on its way changes nothing, but what it has to tell is still told:
    the promised date holds also when the receipt came first. Only a return that is over is not."""
    person = event.data.get("person") or {}
    newer = copies.put_application(tx, deps.data_keys, event.data, person, event.sequence)
    if newer or event.type != "application.returned":
        notices.notice(deps, tx, event, event.data["application_id"])


def fact_told(deps: Deps, tx: Tx, event: Received) -> None:
    """Something happened in a case. An introduction without one is told by whoever opens the case."""
    notices.notice(deps, tx, event, event.data["application_id"])


def letter_issued(_deps: Deps, tx: Tx, event: Received) -> None:
    """Kept for the message that the papers are ready."""
    copies.put_letter(tx, event.data)


def letter_voided(deps: Deps, tx: Tx, event: Received) -> None:
    """Told to whoever may hold the letter; one that never left the office is nobody's."""
    if copies.void_letter(tx, event.data):
        notices.notice(deps, tx, event, event.data["application_id"])


def handover_told(deps: Deps, tx: Tx, event: Received) -> None:
    """The state of a hand-over; the same one told again (after a restore) says nothing. What is ready is told when the
    letters are here that it is about."""
    if copies.put_handover(tx, event.data, event.sequence):
        notices.wait_for_letters(deps, tx, event.data)
        notices.notice(deps, tx, event, event.data["application_id"])


def office_changed(_deps: Deps, tx: Tx, event: Received) -> None:
    copies.put_office(tx, event.data, event.sequence)


def sop_published(_deps: Deps, tx: Tx, event: Received) -> None:
    copies.put_sop(tx, event.data, event.sequence)


def clock_changed(_deps: Deps, tx: Tx, event: Received) -> None:
    set_offset(tx, timedelta(seconds=event.data["offset_seconds"]), event.sequence)


def access_changed(deps: Deps, tx: Tx, event: Received) -> None:
    """Its tokens end; and what is sent to a machine's addresses is not more than it may read. Whoever asks for that in
    this moment is waited for, and narrowed as well."""
    ended.wait_for(tx, event.data["account_id"])
    ended.heard(deps, tx, event)
    subscriptions.owner_changed(deps, tx, event.data)


def officeholder_changed(deps: Deps, tx: Tx, event: Received) -> None:
    """Kept to know which service somebody writes to."""
    copies.put_officeholder(tx, deps.data_keys, event.data, event.data.get("person") or {}, event.sequence)


def announcement_pictured(deps: Deps, tx: Tx, event: Received) -> None:
    """Its picture, for the announcement that it was made for."""
    announcing.pictured(deps, tx, event.data)


HANDLERS: Mapping[str, Handler] = erasing.kept_out(feeding.kept({
    **{
        f"application.{change}": application_told
        for change in (
            "opened", "changed", "submitted", "returned", "resubmitted", "received", "verified",
            "issued", "completed", "rejected", "withdrawn", "expired",
        )
    },
    **{f"complaint.{change}": complaints.told for change in (*complaining.CHANGES, complaining.AGAIN)},
    "announcement.pictured": announcement_pictured,
    "deadline.approaching": fact_told,
    "deadline.missed": fact_told,
    "introduction.granted": fact_told,
    "introduction.refused": fact_told,
    "verification.passed": fact_told,
    "verification.failed": fact_told,
    "letter.drafted": fact_told,
    "letter.issued": letter_issued,
    "letter.voided": letter_voided,
    "production.done": fact_told,
    "production.sent_back": fact_told,
    "handover.ready": handover_told,
    "handover.dispatched": handover_told,
    "handover.failed": handover_told,
    "handover.done": handover_told,
    "message.requested": notices.requested,
    "office.changed": office_changed,
    "sop.published": sop_published,
    "access.changed": access_changed,
    "clock.changed": clock_changed,
    "officeholder.changed": officeholder_changed,
        "record.requested": providing.requested,
})) | {"erasure.requested": erasing.requested}  # fmt: skip
