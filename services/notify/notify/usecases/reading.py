"""Looking at messages, sending one again, and taking in what somebody wrote."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from contracts.sandbox import is_sandbox
from kit import paging
from kit.auth import Caller
from kit.db import Tx
from kit.ids import new_id
from kit.problems import NotFound
from notify.channels.mailbox import Mailbox
from notify.deps import Deps
from notify.domain.copies import Recipient
from notify.domain.errors import NoMailbox
from notify.domain.incoming import THE_OFFICE, Sent, clean
from notify.domain.messages import OF_COMPLAINTS, Message, masked_name, masked_phone, masked_text
from notify.store import incoming as store
from notify.store import messages
from notify.store.incoming import Incoming
from notify.usecases import incoming
from notify.usecases.asking import ask
from notify.usecases.ways import choose

Shown = dict[str, Any]


def shown(deps: Deps, message: Message, who: Caller) -> Shown:
    """A message as this caller may see it. The links and codes in it are for its reader; only an administrator sees
    them, and only where the channel is made for being read."""
    text = message.person["text"]
    open_ = who.has("administrator") and message.channel == _readable(deps, message.kelurahan)
    named = (
        "id", "application_id", "template", "message_class", "channel", "status", "attempts", "requested_by",
        "created_at", "expires_at", "waits_until", "settled_at", "failure", "version",
    )  # fmt: skip
    return {name: getattr(message, name) for name in named} | {
        "to": f"{masked_name(message.person['name'])} {masked_phone(message.person['phone'])}".strip(),
        "text": text if open_ else masked_text(text, message.person.get("values") or {}),
    }


def _readable(deps: Deps, kelurahan: str) -> str | None:
    """The office's usual channel, where it is made for being read."""
    channel = deps.channels[Mailbox.name] if is_sandbox(kelurahan) else deps.channel
    return channel.name if "readable" in channel.capabilities else None


def listed(deps: Deps, tx: Tx, who: Caller, query: Mapping[str, Any], *, newest_first: bool = False) -> Shown:
    """A page of messages, in the order of their making unless the newest are wanted first. `query` has application_id,
    status, after, cursor and limit. Raises Unprocessable for a cursor that is none."""
    [position], limit = paging.position(query["cursor"], paging.whole_big) or [None], query["limit"]
    rows = messages.listed(
        tx, deps.data_keys, application_id=query["application_id"], status=query["status"], after=query["after"],
        position=position, newest_first=newest_first, limit=limit + 1, besides=_besides(deps, who),
    )  # fmt: skip
    return _page(deps, who, rows, limit)


def sent_to(deps: Deps, tx: Tx, who: Caller, query: Mapping[str, Any]) -> Shown:
    """A page of what a number was sent, newest first. `query` has phone, cursor and limit. Raises Unprocessable."""
    [before] = paging.position(query["cursor"], paging.whole_big) or [None]
    rows = messages.to_phone(tx, deps.data_keys, query["phone"], before=before, limit=query["limit"] + 1,
                             besides=_besides(deps, who))  # fmt: skip
    return _page(deps, who, rows, query["limit"])


def _page(deps: Deps, who: Caller, rows: Sequence[tuple[int, Message]], limit: int) -> Shown:
    found = paging.page(rows, limit, lambda row: (row[0],))
    return found | {"items": [shown(deps, message, who) for _, message in found["items"]]}


def _besides(deps: Deps, who: Caller) -> tuple[str, ...]:
    """What of the messages is not there for this caller: those of complaints, unless an administrator tries the system
    with a channel that is made for being read."""
    return () if who.has("administrator") and _readable(deps, who.tenant) else OF_COMPLAINTS


def find(deps: Deps, tx: Tx, who: Caller, message_id: UUID, *, lock: bool = False) -> Message:
    """A message of the caller's office, as far as it is the office's to read. Raises NotFound."""
    message = messages.get(tx, deps.data_keys, message_id, lock=lock)
    if message is None or message.template.startswith(_besides(deps, who)):
        raise NotFound
    return message


def send_again(deps: Deps, tx: Tx, who: Caller, message_id: UUID, check: Callable[[int], None]) -> Message:
    """A message that failed gets another chance. Raises NotFound, NothingToRetry."""
    message = find(deps, tx, who, message_id, lock=True)
    check(message.version)
    message.try_again()
    to = Recipient(
        message.person["name"], message.person["phone"], contact_id=message.contact_id,
        user_id=message.person.get("user_id"), email=message.person.get("email"),
    )  # fmt: skip
    message.channel = choose(deps, tx, message.kelurahan, to).channel.name
    ask(tx, message)
    messages.save(tx, message)
    return message


def received(deps: Deps, tx: Tx, query: Mapping[str, Any]) -> Shown:
    """A page of what people sent, newest first. `query` has cursor and limit. Raises Unprocessable."""
    [before] = paging.position(query["cursor"], UUID) or [None]
    rows = store.listed(tx, deps.data_keys, before=before, limit=query["limit"] + 1)
    found = paging.page(rows, query["limit"], lambda one: (one.id,))
    return found | {"items": [_received(one) for one in found["items"]]}


def _received(one: Incoming) -> Shown:
    """What somebody wrote is shown where it was kept for the office alone: in a conversation it may be a complaint
    about whoever reads this list, an answer to the survey, or what a neighbour says."""
    person = one.person
    named = ("id", "received_at", "channel", "kind", "recipient", "replies_to", "problem")
    return {name: getattr(one, name) for name in named} | {
        "sender": f"{masked_name(person['name'])} {masked_phone(person['phone'])}".strip(),
        "text": masked_text(person["text"], {}) if one.recipient == THE_OFFICE else None,
        "has_file": one.file is not None,
    }


def take_in(deps: Deps, tx: Tx, kelurahan: str, phone: str, text: str) -> Shown:
    """Somebody wrote, and it is entered by hand. Raises NoMailbox."""
    channel = _readable(deps, kelurahan)
    if channel is None:
        raise NoMailbox
    now = deps.clock.now()
    last = messages.to_phone(tx, deps.data_keys, phone, before=None, limit=1)
    name = last[0][1].person["name"] if last else ""
    sent = Sent(str(new_id()), channel, now, phone, None, name, "text", clean(text))
    taken = incoming.take(deps, tx, channel, kelurahan, sent)
    assert taken is not None, "its id is new"
    return {"id": taken.id, "recipient": taken.recipient, "channel": channel, "received_at": now}
