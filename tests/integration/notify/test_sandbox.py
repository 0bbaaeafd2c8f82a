"""Messages of the office for trying reach nobody: they stay in the mailbox, whatever the channels of the others are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from contracts.sandbox import CODE
from deploy.local.stack import Stack
from tests.integration.notify.conftest import MORNING
from tests.integration.notify.story import KELURAHAN, Story, publish
from tests.support.gateway import Gateway
from tests.support.services import InProcess, in_process
from tests.support.serving import serving
from tests.support.whatsapp import ENV


@pytest.fixture(scope="module")
def gateway() -> Iterator[Gateway]:
    with serving(Gateway()) as server:
        yield server


@pytest.fixture(scope="module")
def notify(parts: Stack, gateway: Gateway) -> Iterator[InProcess]:
    """As in production: WhatsApp is the only channel, and a number of ours is even said to be this office's."""
    numbers = f"{ENV['WHATSAPP_NUMBERS']},555000111={CODE}"
    with in_process(
        parts, "notify", **ENV | {"CHANNEL": "whatsapp", "WHATSAPP_URL": gateway.url, "WHATSAPP_NUMBERS": numbers}
    ) as service:
        service.clock.at = MORNING
        for office in (KELURAHAN, CODE):
            publish(service, office)
        yield service


def tell(notify: InProcess, kelurahan: str) -> list[dict[str, Any]]:
    story = Story(notify)
    message = story.example("message.requested", message_id=story.letter, template="attestation_request")
    notify.feed(
        "message.requested", message | {"kelurahan": kelurahan}, subject=story.letter, source="verification",
        tenant=kelurahan,
    )  # fmt: skip
    notify.work()
    return notify.rows("SELECT channel, status FROM message WHERE id = %s", [story.letter])


def test_it_stays_here_and_counts_as_delivered(notify: InProcess, gateway: Gateway) -> None:
    [kept] = tell(notify, CODE)
    assert (kept["channel"], kept["status"]) == ("mailbox", "delivered") and gateway.asked == []


def test_one_of_a_real_office_goes_out(notify: InProcess, gateway: Gateway) -> None:
    [sent] = tell(notify, KELURAHAN)
    assert sent["channel"] == "whatsapp" and len(gateway.asked) == 1
    gateway.asked.clear()


def test_what_was_meant_for_another_channel_does_not_take_it(notify: InProcess, gateway: Gateway) -> None:
    story = Story(notify)
    message = story.example("message.requested", message_id=story.letter, template="attestation_request")
    notify.feed(
        "message.requested", message | {"kelurahan": CODE}, subject=story.letter, source="verification", tenant=CODE
    )
    with notify.deps.db.transaction(CODE) as tx:
        tx.execute("UPDATE message SET channel = 'whatsapp' WHERE id = %s", [story.letter])
    notify.work()
    [kept] = notify.rows("SELECT channel, status FROM message WHERE id = %s", [story.letter])
    assert kept["channel"] == "mailbox" and gateway.asked == []


def test_its_administrator_reads_them_and_enters_answers_and_no_other_office_does(notify: InProcess) -> None:
    tell(notify, CODE)
    shown = notify.call("GET", "/v1/messages", "administrator", who={"tenant": CODE}).json["items"]
    assert "•••" not in shown[-1]["text"]
    answer = {"phone": "0812-0000-0912", "text": "1"}
    for office, status in ((CODE, 201), (KELURAHAN, 409)):
        entered = notify.call("POST", "/v1/messages/incoming", "administrator", who={"tenant": office}, json=answer)
        assert entered.status_code == status, (office, entered.text)
