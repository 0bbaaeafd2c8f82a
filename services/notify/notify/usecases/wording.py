"""What goes over the wire of a message."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from notify.channels import Channel, Outgoing
from notify.domain.fitting import Option, Part, parts
from notify.domain.messages import Message
from notify.domain.policy import FOR_EVERYBODY, Form, approved_name, parameters
from notify.domain.words import masked_numbers
from notify.texts import render, source

SENT_AGAIN: Mapping[str, str] = {"id": "(dikirim ulang)", "en": "(sent again)"}
LEFT_OUT = "channel_file_left_out"


def outgoing(message: Message, channel: Channel, form: Form, person: Mapping[str, Any]) -> tuple[Outgoing, bool]:
    """The part of a message that is next, and whether more follow."""
    language = message.person.get("language") or "id"
    made = Outgoing(
        id=message.id, phone=person.get("phone"), text="", template=message.template, language=language,
        message_class=message.message_class, values=message.person.get("values") or {},
        user_id=person.get("user_id"), email=person.get("email"), name=person.get("name") or "",
        sender=message.sender or "", kelurahan=message.kelurahan, mark=message.mark,
    )  # fmt: skip
    if form == "template":
        return _as_template(message, made, channel), False
    pieces = _pieces(message, channel, language)
    part = pieces[min(message.part, len(pieces) - 1)]
    made = replace(made, kind=part.kind, text=part.text, options=part.options, file=part.file)
    return made, message.part + 1 < len(pieces)


def _pieces(message: Message, channel: Channel, language: str) -> Sequence[Part]:
    text = message.person["text"]
    if message.resent:
        text = f"{SENT_AGAIN[language]}\n{text}"
    options = [
        Option(option["id"], _allowed(option["title"], channel), _allowed(option.get("description") or "", channel))
        for option in message.person.get("options") or ()
    ]
    left_out = render(LEFT_OUT, language, {})
    file = message.person.get("file")
    beside = file is not None and file.get("beside")  # a sample is no letter, nor is what is for everybody
    may = channel.rules.letters_by == "chat" or beside or message.template in FOR_EVERYBODY
    can = channel.capabilities if may else channel.capabilities - {"document"}
    return parts(_allowed(text, channel), options, file, can, channel.limits, left_out)


def _as_template(message: Message, made: Outgoing, channel: Channel) -> Outgoing:
    words = source(message.template, made.language)
    found = [_allowed(one, channel) for one in parameters(words, made.language, made.values)]
    if message.resent and found:
        found[0] = f"{found[0]} {SENT_AGAIN[made.language]}"
    file = message.person.get("file") if message.template in FOR_EVERYBODY else None
    name = approved_name(message.template, words, made.language, pictured=file is not None)
    text = _allowed(message.person["text"], channel)
    return replace(made, kind="template", text=text, template_name=name, parameters=found, file=file)


def _allowed(text: str, channel: Channel) -> str:
    """Without NIK and KK numbers on a channel whose rules want none, whoever wrote them into a value."""
    return text if channel.rules.numbers else masked_numbers(text)
