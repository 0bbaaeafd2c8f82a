"""Erasing a case, the same in every service: a mark that keeps later news out, a job that erases in batches, an answer.

    HANDLERS = kept_out({…})                          news about an erased case has no effect any more
    "erasure.requested": requested                    the mark, and the job, in one transaction
    ERASE_JOB: job(erase_batch, answered)             until a batch finds nothing
    SWEEP_JOB: SWEEPING                               once more under the names of its objects, for what came late

Every service has the table `erased_case`. Whoever handles news of a case holds a shared lock on its name while he does;
the mark is set under the exclusive one. So no handler is half-way when the mark is there, and the job, which begins
after that, finds all that was ever written.

Objects are no part of a transaction: whoever began to put one before the mark may end after the job has looked, and die
before he can take it away. Each object's name begins with an id that was in the database before it was put, so the job
asks, with the end of the rows that say so, to look there again (`look_again`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pika.exceptions
import structlog

from contracts.telling import tell
from kit import audit, jobs
from kit.bus import dead
from kit.bus.envelope import Received
from kit.db import Tx
from kit.jobs import Job, JobKind

ERASE_JOB = "erase_case"
MOST_ATTEMPTS = 300
"""Two days of tries, at most ten minutes apart."""

SWEEP_JOB = "sweep_erased"
LOOKED_AGAIN = (900.0, 86_400.0)
"""Seconds after which we look for objects that came late: a request or a job that puts one has ended by then, by the
time-outs of the store and of the servers; a process that was frozen meanwhile is found a day later."""

_LOCK = "hashtextextended('erased:' || %s, 0)"
_MARK = """
INSERT INTO erased_case (application_id, introduction_id, kelurahan, why) VALUES (%s, %s, %s, %s)
ON CONFLICT (application_id) DO UPDATE SET done_at = NULL,
    introduction_id = coalesce(EXCLUDED.introduction_id, erased_case.introduction_id)
"""

log = structlog.get_logger()

Handler = Callable[[Any, Tx, Received], None]


@dataclass(frozen=True)
class ErasedCase:
    """A case that is to be erased."""

    application_id: UUID
    introduction_id: UUID | None
    kelurahan: str
    why: str


Counts = dict[str, int]
Batch = Callable[[Any, ErasedCase], Counts]
"""`batch(deps, case)`: erases some of it in a transaction (objects before the rows that name them), and counts it in
that transaction with `count`. What it did; nothing when nothing is left."""
Answer = Callable[[Any, Tx, ErasedCase, Counts], None]


def kept_out(handlers: Mapping[str, Handler]) -> dict[str, Handler]:
    """The same handlers, to which nothing comes that is about an erased case."""
    return {name: _guarded(handler) for name, handler in handlers.items()}


def _guarded(handler: Handler) -> Handler:
    def handle(deps: Any, tx: Tx, event: Received) -> None:
        if _is_erased(tx, event.data):
            log.info("news of an erased case", about=event.type)
            return
        handler(deps, tx, event)

    return handle


def whose(told: Mapping[str, Any]) -> list[str]:
    """The ids of what goes when news like this go: a case and its introduction. A complaint is erased by itself, and
    outlasts the case that it is about."""
    names = ("complaint_id",) if "complaint_id" in told else ("application_id", "introduction_id")
    return [str(told[name]) for name in names if told.get(name) is not None]


def _is_erased(tx: Tx, told: Mapping[str, Any]) -> bool:
    """Whether it is about an erased case, or its introduction; where it is not, no mark is set until we have ended."""
    ids = whose(told)
    for one in ids:
        tx.later(f"SELECT pg_advisory_xact_lock_shared({_LOCK})", [one])
    return bool(ids) and bool(
        tx.value(
            "SELECT EXISTS (SELECT FROM erased_case WHERE application_id = ANY(%(ids)s::uuid[])"
            " OR introduction_id = ANY(%(ids)s::uuid[]))",
            {"ids": ids},
        )
    )


def requested(_deps: Any, tx: Tx, event: Received) -> None:
    """Handler of `erasure.requested`."""
    told = event.data
    begin(tx, ErasedCase(told["application_id"], told["introduction_id"], told["kelurahan"], told["why"]))


def hold(tx: Tx, application_id: UUID, introduction_id: UUID | None) -> None:
    """Waits for whoever handles news of the case, and lets nobody begin: before its rows are locked, as they do."""
    for one in (application_id, introduction_id):
        if one is not None:
            tx.later(f"SELECT pg_advisory_xact_lock({_LOCK})", [str(one)])


def begin(tx: Tx, case: ErasedCase, kind: str = ERASE_JOB) -> None:
    """Marks the case, once nobody is half-way through news of it, and asks for the job; asked again, again. `kind`: of
    a job that erases in the same way what a release before does not know."""
    hold(tx, case.application_id, case.introduction_id)
    tx.later(_MARK, [case.application_id, case.introduction_id, case.kelurahan, case.why])
    jobs.add(tx, kind, case.kelurahan, {"application_id": str(case.application_id)}, key=str(case.application_id))


def count(tx: Tx, case: ErasedCase, counts: Counts) -> Counts:
    """Adds to what was erased before, also by a worker that died on the way. Returns what there was of it now."""
    found = {name: number for name, number in counts.items() if number}
    row = tx.one("SELECT counts FROM erased_case WHERE application_id = %s FOR UPDATE", [case.application_id])
    known: Counter[str] = Counter(row["counts"] if row else {})
    known.update(found)
    tx.later("UPDATE erased_case SET counts = %s WHERE application_id = %s", [dict(known), case.application_id])
    return found


def look_again(tx: Tx, case: ErasedCase, under: Sequence[str], but: Sequence[str] = ()) -> None:
    """What is put under these names from now on, besides what stays, is removed too: in the transaction that takes away
    the rows by which it would be found."""
    asked = {"application_id": str(case.application_id), "under": list(under), "but": list(but)}
    for delay in LOOKED_AGAIN:
        jobs.add(tx, SWEEP_JOB, case.kelurahan, asked, delay=delay)


def _sweep(deps: Any, asked: Job) -> None:
    told, bucket = asked.payload, deps.settings.s3_bucket
    late = sum(deps.objects.delete_under(bucket, under, told["but"]) for under in told["under"])
    case = _case(deps, asked)
    with deps.db.transaction(asked.tenant) as tx:
        jobs.finish(tx, asked)
        count(tx, case, {"object": late})
    if late:
        log.warning("objects of an erased case came late", application=told["application_id"], objects=late)


SWEEPING = JobKind(_sweep, lease=300, max_attempts=MOST_ATTEMPTS, waits=True, threads=1)


def job(queue: str, batch: Batch, answer: Answer) -> JobKind:
    """How a service erases a case; `queue` is where its news come."""

    def work(deps: Any, asked: Job) -> None:
        case = _case(deps, asked)
        while batch(deps, case):
            pass
        letters = _drop_dead_letters(deps.settings.amqp_url, queue, case)
        with deps.db.transaction(asked.tenant) as tx:
            jobs.finish(tx, asked)
            count(tx, case, {"dead_letter": letters})
            _forget_what_was_sent(tx, case)
            row = tx.one(
                "UPDATE erased_case SET done_at = clock_timestamp() WHERE application_id = %s RETURNING counts",
                [case.application_id],
            )
            counts: Counts = row["counts"] if row else {}
            answer(deps, tx, case, counts)
            # The case's person has no list of accesses any more: the row is about the case, and shown to nobody.
            audit.changed(tx, {"id": case.application_id, "items": []}, who=f"erasure:{case.why}", erased=counts)

    # It waits for the store, and for dead letters one after the other: nothing else is to stand behind that.
    return JobKind(work, lease=3600, max_attempts=MOST_ATTEMPTS, waits=True, threads=1)


def _forget_what_was_sent(tx: Tx, case: ErasedCase) -> None:
    """Events that name the case and have been sent are not kept for their week; what waits still goes."""
    for one in (case.application_id, case.introduction_id):
        if one is not None:
            tx.later("DELETE FROM outbox WHERE published_at IS NOT NULL AND data LIKE %s", [f"%{one}%"])


def _drop_dead_letters(url: str, queue: str, case: ErasedCase) -> int:
    """News of the case that were set aside are not kept either; how many."""
    ids = {str(case.application_id), str(case.introduction_id)}

    def about(letter: dead.DeadLetter) -> bool:
        told = letter.body.get("data")
        return isinstance(told, dict) and not ids.isdisjoint(whose(told))

    try:
        return dead.drop(url, queue, about, whole=True)
    except pika.exceptions.ChannelClosedByBroker as error:
        if error.reply_code != 404:  # there is no queue yet: nothing was ever set aside
            raise
        return 0


def _case(deps: Any, asked: Job) -> ErasedCase:
    with deps.db.transaction(asked.tenant) as tx:
        [row] = tx.all(
            "SELECT application_id, introduction_id, kelurahan, why FROM erased_case WHERE application_id = %s",
            [asked.payload["application_id"]],
        )
    return ErasedCase(**row)


def answered_with(event_type: str) -> Answer:
    """Answers intake with this event."""

    def answered(deps: Any, tx: Tx, case: ErasedCase, counts: Counts) -> None:
        data = {
            "application_id": case.application_id, "kelurahan": case.kelurahan, "done_at": deps.clock.now(),
            "counts": counts,
        }  # fmt: skip
        tell(
            tx, deps.event_keys, event_type, subject=f"erasure:{case.application_id}", tenant=case.kelurahan,
            time=data["done_at"], data=data,
        )  # fmt: skip

    return answered
