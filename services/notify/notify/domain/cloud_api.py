"""What WhatsApp's Cloud API sends: every entry, change, message and status of a request, whatever else is in it.

Nothing here raises for what it does not know: a field that is missing, new or of another form is passed over, and what
is around it is taken. Who writes may be known by a number, by a user id, or by both.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from notify.domain.cloud_content import content_of
from notify.domain.incoming import Echo, Item, Moved, Sent, Status, clean
from notify.domain.tolerant import digits, listed, mapped, text_of

STATUSES = frozenset({"sent", "delivered", "read", "failed"})


def parsed(payload: Any, received_at: datetime) -> list[Item]:
    """All that is in a request, in its order. `received_at` stands where no time is told."""
    return list(_items(payload, received_at))


def _items(payload: Any, received_at: datetime) -> Iterator[Item]:
    for entry in listed(mapped(payload).get("entry")):
        for change in listed(mapped(entry).get("changes")):
            value = mapped(mapped(change).get("value"))
            number_id = text_of(mapped(value.get("metadata")).get("phone_number_id"))
            people = [mapped(one) for one in listed(value.get("contacts"))]
            for message in listed(value.get("messages")):
                if isinstance(message, dict):
                    yield _message(message, number_id, people, received_at)
            for status in listed(value.get("statuses")):
                yield from _status(mapped(status), number_id, received_at)
            for echo in listed(value.get("message_echoes")):
                yield from _echo(mapped(echo), number_id, received_at)


def _message(message: dict[str, Any], number_id: str, people: list[dict[str, Any]], received_at: datetime) -> Item:
    at = _moment(message.get("timestamp"), received_at)
    phone, user_id, name = _who(message, people)
    system = mapped(message.get("system"))
    if message.get("type") == "system":  # nobody wrote it: somebody's number or id changed
        new_phone = _phone(system.get("wa_id")) or _phone(system.get("new_wa_id"))
        new_user = text_of(system.get("user_id")) or text_of(system.get("new_user_id"))
        return Moved(number_id, at, phone, user_id, new_phone, new_user or None)
    content = content_of(message)
    return Sent(
        provider_id=_provider_id(message), number_id=number_id, at=at, phone=phone, user_id=user_id, name=name,
        kind=content.kind, text=clean(content.text), choice=content.choice, media=content.media,
        replies_to=content.replies_to or text_of(mapped(message.get("context")).get("id")) or None,
    )  # fmt: skip


def _who(message: dict[str, Any], people: list[dict[str, Any]]) -> tuple[str | None, str | None, str]:
    """Number, user id and name: of the message itself, and of the contact beside it that is meant."""
    phone, user_id = _phone(message.get("from")), text_of(message.get("from_user_id")) or None
    his: dict[str, Any] = {}
    for one in people:
        same_phone = phone is not None and _phone(one.get("wa_id")) == phone
        if same_phone or (user_id is not None and text_of(one.get("user_id")) == user_id):
            his = one
            break
    else:
        if phone is None and user_id is None and len(people) == 1:
            his = people[0]
    name = clean(text_of(mapped(his.get("profile")).get("name"))).strip()[:200]
    return phone or _phone(his.get("wa_id")), user_id or text_of(his.get("user_id")) or None, name


def _status(status: dict[str, Any], number_id: str, received_at: datetime) -> Iterator[Status]:
    provider_id, said = text_of(status.get("id")), text_of(status.get("status"))
    if not provider_id or said not in STATUSES:
        return
    errors = [mapped(error) for error in listed(status.get("errors"))]
    code = next((found for error in errors if (found := text_of(error.get("code")))), None)
    at, mark = _moment(status.get("timestamp"), received_at), text_of(status.get("biz_opaque_callback_data")) or None
    yield Status(provider_id, number_id, said, at, code, mark)


def _echo(echo: dict[str, Any], number_id: str, received_at: datetime) -> Iterator[Echo]:
    phone, user_id = _phone(echo.get("to")), text_of(echo.get("to_user_id")) or None
    if phone or user_id:
        said = clean(text_of(mapped(echo.get("text")).get("body")))
        yield Echo(
            number_id, phone, user_id, _moment(echo.get("timestamp"), received_at), said, text_of(echo.get("id"))
        )


def _provider_id(message: dict[str, Any]) -> str:
    """What it is called; one without a name is known by what it says, so that it is taken once all the same."""
    said = json.dumps(message, sort_keys=True, default=str)
    return text_of(message.get("id")) or f"nameless:{hashlib.sha256(said.encode()).hexdigest()}"


def _phone(value: Any) -> str | None:
    """E.164 of a number as WhatsApp writes it."""
    found = digits(value)
    return f"+{found}" if 7 <= len(found) <= 15 else None


def _moment(value: Any, otherwise: datetime) -> datetime:
    try:
        return datetime.fromtimestamp(int(text_of(value)), UTC)
    except (ValueError, OverflowError, OSError):
        return otherwise
