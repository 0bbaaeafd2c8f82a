"""How often a number may be told of a new ticket, and how often a secret may be guessed. An address is not counted
here: many phones share one, and each of them may complain."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from intake.deps import Deps
from intake.usecases.complaining.finding import SecretRefused, ticket_of
from kit.db import Tx
from kit.problems import TooManyRequests, Words
from kit.rates import Rate, check, take

FILED_BY_PHONE = Rate("complaints-by-phone", most=20, within=86_400)
"""Each of them is a message to that number, whoever wrote it down."""
FILED_BY_CONTACT = Rate("complaints-by-contact", most=20, within=86_400)
"""By chat, with a name or without: each of them is a ticket that somebody has to answer."""
WRONG_SECRETS = Rate("wrong-secrets-of-ticket", most=10, within=3600)

_MANY = Words("Hari ini sudah banyak yang Anda sampaikan.", "You have told us a lot of things today.")


def count_filed(deps: Deps, tx: Tx, phone: str | None) -> None:
    """Within the transaction that files it: the same request again counts nothing. Raises TooManyRequests."""
    wait = take(tx, deps.fingerprints, FILED_BY_PHONE, phone) if phone else None
    if wait is not None:
        raise TooManyRequests(wait)


def count_by_chat(deps: Deps, tx: Tx, contact_id: UUID, phone: str | None) -> None:
    """Within the transaction that files it, of one that came by chat. It counts for its number as well, but what others
    filed with that number keeps nobody from writing from it. Raises TooManyRequests."""
    wait = take(tx, deps.fingerprints, FILED_BY_CONTACT, str(contact_id))
    if wait is not None:
        raise TooManyRequests(wait, _MANY)
    if phone:
        take(tx, deps.fingerprints, FILED_BY_PHONE, phone)


@contextmanager
def counting_wrong(deps: Deps, ticket: str) -> Iterator[None]:
    """A wrong secret within is counted, and after a few of them it is said when to try again. The right one is let in
    all the same: of 1.4e13 none is found by trying, and otherwise anybody could keep a filer out. Raises TicketUnknown,
    TooManyRequests, SecretRefused."""
    known = ticket_of(ticket)
    try:
        yield
    except SecretRefused as refused:
        if refused.guessed:  # a login that is another's guesses nothing
            check(deps.db, deps.fingerprints, WRONG_SECRETS, known)
        raise
