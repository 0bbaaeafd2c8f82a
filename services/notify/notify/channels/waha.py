"""WhatsApp by WAHA, a gateway that an office runs itself. It speaks as a phone would: texts and files, no buttons, no
lists, no templates."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

from contracts.messages import Rules
from kit import outgoing
from kit.objects import ObjectStore
from kit.outgoing import Answer, NotReached, OutcomeUnknown, Refused
from notify.channels import Capability, Channel, Limits, Outgoing, Receipt
from notify.channels.files import whole
from notify.domain.channels import Offices, number_of
from notify.domain.failures import PAIR_GAP, NotSent, Remedy, Unclear
from notify.domain.waha import address_of, name_of

_MESSAGE = outgoing.Limits(within=45, largest=1_000_000)
_PICTURES = frozenset({"image/jpeg", "image/png"})
_PER_SECOND = 0.5
"""A number that writes faster than people do is closed by WhatsApp."""
_REMEDIES: Mapping[int, Remedy] = {401: "park", 403: "park", 404: "park", 422: "park", 400: "wrong", 413: "wrong"}
"""By the status of an answer: 404 and 422 are about the session, which is not there or not connected to a phone."""


class Waha(Channel):
    """`sessions` says which session speaks for whom."""

    name = "waha"
    capabilities: frozenset[Capability] = frozenset({"text", "document", "chat"})
    limits = Limits(file=10_000_000)
    gap = PAIR_GAP
    per_second = _PER_SECOND

    def __init__(
        self, http: outgoing.Outgoing, objects: ObjectStore, url: str, key: str, sessions: Offices, rules: Rules
    ) -> None:
        self._http, self._objects, self._url, self._sessions = http, objects, url, sessions
        self._headers = {"X-Api-Key": key, "Content-Type": "application/json", "Accept": "application/json"}
        self.rules = rules

    def sender(self, kelurahan: str, written_to: str | None = None) -> str | None:
        return number_of(self._sessions, kelurahan, written_to)

    def reaches(self, person: Mapping[str, Any]) -> bool:
        return address_of(person.get("phone"), person.get("user_id")) is not None

    def send(self, message: Outgoing) -> Receipt:
        to = address_of(message.phone, message.user_id)
        if to is None:
            raise NotSent("elsewhere", "nobody whom WhatsApp knows")
        verb, content = self._content(message)
        body = {"session": message.sender, "chatId": to} | content
        try:
            answer = self._http.send(
                "POST", f"{self._url}/api/{verb}", _MESSAGE, body=json.dumps(body).encode(), headers=self._headers
            )
        except OutcomeUnknown as error:
            raise Unclear(error.reason) from error
        except (NotReached, Refused) as error:
            raise NotSent("retry", error.reason) from error
        return _receipt(answer)

    def _content(self, message: Outgoing) -> tuple[str, dict[str, Any]]:
        if message.kind != "file" or not message.file:
            return "sendText", {"text": message.text, "linkPreview": False}
        file = message.file
        data = base64.b64encode(whole(self._objects, file)).decode()
        sent = {"mimetype": file["type"], "filename": file.get("name") or "berkas", "data": data}
        return "sendImage" if file["type"] in _PICTURES else "sendFile", {"file": sent, "caption": message.text}


def _receipt(answer: Answer) -> Receipt:
    """What WAHA calls the message, for the receipts that follow."""
    if answer.status in (502, 504):
        raise Unclear(f"a server on the way answered {answer.status}")
    if not 200 <= answer.status < 300:
        raise NotSent(_REMEDIES.get(answer.status, "retry"), f"WAHA HTTP {answer.status}")
    try:
        name = name_of(json.loads(answer.body))
    except ValueError:
        name = ""
    if not name:
        raise Unclear("an answer that names no message")
    return Receipt("sent", name)
