"""What is done with a message that was not sent, by what helps against it."""

from __future__ import annotations

import random
from datetime import timedelta

from kit.db import Tx
from notify.deps import Deps
from notify.domain.failures import LATER, Remedy, gap
from notify.domain.messages import Message
from notify.domain.policy import Form, form_of
from notify.usecases import outages
from notify.usecases.asking import ask
from notify.usecases.beginning import give_turn_back, not_let_through
from notify.usecases.moving import elsewhere
from notify.usecases.ways import another, reader


def apply(deps: Deps, tx: Tx, message: Message, form: Form, remedy: Remedy, reason: str) -> None:
    """The message is locked and still to be sent; it is saved by the caller."""
    if remedy == "park":
        message.tries -= 1
        outages.out(deps, tx, message, reason, parked=True)
        ask(tx, message, delay=outages.PROBE_EVERY + random.random())
    elif remedy == "template":
        _as_template(deps, tx, message, form, reason)
    elif remedy in ("elsewhere", "wrong"):
        elsewhere(deps, tx, message, reason)
    elif remedy == "later":
        _later(deps, tx, message, reason)
    elif message.tries >= deps.settings.send_attempts:
        outages.out(deps, tx, message, reason, parked=False)
        elsewhere(deps, tx, message, f"after {message.tries} attempts: {reason}")
    else:
        ask(tx, message, delay=gap(message.tries, random.random(), remedy))


def _later(deps: Deps, tx: Tx, message: Message, reason: str) -> None:
    """By another channel now, or by this one after hours, so often."""
    if another(deps, message, reader(deps, tx, message).person) or message.tries >= deps.settings.send_attempts:
        elsewhere(deps, tx, message, reason)
    else:
        message.waits_until = deps.clock.now() + timedelta(seconds=LATER)


def _as_template(deps: Deps, tx: Tx, message: Message, form: Form, reason: str) -> None:
    """At once, since nothing reached him; what has no template was a turn of a conversation. A template that is not let
    through either will not be by being sent again."""
    if form == "template":
        elsewhere(deps, tx, message, reason)
        return
    channel = deps.channels[message.channel]
    message.as_template = True
    if form_of(message.template, channel.capabilities, None, closed=True) is None:
        not_let_through(deps, tx, message)
        return
    give_turn_back(deps, tx, message, channel)
    ask(tx, message)
