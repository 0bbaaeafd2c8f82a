"""People with phones: what each says and what he has to be told, and a link of a message opened as a browser does."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import unescape
from http.cookies import SimpleCookie
from urllib.parse import urlsplit

import requests

from deploy.demo.client import DemoFailed
from deploy.whatsapp_simulator.client import Bubble, Phone, PhoneError

PATIENCE = 180.0
_HIDDEN = re.compile(r'<input[^>]*type="hidden"[^>]*>')
_ATTRIBUTE = re.compile(r'(name|value)="([^"]*)"')


@dataclass
class Talker:
    """Somebody with a phone, whose talk is written down. `begins` is where it begins to count."""

    role: str
    phone: Phone
    begins: int = 0
    sent: list[str] = field(default_factory=list)

    def asks(self, text: str, expects: str) -> Bubble:
        """Writes, and waits for the answer that has these words. Raises DemoFailed."""
        return self._after(lambda: self.phone.say(text), expects)

    def answers(self, to: Bubble, text: str, expects: str) -> Bubble:
        """Answers a message, and waits for what follows. Raises DemoFailed."""
        return self._after(lambda: self.phone.reply(to, text), expects)

    def shows(self, photo: bytes, caption: str, expects: str) -> Bubble:
        """Sends a photo, and waits for the answer. Raises DemoFailed."""
        return self._after(lambda: self.phone.photo(photo, caption), expects)

    def is_told(self, words: str | Callable[[Bubble], bool], since: int = 0) -> Bubble:
        """Waits for a message that nobody asked for. Raises DemoFailed."""
        return self._heard(words, since)

    def told(self) -> list[Bubble]:
        """Messages of the office that count."""
        return [one for one in self.phone.messages(mine=False) if one["seq"] > self.begins]

    def begin(self) -> None:
        """What was said until now does not count."""
        self.begins = max((one["seq"] for one in self.phone.messages()), default=0)

    def transcript(self) -> list[str]:
        """Both sides, as the phone shows them."""
        lines = []
        for one in self.phone.messages():
            if one["seq"] > self.begins:
                file = f"[{one['file']['type']}] " if one["file"] else ""
                first, *rest = (file + one["text"]).splitlines() or [file]
                lines += [f"{'>' if one['mine'] else '<'} {first}", *(f"  {line}" for line in rest)]
        return lines

    def _after(self, act: Callable[[], object], expects: str) -> Bubble:
        try:
            act()
        except PhoneError as error:
            raise DemoFailed(f"{self.role}: {error}") from error
        return self._heard(expects, None)

    def _heard(self, words: str | Callable[[Bubble], bool], since: int | None) -> Bubble:
        try:
            return self.phone.wait_for(words, within=PATIENCE, since=since)
        except PhoneError as error:
            raise DemoFailed(f"{self.role}: {error}") from error


def let_in(link: str) -> str:
    """The access token that the link of a conversation gives: its button is pressed, as in a browser. Raises
    DemoFailed."""
    here = urlsplit(link)
    page = requests.get(link, headers={"Accept": "text/html"}, timeout=60)
    fields = dict(_field(found[0]) for found in _HIDDEN.finditer(page.text))
    same = {"Accept": "text/html", "Sec-Fetch-Site": "same-origin", "Origin": f"{here.scheme}://{here.netloc}"}
    kept = "; ".join(f"{name}={value}" for name, value in _cookies(page).items())
    came = requests.post(link, data=fields, headers=same | {"Cookie": kept}, allow_redirects=False, timeout=60)
    token = _cookies(came).get("__Host-access")
    if came.status_code != 303 or token is None:
        raise DemoFailed(f"the link of the conversation lets nobody in: {page.status_code}, {came.status_code}")
    return token


def _cookies(answer: requests.Response) -> dict[str, str]:
    """Those that an answer sets. They are for HTTPS alone, which only browsers see in this machine's own HTTP too."""
    given: SimpleCookie = SimpleCookie()
    for line in answer.raw.headers.getlist("Set-Cookie"):
        given.load(line)
    return {name: one.value for name, one in given.items()}


def _field(tag: str) -> tuple[str, str]:
    has = dict(_ATTRIBUTE.findall(tag))
    return has["name"], unescape(has.get("value", ""))


def link_in(message: Bubble, part: str) -> str:
    """The link of a message whose address has this part. Raises DemoFailed."""
    found = re.search(rf"https?://\S*{re.escape(part)}\S+", message["text"])
    if found is None:
        raise DemoFailed(f"no link to {part} in: {message['text'][:200]}")
    return found[0]
