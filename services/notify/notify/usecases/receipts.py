"""What a channel says later of a message that it took."""

from __future__ import annotations

import structlog

from kit.db import Tx
from kit.errors import Retryable
from notify import metrics
from notify.deps import Deps
from notify.domain.failures import remedy_of
from notify.domain.messages import Message
from notify.domain.policy import Form
from notify.store import messages
from notify.usecases import costs, remedies
from notify.usecases.outcomes import settle

log = structlog.get_logger()


def find(deps: Deps, tx: Tx, channel: str, provider_id: str | None, mark: str | None) -> Message | None:
    """The message that a receipt is about, locked: by what the channel calls it, else by the mark that the attempt
    carried: a message whose answer got lost is found by that, and known by its name from then on."""
    found = messages.by_provider(tx, deps.data_keys, channel, provider_id) if provider_id else None
    if found is None and mark:
        found = messages.by_mark(tx, deps.data_keys, channel, mark)
        if found is not None and provider_id:
            found.provider_id = provider_id
    return found


def heard(deps: Deps, tx: Tx, message: Message, status: str, code: int | None = None) -> bool:
    """`sent`, `delivered`, `read` or `failed` (with the code why), in whatever order they come; the message is locked,
    and is saved here. A failure that something helps against is not the end: it is tried as that says. False when it
    changes nothing. Raises Retryable for a failure that is faster than the answer to what it is about."""
    unknown = message.status == "unknown"
    if status == "failed" and message.pending and message.underway is not None:
        raise Retryable("a receipt came before the answer")
    if status == "failed" and message.reopen():
        _not_through(deps, tx, message, code)
    elif not settle(deps, tx, message, status, _reason(code) if status == "failed" else None):
        return False
    elif unknown and status != "failed":
        message.underway = None
        costs.count(deps, tx, message)
    messages.save(tx, message)
    return True


def _not_through(deps: Deps, tx: Tx, message: Message, code: int | None) -> None:
    remedy = remedy_of(code)
    metrics.NOT_SENT.labels(message.channel, remedy).inc()
    log.warning(
        "a message did not get through", template=message.template, channel=message.channel, remedy=remedy, code=code
    )
    form: Form = "template" if message.category in ("utility", "authentication") else "free"
    remedies.apply(deps, tx, message, form, remedy, _reason(code))


def _reason(code: int | None) -> str:
    return f"WhatsApp {code}" if code is not None else "the channel says that it failed"
