"""Numbers of ours that nothing goes out from: one alarm, all of it held back where the provider refuses all of it, one
attempt now and then, and on it goes when that one is taken."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta

import structlog

from kit.db import EVERY_TENANT, Tx
from kit.rates import Rate, forget, take
from notify import metrics
from notify.deps import Deps
from notify.domain.incoming import Session
from notify.domain.messages import Message
from notify.store import messages, outages

PROBE_EVERY = 60.0
"""Seconds between two attempts from a number that is parked."""
UNANSWERED = Rate("unanswered", most=2, within=1800)
"""As often in half an hour, and no answer between, that is chance."""
HELD_FOR = timedelta(minutes=10)
PARKED_LONG = timedelta(hours=1)
"""After that messages take another channel, where there is one."""

log = structlog.get_logger()


def out(deps: Deps, tx: Tx, message: Message, reason: str, *, parked: bool) -> None:
    """Nothing goes out from the message's number. The first to notice raises the alarm, nobody after him."""
    sender = message.sender or ""
    offices = deps.channels[message.channel].offices(message.kelurahan, sender)
    _out(tx, message.channel, sender, offices, reason, parked=parked)


def _out(tx: Tx, channel: str, sender: str, offices: Sequence[str], reason: str, *, parked: bool) -> None:
    with _every_office(tx):
        new = outages.record(tx, offices, channel, sender, parked=parked, reason=reason, probe=PROBE_EVERY)
    if new:
        log.error("messages do not go out", channel=channel, parked=parked, reason=reason)


def no_answer(deps: Deps, tx: Tx, message: Message, reason: str) -> None:
    """A gateway that hangs holds whoever waits for it: several times without an answer are an outage."""
    if take(tx, deps.own_key, UNANSWERED, _number(message)) is not None:
        out(deps, tx, message, reason, parked=True)


def answered(deps: Deps, tx: Tx, message: Message) -> None:
    """They are counted from the beginning."""
    forget(tx, deps.own_key, UNANSWERED, _number(message))


def _number(message: Message) -> str:
    return f"{message.channel}\0{message.sender}"


def no_files(deps: Deps, tx: Tx, channel: str, kelurahan: str, reason: str) -> None:
    """What people send cannot be fetched: the same alarm, and nothing is held back."""
    way = deps.channels.get(channel)
    offices, sender = (way.offices(kelurahan), way.sender(kelurahan)) if way else ((kelurahan,), None)
    _out(tx, channel, sender or "", offices, reason, parked=False)


def connected(deps: Deps, tx: Tx, channel: str, offices: Sequence[str], told: Session) -> None:
    """A gateway says whether a number of ours is connected to its phone."""
    if told.state == "out":
        _out(tx, channel, told.number_id, offices, "the phone is not connected", parked=True)
    elif told.state == "works":
        _works(deps, tx, channel, told.number_id)


def works(deps: Deps, tx: Tx, message: Message) -> None:
    """Something went out from a number that was out: what was held back follows."""
    _works(deps, tx, message.channel, message.sender or "")


def _works(deps: Deps, tx: Tx, channel: str, sender: str) -> None:
    with _every_office(tx):
        offices = outages.over(tx, channel, sender)
        for kelurahan in offices:
            tx.use_tenant(kelurahan)
            messages.release(tx, channel, deps.clock.now())
    if offices:
        log.info("messages go out again", channel=channel)


@contextmanager
def _every_office(tx: Tx) -> Iterator[None]:
    """A number may speak for several offices: all of them are to know."""
    tenant = tx.tenant
    tx.use_tenant(EVERY_TENANT)
    yield
    tx.use_tenant(tenant)


def probing(tx: Tx, message: Message) -> bool:
    """Whether this message is the one that tries a parked number."""
    return outages.probing(tx, message.kelurahan, message.channel, message.sender or "", PROBE_EVERY)


def measure(deps: Deps) -> None:
    """Sets the gauge of numbers that are out."""
    with deps.db.transaction(EVERY_TENANT) as tx:
        found: Mapping[tuple[str, bool], int] = {
            (row["channel"], row["parked"]): row["numbers"] for row in outages.counted(tx)
        }
    for channel in deps.channels:
        for parked in (True, False):
            state = "parked" if parked else "failing"
            metrics.NUMBERS_OUT.labels(channel, state).set(found.get((channel, parked), 0))
