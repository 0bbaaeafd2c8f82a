"""What documents hears from the others, and what it does then: the index of its consumers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import structlog

from contracts import erasing, providing
from documents.deps import Deps
from documents.store import copies
from documents.usecases import announcements, cases, leaflets, redrafting
from kit import ended
from kit.bus.envelope import Received
from kit.clock import set_offset
from kit.db import Tx
from kit.service import Handler

log = structlog.get_logger()


def _person(event: Received) -> dict[str, Any]:
    return dict(event.data.get("person") or {})


def application_told(deps: Deps, tx: Tx, event: Received) -> None:
    """The state of a case."""
    cases.take_state(deps, tx, event.data, _person(event), event.sequence)


def introduction_requested(deps: Deps, tx: Tx, event: Received) -> None:
    """The RT head was asked; documents waits for his answer."""
    data = event.data
    copies.put_introduction(tx, deps.data_keys, data["introduction_id"], "requested", data, _person(event))


def introduction_granted(deps: Deps, tx: Tx, event: Received) -> None:
    """The RT head's letter is begun."""
    cases.take_grant(deps, tx, event.data, _person(event))


def verification_told(outcome: str) -> Handler:
    def handle(deps: Deps, tx: Tx, event: Received) -> None:
        data = event.data
        copies.put_verification(
            tx, data["task_id"], data["kelurahan"], data["application_id"], outcome, data["reason"], data["decided_at"]
        )

    return handle


def office_changed(deps: Deps, tx: Tx, event: Received) -> None:
    """Letterhead, signer, number format; drafts are drawn up again when any of it differs."""
    kelurahan, office = event.data["kelurahan"], event.data["office"]
    named = {name: event.data[name] for name in ("name", "kecamatan", "kota", "province", "zone")}
    before = copies.office(tx, kelurahan)
    after = office | named
    if copies.put_office(tx, kelurahan, after, event.sequence) and before not in (None, after):
        redrafting.ask(tx, kelurahan)
    if before != after:
        leaflets.ask(tx, kelurahan)


def sop_published(deps: Deps, tx: Tx, event: Received) -> None:
    """A version of a service: which letters and forms it asks for, and what its leaflets say."""
    data = event.data
    copies.put_sop(tx, data["kelurahan"], data["service"], data["version"], data["sop"], event.sequence)
    leaflets.ask(tx, data["kelurahan"], data["service"])


def neighbourhood_changed(deps: Deps, tx: Tx, event: Received) -> None:
    copies.put_neighbourhood(tx, event.data, event.sequence)


def officeholder_changed(deps: Deps, tx: Tx, event: Received) -> None:
    copies.put_officeholder(tx, deps.data_keys, event.data, _person(event), event.sequence)


def announcement_drafted(deps: Deps, tx: Tx, event: Received) -> None:
    """Its picture is drawn."""
    announcements.drafted(deps, tx, event.data)


def announcement_ended(_deps: Deps, tx: Tx, event: Received) -> None:
    announcements.ended(tx, event.data)


def clock_changed(deps: Deps, tx: Tx, event: Received) -> None:
    set_offset(tx, timedelta(seconds=event.data["offset_seconds"]), event.sequence)


HANDLERS: Mapping[str, Handler] = erasing.kept_out({
    **{
        f"application.{change}": application_told
        for change in (
            "opened", "changed", "submitted", "returned", "resubmitted", "received", "verified",
            "issued", "completed", "rejected", "withdrawn", "expired",
        )
    },
    "introduction.requested": introduction_requested,
    "introduction.granted": introduction_granted,
    "verification.passed": verification_told("passed"),
    "verification.failed": verification_told("failed"),
    "office.changed": office_changed,
    "sop.published": sop_published,
    "neighbourhood.changed": neighbourhood_changed,
    "officeholder.changed": officeholder_changed,
    "announcement.drafted": announcement_drafted,
    "announcement.ended": announcement_ended,
    "access.changed": ended.heard,
    "clock.changed": clock_changed,
        "record.requested": providing.requested,
}) | {"erasure.requested": erasing.requested}  # fmt: skip
