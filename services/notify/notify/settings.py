"""What notify needs from its environment, besides what every service needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any

from environs import FileAwareEnv, ValidationError
from marshmallow.validate import OneOf, Range

from contracts.messages import WAYS, Rules
from kit import settings
from kit.outgoing import listed
from notify.domain import channels
from notify.domain.channels import Offices
from notify.domain.policy import Prices, prices
from notify.domain.pushing import Schedule

USUAL_PRICES = "utility=357,service=357,authentication=357,marketing=587"
"""Rupiah, as they are heard of; an office writes down those of its own contract."""


USUAL_GAPS = [5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400]
"""Seconds, as Standard Webhooks proposes them: about three days."""


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


def _hosts(value: str) -> None:
    try:
        list(listed(value))
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
    handed_buckets: list[str]
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
    push_allowed: str
    push_timeout: float
    push_gaps: list[float]
    push_suspend_after: float

    @cached_property
    def offices(self) -> Mapping[str, Offices]:
        """By channel: whose each number of ours (or session) is, by what the channel calls it."""
        return {"whatsapp": channels.offices(self.whatsapp_numbers), "waha": channels.offices(self.waha_sessions)}

    @property
    def prices(self) -> Prices:
        """What a message of each category costs."""
        return prices(self.whatsapp_prices)

    @cached_property
    def push_schedule(self) -> Schedule:
        """When an event that another system did not take is sent again."""
        return Schedule(tuple(self.push_gaps), timedelta(seconds=self.push_suspend_after))

    @cached_property
    def push_inside(self) -> frozenset[tuple[str, int | None]]:
        """Hosts on the inside that events may be sent to."""
        return frozenset(listed(self.push_allowed))

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
        return super().values(env) | _of_notify(env) | _of_whatsapp(env) | _of_waha(env) | _of_mail(env) | _of_push(env)

    @classmethod
    def mistakes(cls, values: dict[str, Any]) -> list[str]:
        return (
            super().mistakes(values) + channels.mistakes(values) + _mistakes_of_push(values) + _too_many_waiters(values)
        )


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
        "handed_buckets": env.list("HANDED_BUCKETS", ["documents-letters"]),
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


def _of_push(env: FileAwareEnv) -> dict[str, Any]:
    return {
        "push_allowed": env.str("PUSH_ALLOWED", "", validate=_hosts),
        "push_timeout": env.float("PUSH_TIMEOUT", 15),
        "push_gaps": env.list("PUSH_GAPS", USUAL_GAPS, subcast=float),
        "push_suspend_after": env.float("PUSH_SUSPEND_AFTER", 259_200),
    }


def _mistakes_of_push(values: dict[str, Any]) -> list[str]:
    gaps = values.get("push_gaps") or []
    found = []
    if not 1 <= len(gaps) <= 20 or not all(0.01 <= gap <= 604_800 for gap in gaps) or gaps != sorted(gaps):
        found.append("PUSH_GAPS: 1 to 20 growing numbers of seconds, with commas between")
    if not 1 <= (values.get("push_timeout") or 0) <= 30:
        found.append("PUSH_TIMEOUT: from 1 to 30 seconds")
    if not (values.get("push_suspend_after") or 0) > 0:
        found.append("PUSH_SUSPEND_AFTER: more than 0 seconds")
    return found
