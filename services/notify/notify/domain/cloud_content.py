"""What a message of the Cloud API says, by its type; a type that is not known is kept as one that says nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from notify.domain.incoming import Media
from notify.domain.tolerant import listed, mapped, text_of


@dataclass(frozen=True)
class Content:
    """What was sent: words, a choice, a file."""

    kind: str
    text: str = ""
    choice: str | None = None
    media: Media | None = None
    replies_to: str | None = None


def content_of(message: Mapping[str, Any]) -> Content:
    """What a message says."""
    type_ = text_of(message.get("type"))
    if type_ == "contacts":
        return _contacts(message.get(type_))
    read = _READERS.get(type_)
    return read(mapped(message.get(type_))) if read else Content("other")


def _text(told: dict[str, Any]) -> Content:
    return Content("text", text_of(told.get("body")))


def _file(kind: str, told: dict[str, Any]) -> Content:
    media = Media(
        id=text_of(told.get("id")) or None,
        type=text_of(told.get("mime_type")),
        sha256=text_of(told.get("sha256")) or None,
        size=told["file_size"] if isinstance(told.get("file_size"), int) else None,
        name=text_of(told.get("filename")),
        url=text_of(told.get("url")) or None,
    )
    return Content(kind, text_of(told.get("caption")), media=media if media.id or media.url else None)


def _location(told: dict[str, Any]) -> Content:
    where = [text_of(told.get(name)) for name in ("name", "address")]
    at = [told.get(name) for name in ("latitude", "longitude")]
    if all(isinstance(one, int | float) and not isinstance(one, bool) and abs(one) <= 180 for one in at):
        where.append(", ".join(f"{one:.6f}" for one in at))
    return Content("location", "\n".join(filter(None, where)))


def _interactive(told: dict[str, Any]) -> Content:
    for name in ("list_reply", "button_reply"):
        reply = mapped(told.get(name))
        if text_of(reply.get("id")):
            return Content("choice", text_of(reply.get("title")), choice=text_of(reply["id"]))
    return Content("other", text_of(mapped(told.get("nfm_reply")).get("body")))


def _button(told: dict[str, Any]) -> Content:
    """A button of a template."""
    payload = text_of(told.get("payload"))
    return Content("choice" if payload else "text", text_of(told.get("text")), choice=payload or None)


def _reaction(told: dict[str, Any]) -> Content:
    return Content("other", text_of(told.get("emoji")), replies_to=text_of(told.get("message_id")) or None)


def _contacts(told: Any) -> Content:
    """Names and numbers that somebody passed on, a line each."""
    return Content("other", "\n".join(filter(None, (_contact(mapped(one)) for one in listed(told)))))


def _contact(told: dict[str, Any]) -> str:
    phones = [text_of(mapped(one).get("phone")) for one in listed(told.get("phones"))]
    return " ".join(filter(None, [text_of(mapped(told.get("name")).get("formatted_name")), *phones]))


_READERS: Mapping[str, Callable[[dict[str, Any]], Content]] = {
    "text": _text,
    "image": partial(_file, "photo"),
    "document": partial(_file, "document"),
    "audio": partial(_file, "voice"),
    "voice": partial(_file, "voice"),
    "video": partial(_file, "other"),
    "sticker": partial(_file, "other"),
    "location": _location,
    "interactive": _interactive,
    "button": _button,
    "reaction": _reaction,
}
