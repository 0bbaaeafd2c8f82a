"""What notify needs from its environment, besides what every service needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from environs import FileAwareEnv, ValidationError
from marshmallow.validate import OneOf, Range

from contracts.messages import WAYS, Rules
from kit import settings
from notify.domain import channels
from notify.domain.channels import Offices
from notify.domain.policy import Prices, prices

USUAL_PRICES = "utility=357,service=357,authentication=357"
"""Rupiah, as they are heard of; an office writes down those of its own contract."""


def _channels(value: list[str]) -> None:
    if not value or len(set(value)) < len(value) or not set(value) <= set(channels.NAMES):
        raise ValidationError(f"must be some of {', '.join(channels.NAMES)}, each once, with commas between")


def _prices(value: str) -> None:
    try:
        prices(value)
    except ValueError as error:
        raise ValidationError(str(error)) from error


def _offices(value: str) -> None:
    try:
        channels.offices(value)
    except ValueError as error:
        raise ValidationError(str(error)) from error


def _one_office_each(value: str) -> None:
    _offices(value)
    if any(len(several) > 1 for several in channels.offices(value).values()):
        raise ValidationError("must name one kelurahan for each")


@dataclass(frozen=True)
class Settings(settings.Settings):
    """`channels` are the ways to people in the order of preference; the first is the usual one."""

    channels: list[str]
    send_attempts: int
    feed_days: int
    feed_waiters: int
    s3_endpoint_url: str
    s3_access_key: str
    s3_secret_key: str
    s3_bucket: str
    whatsapp_url: str
    whatsapp_token: str
    whatsapp_auth_header: str
    whatsapp_app_secret: str
    whatsapp_verify_token: str
    whatsapp_numbers: str
    whatsapp_documents_by: str
    whatsapp_letters_by: str
    whatsapp_per_second: float
    whatsapp_media_hosts: list[str]
    whatsapp_prices: str
    whatsapp_budget: int
    waha_url: str
    waha_api_key: str
    waha_hmac_key: str
    waha_sessions: str
    waha_documents_by: str
    waha_letters_by: str
    smtp_url: str
    mail_from: str

    @cached_property
    def offices(self) -> Mapping[str, Offices]:
        """By channel: whose each number of ours (or session) is, by what the channel calls it."""
        return {"whatsapp": channels.offices(self.whatsapp_numbers), "waha": channels.offices(self.waha_sessions)}

    @property
    def prices(self) -> Prices:
        """What a message of each category costs."""
        return prices(self.whatsapp_prices)

    def rules(self, channel: str) -> Rules:
        """What may be asked and sent on a channel of that name."""
        usual = channels.RULES[channel]
        if channel not in ("whatsapp", "waha"):
            return usual
        documents_by = getattr(self, f"{channel}_documents_by") or usual.documents_by
        letters_by = getattr(self, f"{channel}_letters_by") or usual.letters_by
        return Rules(documents_by, letters_by, usual.numbers)

    @classmethod
    def values(cls, env: FileAwareEnv) -> dict[str, Any]:
        return super().values(env) | _of_notify(env) | _of_whatsapp(env) | _of_waha(env) | _of_mail(env)

    @classmethod
    def mistakes(cls, values: dict[str, Any]) -> list[str]:
        return super().mistakes(values) + channels.mistakes(values) + _too_many_waiters(values)


def _too_many_waiters(values: dict[str, Any]) -> list[str]:
    """Whoever waits holds a thread of the web process."""
    if (values.get("feed_waiters") or 0) * 2 <= (values.get("web_threads") or 0):
        return []
    return ["FEED_WAITERS: at most half of WEB_THREADS, the others are for those who do not wait"]


def _of_notify(env: FileAwareEnv) -> dict[str, Any]:
    return {
        "channels": env.list("CHANNEL", ["mailbox"], validate=_channels),
        "send_attempts": env.int("SEND_ATTEMPTS", 8),
        "feed_days": env.int("FEED_DAYS", 45, validate=Range(30, 3650)),
        "feed_waiters": env.int("FEED_WAITERS", 16, validate=Range(0, 1000)),
        "s3_endpoint_url": env.str("S3_ENDPOINT_URL"),
        "s3_access_key": env.str("S3_ACCESS_KEY"),
        "s3_secret_key": env.str("S3_SECRET_KEY"),
        "s3_bucket": env.str("S3_BUCKET", "notify-media"),
    }


def _of_whatsapp(env: FileAwareEnv) -> dict[str, Any]:
    return {
        "whatsapp_url": env.str("WHATSAPP_URL", "https://graph.facebook.com/v26.0").rstrip("/"),
        "whatsapp_token": env.str("WHATSAPP_TOKEN", ""),
        "whatsapp_auth_header": env.str("WHATSAPP_AUTH_HEADER", "Authorization"),
        "whatsapp_app_secret": env.str("WHATSAPP_APP_SECRET", ""),
        "whatsapp_verify_token": env.str("WHATSAPP_VERIFY_TOKEN", ""),
        "whatsapp_numbers": env.str("WHATSAPP_NUMBERS", "", validate=_offices),
        "whatsapp_documents_by": env.str("WHATSAPP_DOCUMENTS_BY", "", validate=OneOf(("", *WAYS))),
        "whatsapp_letters_by": env.str("WHATSAPP_LETTERS_BY", "", validate=OneOf(("", *WAYS))),
        "whatsapp_media_hosts": env.list("WHATSAPP_MEDIA_HOSTS", ["lookaside.fbsbx.com"]),
        "whatsapp_per_second": env.float("WHATSAPP_PER_SECOND", 80),
        "whatsapp_prices": env.str("WHATSAPP_PRICES", USUAL_PRICES, validate=_prices),
        "whatsapp_budget": env.int("WHATSAPP_BUDGET", 0),
    }


def _of_waha(env: FileAwareEnv) -> dict[str, Any]:
    return {
        "waha_url": env.str("WAHA_URL", "").rstrip("/"),
        "waha_api_key": env.str("WAHA_API_KEY", ""),
        "waha_hmac_key": env.str("WAHA_HMAC_KEY", ""),
        "waha_sessions": env.str("WAHA_SESSIONS", "", validate=_one_office_each),
        "waha_documents_by": env.str("WAHA_DOCUMENTS_BY", "", validate=OneOf(("", *WAYS))),
        "waha_letters_by": env.str("WAHA_LETTERS_BY", "", validate=OneOf(("", *WAYS))),
    }


def _of_mail(env: FileAwareEnv) -> dict[str, Any]:
    return {"smtp_url": env.str("SMTP_URL", ""), "mail_from": env.str("MAIL_FROM", "")}
