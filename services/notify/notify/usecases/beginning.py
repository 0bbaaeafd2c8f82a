"""Whether a message may go now, and in which form: the beginning of an attempt."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime

from contracts.sandbox import is_sandbox
from kit import jobs
from kit.db import Tx
from kit.errors import Retryable
from kit.rates import Rate, forget, take
from notify.channels import Channel, Outgoing
from notify.channels.mailbox import Mailbox
from notify.deps import Deps
from notify.domain import policy
from notify.domain.failures import HOLDS_NOBODY_UP
from notify.domain.messages import REST, Message, rests_until
from notify.domain.policy import Form
from notify.store import copies, messages, outages
from notify.usecases import answering, consents, wording
from notify.usecases.asking import ask, message_of
from notify.usecases.moving import elsewhere, not_wanted
from notify.usecases.outages import HELD_FOR, PARKED_LONG, probing
from notify.usecases.outcomes import expire
from notify.usecases.ways import Reader, another, reader

NOTICES = 0.8
"""Of what a number can, how much may be notices."""
LONGEST_QUEUE = 5000
"""As many are counted to know for how long there is something to do."""


@dataclass(frozen=True)
class Ready:
    """An attempt that has begun. `more`: parts of the message follow; `was_out`: nothing went out from its number."""

    message: Message
    channel: Channel
    form: Form
    outgoing: Outgoing
    more: bool
    was_out: bool


class NotYet(Exception):
    """His turn has not come: again after so many seconds, or held back until the number works."""

    def __init__(self, seconds: float = 0.0, *, held: bool = False) -> None:
        super().__init__(seconds)
        self.seconds, self.held = seconds, held


def begin(deps: Deps, job: jobs.Job) -> Ready | None:
    """Counts the attempt; None when there is nothing to send now, or another job is to do it by now, and the job is
    finished then. Raises Retryable."""
    message_id = message_of(job)
    try:
        with deps.db.transaction(job.tenant) as tx:
            message = messages.get(tx, deps.data_keys, message_id, lock=True)
            ready = None
            if message is not None and _is_due(deps, message, job):
                ready = _ready(deps, tx, message)
                messages.save(tx, message)
            if ready is None:
                jobs.finish(tx, job)
            return ready
    except NotYet as wait:
        _later(deps, job, wait)
        return None


def _is_due(deps: Deps, message: Message, job: jobs.Job) -> bool:
    """Whether this job is to send it now: not where it was asked for anew since, or rests."""
    rests = message.waits_until is not None and message.waits_until > deps.clock.now()
    return message.pending and message.job_id in (None, job.id) and not rests


def _later(deps: Deps, job: jobs.Job, wait: NotYet) -> None:
    """Waiting holds no worker and costs no attempt."""
    with deps.db.transaction(job.tenant) as tx:
        message = messages.get(tx, deps.data_keys, message_of(job), lock=True)
        if message is not None and message.pending:
            if wait.held:
                message.held, message.waits_until = True, deps.clock.now() + HELD_FOR
            else:
                ask(tx, message, delay=wait.seconds)
            messages.save(tx, message)
        jobs.finish(tx, job)


def _ready(deps: Deps, tx: Tx, message: Message) -> Ready | None:
    """None when it does not go by this attempt: the message says why. Raises NotYet."""
    now, channel = deps.clock.now(), deps.channels.get(message.channel)
    if message.underway is not None and (channel is None or "repeatable" not in channel.capabilities):
        message.advance("unknown", now, "the worker vanished while it was sent")
        return None
    if message.expired(now):
        expire(deps, tx, message)
    elif _unwanted(deps, tx, message):
        expire(deps, tx, message, "consent_withdrawn")
    elif consents.unwanted(deps, tx, message, message.channel):
        not_wanted(deps, tx, message)
    elif (why := consents.over(deps, tx, message)) is not None:
        expire(deps, tx, message, why)
    elif answering.held_back(deps, tx, message):
        expire(deps, tx, message, answering.HELD_BACK)
    elif rests := _rests_until(tx, message, now):
        message.waits_until = rests
    else:
        return _by(deps, tx, message, channel)
    return None


def _by(deps: Deps, tx: Tx, message: Message, channel: Channel | None) -> Ready | None:
    if is_sandbox(message.kelurahan) and message.channel != Mailbox.name:
        elsewhere(deps, tx, message, "nobody is reached from here")
        return None
    whom = reader(deps, tx, message)
    message.sender = channel.sender(message.kelurahan, whom.written_to) if channel is not None else None
    if channel is None or message.sender is None or not channel.reaches(whom.person):
        elsewhere(deps, tx, message, "this channel does not reach him")
        return None
    form = policy.form_of(message.template, channel.capabilities, whom.since, closed=message.as_template)
    if form is None:
        not_let_through(deps, tx, message)
        return None
    was_out = _not_parked(deps, tx, message, whom)
    if was_out is None:
        return None
    _his_turn(deps, tx, message, channel)
    message.category = policy.category_of(message.template, form, channel.capabilities)
    message.attempts += 1
    message.tries += 1
    messages.begun(tx, message)
    outgoing, more = wording.outgoing(message, channel, form, whom.person)
    message.provider_id, message.whole = None, not more
    return Ready(message, channel, form, outgoing, more, was_out)


def not_let_through(deps: Deps, tx: Tx, message: Message) -> None:
    """Words of a conversation that is over: a turn of it is too late, and so is a file that was to follow a message
    with its link; anything else takes another way."""
    if message.message_class == "answer" or message.person.get("file"):
        expire(deps, tx, message, "the conversation is over")
    else:
        elsewhere(deps, tx, message, "the conversation is over")


def _not_parked(deps: Deps, tx: Tx, message: Message, whom: Reader) -> bool | None:
    """Whether the number was out: then this attempt tries it. None when another channel takes the message. Raises
    NotYet for all that is held back meanwhile."""
    outage = outages.of(tx, message.kelurahan, message.channel, message.sender or "")
    if outage is None or not outage.parked:
        return outage is not None
    if outage.lasts >= PARKED_LONG and another(deps, message, whom.person):
        elsewhere(deps, tx, message, outage.reason)
        return None
    if not probing(tx, message):
        raise NotYet(held=True)
    return True


def _his_turn(deps: Deps, tx: Tx, message: Message, channel: Channel) -> None:
    """Where the channel wants a pause between two messages to one person, they go in the order of their making. Raises
    NotYet, and counts nothing then."""
    if channel.gap:
        ahead = messages.before(tx, deps.data_keys, message, HOLDS_NOBODY_UP)
        if ahead and message.message_class != "code":
            raise NotYet(channel.gap * ahead)
        if (wait := take(tx, deps.own_key, _pair_rate(channel), _pair(message))) is not None:
            raise NotYet(wait)
    if channel.per_second:
        _turn_of_the_number(deps, tx, message, channel)


def _turn_of_the_number(deps: Deps, tx: Tx, message: Message, channel: Channel) -> None:
    """Notices leave a part of what a number can to answers and codes, which somebody waits for, and come back one
    behind the other as they can go."""
    slow, notice = max(1.0, 1 / channel.per_second), message.message_class == "notice"
    most = channel.per_second * slow
    rates = [Rate(f"number:{channel.name}", most=most, within=slow)]
    if notice and most > 1:
        rates.insert(0, Rate(f"notices:{channel.name}", most=max(1.0, most * NOTICES), within=slow))
    for rate in rates:
        if (wait := take(tx, deps.own_key, rate, message.sender or "")) is not None:
            behind = messages.queued(tx, message, LONGEST_QUEUE) if notice else 1
            raise NotYet(wait + random.uniform(0.0, behind / (channel.per_second * NOTICES)))


def give_turn_back(deps: Deps, tx: Tx, message: Message, channel: Channel) -> None:
    """Nothing reached him: the next attempt need not wait for the pause."""
    if channel.gap:
        forget(tx, deps.own_key, _pair_rate(channel), _pair(message))


def _pair_rate(channel: Channel) -> Rate:
    return Rate(f"pair:{channel.name}", most=1, within=channel.gap)


def _pair(message: Message) -> str:
    return f"{message.sender}\0{messages.address(message.person)}"


def _unwanted(deps: Deps, tx: Tx, message: Message) -> bool:
    """Whether its reader has said meanwhile that he wants no messages."""
    if message.application_id is None:
        return False
    case = copies.case(tx, deps.data_keys, message.application_id, lock=False)
    return case is not None and case.unwanted(message.person["phone"], message.message_class)


def _rests_until(tx: Tx, message: Message, now: datetime) -> datetime | None:
    if message.message_class not in REST:
        return None
    office = copies.office(tx, message.kelurahan)
    if office is None:
        raise Retryable("the office has not arrived yet")
    return rests_until(now, office.zone)
