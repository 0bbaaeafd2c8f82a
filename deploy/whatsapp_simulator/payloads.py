"""What a webhook says of a message, a receipt or a user. An event is one message, or one receipt, of one number."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from deploy.whatsapp_simulator.errors import GraphError
from deploy.whatsapp_simulator.world import Message, User

Value = dict[str, Any]

MOST_OF_MEDIA = ("image", "document", "audio", "video", "sticker")


@dataclass(frozen=True)
class Event:
    """`value` is the change's; `taken` is told once the webhook was answered with 200."""

    number_id: str
    field: str
    value: Value
    taken: Callable[[], None] | None = None


def said(user: User, message: Message, display: str, media_url: str = "") -> Value:
    """What a user sent to the number that is shown as `display`."""
    content: Value = {"id": message.id, "timestamp": _stamp(message.at), "type": message.kind} | _from(user)
    content |= _content(message, media_url)
    if message.replies_to:
        content["context"] = {"from": display, "id": message.replies_to}
    return {"contacts": [_contact(user)], "messages": [content]}


def _content(message: Message, media_url: str) -> Value:
    kind = message.kind
    if kind == "text":
        return {"text": {"body": message.text}}
    if message.media is not None and kind in MOST_OF_MEDIA:
        media: Value = {
            "id": message.media.id,
            "mime_type": message.media.type,
            "sha256": base64.b64encode(message.media.sha256).decode("ascii"),
            "url": media_url,
        }
        if kind == "document":
            media["filename"] = message.media.name
        if kind == "audio":
            media["voice"] = True
        return {kind: media | ({"caption": message.text} if message.text else {})}
    if kind == "location":
        latitude, longitude = message.text.split(",")
        return {"location": {"latitude": float(latitude), "longitude": float(longitude)}}
    return _pressed(message)


def _pressed(message: Message) -> Value:
    """A button of a template, or one of a message, or a line of a list."""
    [choice] = message.choices
    if message.kind == "button":
        return {"button": {"payload": choice.id, "text": choice.title}}
    named = "list_reply" if message.list_button else "button_reply"
    reply = {"id": choice.id, "title": choice.title}
    if message.list_button and choice.description:
        reply["description"] = choice.description
    return {"interactive": {"type": named, named: reply}}


def receipt(user: User, message: Message, status: str, at: float, error: GraphError | None = None) -> Value:
    """How far a message of a business came."""
    found: Value = {"id": message.id, "status": status, "timestamp": _stamp(at), "recipient_user_id": user.user_id}
    if not user.hides:
        found["recipient_id"] = user.phone
    if message.opaque:
        found["biz_opaque_callback_data"] = message.opaque
    if error is not None:
        return {"statuses": [found | {"errors": [error.in_status()]}]}
    origin = {"id": _conversation(user, message), "origin": {"type": message.category}}
    if status == "sent":
        origin["expiration_timestamp"] = _stamp(at + 24 * 3600)
    found["conversation"] = origin
    found["pricing"] = {
        "billable": message.billable,
        "pricing_model": "PMP",
        "type": "regular" if message.billable else "free_customer_service",
        "category": message.category,
    }
    return {"contacts": [_contact(user)], "statuses": [found]}


def changed_number(user: User, before: Mapping[str, str], message_id: str, at: float) -> Value:
    """A user has another number. There is no `contacts` beside it."""
    text = f"User {user.name} changed from {before['phone']} to {user.phone}"
    system = {"body": text, "wa_id": user.phone, "user_id": user.user_id, "type": "user_changed_number"}
    content = {"from": before["phone"], "from_user_id": before["user_id"], "id": message_id}
    return {"messages": [content | {"timestamp": _stamp(at), "type": "system", "system": system}]}


def echo(user: User, message: Message, display: str) -> Value:
    """Somebody of the business wrote from the WhatsApp Business app."""
    content: Value = {"from": display, "id": message.id, "timestamp": _stamp(message.at), "type": "text"}
    whom = {"to_user_id": user.user_id} | ({} if user.hides else {"to": user.phone})
    return {"message_echoes": [content | whom | {"text": {"body": message.text}}]}


def _from(user: User) -> Value:
    return {"from_user_id": user.user_id} | ({} if user.hides else {"from": user.phone})


def _contact(user: User) -> Value:
    found: Value = {"profile": {"name": user.name}, "user_id": user.user_id}
    return found if user.hides else found | {"wa_id": user.phone}


def _conversation(user: User, message: Message) -> str:
    day = int(message.at // 86400)
    return hashlib.sha256(f"{user.user_id} {message.number_id} {message.category} {day}".encode()).hexdigest()[:32]


def _stamp(at: float) -> str:
    return str(int(at))
