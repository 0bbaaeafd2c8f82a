"""From a text to a person: kept, carried by a channel in a job, and what became of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog

from kit import jobs
from kit.db import EVERY_TENANT, Tx
from kit.errors import Permanent, Retryable
from notify import metrics
from notify.channels import Receipt
from notify.channels.files import as_can_be
from notify.deps import Deps
from notify.domain.copies import Recipient
from notify.domain.failures import NotSent, Remedy, Unclear
from notify.domain.messages import UNCLEAR, UNCLEAR_FOR, Message, rests_until
from notify.store import copies, messages
from notify.texts import numbered, render, with_choices
from notify.usecases import costs, outages, remedies
from notify.usecases.asking import SEND, ask, message_of
from notify.usecases.beginning import Ready, begin
from notify.usecases.outcomes import settle
from notify.usecases.ways import Way, choose

__all__ = ["SEND", "ask", "put_out", "send", "settle"]
_BATCH = 200
WIPED = "(kode dihapus)"

log = structlog.get_logger()


def put_out(
    deps: Deps, tx: Tx, message_id: UUID, kelurahan: str, template: str, to: Recipient, values: Mapping[str, object],
    *, application_id: UUID | None = None, message_class: str = "notice", requested_by: str | None = None,
    expires_at: datetime | None = None, options: Sequence[Mapping[str, str]] = (),
    file: Mapping[str, Any] | None = None, way: Way | None = None,
) -> Message:  # fmt: skip
    """Words a message and asks for it to be sent. `options` ({id, title, description}) are what can be chosen, `file`
    ({bucket, key, sha256, size, type, name}) goes with it; `way` where it was chosen already. Raises TextError."""
    message = worded(
        deps, message_id, kelurahan, template, to, values, way or choose(deps, tx, kelurahan, to),
        application_id=application_id, message_class=message_class, requested_by=requested_by, expires_at=expires_at,
        options=options, file=file,
    )  # fmt: skip
    ask(tx, message)
    messages.add(tx, deps.data_keys, message)
    return message


def worded(
    deps: Deps, message_id: UUID, kelurahan: str, template: str, to: Recipient, values: Mapping[str, object], way: Way,
    *, application_id: UUID | None = None, message_class: str = "notice", requested_by: str | None = None,
    expires_at: datetime | None = None, options: Sequence[Mapping[str, str]] = (),
    file: Mapping[str, Any] | None = None,
) -> Message:  # fmt: skip
    """A message, which nobody has asked to be sent yet. Raises TextError."""
    values = dict(values) | ({"options": numbered(options)} if options else {})
    return Message(
        id=message_id, kelurahan=kelurahan, application_id=application_id, template=template,
        message_class=message_class, channel=way.channel.name, status="accepted", attempts=0, person_id=message_id,
        requested_by=requested_by, created_at=deps.clock.now(), expires_at=expires_at,
        contact_id=way.contact.id if way.contact else to.contact_id,
        person={
            "name": to.name, "phone": to.phone, "user_id": to.user_id, "email": to.email,
            "text": with_choices(render(template, to.language, values), template, to.language, options),
            "language": to.language, "values": dict(values), "options": [dict(option) for option in options],
            "file": dict(file) if file else None,
        },
    )  # fmt: skip


def put_out_many(deps: Deps, tx: Tx, made: Sequence[Message], *, first: int = 0) -> None:
    """Keeps notices of one office and asks for them, in a few statements however many they are. At night they rest.
    `first`: so many went before, behind which each has its turn, so that none is begun to find that it is not."""
    if not made:
        return
    office = copies.office(tx, made[0].kelurahan)
    rests = rests_until(deps.clock.now(), office.zone) if office else None
    if rests is None:
        delays = [_behind(deps, one.channel, first + place) for place, one in enumerate(made)]
        payloads = [{"message_id": str(one.id)} for one in made]
        for one, job_id in zip(made, jobs.add_many(tx, SEND, made[0].kelurahan, payloads, delays), strict=True):
            one.job_id = job_id
    for one in made:
        one.waits_until = rests
    messages.add_many(tx, deps.data_keys, made)


def send(deps: Deps, job: jobs.Job) -> None:
    """Sends a message, or the next part of it, or lets it rest until morning, or not at all when its time is over. What
    became of it is kept in one transaction with the end of the job, or with the job that tries again."""
    ready = begin(deps, job)
    if ready is None:
        return
    try:
        receipt = ready.channel.send(as_can_be(deps.objects, ready.outgoing))
    except NotSent as error:
        _not_sent(deps, job, ready, error.remedy, error.reason)
    except Unclear as error:
        _unclear(deps, job, ready, error.reason)
    except Retryable as error:
        _not_sent(deps, job, ready, "retry", error.reason)
    except Permanent as error:
        _not_sent(deps, job, ready, "elsewhere", error.reason)
    else:
        _sent(deps, job, ready, receipt)


def _sent(deps: Deps, job: jobs.Job, ready: Ready, receipt: Receipt) -> None:
    with deps.db.transaction(job.tenant) as tx:
        known = messages.get(tx, deps.data_keys, ready.message.id, lock=True)
        if known is not None:
            if receipt.provider_id:
                known.called(receipt.provider_id)
            costs.went(deps, tx, known)
            if ready.more and known.pending:
                known.part, known.tries = known.part + 1, 0
                ask(tx, known, delay=ready.channel.gap)
            else:
                settle(deps, tx, known, receipt.status)
            messages.save(tx, known)
        outages.answered(deps, tx, ready.message)
        if ready.was_out:
            outages.works(deps, tx, ready.message)
        jobs.finish(tx, job)


def _not_sent(deps: Deps, job: jobs.Job, ready: Ready, remedy: Remedy, reason: str) -> None:
    """What helps is done; a number that is out of order is told of once."""
    sent = ready.message
    metrics.NOT_SENT.labels(sent.channel, remedy).inc()
    log.warning(
        "a message was not sent", template=sent.template, channel=sent.channel, remedy=remedy, reason=reason,
        attempt=sent.attempts,
    )  # fmt: skip
    with deps.db.transaction(job.tenant) as tx:
        known = messages.get(tx, deps.data_keys, sent.id, lock=True)
        if known is not None:
            known.underway = None
            if known.pending:
                remedies.apply(deps, tx, known, ready.form, remedy, reason)
            messages.save(tx, known)
        jobs.finish(tx, job)


def _unclear(deps: Deps, job: jobs.Job, ready: Ready, reason: str) -> None:
    """It may have arrived: a receipt says so, or an officer decides."""
    log.warning("nobody knows whether a message was sent", template=ready.message.template, reason=reason)
    with deps.db.transaction(job.tenant) as tx:
        known = messages.get(tx, deps.data_keys, ready.message.id, lock=True)
        if known is not None and known.advance("unknown", deps.clock.now(), reason[:200]):
            messages.save(tx, known)
        if known is not None:
            outages.no_answer(deps, tx, known, reason)
        jobs.finish(tx, job)


def give_up_unclear(deps: Deps) -> None:
    """Messages of which nothing was heard for an hour are put before an officer; of every office."""
    found = _BATCH
    while found == _BATCH:
        with deps.db.transaction(EVERY_TENANT) as tx:
            rows = messages.unclear(tx, deps.data_keys, UNCLEAR_FOR.total_seconds(), _BATCH)
            for message in rows:
                tx.use_tenant(message.kelurahan)
                settle(deps, tx, message, "failed", UNCLEAR)
                messages.save(tx, message)
        found = len(rows)


def give_up(deps: Deps, tx: Tx, job: jobs.Job, reason: str) -> None:
    """The job itself cannot be done: an officer sees the failure and can have it sent again."""
    message = messages.get(tx, deps.data_keys, message_of(job), lock=True)
    if message is not None and settle(deps, tx, message, "failed", reason[:200]):
        messages.save(tx, message)


def wake_resting(deps: Deps) -> None:
    """Messages that rested for the night, or were held back, and whose hour has come are sent; of every office."""
    woken, before = _BATCH, Counter[tuple[str, str]]()
    while woken == _BATCH:
        with deps.db.transaction(EVERY_TENANT) as tx:
            rows = messages.wake(tx, deps.clock.now(), _BATCH)
            for row in rows:
                line = row["kelurahan"], row["channel"]
                delay = _behind(deps, row["channel"], before[line])
                before[line] += 1
                job_id = jobs.add(tx, SEND, row["kelurahan"], {"message_id": str(row["id"])}, delay=delay)
                messages.woken(tx, row["id"], job_id)
        woken = len(rows)


def _behind(deps: Deps, channel: str, before: int) -> float:
    """Seconds after so many that a number sends before: none is woken to find that its turn has not come."""
    way = deps.channels.get(channel)
    if way is None or not way.per_second:
        return 0.0
    return max(0.0, before + 1 - way.per_second) / way.per_second if before else 0.0


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
