"""What WAHA sends is taken once, when it is signed; a phone that is not connected is one alarm."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
import structlog

from notify.domain.channels import RULES
from notify.usecases import webhooks
from tests.integration.notify.story import KELURAHAN, PHONE, Story
from tests.support.services import InProcess
from tests.support.whatsapp import SESSION, WAHA_KEY, signature_of_waha

PATH = "/v1/whatsapp/waha"


@pytest.fixture(autouse=True)
def waha(notify: InProcess) -> Iterator[None]:
    before = notify.deps.settings
    for table in ("outage", "incoming", "contact_consent", "contact"):
        notify.rows(f"DELETE FROM {table} RETURNING 1")
    yield
    notify.deps.settings = before


def post(notify: InProcess, event: str, payload: dict[str, Any], *, key: str = WAHA_KEY, session: str = SESSION) -> Any:
    told = {"event": event, "session": session, "engine": "NOWEB", "payload": payload}
    body = json.dumps(told, ensure_ascii=False, indent=1).encode()
    return send(notify, body, signature_of_waha(body, key))


def send(notify: InProcess, body: bytes, signature: str) -> Any:
    headers = {"Content-Type": "application/json"} | ({"X-Webhook-Hmac": signature} if signature else {})
    return notify.call("POST", PATH, data=body, headers=headers)


def message(text: str = "halo é @ 🙏", **more: Any) -> dict[str, Any]:
    return {
        "id": f"false_{PHONE[1:]}@c.us_{uuid4().hex}", "timestamp": int(time.time()), "from": f"{PHONE[1:]}@c.us",
        "fromMe": False, "source": "app", "body": text, "hasMedia": False, "_data": {"notifyName": "Rohana"},
    } | more  # fmt: skip


def received(notify: InProcess) -> list[dict[str, Any]]:
    return [
        row["data"] for row in notify.told("message.received") if row["data"]["channel"] == "waha"
    ]  # fmt: skip


def test_the_vector_of_the_documentation_is_right() -> None:
    body = b'{"event":"message","session":"default","engine":"WEBJS"}'
    said = (
        "208f8a55dde9e05519e898b10b89bf0d0b3b0fdf11fdbf09b6b90476301b98d8097c462b2b17a6ce93b6b47a136cf2e78a33a63f6752c2c1"
        "631777076153fa89"
    )
    assert webhooks.signed("my-secret-key", body, f"sha512={said}", "sha512")
    assert not webhooks.signed("my-secret-key", body + b" ", f"sha512={said}", "sha512")


def test_a_message_is_taken_once_and_told_with_the_rules_of_the_channel(notify: InProcess) -> None:
    told, before = message(), len(received(notify))
    for event in ("message", "message.any", "message"):
        assert post(notify, event, told).json == {"found": 1}
    notify.work()
    [one] = received(notify)[before:]
    assert (one["person"]["text"], one["person"]["from"]["phone"]) == ("halo é @ 🙏", PHONE)
    assert one["rules"]["documents_by"] == RULES["waha"].documents_by == "chat"


def test_a_forged_one_is_refused_and_leaves_nothing(notify: InProcess) -> None:
    before = len(notify.rows("SELECT 1 FROM webhook"))
    assert post(notify, "message", message(), key="another").status_code == 401
    assert send(notify, b"{}", "").status_code == 401
    body = json.dumps({"event": "message", "session": SESSION, "payload": message()}).encode()
    right = signature_of_waha(body)
    assert send(notify, body.replace(b"halo", b"hala"), right).status_code == 401
    assert len(notify.rows("SELECT 1 FROM webhook")) == before
    assert send(notify, body, right).status_code == 200


def test_without_a_key_there_is_no_such_address(notify: InProcess) -> None:
    notify.deps.settings = replace(notify.deps.settings, waha_hmac_key="")
    assert post(notify, "message", message()).status_code == 404


def test_stop_ends_it_also_where_the_cloud_api_would_write(notify: InProcess, story: Story) -> None:
    post(notify, "message", message("STOP"))
    notify.work()
    assert [row["medium"] for row in notify.rows("SELECT medium FROM contact_consent")] == ["whatsapp"]


def test_what_the_office_writes_from_its_phone_silences_us(notify: InProcess) -> None:
    own = message("Ibu, besok saya di kantor", fromMe=True, to=f"{PHONE[1:]}@c.us")
    own["id"] = own["id"].replace("false_", "true_")
    post(notify, "message.any", own)
    post(notify, "message.any", own | {"source": "api"})
    notify.work()
    [row] = notify.rows("SELECT answered_until FROM contact")
    assert row["answered_until"] is not None


def test_a_phone_that_is_not_connected_is_one_alarm_and_ends_it_by_itself(notify: InProcess) -> None:
    with structlog.testing.capture_logs() as logs:
        for status in ("SCAN_QR_CODE", "FAILED", "SCAN_QR_CODE"):
            post(notify, "session.status", {"status": status})
            notify.work()
    assert [one["event"] for one in logs if one["log_level"] == "error"] == ["messages do not go out"]
    [outage] = notify.rows("SELECT kelurahan, sender, parked FROM outage")
    assert (outage["kelurahan"], outage["sender"], outage["parked"]) == (KELURAHAN, SESSION, True)
    post(notify, "session.status", {"status": "WORKING"})
    notify.work()
    assert notify.rows("SELECT 1 FROM outage") == []


def test_a_session_that_nobody_set_is_kept_until_somebody_decides(notify: InProcess) -> None:
    before = len(received(notify))
    assert post(notify, "message", message(), session="lain").status_code == 200
    notify.work()
    [row] = notify.rows("SELECT state, reason FROM arrival ORDER BY number DESC LIMIT 1")
    assert (row["state"], row["reason"]) == ("failed", "unknown_number") and len(received(notify)) == before
