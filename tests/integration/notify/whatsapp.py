"""WhatsApp's requests to a service in this process, and what it told of them."""

from __future__ import annotations

from typing import Any

from tests.support import whatsapp
from tests.support.services import InProcess

WEBHOOK = "/v1/whatsapp/webhook"


def deliver(notify: InProcess, told: Any, **headers: str) -> Any:
    """Sends a request as WhatsApp does: bytes, signed as they are."""
    body = told if isinstance(told, bytes) else whatsapp.encoded(told)
    signed = {"X-Hub-Signature-256": whatsapp.signature(body), "Content-Type": "application/json"} | headers
    return notify.call("POST", WEBHOOK, data=body, headers=signed)


def receive(notify: InProcess, *messages: dict[str, Any], **more: Any) -> None:
    """Messages in one change, and what there is to be done with them."""
    answer = deliver(notify, whatsapp.payload(whatsapp.change(*messages, **more)))
    assert answer.status_code == 200, answer.text
    notify.work(most=1000)


def heard(notify: InProcess, since: int = 0) -> list[dict[str, Any]]:
    """What the services were told that people sent."""
    return [row["data"] for row in notify.told("message.received")][since:]


def texts(notify: InProcess, since: int = 0) -> list[str]:
    return [data["person"]["text"] for data in heard(notify, since)]


def count(notify: InProcess, table: str) -> int:
    [row] = notify.rows(f"SELECT count(*) AS n FROM {table}")
    return int(row["n"])
