"""A person's phone in a conversation with intake: what he sends, and what comes, worded as notify words it.

    phone.plays('''
        > halo
        < talk_service: Layanan apa yang Anda perlukan?
        > 2
        < talk_whom: Pengantar KTP-el
    ''')

A line `<` names the template, and words that must be in the text; `<` alone means that nothing comes. `<<` is another
message to the same words. Lines between them are for readers.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from notify.texts import numbered, render
from tests.support.services import InProcess
from tests.support.tokens import BUKIT_SANGKAL

LINK = {"documents_by": "link", "letters_by": "link", "numbers": False}
CHAT = {"documents_by": "chat", "letters_by": "chat", "numbers": True}


@dataclass
class Phone:
    """Somebody who writes. `heard` are all turns that came, oldest first."""

    intake: InProcess
    name: str = "Siti"
    number: str | None = "+6281271000071"
    rules: dict[str, Any] = field(default_factory=lambda: dict(LINK))
    kelurahan: str = BUKIT_SANGKAL
    contact: UUID = field(default_factory=uuid4)
    heard: list[dict[str, Any]] = field(default_factory=list)

    def sends(self, text: str = "", **more: Any) -> list[dict[str, Any]]:
        """One message; the turns that answer it. `message_id` sends one again, `choice`, `kind`, `file`, `problem`,
        `replies_to` are the event's."""
        choice = more.pop("choice", None)
        message_id = str(more.pop("message_id", uuid4()))
        data = {
            "message_id": message_id, "kelurahan": self.kelurahan, "channel": "mailbox", "recipient": "intake",
            "received_at": self.intake.clock.now().isoformat(), "contact_id": str(self.contact), "kind": "text",
            "rules": self.rules,
            "person": {"from": {"name": self.name, "phone": self.number}, "text": text, "choice": choice},
        }  # fmt: skip
        before = self._last()
        self.intake.feed("message.received", data | more, subject=message_id, tenant=self.kelurahan)
        return self._since(before)

    def photo(self, caption: str = "", content: bytes = b"", **more: Any) -> list[dict[str, Any]]:
        """A photo; it is answered when the burst is over (`quiet`)."""
        return self.sends(caption, kind="photo", file=self.stored(content, **more))

    def stored(self, content: bytes, media_type: str = "image/jpeg") -> dict[str, Any]:
        """Puts bytes where notify does."""
        return self.intake.handed_by("notify", f"incoming/{uuid4()}", content, media_type) | {"name": None}

    def quiet(self) -> list[dict[str, Any]]:
        """Eight seconds go by; the turns that come then."""
        before = self._last()
        with self.intake.deps.db.transaction("*") as tx:
            tx.execute("UPDATE job SET run_at = clock_timestamp() WHERE run_at > clock_timestamp()")
        self.intake.work()
        return self._since(before)

    def plays(self, transcript: str) -> None:
        """Sends and expects what the transcript says."""
        waiting: list[dict[str, Any]] = []
        for number, line in enumerate(transcript.strip().splitlines(), 1):
            mark, _, rest = line.strip().partition(" ")
            if mark in (">", ">>>"):
                assert waiting == [], f"before line {number} more came: {texts(waiting)}"
                waiting = self.sends(rest) if mark == ">" else self.sends(choice=rest)
            elif mark.startswith("<"):
                if not rest:
                    assert waiting == [], f"line {number}: {texts(waiting)}"
                    continue
                assert waiting, f"line {number}: nothing came, and not {rest}"
                template, _, words = rest.partition(": ")
                turn = waiting.pop(0)
                assert turn["template"] == template, f"line {number}: {turn['template']}: {turn['text']}"
                assert words in turn["text"], f"line {number}: {turn['text']}"
        assert waiting == [], f"at the end more came: {texts(waiting)}"

    def _last(self) -> int:
        return len(self.intake.told("message.requested"))

    def _since(self, before: int) -> list[dict[str, Any]]:
        found = [
            worded(event["data"])
            for event in self.intake.told("message.requested")[before:]
            if event["data"]["contact_id"] == self.contact
        ]
        self.heard += found
        return found


def worded(data: dict[str, Any]) -> dict[str, Any]:
    """A message with its text, as notify would send it."""
    person = data["person"]
    options = person.get("options") or []
    values = {"name": person["to"]["name"]} | person["values"]
    values |= {"options": numbered(options)} if options else {}
    text = render(data["template"], person["to"].get("language") or "id", values)
    return data | {"text": text, "options": options}


def texts(turns: list[dict[str, Any]]) -> str:
    return "\n".join(f"{one['template']}: {one['text']}" for one in turns)
