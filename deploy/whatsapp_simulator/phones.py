"""What somebody does on a phone, and what the business hears of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from deploy.whatsapp_simulator.graph import media_url
from deploy.whatsapp_simulator.payloads import changed_number, echo, said
from deploy.whatsapp_simulator.sending import Choice
from deploy.whatsapp_simulator.simulator import Simulator
from deploy.whatsapp_simulator.world import WINDOW, Message, User, new_id

LONGEST = 65_536
LARGEST = 100_000_000


class NotOnPhone(Exception):
    """There is nothing like that on this phone; the text says what there is."""


@dataclass(frozen=True)
class File:
    """What is attached, with its type as the phone tells it."""

    content: bytes
    type: str
    name: str = ""

    @property
    def kind(self) -> str:
        """As what it is sent."""
        if self.type in ("image/jpeg", "image/png"):
            return "image"
        if self.type == "image/webp":
            return "sticker"
        first = self.type.partition("/")[0]
        return first if first in ("audio", "video") else "document"


def phone_number(text: str) -> str:
    """A number as it stands in `wa_id`, from how people write it. Raises NotOnPhone."""
    plain = re.sub(r"\D", "", text).removeprefix("00")
    plain = "62" + plain[1:] if plain.startswith("0") else plain
    if not 7 <= len(plain) <= 15:
        raise NotOnPhone(f"'{text}' is no phone number")
    return plain


def say(sim: Simulator, user: User, number_id: str, text: str, replies_to: str = "") -> Message:
    """Writes to a business. Raises NotOnPhone."""
    if not 0 < len(text) <= LONGEST:
        raise NotOnPhone(f"a text has 1 to {LONGEST} characters")
    return _sent(sim, user, _new(sim, number_id, "text", text=text, replies_to=_known(user, replies_to)))


def show_place(sim: Simulator, user: User, number_id: str, latitude: float, longitude: float) -> Message:
    """Sends where he is."""
    return _sent(sim, user, _new(sim, number_id, "location", text=f"{latitude}, {longitude}"))


def send_files(
    sim: Simulator, user: User, number_id: str, files: Sequence[File], caption: str = "", replies_to: str = "",
    as_document: bool = False,
) -> list[Message]:  # fmt: skip
    """Sends one file or, as an album, several at once; the caption stands under the first. Raises NotOnPhone."""
    if not files or any(not 0 < len(file.content) <= LARGEST for file in files):
        raise NotOnPhone(f"a file has 1 to {LARGEST} bytes")
    found = []
    for place, file in enumerate(files):
        kind = "document" if as_document else file.kind
        media = sim.world.keep(file.content, file.type, file.name)
        text = caption if place == 0 and kind not in ("audio", "sticker") else ""
        message = _new(sim, number_id, kind, text=text, replies_to=_known(user, replies_to))
        message.media = media
        found.append(_sent(sim, user, message))
    return found


def press(sim: Simulator, user: User, option: str, message_id: str = "") -> Message:
    """Presses a button, or a line of a list, by its id or title: of this message, or of the newest that has it.
    Raises NotOnPhone."""
    with sim.world.lock:
        shown = [one for one in reversed(user.messages) if not one.inward and message_id in ("", one.id)]
        found = next(((one, choice) for one in shown if (choice := _choice(one, option))), None)
        if found is None:
            there = [choice.title for one in shown[:1] for choice in one.choices]
            raise NotOnPhone(f"nothing to press is called '{option}'; the last message offers {there}")
        message, choice = found
        message.pressed = choice.id
    kind = "button" if message.template else "interactive"
    pressed = _new(sim, message.number_id, kind, text=choice.title, replies_to=message.id)
    pressed.choices, pressed.list_button = (choice,), message.list_button
    return _sent(sim, user, pressed)


def _choice(message: Message, option: str) -> Choice | None:
    return next((one for one in message.choices if option in (one.id, one.title)), None)


def change_number(sim: Simulator, user: User, phone: str) -> None:
    """He has another number from now on; every business that he wrote to is told."""
    before, now = {"phone": user.phone, "user_id": user.user_id}, sim.world.now()
    sim.world.rename(user, phone)
    for number_id in user.wrote_at:
        sim.tell(number_id, changed_number(user, before, new_id(), now))


def close_window(sim: Simulator, user: User) -> None:
    """As if he had written for the last time more than 24 hours ago."""
    with sim.world.lock:
        user.wrote_at = {number: sim.world.now() - WINDOW - 60 for number in user.wrote_at}


def answer_from_app(sim: Simulator, user: User, number_id: str, text: str) -> Message:
    """Somebody of the business writes to him from the WhatsApp Business app; the business is told by an echo."""
    message = _new(sim, number_id, "text", text=text)
    message.inward, message.status = False, "delivered"
    sim.world.add(user, message)
    sim.tell(number_id, echo(user, message, sim.display(number_id)), field="smb_message_echoes")
    return message


def _new(sim: Simulator, number_id: str, kind: str, *, text: str = "", replies_to: str = "") -> Message:
    return Message(
        id=new_id(), seq=0, at=sim.world.now(), number_id=number_id, inward=True, kind=kind, text=text,
        replies_to=replies_to,
    )  # fmt: skip


def _known(user: User, message_id: str) -> str:
    if message_id and user.message(message_id) is None:
        raise NotOnPhone("there is no such message to reply to")
    return message_id


def _sent(sim: Simulator, user: User, message: Message) -> Message:
    sim.world.add(user, message)
    url = media_url(sim, message.media) if message.media else ""
    sim.tell(message.number_id, said(user, message, sim.display(message.number_id), url), about=message)
    return message
