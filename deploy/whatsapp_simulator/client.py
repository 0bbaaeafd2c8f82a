"""A phone, as tests and the demo hold it.

ibu = Phone(simulator_url, "0812 7100 0072", "Nur'aini")
ibu.say("halo")
ibu.wait_for("Mau mengurus apa")
ibu.press("KTP")
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal
from urllib.parse import quote

import requests

Bubble = Mapping[str, Any]
"""A message as the phone shows it: id, seq, mine, kind, text, options, file, replies_to, status, template."""


class PhoneError(Exception):
    """The phone cannot do this, or what was waited for did not come; the text says what is there instead."""


class Phone:
    """Somebody's phone. `to` is the business's number id, where it has several."""

    def __init__(self, simulator_url: str, number: str, name: str = "", *, to: str | None = None) -> None:
        self._base = f"{simulator_url.rstrip('/')}/simulator/phones/{quote(number, safe='')}"
        self._to = to
        self._session = requests.Session()
        self._mark = 0
        self.number = number
        if name:
            self.set(name=name)
        self.mark()

    # ---- doing

    def say(self, text: str) -> str:
        """Writes; the message's id."""
        return self._act({"text": text})

    def reply(self, to: Bubble | str, text: str) -> str:
        """Answers a message, by itself or its id."""
        return self._act({"text": text, "reply_to": _id(to)})

    def press(self, option: str, of: Bubble | str | None = None) -> str:
        """Presses a button or a line of a list, by title or id: of this message, else of the newest that has it."""
        return self._act({"press": option, "message": _id(of) if of is not None else ""})

    def photo(self, content: bytes, caption: str = "", *, name: str = "foto.jpg", type: str = "image/jpeg") -> str:
        """Sends a photo."""
        return self._attach([(name, content, type)], caption)[0]

    def album(self, photos: Sequence[bytes], caption: str = "", *, type: str = "image/jpeg") -> list[str]:
        """Sends several photos at once; the caption stands under the first."""
        return self._attach([(f"foto-{n}.jpg", content, type) for n, content in enumerate(photos, 1)], caption)

    def document(self, content: bytes, name: str, caption: str = "", *, type: str = "application/pdf") -> str:
        """Sends a file as it is."""
        return self._attach([(name, content, type)], caption, {"as": "document"})[0]

    def voice(self, content: bytes, *, type: str = "audio/ogg") -> str:
        """Sends a voice note."""
        return self._attach([("suara.ogg", content, type)])[0]

    def place(self, latitude: float, longitude: float) -> str:
        """Sends where he is."""
        return self._act({"latitude": latitude, "longitude": longitude})

    # ---- the phone itself

    def set(self, **changes: Any) -> None:
        """Another `name`; `hides` its number; is `away` from WhatsApp; `window="closed"`: he wrote long ago."""
        self._call("PATCH", "", json=changes)

    def change_number(self, number: str) -> None:
        """The same person under another number."""
        self._call("PATCH", "", json={"number": number})
        self.number, before = number, self.number
        self._base = self._base.replace(quote(before, safe=""), quote(number, safe=""))

    def answered_from_app(self, text: str) -> None:
        """Somebody of the business writes to this phone from the WhatsApp Business app."""
        self._call("POST", "/echoes", json={"text": text} | ({"to": self._to} if self._to else {}))

    # ---- looking

    def messages(self, *, mine: bool | None = None) -> list[Bubble]:
        """What is on it, the oldest first: all, only one's own, or only the business's."""
        return [one for one in self._call("GET", "/messages")["messages"] if mine is None or one["mine"] is mine]

    def content(self, of: Bubble | str) -> bytes:
        """The file of a message."""
        answer = self._session.get(f"{self._base}/files/{quote(_id(of), safe='')}", timeout=30)
        answer.raise_for_status()
        return answer.content

    def mark(self) -> None:
        """What comes from now on is new. Every act marks before it is done."""
        self._mark = self._call("GET", "/messages")["seq"]

    def wait_for(
        self, what: str | Callable[[Bubble], bool] = "", *, within: float = 60.0, since: int | None = None
    ) -> Bubble:
        """The first new message of the business with these words (in capitals or not), or of which this holds.
        Raises PhoneError with what came instead."""
        holds = what if callable(what) else _has(what)
        after = self._mark if since is None else since
        ends = time.monotonic() + within
        while True:
            new = [one for one in self.messages(mine=False) if one["seq"] > after]
            if found := next((one for one in new if holds(one)), None):
                return found
            if time.monotonic() > ends:
                came = "\n---\n".join(one["text"] for one in new) or "nothing"
                wanted = what if isinstance(what, str) else "what was asked for"
                raise PhoneError(f"{self.number}: not within {within:g} s: {wanted!r}. What came:\n{came}")
            time.sleep(0.1)

    # ---- the wire

    def _act(self, given: Mapping[str, Any]) -> str:
        self.mark()
        body = dict(given) | ({"to": self._to} if self._to else {})
        return str(self._call("POST", "/messages", json=body)["messages"][0]["id"])

    def _attach(
        self, files: Sequence[tuple[str, bytes, str]], caption: str = "", more: Mapping[str, Any] | None = None
    ) -> list[str]:
        self.mark()
        form = {"text": caption} | dict(more or {}) | ({"to": self._to} if self._to else {})
        answer = self._call("POST", "/messages", data=form, files=[("file", file) for file in files])
        return [str(one["id"]) for one in answer["messages"]]

    def _call(self, method: Literal["GET", "POST", "PATCH"], path: str, **more: Any) -> Any:
        answer = self._session.request(method, f"{self._base}{path}", timeout=60, **more)
        if answer.status_code == 422:
            raise PhoneError(answer.json()["error"])
        answer.raise_for_status()
        return answer.json()


class Simulator:
    """The simulator itself: its switches, and what became of webhooks."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self._session = requests.Session()

    def phone(self, number: str, name: str = "", *, to: str | None = None) -> Phone:
        """Somebody's phone."""
        return Phone(self.url, number, name, to=to)

    def turn(self, **switches: Any) -> None:
        """Other positions of switches. Raises PhoneError."""
        answer = self._session.patch(f"{self.url}/simulator/switches", json=switches, timeout=10)
        if answer.status_code == 422:
            raise PhoneError(answer.json()["error"])
        answer.raise_for_status()

    def webhook(self) -> dict[str, Any]:
        """Where webhooks go, whether that shook hands, how many wait, and the newest with their answers."""
        found: dict[str, Any] = self._session.get(f"{self.url}/simulator/webhook", timeout=10).json()
        return found

    def wait_until_registered(self, within: float = 60.0) -> None:
        """Until the business's address has shaken hands. Raises PhoneError."""
        ends = time.monotonic() + within
        while not self.webhook()["verified"]:
            if time.monotonic() > ends:
                raise PhoneError(f"no handshake after {within:g} s")
            time.sleep(0.2)

    def wait_until_told(self, within: float = 30.0) -> None:
        """Until every webhook was taken. Raises PhoneError."""
        ends = time.monotonic() + within
        while (state := self.webhook())["waiting"]:
            if time.monotonic() > ends:
                raise PhoneError(f"{state['waiting']} webhooks wait still after {within:g} s")
            time.sleep(0.1)


def _id(of: Bubble | str) -> str:
    return of if isinstance(of, str) else str(of["id"])


def _has(words: str) -> Callable[[Bubble], bool]:
    return lambda one: words.casefold() in one["text"].casefold()
