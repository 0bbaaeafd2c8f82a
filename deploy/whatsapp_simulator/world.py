"""The users of WhatsApp with their phones, chats and files. In memory, bounded, gone with the process."""

from __future__ import annotations

import base64
import hashlib
import secrets
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from deploy.whatsapp_simulator.sending import Choice

MOST_USERS = 500
MOST_MESSAGES = 300
"""In the chats of one user; the oldest go first."""
MOST_MEDIA = 200_000_000
"""Bytes; the oldest go first."""
WINDOW = 24 * 3600.0
FREE_SERVICE_MESSAGES = 1000
"""Of one number in a month; those that follow are charged."""


@dataclass
class Media:
    """A file. What a user sent is announced with the hash of `content`."""

    id: str
    content: bytes
    type: str
    name: str = ""

    @property
    def sha256(self) -> bytes:
        return hashlib.sha256(self.content).digest()


@dataclass
class Message:
    """A message as both sides see it: `inward` from a user to a business. `status` is how far one of a business came,
    or whether the webhook about one of a user was taken."""

    id: str
    seq: int
    at: float
    number_id: str
    inward: bool
    kind: str
    text: str = ""
    footer: str = ""
    choices: Sequence[Choice] = ()
    list_button: str = ""
    media: Media | None = None
    replies_to: str = ""
    status: str = "accepted"
    template: str = ""
    category: str = "service"
    billable: bool = False
    opaque: str = ""
    pressed: str = ""


@dataclass
class User:
    """Somebody with a phone. One who `hides` his number is known to businesses by `user_id` alone; `away` from
    WhatsApp, nothing reaches him."""

    phone: str
    name: str
    user_id: str
    hides: bool = False
    away: bool = False
    wrote_at: dict[str, float] = field(default_factory=dict)
    messages: deque[Message] = field(default_factory=lambda: deque(maxlen=MOST_MESSAGES))

    def window_open(self, number_id: str, now: float) -> bool:
        """Whether he wrote to this number within 24 hours."""
        return now - self.wrote_at.get(number_id, -WINDOW) < WINDOW

    def message(self, message_id: str) -> Message | None:
        """One of his messages by its id."""
        return next((one for one in self.messages if one.id == message_id), None)


class World:
    """All of it. Whoever reads or changes more than one thing holds `lock`."""

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self.lock = threading.RLock()
        self.now = now
        self.seq = 0
        self._users = OrderedDict[str, User]()
        self._media = OrderedDict[str, Media]()
        self._service_messages = dict[tuple[str, str], int]()

    @property
    def users(self) -> list[User]:
        """In the order in which they came."""
        with self.lock:
            return list(self._users.values())

    def user(self, phone: str) -> User:
        """Who has this number; somebody new if nobody has. Of too many, who came first goes."""
        with self.lock:
            if phone not in self._users:
                digest = int.from_bytes(hashlib.sha256(phone.encode()).digest()[:8])
                self._users[phone] = User(phone, f"+{phone}", f"ID.{digest}")
                if len(self._users) > MOST_USERS:
                    self._users.popitem(last=False)
            return self._users[phone]

    def known(self, phone: str = "", user_id: str = "") -> User | None:
        """Who is called so."""
        with self.lock:
            if phone in self._users:
                return self._users[phone]
            return next((user for user in self._users.values() if user_id and user.user_id == user_id), None)

    def rename(self, user: User, phone: str) -> None:
        """He has another number from now on, and what businesses call him changes with it."""
        with self.lock:
            del self._users[user.phone]
            self._users.pop(phone, None)
            digest = int.from_bytes(hashlib.sha256(phone.encode()).digest()[:8])
            user.phone, user.user_id = phone, f"ID.{digest}"
            self._users[phone] = user

    def add(self, user: User, message: Message) -> Message:
        """Another message in his chat."""
        with self.lock:
            self.seq += 1
            message.seq = self.seq
            user.messages.append(message)
            if message.inward:
                user.wrote_at[message.number_id] = message.at
            return message

    def keep(self, content: bytes, content_type: str, name: str = "") -> Media:
        """A file, with an id of its own."""
        with self.lock:
            media = Media(str(secrets.randbelow(9 * 10**14) + 10**14), content, content_type, name)
            self._media[media.id] = media
            while sum(len(one.content) for one in self._media.values()) > MOST_MEDIA:
                self._media.popitem(last=False)
            return media

    def media(self, media_id: str) -> Media | None:
        """A file by its id."""
        with self.lock:
            return self._media.get(media_id)

    def forget_media(self, media_id: str) -> bool:
        """Whether there was one."""
        with self.lock:
            return self._media.pop(media_id, None) is not None

    def count_service(self, number_id: str) -> bool:
        """One more free text of this number in this month; whether it is charged."""
        with self.lock:
            month = time.strftime("%Y-%m", time.gmtime(self.now()))
            count = self._service_messages[number_id, month] = self._service_messages.get((number_id, month), 0) + 1
            return count > FREE_SERVICE_MESSAGES


def new_id() -> str:
    """A message's id, as long and as odd as theirs."""
    return "wamid." + base64.b64encode(b"\x1d\x06" + secrets.token_bytes(36)).decode("ascii")
