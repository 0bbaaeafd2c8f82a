"""A case as intake, verification and documents tell it: the contracts' examples, under ids of its own."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

from contracts import contract
from tests.support.services import InProcess

KELURAHAN = "16.71.10.1001"
PHONE = "+6281271000072"
HEAD_PHONE = "+6281200000023"
_CASE = contract("application.opened").example["application_id"]
_LETTER = contract("letter.issued").example["letter_id"]
_MESSAGE = contract("message.requested").example["message_id"]


class Story:
    """One case; `tell` feeds an event about it."""

    def __init__(self, notify: InProcess) -> None:
        self.notify = notify
        self.case, self.letter = str(uuid4()), str(uuid4())
        self.handover = str(uuid4())
        self.issued: list[str] = []
        """Letters that were told of."""

    def example(self, event_type: str, **changes: Any) -> dict[str, Any]:
        text = json.dumps(contract(event_type).example)
        data: dict[str, Any] = json.loads(text.replace(_CASE, self.case).replace(_LETTER, self.letter))
        if "handover_id" in data:
            data |= {"handover_id": self.handover, "letters": list(self.issued)}
        return data | changes

    def tell(self, event_type: str, *, sequence: int | None = None, **changes: Any) -> None:
        data = self.example(event_type, **changes)
        subject = {"letter": self.letter, "handover": self.handover}.get(event_type.split(".")[0], self.case)
        if event_type == "letter.issued":
            self.issued.append(data["letter_id"])
        self.notify.feed(event_type, data, subject=subject, sequence=sequence)

    def ask(self, template: str = "attestation_request", *, source: str = "verification", **changes: Any) -> str:
        """Another service wants a message to be sent; its id."""
        message_id = str(uuid4())
        data = self.example("message.requested", message_id=message_id, template=template) | changes
        self.notify.feed("message.requested", data, subject=message_id, source=source)
        return message_id

    def sent(self, role: str = "administrator") -> list[dict[str, Any]]:
        answer = self.notify.call("GET", f"/v1/messages?application_id={self.case}", role)
        assert answer.status_code == 200, answer.text
        items: list[dict[str, Any]] = answer.json["items"]
        return items

    def outcomes(self, event_type: str) -> list[dict[str, Any]]:
        return [row["data"] for row in self.notify.told(event_type) if str(row["data"]["application_id"]) == self.case]


def publish(notify: InProcess, kelurahan: str = KELURAHAN) -> None:
    """The office and the service of the case."""
    office, sop = contract("office.changed").example, contract("sop.published").example
    name = {KELURAHAN: office["name"]}.get(kelurahan, "Kalidoni")
    notify.feed("office.changed", office | {"kelurahan": kelurahan, "name": name}, subject=kelurahan, tenant=kelurahan)
    notify.feed("sop.published", sop | {"kelurahan": kelurahan}, subject=f"{kelurahan}/KK", tenant=kelurahan)
