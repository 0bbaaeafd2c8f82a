"""Conversations with RT heads and neighbours in tests: what somebody writes, and what he is sent, worded."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from notify.texts import numbered, render
from tests.support.services import InProcess
from tests.support.tokens import BUKIT_SANGKAL
from tests.support.verification import told_of


def worded(data: dict[str, Any], language: str = "id") -> str:
    """The text of a message that was asked for. Raises TextError where a value is missing."""
    person = data["person"]
    options = {"options": numbered(person["options"])} if person.get("options") else {}
    return render(data["template"], language, {"name": "", **person["values"], **options})


@dataclass
class Phone:
    """Somebody's phone: `writes` sends, and gives the messages that it got since the last time."""

    verification: InProcess
    number: str
    contact_id: UUID = field(default_factory=uuid4)
    seen: int = 0
    all: list[dict[str, Any]] = field(default_factory=list)

    def writes(
        self, text: str = "", *, choice: str | None = None, replies_to: Any = None, phone: str | None = "",
        tenant: str = BUKIT_SANGKAL, **more: Any,
    ) -> list[dict[str, Any]]:  # fmt: skip
        """Sends a message; what came back."""
        self.got()
        self.verification.apply(self.message(text, choice=choice, replies_to=replies_to, phone=phone, tenant=tenant,
                                             **more))  # fmt: skip
        return self.got()

    def message(
        self, text: str = "", *, choice: str | None = None, replies_to: Any = None, phone: str | None = "",
        tenant: str = BUKIT_SANGKAL, **more: Any,
    ) -> Any:  # fmt: skip
        """What notify tells of it."""
        number = self.number if phone == "" else phone
        person = {"from": {"name": "Zen", "phone": number}, "text": text, "choice": choice}
        told = {
            "message_id": str(uuid4()), "kelurahan": tenant, "channel": "whatsapp", "recipient": "verification",
            "received_at": self.verification.clock.now().isoformat(), "contact_id": str(self.contact_id),
            "kind": "choice" if choice else "text", "replies_to": str(replies_to) if replies_to else None,
            "person": person, **more,
        }  # fmt: skip
        return self.verification.make_event("message.received", told, subject=told["message_id"], tenant=tenant)

    def got(self) -> list[dict[str, Any]]:
        """Messages that came since the last time, each worded in both languages."""
        mine = [
            one for one in told_of(self.verification, "message.requested")
            if str(one["contact_id"]) == str(self.contact_id)
            or (one["contact_id"] is None and one["person"]["to"].get("phone") == self.number)
        ]  # fmt: skip
        new, self.seen = mine[self.seen :], len(mine)
        for one in new:
            assert all(worded(one, language).strip() for language in ("id", "en"))
        self.all += new
        return new

    def last(self) -> dict[str, Any]:
        """The newest message of all."""
        self.got()
        return self.all[-1]

    def presses(self, message: dict[str, Any], number: int) -> list[dict[str, Any]]:
        """The button with that number of a message."""
        option = message["person"]["options"][number - 1]
        return self.writes(option["title"], choice=option["id"], replies_to=message["message_id"])


def templates(messages: list[dict[str, Any]]) -> list[str]:
    """Which messages these are."""
    return [one["template"] for one in messages]


def a_head(verification: InProcess, rw: str, number: str, *, rt: str | None = None, confirmed: bool = True) -> str:
    """A fresh RT of an RW with a head who has that number; its RT."""
    rt = rt or f"{len(verification.rows('SELECT 1 FROM neighbourhood WHERE rw = %s', [rw])) + 1:03d}"
    assert verification.call("PUT", f"/v1/neighbourhoods/{rw}/{rt}", "administrator", json={}).status_code in (200, 201)
    enter(verification, role="rt_head", rw=rw, rt=rt, name="M. Yusuf Effendi", phone=number)
    if confirmed:
        confirm(verification)
    return rt


def enter(verification: InProcess, **holder: Any) -> str:
    """Somebody takes office; his id."""
    sent = {"from_date": "2026-01-01"} | holder
    made = verification.call("POST", "/v1/officeholders", "administrator", json=sent)
    assert made.status_code == 201, made.get_json()
    return str(made.get_json()["id"])


def confirm(verification: InProcess) -> None:
    """All officeholders have confirmed their numbers."""
    with verification.deps.db.transaction("*") as tx:
        tx.execute("UPDATE officeholder SET phone_confirmed_at = %s", [verification.clock.now()])
