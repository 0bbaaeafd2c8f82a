"""What intake does with other services' events: the index, and a line each to the use case."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from contracts import erasing as everywhere
from intake.deps import Deps
from intake.store import copies
from intake.usecases import accesses, consents, erasing, facts, records, signing_in
from intake.usecases.talking import hearing
from kit.bus.envelope import Received
from kit.db import Tx

Handler = Callable[[Deps, Tx, Received], None]


def _fact(apply: Callable[[Deps, Tx, dict[str, Any]], None]) -> Handler:
    """A fact is handled whenever it comes."""

    def handle(deps: Deps, tx: Tx, event: Received) -> None:
        apply(deps, tx, event.data)

    return handle


def _copy(keep: Callable[[Tx, dict[str, Any], int], Any]) -> Handler:
    """A copy of somebody's state is kept unless a newer one is here."""

    def handle(_deps: Deps, tx: Tx, event: Received) -> None:
        keep(tx, event.data, event.sequence)

    return handle


def _handover(deps: Deps, tx: Tx, event: Received) -> None:
    facts.handover_changed(deps, tx, event.data, event.sequence)


def _accesses(_deps: Deps, tx: Tx, event: Received) -> None:
    accesses.keep(tx, event.tenant, event.source, event.data["items"])


def _erased(_deps: Deps, tx: Tx, event: Received) -> None:
    told = event.data
    erasing.part_done(tx, told["application_id"], event.source, told["counts"], told["done_at"])


def _provided(deps: Deps, tx: Tx, event: Received) -> None:
    records.provided(deps, tx, event.data, event.source)


def _task(deps: Deps, tx: Tx, event: Received) -> None:
    facts.task_changed(deps, tx, event.data, event.sequence, event.time)


def _officeholder(deps: Deps, tx: Tx, event: Received) -> None:
    signing_in.roles_changed(deps, tx, event.data, event.sequence)


def _outcome(delivered: bool) -> Handler:
    def handle(_deps: Deps, tx: Tx, event: Received) -> None:
        copies.keep_outcome(tx, event.data, delivered)

    return handle


HANDLERS: Mapping[str, Handler] = everywhere.kept_out({
    "introduction.granted": _fact(facts.introduction_granted),
    "introduction.refused": _fact(facts.introduction_refused),
    "verification.passed": _fact(facts.verification_passed),
    "verification.failed": _fact(facts.verification_failed),
    "original.seen": _fact(facts.original_seen),
    "task.changed": _task,
    "neighbourhood.changed": _copy(copies.keep_neighbourhood),
    "officeholder.changed": _officeholder,
    "letter.issued": _fact(facts.letter_issued),
    "letter.voided": _fact(facts.letter_voided),
    "production.done": _fact(facts.production_done),
    "production.sent_back": _fact(facts.production_sent_back),
    "handover.ready": _handover,
    "handover.dispatched": _handover,
    "handover.failed": _handover,
    "handover.done": _handover,
    "message.delivered": _outcome(True),
    "message.failed": _outcome(False),
    "message.received": _fact(hearing.message_received),
    "contact.changed": _fact(consents.contact_changed),
    "access.recorded": _accesses,
        "record.provided": _provided,
}) | {"erasure.done": _erased}  # fmt: skip
