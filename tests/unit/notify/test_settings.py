"""Channels are configured as a whole, and whoever starts notify hears of all mistakes at once."""

from __future__ import annotations

from typing import Any

import pytest

from contracts.messages import Rules
from kit.settings import SettingsError
from notify.domain.channels import offices
from notify.settings import Settings

USUAL = {
    "DATABASE_URL": "postgresql://notify@127.0.0.1/notify", "AMQP_URL": "amqp://127.0.0.1", "EVENT_KEYS": "k",
    "DATA_KEYS": "k", "TOKEN_PUBLIC_KEYS": "{}", "S3_ENDPOINT_URL": "http://127.0.0.1:9000", "S3_ACCESS_KEY": "a",
    "S3_SECRET_KEY": "s",
}  # fmt: skip
WHATSAPP = {
    "WHATSAPP_TOKEN": "t", "WHATSAPP_APP_SECRET": "s", "WHATSAPP_VERIFY_TOKEN": "v",
    "WHATSAPP_NUMBERS": "106540352242922=16.71.10.1001",
}  # fmt: skip


def read(monkeypatch: pytest.MonkeyPatch, **more: str) -> Any:
    for name in ("CHANNEL", "ENVIRONMENT"):
        monkeypatch.delenv(name, raising=False)
    for name, value in (USUAL | more).items():
        monkeypatch.setenv(name, value)
    return Settings.read()


def mistakes(monkeypatch: pytest.MonkeyPatch, **more: str) -> str:
    with pytest.raises(SettingsError) as error:
        read(monkeypatch, **more)
    return str(error.value)


def test_the_mailbox_needs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read(monkeypatch).channels == ["mailbox"]


def test_channels_keep_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read(monkeypatch, CHANNEL="whatsapp,mailbox", **WHATSAPP).channels == ["whatsapp", "mailbox"]


@pytest.mark.parametrize("value", ["telegram", "mailbox,mailbox", "mailbox,,whatsapp"])
def test_a_channel_that_is_none_is_a_mistake(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    assert "CHANNEL: must be some of mailbox, whatsapp" in mistakes(monkeypatch, CHANNEL=value, **WHATSAPP)


def test_all_that_channels_lack_is_said_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    said = mistakes(monkeypatch, CHANNEL="whatsapp,waha,email", SEND_ATTEMPTS="0", WHATSAPP_URL="graph")
    for name in (*WHATSAPP, "WAHA_URL", "WAHA_HMAC_KEY", "WAHA_SESSIONS", "SMTP_URL", "MAIL_FROM", "SEND_ATTEMPTS",
                 "WHATSAPP_URL"):  # fmt: skip
        assert f"- {name}: " in said, name


@pytest.mark.parametrize(
    ("name", "value"),
    [("WHATSAPP_NUMBERS", "1=Bukit Sangkal"), ("WHATSAPP_NUMBERS", "1=16.71.10.1001,1=16.71.10.1002"),
     ("WAHA_SESSIONS", "a=16.71.10.1001+16.71.10.1002"), ("WHATSAPP_LETTERS_BY", "post"),
     ("WHATSAPP_AUTH_HEADER", "X Key"), ("SMTP_URL", "mail.contoh.id"), ("MAIL_FROM", "kelurahan"),
     ("WHATSAPP_PER_SECOND", "0"), ("WAHA_URL", "waha:3000")],
)  # fmt: skip
def test_what_is_written_wrong_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    assert f"- {name}: " in mistakes(monkeypatch, **{name: value})


def test_kelurahan_can_share_a_number() -> None:
    assert offices("1=16.71.10.1001+16.71.10.1002, 2=16.71.10.1003") == {
        "1": ("16.71.10.1001", "16.71.10.1002"), "2": ("16.71.10.1003",),
    }  # fmt: skip


def test_a_setting_changes_the_rules_of_a_channel(monkeypatch: pytest.MonkeyPatch) -> None:
    found = read(monkeypatch, WHATSAPP_LETTERS_BY="chat")
    assert found.rules("whatsapp") == Rules(documents_by="link", letters_by="chat", numbers=False)
    assert found.rules("waha") == Rules(documents_by="chat", letters_by="chat", numbers=True)
    assert found.rules("mailbox") == Rules(documents_by="link", letters_by="link", numbers=True)


@pytest.mark.parametrize(
    "url", ["http://graph.facebook.com/v26.0", "https://127.0.0.1:9100/v26.0", "https://simulator"]
)
def test_production_refuses_a_simulator(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    production = {"ENVIRONMENT": "production", "CHANNEL": "whatsapp"} | WHATSAPP
    assert "WHATSAPP_URL: production" in mistakes(monkeypatch, WHATSAPP_URL=url, **production)
    assert read(monkeypatch, WHATSAPP_URL="https://waba-v2.360dialog.io", **production).production
    assert read(monkeypatch, **production | {"ENVIRONMENT": "development"}, WHATSAPP_URL=url)


def test_production_refuses_the_mailbox_even_behind_another(monkeypatch: pytest.MonkeyPatch) -> None:
    said = mistakes(monkeypatch, ENVIRONMENT="production", CHANNEL="whatsapp,mailbox", **WHATSAPP)
    assert "CHANNEL: the mailbox" in said
