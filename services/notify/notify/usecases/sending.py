"""From a text to a person: kept, carried by the channel in a job, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from contracts.telling import tell
from kit import jobs
from kit.db import EVERY_TENANT, Tx
from kit.errors import Retryable
from notify.channels import Option, Outgoing
from notify.deps import Deps
from notify.domain.copies import Recipient
from notify.domain.messages import REST, Message, rests_until
from notify.store import copies, messages
from notify.texts import numbered, render
from notify.usecases import consents

SEND = "send_message"
OURSELVES = "notify"
_BATCH = 200
WIPED = "(kode dihapus)"


def put_out(
    deps: Deps, tx: Tx, message_id: UUID, kelurahan: str, template: str, to: Recipient, values: Mapping[str, object],
    *, application_id: UUID | None = None, message_class: str = "notice", requested_by: str | None = None,
    expires_at: datetime | None = None, options: Sequence[Mapping[str, str]] = (),
    file: Mapping[str, Any] | None = None,
) -> Message:  # fmt: skip
    """Words a message and asks for it to be sent. `options` ({id, title, description}) are what can be chosen, `file`
    ({bucket, key, sha256, size, type, name}) goes with it. Raises TextError."""
    values = dict(values) | ({"options": numbered(options)} if options else {})
    text = render(template, to.language, values)
    message = Message(
        id=message_id, kelurahan=kelurahan, application_id=application_id, template=template,
        message_class=message_class, channel=deps.channel.name, status="accepted", attempts=0, person_id=message_id,
        requested_by=requested_by, created_at=deps.clock.now(), expires_at=expires_at,
        contact_id=to.contact_id,
        person={
            "name": to.name, "phone": to.phone, "user_id": to.user_id, "text": text, "language": to.language,
            "values": dict(values), "options": [dict(option) for option in options],
            "file": dict(file) if file else None,
        },
    )  # fmt: skip
    message.job_id = ask(tx, message)
    messages.add(tx, deps.data_keys, message)
    return message


def ask(tx: Tx, message: Message) -> UUID:
    """The job that sends a message."""
    return jobs.add(tx, SEND, message.kelurahan, {"message_id": str(message.id)})


def send(deps: Deps, job: jobs.Job) -> None:
    """Sends a message, or lets it rest until morning, or not at all when its time is over. Done twice it reaches the
    channel twice with the same id."""
    message = _begin(deps, job)
    if message is None:
        return
    receipt = deps.channel.send(_outgoing(message))
    with deps.db.transaction(job.tenant) as tx:
        known = messages.get(tx, deps.data_keys, message.id, lock=True)
        if known is not None:
            known.provider_id = receipt.provider_id or known.provider_id
            settle(deps, tx, known, receipt.status)
            messages.save(tx, known)
        jobs.finish(tx, job)


def settle(deps: Deps, tx: Tx, message: Message, status: str, failure: str | None = None) -> bool:
    """What a receipt says, in whatever order receipts come; False when the message had come as far already. Who asked
    is told once that it arrived, and once that it did not. The message is locked, and saved by the caller."""
    arrived = message.arrived
    if not message.advance(status, deps.clock.now(), failure):
        return False
    if status == "failed":
        tell_outcome(deps, tx, message, "message.failed")
    elif message.arrived and not arrived:
        tell_outcome(deps, tx, message, "message.delivered")
    return True


def _outgoing(message: Message) -> Outgoing:
    person = message.person
    return Outgoing(
        id=message.id, phone=person["phone"], text=person["text"], template=message.template,
        language=person.get("language", "id"), message_class=message.message_class, values=person.get("values", {}),
        user_id=person.get("user_id"), options=[Option(**option) for option in person.get("options") or ()],
        file=person.get("file"),
    )  # fmt: skip


def _begin(deps: Deps, job: jobs.Job) -> Message | None:
    """Counts the attempt; None when there is nothing to send now, and the job is finished then."""
    now = deps.clock.now()
    with deps.db.transaction(job.tenant) as tx:
        message = messages.get(tx, deps.data_keys, UUID(job.payload["message_id"]), lock=True)
        if message is None or not message.pending:
            jobs.finish(tx, job)
            return None
        if message.expired(now):
            expire(deps, tx, message)
        elif _unwanted(deps, tx, message):
            expire(deps, tx, message, "consent_withdrawn")
        elif consents.unwanted(deps, tx, message, message.channel):
            expire(deps, tx, message, "stopped")
        elif rests := _rests_until(tx, message, now):
            message.waits_until = rests
        else:
            message.attempts += 1
            messages.save(tx, message)
            return message
        messages.save(tx, message)
        jobs.finish(tx, job)
    return None


def _unwanted(deps: Deps, tx: Tx, message: Message) -> bool:
    """Whether its reader has said meanwhile that he wants no messages."""
    if message.application_id is None:
        return False
    case = copies.case(tx, deps.data_keys, message.application_id, lock=False)
    return case is not None and case.unwanted(message.person["phone"], message.message_class)


def expire(deps: Deps, tx: Tx, message: Message, why: str = "expired") -> None:
    """Its time is over, or nobody wants it; who asked for it is told."""
    message.advance("expired", deps.clock.now(), why)
    if message.requested_by is not None:
        tell_outcome(deps, tx, message, "message.failed")


def give_up(deps: Deps, tx: Tx, job: jobs.Job, reason: str) -> None:
    """The channel will not take it: an officer sees the failure and can have it sent again."""
    message = messages.get(tx, deps.data_keys, UUID(job.payload["message_id"]), lock=True)
    if message is not None and settle(deps, tx, message, "failed", reason[:200]):
        messages.save(tx, message)


def wake_resting(deps: Deps) -> None:
    """Messages that rested for the night and whose hour has come are sent; of every office."""
    woken = _BATCH
    while woken == _BATCH:
        with deps.db.transaction(EVERY_TENANT) as tx:
            rows = messages.wake(tx, deps.clock.now(), _BATCH)
            for row in rows:
                job_id = jobs.add(tx, SEND, row["kelurahan"], {"message_id": str(row["id"])})
                messages.woken(tx, row["id"], job_id)
        woken = len(rows)


def tell_outcome(deps: Deps, tx: Tx, message: Message, event: str) -> None:
    """Tells whoever asked. A delivered notice of our own interests nobody; a failed one the case's officers."""
    if event == "message.delivered" and message.requested_by is None:
        return
    data: dict[str, Any] = {
        "message_id": message.id, "kelurahan": message.kelurahan,
        "requested_by": message.requested_by or OURSELVES, "application_id": message.application_id,
        "channel": message.channel, "at": message.settled_at, "reason": message.failure,
    }  # fmt: skip
    tell(tx, deps.event_keys, event, subject=message.id, tenant=message.kelurahan, time=deps.clock.now(), data=data)


def _rests_until(tx: Tx, message: Message, now: datetime) -> datetime | None:
    if message.message_class not in REST:
        return None
    office = copies.office(tx, message.kelurahan)
    if office is None:
        raise Retryable("the office has not arrived yet")
    return rests_until(now, office.zone)


def wipe_codes(deps: Deps) -> int:
    """Codes that have served are not kept; how many were wiped."""
    total = 0
    while True:
        with deps.db.transaction(EVERY_TENANT) as tx:
            found = messages.to_wipe(tx, deps.data_keys, deps.clock.now(), _BATCH)
            for message in found:
                messages.wipe(tx, deps.data_keys, message, WIPED)
        total += len(found)
        if len(found) < _BATCH:
            return total
