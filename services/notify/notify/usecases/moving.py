"""A message that does not get through on its channel takes the next one that reaches its reader, or is given up."""

from __future__ import annotations

import structlog

from kit.db import Tx
from notify.deps import Deps
from notify.domain.messages import Message
from notify.usecases.asking import ask
from notify.usecases.outcomes import settle, tell_outcome
from notify.usecases.ways import another, reader

STOPPED = "stopped"

log = structlog.get_logger()


def elsewhere(deps: Deps, tx: Tx, message: Message, why: str) -> bool:
    """Goes on by another channel at once; False when there is none, and it is given up with the reason. The message is
    locked, and saved by the caller."""
    found = another(deps, message, reader(deps, tx, message).person)
    if found is None:
        settle(deps, tx, message, "failed", why[:200])
        return False
    log.warning("a message takes another channel", template=message.template, of=message.channel, to=found, reason=why)
    message.go_by(found)
    ask(tx, message)
    return True


def not_wanted(deps: Deps, tx: Tx, message: Message) -> None:
    """Its reader wants nothing on this channel: another one carries it, or it ends, and the office is told that he has
    to be called. The message is locked, and saved by the caller."""
    if another(deps, message, reader(deps, tx, message).person):
        elsewhere(deps, tx, message, STOPPED)
    else:
        message.advance("expired", deps.clock.now(), STOPPED)
        tell_outcome(deps, tx, message, "message.failed")
