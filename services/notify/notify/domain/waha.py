"""What WAHA sends: one event a request, as its engines write it. Nothing here raises for what it does not know; groups,
channels and what was sent through WAHA itself are passed over.

Somebody is `6281…@c.us`, a number, or `…@lid`, a name that WhatsApp gave him; beside that his number may stand in what
the engine tells. A message is `true_<chat>_<key>`, and only the key is the same everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Literal
from urllib.parse import urlsplit

from notify.domain.incoming import Echo, Item, Media, Sent, Session, Status, clean
from notify.domain.tolerant import digits, mapped, text_of

_NUMBERS = ("c.us", "s.whatsapp.net")
_ACKS: Mapping[str, str] = {
    "-1": "failed", "1": "sent", "2": "delivered", "3": "read", "4": "read",
    "ERROR": "failed", "SERVER": "sent", "DEVICE": "delivered", "READ": "read", "PLAYED": "read",
}  # fmt: skip
_KINDS: Mapping[str, str] = {"image": "photo", "audio": "voice", "video": "other"}
_ALSO_HIS = (("key", "senderPn"), ("key", "remoteJidAlt"), ("Info", "SenderAlt"), ("Info", "RecipientAlt"))
"""Where engines tell the number of who is named otherwise."""
_NAMES = ("notifyName", "pushName")
FILES = "/api/files/"


def parsed(event: Any, received_at: datetime) -> list[Item]:
    """All that a request tells; nothing where it is none of ours. `received_at` stands where no time is told."""
    told = mapped(event)
    read = _READERS.get(text_of(told.get("event")))
    return list(read(mapped(told.get("payload")), text_of(told.get("session")), received_at)) if read else []


def address_of(phone: str | None, user_id: str | None) -> str | None:
    """What WAHA calls somebody, as far as that is known."""
    if phone:
        return f"{phone.lstrip('+')}@c.us"
    return user_id if user_id and user_id.endswith("@lid") else None


def name_of(answer: Any) -> str:
    """What a message that was sent is called; nothing where the answer does not say."""
    told = mapped(answer)
    found = told.get("id") or mapped(told.get("key")).get("id") or mapped(told.get("_data")).get("id")
    return _key(found)


def place_of(url: str | None) -> str | None:
    """Where a file lies at WAHA, as a path: whatever host it names is not asked."""
    try:
        path = urlsplit(url or "").path
    except ValueError:
        return None
    at = path.find(FILES)
    return path[at:] if at >= 0 and ".." not in path else None


def _message(payload: dict[str, Any], session: str, received_at: datetime) -> Iterator[Item]:
    inner, at = mapped(payload.get("_data")), _moment(payload.get("timestamp"), received_at)
    if payload.get("fromMe") is True:
        if text_of(payload.get("source")) == "app":
            phone, user_id = _who(_chat(payload, "to"), inner)
            if phone or user_id:
                yield Echo(session, phone, user_id, at, clean(text_of(payload.get("body"))), _key(payload.get("id")))
        return
    phone, user_id = _who(_chat(payload, "from"), inner)
    key = _key(payload.get("id"))
    if not key or not (phone or user_id):
        return
    media = _media(payload)
    yield Sent(
        provider_id=key, number_id=session, at=at, phone=phone, user_id=user_id, name=_name(inner),
        kind=_kind(payload, media), text=clean(_text(payload)), media=media,
        replies_to=_key(mapped(payload.get("replyTo")).get("id")) or None,
    )  # fmt: skip


def _ack(payload: dict[str, Any], session: str, received_at: datetime) -> Iterator[Item]:
    said = _ACKS.get(text_of(payload.get("ackName"))) or _ACKS.get(text_of(payload.get("ack")))
    key = _key(payload.get("id"))
    if said and key and payload.get("fromMe") is not False:
        yield Status(key, session, said, received_at)


def _session(payload: dict[str, Any], session: str, received_at: datetime) -> Iterator[Item]:
    status = text_of(payload.get("status"))
    if session and status:
        yield Session(session, _STATES.get(status, "changing"), received_at)


_STATES: Mapping[str, Literal["works", "out", "changing"]] = {
    "WORKING": "works", "FAILED": "out", "STOPPED": "out", "SCAN_QR_CODE": "out",
}  # fmt: skip
_READERS = {"message": _message, "message.any": _message, "message.ack": _ack, "session.status": _session}


def _chat(payload: dict[str, Any], name: Literal["from", "to"]) -> str:
    """With whom the conversation is: engines name him in one field or the other for what we wrote ourselves."""
    of_key = text_of(payload.get("id")).split("_")
    return of_key[1] if len(of_key) > 2 and "@" in of_key[1] else text_of(payload.get(name))


def _who(chat: str, inner: dict[str, Any]) -> tuple[str | None, str | None]:
    """Number and name of somebody; neither for a group or a channel."""
    _, _, kind = chat.partition("@")
    if kind in _NUMBERS:
        return _phone(chat), None
    if kind != "lid":
        return None, None
    phones = (_phone(text_of(mapped(inner.get(part)).get(name))) for part, name in _ALSO_HIS)
    return next(filter(None, phones), None), chat


def _phone(address: str) -> str | None:
    number, _, kind = address.partition("@")
    found = digits(number.partition(":")[0]) if kind in _NUMBERS else ""
    return f"+{found}" if 7 <= len(found) <= 15 else None


def _name(inner: dict[str, Any]) -> str:
    said = [text_of(inner.get(name)) for name in _NAMES] + [text_of(mapped(inner.get("Info")).get("PushName"))]
    return clean(next(filter(None, said), "")).strip()[:200]


def _media(payload: dict[str, Any]) -> Media | None:
    """A file that is told of; one that WAHA did not fetch lies nowhere."""
    if payload.get("hasMedia") is not True:
        return None
    told = mapped(payload.get("media"))
    return Media(
        id=None, type=text_of(told.get("mimetype")).partition(";")[0], name=text_of(told.get("filename")),
        url=place_of(text_of(told.get("url"))),
    )  # fmt: skip


def _kind(payload: dict[str, Any], media: Media | None) -> str:
    if media is not None:
        sort = media.type.partition("/")[0]
        return "other" if media.type == "image/webp" else _KINDS.get(sort, "document" if media.type else "other")
    if payload.get("location"):
        return "location"
    return "text" if text_of(payload.get("body")) else "other"


def _text(payload: dict[str, Any]) -> str:
    where = mapped(payload.get("location"))
    said = [text_of(payload.get("body")) if not where else ""]
    said += [text_of(where.get(name)) for name in ("name", "address", "description")]
    at = [where.get(name) for name in ("latitude", "longitude")]
    numbers = [_degrees(one) for one in at]
    if None not in numbers:
        said.append(", ".join(f"{one:.6f}" for one in numbers if one is not None))
    return "\n".join(filter(None, said))


def _degrees(value: Any) -> float | None:
    try:
        found = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return found if abs(found) <= 180 else None


def _key(value: Any) -> str:
    """The key in what an engine calls a message."""
    if isinstance(value, dict):
        return text_of(value.get("id")) or _key(value.get("_serialized"))
    parts = text_of(value).split("_")
    return parts[2] if len(parts) > 2 else parts[-1]


def _moment(value: Any, otherwise: datetime) -> datetime:
    """Seconds, or thousandths of them."""
    try:
        seconds = float(value)
        return datetime.fromtimestamp(seconds / 1000 if seconds > 1e11 else seconds, UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return otherwise
