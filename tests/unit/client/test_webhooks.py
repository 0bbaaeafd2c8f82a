"""The client checks webhooks as the library of Standard Webhooks does."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from standardwebhooks import Webhook, WebhookVerificationError

from contracts.feed import PUBLIC, example_of
from notify.domain.signatures import Secret, new_secret
from notify.domain.signatures import headers as signs
from pengantar_client import WebhookRefused, Webhooks

OURS, OTHER = (new_secret().text for _ in range(2))
BODY = json.dumps(example_of(PUBLIC["letter.issued"]), default=str).encode()


def signed(body: bytes = BODY, secret: str = OURS, age: float = 0, id_: str = "acara-1") -> dict[str, str]:
    """By the library."""
    at = datetime.now(UTC) - timedelta(seconds=age)
    signature = Webhook(secret).sign(id_, at, body.decode())
    return {"Webhook-Id": id_, "Webhook-Timestamp": str(int(at.timestamp())), "Webhook-Signature": signature}


def test_what_the_library_signed_is_taken_and_read() -> None:
    event = Webhooks(OURS).event(BODY, signed())
    assert event.type == "letter.issued" and event.letter_issued is not None


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])), st.binary(min_size=24, max_size=64), st.uuids())
@settings(max_examples=100, deadline=None)
def test_client_and_library_are_of_one_mind(text: str, key: bytes, id_: object) -> None:
    secret, body = "whsec_" + base64.b64encode(key).decode(), json.dumps({"kata": text}, ensure_ascii=False).encode()
    headers = signed(body, secret, id_=str(id_))
    Webhooks(secret).verify(body, headers)
    Webhook(secret).verify(body, {name.lower(): value for name, value in headers.items()})
    with pytest.raises(WebhookRefused):
        Webhooks(secret).verify(body + b" ", headers)


WRONG: dict[str, Callable[[], dict[str, str]]] = {
    "another secret": lambda: signed(secret=OTHER),
    "another body": lambda: signed(BODY + b" "),
    "another id": lambda: signed() | {"Webhook-Id": "acara-2"},
    "old": lambda: signed(age=310),
    "of the future": lambda: signed(age=-310),
    "no time": lambda: signed() | {"Webhook-Timestamp": "kemarin"},
    "another scheme": lambda: signed() | {"Webhook-Signature": signed()["Webhook-Signature"].replace("v1,", "v2,")},
    "no signature": lambda: signed() | {"Webhook-Signature": "v1"},
    "letters that no signature has": lambda: signed() | {"Webhook-Signature": "v1,é"},
    "nothing": dict,
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_not_from_us_altered_or_old_is_refused_by_both(name: str) -> None:
    headers = WRONG[name]()
    with pytest.raises(WebhookRefused):
        Webhooks(OURS).event(BODY, headers)
    with pytest.raises((WebhookVerificationError, ValueError, TypeError)):
        Webhook(OURS).verify(BODY, {name.lower(): value for name, value in headers.items()})


def test_what_the_system_signs_is_taken_with_either_secret_while_one_is_replaced() -> None:
    now = datetime.now(UTC)
    sent = signs([Secret(OTHER), Secret(OURS, now + timedelta(hours=1))], "acara-1", now, BODY)
    for secrets in ([OURS], [OTHER], [OTHER, OURS]):
        Webhooks(*secrets).verify(BODY, sent)
    Webhooks(new_secret().text, OURS).verify(BODY, signed())


def test_a_signed_body_that_is_no_event_is_refused() -> None:
    with pytest.raises(WebhookRefused):
        Webhooks(OURS).event(b"[]", signed(b"[]"))


@pytest.mark.parametrize("secrets", [[], ["whsec_!"], [""]])
def test_without_a_usable_secret_nothing_is_begun(secrets: list[str]) -> None:
    with pytest.raises(ValueError):
        Webhooks(*secrets)
