"""What a message of a business may look like; the first mistake is refused as the Cloud API would."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from deploy.whatsapp_simulator.errors import GraphError, invalid, missing

Body = Mapping[str, Any]

KINDS_OF_MEDIA = ("image", "document", "audio", "video", "sticker")


@dataclass(frozen=True)
class Choice:
    """What a user can press: in a list also with a description."""

    id: str
    title: str
    description: str = ""


@dataclass(frozen=True)
class Filling:
    """A template by name and language, and what goes into its places; `payloads` are those of its quick replies."""

    name: str
    language: str
    parameters: tuple[Body, ...] = ()
    payloads: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sendable:
    """A message that is well formed. `media` is {kind, id or link, filename}; `list_button` opens the list."""

    kind: str
    phone: str = ""
    user_id: str = ""
    text: str = ""
    footer: str = ""
    choices: tuple[Choice, ...] = ()
    list_button: str = ""
    media: Body | None = None
    filling: Filling | None = None
    replies_to: str = ""
    opaque: str = ""


def read(body: Any) -> Sendable:
    """The message in a request. Raises GraphError."""
    if not isinstance(body, Mapping):
        raise GraphError(100, "The body is a JSON object.")
    if body.get("messaging_product") != "whatsapp":
        raise GraphError(100, "The parameter messaging_product is required, and is whatsapp.")
    phone, user_id = _digits(str(body.get("to") or "")), str(body.get("recipient") or "")
    if not phone and not user_id:
        raise missing("to (or recipient)")
    kind = body.get("type", "text")
    if kind not in _READERS:
        raise GraphError(131051, f"type: one of {', '.join(_READERS)}")
    part = body.get(kind)
    if not isinstance(part, Mapping):
        raise missing(str(kind))
    found = _READERS[kind](part)
    context = body.get("context") or {}
    opaque = _short(body, "biz_opaque_callback_data", 512, needed=False)
    return replace(found, phone=phone, user_id=user_id, replies_to=str(context.get("message_id") or ""), opaque=opaque)


def _digits(number: str) -> str:
    """A number as it stands in `wa_id`. Raises GraphError."""
    plain = "".join(sign for sign in number if sign.isdigit())
    if number and not 7 <= len(plain) <= 15:
        raise invalid("to", "a phone number with its country")
    return plain


def _short(part: Body, name: str, longest: int, *, needed: bool = True, whole: str = "") -> str:
    """A text of at most so many characters. Raises GraphError."""
    value, shown = part.get(name), f"{whole or name}"
    if value is None or value == "":
        if needed:
            raise missing(shown)
        return ""
    if not isinstance(value, str):
        raise invalid(shown, "a text")
    if len(value) > longest:
        raise invalid(shown, f"at most {longest} characters, there are {len(value)}")
    return value


def _inner(part: Body, name: str, *, needed: bool = True) -> Body:
    found = part.get(name)
    if found is None and not needed:
        return {}
    if not isinstance(found, Mapping):
        raise missing(name)
    return found


def _text(part: Body) -> Sendable:
    return Sendable("text", text=_short(part, "body", 4096, whole="text['body']"))


def _media(kind: str) -> Callable[[Body], Sendable]:
    def media(part: Body) -> Sendable:
        if bool(part.get("id")) == bool(part.get("link")):
            raise invalid(kind, "either an id or a link")
        link = str(part.get("link") or "")
        if link and not link.startswith(("https://", "http://")):
            raise invalid(f"{kind}['link']", "an address that begins with https://")
        caption = _short(part, "caption", 1024, needed=False)
        if caption and kind in ("audio", "sticker"):
            raise invalid(f"{kind}['caption']", "this kind has none")
        name = _short(part, "filename", 240, needed=False)
        return Sendable(kind, text=caption, media={"kind": kind, "id": part.get("id"), "link": link, "name": name})

    return media


def _interactive(part: Body) -> Sendable:
    kind = part.get("type")
    if kind not in ("button", "list"):
        raise invalid("interactive['type']", "button or list")
    found = Sendable(
        "interactive",
        text=_short(_inner(part, "body"), "text", 1024, whole="interactive['body']['text']"),
        footer=_short(_inner(part, "footer", needed=False), "text", 60, needed=False),
        media=_header(_inner(part, "header", needed=False), kind),
    )
    action = _inner(part, "action")
    if kind == "button":
        return replace(found, choices=_buttons(action))
    return replace(found, choices=_rows(action), list_button=_short(action, "button", 20))


def _header(part: Body, kind: str) -> Body | None:
    """What stands above: a text, or before buttons also a picture or document."""
    if not part:
        return None
    if part.get("type") == "text":
        _short(part, "text", 60)
        return None
    if kind == "list" or part.get("type") not in ("image", "document", "video"):
        raise invalid("interactive['header']['type']", "text, and before buttons also image, document, video")
    return _media(part["type"])(_inner(part, part["type"])).media


def _buttons(action: Body) -> tuple[Choice, ...]:
    given = action.get("buttons")
    if not isinstance(given, list) or not 1 <= len(given) <= 3:
        raise invalid("interactive['action']['buttons']", "one to three buttons")
    if any(one.get("type") != "reply" for one in given):
        raise invalid("interactive['action']['buttons']['type']", "reply")
    replies = [_inner(one, "reply") for one in given]
    return _unlike(tuple(Choice(_short(one, "id", 256), _short(one, "title", 20)) for one in replies))


def _rows(action: Body) -> tuple[Choice, ...]:
    sections = action.get("sections")
    if not isinstance(sections, list) or not 1 <= len(sections) <= 10:
        raise invalid("interactive['action']['sections']", "one to ten sections")
    for section in sections:
        _short(section, "title", 24, needed=len(sections) > 1)
    rows = [row for section in sections for row in section.get("rows") or ()]
    if not 1 <= len(rows) <= 10:
        raise invalid("interactive['action']['sections']['rows']", "one to ten rows in all")
    return _unlike(
        tuple(
            Choice(_short(row, "id", 200), _short(row, "title", 24), _short(row, "description", 72, needed=False))
            for row in rows
        ),
        titles=False,
    )


def _unlike(choices: tuple[Choice, ...], titles: bool = True) -> tuple[Choice, ...]:
    if len({one.id for one in choices}) < len(choices):
        raise invalid("interactive['action']", "two choices have the same id")
    if titles and len({one.title for one in choices}) < len(choices):
        raise invalid("interactive['action']", "two buttons have the same title")
    return choices


def _template(part: Body) -> Sendable:
    name = _short(part, "name", 512)
    language = _short(_inner(part, "language"), "code", 20)
    parts = part.get("components") or ()
    by_type: dict[str, list[Body]] = {}
    for one in parts:
        by_type.setdefault(str(one.get("type", "")).lower(), []).append(one)
    body = by_type.get("body", [{}])[0]
    buttons = sorted(by_type.get("button", ()), key=lambda one: int(one.get("index", 0)))
    payloads = [
        str(given.get("payload", ""))
        for one in buttons
        if one.get("sub_type") == "quick_reply"
        for given in one.get("parameters") or ()
    ]
    header = by_type.get("header", [{}])[0].get("parameters") or ()
    media = next((one for one in header if one.get("type") in KINDS_OF_MEDIA), None)
    return Sendable(
        "template",
        filling=Filling(name, language, tuple(body.get("parameters") or ()), tuple(payloads)),
        media=_media(media["type"])(_inner(media, media["type"])).media if media else None,
    )


def _location(part: Body) -> Sendable:
    if not all(isinstance(part.get(name), int | float | str) for name in ("latitude", "longitude")):
        raise missing("location['latitude'] and location['longitude']")
    return Sendable("location", text=f"{part['latitude']}, {part['longitude']}")


_READERS: Mapping[str, Callable[[Body], Sendable]] = {
    "text": _text,
    "interactive": _interactive,
    "template": _template,
    "location": _location,
    **{kind: _media(kind) for kind in KINDS_OF_MEDIA},
}
