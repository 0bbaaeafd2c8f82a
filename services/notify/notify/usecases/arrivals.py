"""What came in, done line by line: what a person sends in the order of arrival, and nobody waits for somebody else."""

from __future__ import annotations

import structlog

from kit import jobs
from kit.db import EVERY_TENANT, Tx
from kit.errors import Permanent, Retryable
from kit.jobs import Job
from notify import metrics
from notify.deps import Deps
from notify.domain.incoming import NO_OFFICE, Item, Moved, Sent, Session, Status
from notify.store import arrivals
from notify.store import shared as senders
from notify.store.arrivals import Arrival
from notify.usecases import answering, contacts, incoming, outages, receipts, shared
from notify.usecases.webhooks import PARSERS, TAKE, TAKE_STATUS, UNKNOWN_NUMBER, ask, read

AT_ONCE = 20
"""Things of one line that a job does before others have their turn."""
ATTEMPTS = 6
"""Tries of one thing, within a minute; then it is set aside and what is behind it goes on."""
_BATCH = 200
_CHOICE_KEPT_DAYS = 365

log = structlog.get_logger()


def work(deps: Deps, job: Job) -> None:
    """What waits in a line, each in a transaction of its own. What does not succeed after others have is left to the
    next job, whose attempts are its own."""
    line = job.payload["line"]
    for number in range(AT_ONCE):
        try:
            if not _next(deps, job, line):
                break
        except Permanent:
            raise
        except Exception as error:
            if number == 0:
                raise
            log.warning("something that came in is tried again", kind=job.kind, reason=type(error).__name__)
            break
    with deps.db.transaction(EVERY_TENANT) as tx:
        jobs.finish(tx, job)  # whoever adds to the line waits for this row, so that nothing comes between
        if arrivals.waits(tx, line):
            ask(tx, job.tenant, line, job.kind)


def _next(deps: Deps, job: Job, line: str) -> bool:
    """Does what comes next in a line; False when there is nothing."""
    with deps.db.transaction(EVERY_TENANT) as tx:  # one request may be for several offices
        arrival = arrivals.next_of(tx, deps.data_keys, line)
        if arrival is not None:
            _take(deps, tx, job, arrival)
    return arrival is not None


def give_up(_deps: Deps, tx: Tx, job: Job, reason: str) -> None:
    """It is kept with the reason, until somebody decides (`take-again`)."""
    line = job.payload["line"]
    arrivals.fail_next(tx, line, reason[:200])
    if arrivals.waits(tx, line):
        ask(tx, job.tenant, line, job.kind)


def _take(deps: Deps, tx: Tx, job: Job, arrival: Arrival) -> None:
    item = _item(arrival)
    arrivals.done(tx, arrival.number)
    if isinstance(item, Status):
        tx.use_tenant(job.tenant)
        _status(deps, tx, job, arrival.channel, item)
        return
    offices = deps.settings.offices[arrival.channel].get(item.number_id)
    if not offices:
        raise Permanent(UNKNOWN_NUMBER)
    if isinstance(item, Session):
        outages.connected(deps, tx, arrival.channel, offices, item)
        return
    if isinstance(item, Sent):
        if len(offices) == 1:
            tx.use_tenant(offices[0])
            incoming.take(deps, tx, arrival.channel, offices[0], item)
        else:
            shared.take(deps, tx, arrival, job.payload["line"], item, offices)
        return
    for kelurahan in offices:
        tx.use_tenant(kelurahan)
        if isinstance(item, Moved):
            contacts.moved(deps, tx, kelurahan, item)
        else:
            answering.hears(deps, tx, arrival.channel, kelurahan, item)


def _item(arrival: Arrival) -> Item:
    found = read(arrival.channel, arrival.body, arrival.received_at) or []
    if arrival.position >= len(found):
        raise Permanent("it is not found in its request any more")
    return found[arrival.position]


def _status(deps: Deps, tx: Tx, job: Job, channel: str, item: Status) -> None:
    """A receipt may be quicker than our own commit of what the message is called; later it is of no message of ours."""
    if receipts.take(deps, tx, channel, item.provider_id, item.status, item.code, item.mark):
        return
    if job.attempts < ATTEMPTS:
        raise Retryable("a receipt of a message that is not known yet")
    log.info("a receipt of no message of ours", channel=channel, status=item.status)


def take_again(deps: Deps) -> tuple[int, int]:
    """What was set aside is tried once more, as the settings are now; how much, and how much stays set aside: what came
    to a number that is nobody's still, and what is not to be read any more, of which the log has the reason."""
    after = again = left = 0
    while True:
        with deps.db.transaction(EVERY_TENANT) as tx:
            found = arrivals.failed(tx, deps.data_keys, after, _BATCH)
            for arrival in found:
                if _again(deps, tx, arrival):
                    again += 1
                else:
                    left += 1
        if not found:
            return again, left
        after = found[-1].number


def _again(deps: Deps, tx: Tx, arrival: Arrival) -> bool:
    try:
        item = _item(arrival)
    except Permanent as error:
        log.error("what was set aside cannot be done", arrival=arrival.number, reason=error.reason)
        return False
    offices = deps.settings.offices[arrival.channel].get(item.number_id, ())
    if not offices and not isinstance(item, Status):
        return False
    kelurahan = offices[0] if len(offices) == 1 else NO_OFFICE
    line = arrivals.again(tx, arrival.number, kelurahan)
    ask(tx, kelurahan, line, TAKE_STATUS if isinstance(item, Status) else TAKE)
    return True


def measure(deps: Deps) -> None:
    """Sets the gauge of what came in and was not done."""
    with deps.db.transaction(EVERY_TENANT) as tx:
        found = {(row["channel"], row["state"]): row["things"] for row in arrivals.undone(tx)}
    for channel in PARSERS:
        for state in ("failed", "held"):
            metrics.UNDONE.labels(channel, state).set(found.get((channel, state), 0))


def prune(deps: Deps) -> int:
    """Requests whose time is over, and who said a year ago which office he means; how many requests."""
    with deps.db.transaction(EVERY_TENANT) as tx:
        senders.prune(tx, _CHOICE_KEPT_DAYS)
    total, gone = 0, _BATCH
    while gone == _BATCH:
        with deps.db.transaction(EVERY_TENANT) as tx:
            gone = arrivals.prune(tx, _BATCH)
        total += gone
    return total
