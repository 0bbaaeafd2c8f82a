"""What verification hears from the others, and what it does then: the index of its consumers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import structlog

from contracts import erasing, providing
from kit import ended
from kit.bus.envelope import Received
from kit.clock import set_offset
from kit.db import Tx
from kit.service import Handler
from verification.deps import Deps
from verification.store import copies, messages
from verification.usecases import asking, cases, talking

log = structlog.get_logger()


def _person(event: Received) -> dict[str, Any]:
    return dict(event.data.get("person") or {})


def application_told(deps: Deps, tx: Tx, event: Received) -> None:
    """The state of a case: received asks the RT head, the rest may end what he was asked."""
    cases.take_state(deps, tx, event.data, _person(event), event.sequence)


def introduction_requested(deps: Deps, tx: Tx, event: Received) -> None:
    """The applicant asks for the introduction."""
    asking.ask_for_introduction(deps, tx, event.data, _person(event))


def office_changed(deps: Deps, tx: Tx, event: Received) -> None:
    """With the first calendar, questions that were asked before it was known are reminded of from now on."""
    first = copies.calendar(tx, event.data["kelurahan"]) is None
    copies.put_office(tx, event.data, event.sequence)
    if first:
        asking.begin_reminding(deps, tx, event.data["kelurahan"])


def sop_published(_deps: Deps, tx: Tx, event: Received) -> None:
    copies.put_sop(tx, event.data, event.sequence)


def clock_changed(_deps: Deps, tx: Tx, event: Received) -> None:
    set_offset(tx, timedelta(seconds=event.data["offset_seconds"]), event.sequence)


def message_settled(status: str) -> Handler:
    """What became of a message that we asked for."""

    def handle(_deps: Deps, tx: Tx, event: Received) -> None:
        if event.data["requested_by"] == "verification" and not messages.settle(tx, event.data, status):
            log.info("an outcome of a message that is about no question", message=str(event.data["message_id"]))

    return handle


def message_received(deps: Deps, tx: Tx, event: Received) -> None:
    """What somebody wrote: a turn of his conversation."""
    if event.data["recipient"] == "verification":
        talking.take(deps, tx, event.data, _person(event))


HANDLERS: Mapping[str, Handler] = erasing.kept_out({
    **{
        f"application.{change}": application_told
        for change in (
            "opened", "changed", "submitted", "returned", "resubmitted", "received", "verified",
            "issued", "completed", "rejected", "withdrawn", "expired",
        )
    },
    "introduction.requested": introduction_requested,
    "office.changed": office_changed,
    "sop.published": sop_published,
    "access.changed": ended.heard,
    "clock.changed": clock_changed,
    "message.delivered": message_settled("delivered"),
    "message.failed": message_settled("failed"),
    "message.received": message_received,
        "record.requested": providing.requested,
}) | {"erasure.requested": erasing.requested}  # fmt: skip
