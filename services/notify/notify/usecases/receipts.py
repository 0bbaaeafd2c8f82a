"""What a channel says later of a message that it took."""

from __future__ import annotations

import structlog

from kit.db import Tx
from kit.errors import Retryable
from notify import metrics
from notify.deps import Deps
from notify.domain.failures import remedy_of
from notify.domain.messages import About, Message
from notify.domain.policy import Form
from notify.store import messages
from notify.usecases import costs, remedies
from notify.usecases.asking import ask
from notify.usecases.outcomes import settle

ARRIVED = frozenset({"delivered", "read"})

log = structlog.get_logger()


def take(
    deps: Deps, tx: Tx, channel: str, provider_id: str, status: str, code: str | None,
    mark: str | None = None,
) -> bool:  # fmt: skip
    """A receipt (sent, delivered, read, failed), in whatever order receipts come; `code` is why it failed,
    `mark` what the attempt carried: a message whose answer got lost is found by that. False when no
    message is called so: its sending may not be committed yet. Of an attempt that is over it matters only that it
    arrived after all. Raises Retryable."""
    message = messages.by_provider(tx, deps.data_keys, channel, provider_id, lock=True)
    if message is None and mark:
        message = messages.by_mark(tx, deps.data_keys, channel, mark)
    if message is None:
        return False
    about = message.about(provider_id, mark)
    if about in ("whole", "part"):
        message.called(provider_id)
        messages.save(tx, message)
    if about in ("whole", "part") or (about == "before" and status in ARRIVED):
        heard(deps, tx, message, status, int(code) if code and code.isascii() and code.isdigit() else None, about)
    return True


def heard(deps: Deps, tx: Tx, message: Message, status: str, code: int | None = None, about: About = "whole") -> bool:
    """`sent`, `delivered`, `read` or `failed` (with the code why), in whatever order they come; the message is locked,
    and is saved here. A failure that something helps against is not the end: it is tried as that says. That a part
    arrived settles nothing while others follow. False when it changes nothing. Raises Retryable for a failure that is
    faster than the answer to what it is about."""
    if status == "failed" and message.pending and message.underway is not None:
        raise Retryable("a receipt came before the answer")
    if status == "failed" and message.reopen(about):
        _not_through(deps, tx, message, code)
    elif about == "part" and status != "failed":
        if not message.go_on():
            return False
        costs.went(deps, tx, message)
        ask(tx, message)
    elif not settle(deps, tx, message, status, _reason(code) if status == "failed" else None):
        return False
    elif status != "failed":
        costs.went(deps, tx, message)
    messages.save(tx, message)
    return True


def _not_through(deps: Deps, tx: Tx, message: Message, code: int | None) -> None:
    remedy = remedy_of(code) if code is not None else "retry"  # it may still say that it arrived
    metrics.NOT_SENT.labels(message.channel, remedy).inc()
    log.warning(
        "a message did not get through", template=message.template, channel=message.channel, remedy=remedy, code=code
    )
    form: Form = "template" if message.category in ("utility", "authentication") else "free"
    remedies.apply(deps, tx, message, form, remedy, _reason(code))


def _reason(code: int | None) -> str:
    return f"WhatsApp {code}" if code is not None else "the channel says that it failed"
