"""A number that several kelurahan share: who writes to it says once which one he means. What he wrote before that waits
for it, and is for that office then."""

from __future__ import annotations

import re
from collections.abc import Sequence

from contracts.places import same_kelurahan
from kit.db import Tx
from kit.ids import new_id
from notify.deps import Deps
from notify.domain.contacts import Contact
from notify.domain.copies import Recipient
from notify.domain.incoming import OURSELVES, Sent
from notify.domain.stopping import wish
from notify.store import arrivals, copies
from notify.store import contacts as known_contacts
from notify.store import incoming as store
from notify.store import shared as senders
from notify.store.arrivals import Arrival
from notify.usecases import contacts, incoming, stopping
from notify.usecases.sending import put_out
from notify.usecases.webhooks import sender_mark

QUESTION, CHOSEN = "channel_which_office", "channel_office_chosen"
OPTION = "office:"
ASKED_AGAIN_AFTER = 60
"""Minutes: who goes on writing without an answer is not asked with each message."""

_ANOTHER = re.compile(r"\W*ganti\s+kelurahan\W*", re.IGNORECASE)
_NUMBER = re.compile(r"\D{0,20}(\d{1,2})\D{0,20}")

Names = dict[str, str]


def take(deps: Deps, tx: Tx, arrival: Arrival, line: str, sent: Sent, offices: Sequence[str]) -> None:
    """Something for one of these offices: done at once where its sender has said which, held until then else."""
    channel = arrival.channel
    if store.known(tx, channel, sent.provider_id):
        return
    mark = sender_mark(deps, sent.phone, sent.user_id)
    sender = senders.get(tx, channel, sent.number_id, line, mark)
    now_at = sender.kelurahan if sender.kelurahan in offices else None
    names = {code: found.name if (found := copies.office(tx, code)) else code for code in offices}
    if wish(sent.text) and _wished(deps, tx, channel, now_at or offices[0], offices, sent) and sent.media is None:
        return
    if _ANOTHER.fullmatch(sent.text) and sent.media is None:
        _ours(deps, tx, channel, now_at or offices[0], sent)
        _ask(deps, tx, channel, sender, sent, names)
    elif chosen := _chosen(sent, names, asked=now_at is None and sender.asked_at is not None):
        senders.chosen(tx, sender, chosen)
        went_on = arrivals.release(tx, line)
        if sent.media is None:
            _ours(deps, tx, channel, chosen, sent)
        else:
            tx.use_tenant(chosen)
            incoming.take(deps, tx, channel, chosen, sent)
        if not went_on:
            _say(deps, tx, channel, chosen, CHOSEN, sent, {"office_name": names[chosen]})
    elif now_at is not None:
        tx.use_tenant(now_at)
        incoming.take(deps, tx, channel, now_at, sent)
    else:
        arrivals.hold(tx, arrival.number)
        if not senders.asked_lately(tx, sender, ASKED_AGAIN_AFTER):
            _ask(deps, tx, channel, sender, sent, names)


def _wished(deps: Deps, tx: Tx, channel: str, kelurahan: str, offices: Sequence[str], sent: Sent) -> bool:
    """STOP to the number ends what all of its offices send to him, and MULAI brings it back; it is confirmed once. A
    file that the word stands under goes where it belongs."""
    contact = _whose(deps, tx, channel, kelurahan, sent)
    if not stopping.taken(deps, tx, contact, channel, sent.text):
        return False
    if sent.media is None:
        incoming.keep(deps, tx, contact, channel, sent, OURSELVES)
    for other in offices:
        if other != kelurahan:
            stopping.also(deps, tx, other, channel, sent)
    return True


def _chosen(sent: Sent, names: Names, *, asked: bool) -> str | None:
    """The office that he names: by the option that he pressed, else, once he was asked, by its digit or its name."""
    if sent.choice is not None and sent.choice.startswith(OPTION):
        code = sent.choice.removeprefix(OPTION)
        return code if code in names else None
    if not asked:
        return None
    number = _NUMBER.fullmatch(sent.text)
    if number is not None and 1 <= int(number[1]) <= len(names):
        return list(names)[int(number[1]) - 1]
    return next((code for code, name in names.items() if same_kelurahan(name, sent.text)), None)


def _ask(deps: Deps, tx: Tx, channel: str, sender: senders.SharedSender, sent: Sent, names: Names) -> None:
    """Which office he means; in the name of the first, since a message is an office's."""
    senders.asked(tx, sender)
    options = [{"id": f"{OPTION}{code}", "title": name, "description": ""} for code, name in names.items()]
    _say(deps, tx, channel, next(iter(names)), QUESTION, sent, {}, options)


def _say(
    deps: Deps, tx: Tx, channel: str, kelurahan: str, template: str, sent: Sent, values: dict[str, str],
    options: Sequence[dict[str, str]] = (),
) -> None:  # fmt: skip
    contact = _whose(deps, tx, channel, kelurahan, sent)
    to = Recipient(contact.name, contact.phone, "id", contact.id, contact.user_id)
    put_out(deps, tx, new_id(), kelurahan, template, to, values, message_class="answer", options=options)


def _ours(deps: Deps, tx: Tx, channel: str, kelurahan: str, sent: Sent) -> None:
    """What he said to us alone is kept as well, and not taken twice."""
    incoming.keep(deps, tx, _whose(deps, tx, channel, kelurahan, sent), channel, sent, OURSELVES)


def _whose(deps: Deps, tx: Tx, channel: str, kelurahan: str, sent: Sent) -> Contact:
    """Who he is to the office that speaks to him: words of ours go to who wrote, from the number that he wrote to."""
    contact = contacts.whose(
        deps, tx, kelurahan, channel, phone=sent.phone, user_id=sent.user_id, name=sent.name, at=sent.at
    )
    known_contacts.wrote(tx, contact.id, sent.at, sent.number_id)
    return contact
