"""Ways to people: which there are, what may be asked and sent on each, whose a number of ours is, and what each needs
to be told."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from ipaddress import ip_address
from typing import Any
from urllib.parse import SplitResult, urlsplit

from contracts.messages import Rules

NAMES = ("mailbox", "whatsapp", "waha", "email")
RULES: Mapping[str, Rules] = {
    "mailbox": Rules(documents_by="link", letters_by="link", numbers=True),
    "whatsapp": Rules(documents_by="link", letters_by="link", numbers=False),
    "waha": Rules(documents_by="chat", letters_by="chat", numbers=True),
    "email": Rules(documents_by="link", letters_by="link", numbers=False),
}
"""Where no setting says otherwise. Meta's policy wants no numbers of identity cards in a chat on the Cloud API."""

Offices = Mapping[str, tuple[str, ...]]
"""What a provider calls a number of ours, and whose it is: several kelurahan share one."""

_CODE = re.compile(r"\d\d\.\d\d\.\d\d\.\d{4}")
_NEEDS: Mapping[str, tuple[str, ...]] = {
    "whatsapp": ("whatsapp_token", "whatsapp_app_secret", "whatsapp_verify_token", "whatsapp_numbers"),
    "waha": ("waha_url", "waha_api_key", "waha_hmac_key", "waha_sessions"),
    "email": ("smtp_url", "mail_from"),
}
_HEADER = re.compile(r"[A-Za-z0-9-]{1,64}")
_ADDRESS = re.compile(r"[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+")
_NAMED_ADDRESS = re.compile(rf"{_ADDRESS.pattern}|[^<>\r\n]+ <{_ADDRESS.pattern}>")


def offices(text: str) -> Offices:
    """From `<number>=<kelurahan>[+<kelurahan>…],…`. Raises ValueError."""
    found: dict[str, tuple[str, ...]] = {}
    for entry in filter(None, (part.strip() for part in text.split(","))):
        name, _, rest = entry.partition("=")
        codes = tuple(code.strip() for code in rest.split("+"))
        if not name.strip() or not all(_CODE.fullmatch(code) for code in codes) or len(set(codes)) < len(codes):
            raise ValueError(
                "must be number=16.71.10.1001, with commas between, and + between kelurahan that share one"
            )
        if name.strip() in found:
            raise ValueError("must name each number once")
        found[name.strip()] = codes
    return found


def number_of(numbers: Offices, kelurahan: str, wanted: str | None) -> str | None:
    """Which of our numbers speaks for an office: the one that is wanted, where it does, else its first."""
    speaking = [number for number, offices in numbers.items() if kelurahan in offices]
    return wanted if wanted in speaking else next(iter(speaking), None)


def token_header(header: str, token: str) -> dict[str, str]:
    """How a provider wants the token: `Authorization` bears it, any other header has it bare."""
    return {header: f"Bearer {token}" if header.lower() == "authorization" else token}


def mistakes(values: Mapping[str, Any]) -> list[str]:
    """What the settings of the channels lack or must not be, a sentence each."""
    used = values.get("channels") or []
    found = [
        f"{name.upper()}: is needed with CHANNEL={channel}"
        for channel in used
        for name in _NEEDS.get(channel, ())
        if not values.get(name)
    ]
    found += [sentence for wrong, sentence in _FORMS if wrong(values)]
    if values.get("environment") == "production":
        found += _mistakes_of_production(values, used)
    return found


_FORMS: tuple[tuple[Callable[[Mapping[str, Any]], bool], str], ...] = (
    (lambda v: not 1 <= (v.get("send_attempts") or 0) <= 50, "SEND_ATTEMPTS: from 1 to 50"),
    (lambda v: not 0 < (v.get("whatsapp_per_second") or 0) <= 1000, "WHATSAPP_PER_SECOND: more than 0, at most 1000"),
    (lambda v: not _HEADER.fullmatch(v.get("whatsapp_auth_header") or ""), "WHATSAPP_AUTH_HEADER: a header's name"),
    (lambda v: not _web(v.get("whatsapp_url") or ""), "WHATSAPP_URL: an address that begins with https://"),
    (lambda v: bool(v.get("waha_url")) and not _web(v["waha_url"]), "WAHA_URL: an address that begins with http"),
    (lambda v: bool(v.get("smtp_url")) and not _smtp(v["smtp_url"]), "SMTP_URL: smtp://user:pass@host:port"),
    (
        lambda v: bool(v.get("mail_from")) and not _NAMED_ADDRESS.fullmatch(v["mail_from"]),
        "MAIL_FROM: an address, or a name and the address in <>",
    ),
)


def _mistakes_of_production(values: Mapping[str, Any], used: list[str]) -> list[str]:
    found = []
    if "mailbox" in used:
        found.append("CHANNEL: the mailbox only keeps messages, it reaches nobody; production needs a real channel")
    if "whatsapp" in used and _web(values.get("whatsapp_url") or "") and not _real(urlsplit(values["whatsapp_url"])):
        found.append("WHATSAPP_URL: production speaks to WhatsApp itself, by TLS, and to no simulator")
    return found


def _web(address: str) -> bool:
    found = _split(address)
    return found is not None and found.scheme in ("https", "http") and not found.query and "@" not in found.netloc


def _smtp(address: str) -> bool:
    found = _split(address)
    return found is not None and found.scheme in ("smtp", "smtps")


def _split(address: str) -> SplitResult | None:
    """The parts of an address with a host and a port that can be one; None for anything else."""
    try:
        found = urlsplit(address)
        return found if found.hostname and found.port != 0 else None
    except ValueError:
        return None


def _real(address: SplitResult) -> bool:
    """Not a server of our own: by TLS, and at an address of the public internet where it is written as a number."""
    host = address.hostname or ""
    try:
        public = ip_address(host).is_global
    except ValueError:
        public = "." in host and not host.endswith((".localhost", ".local", ".internal"))
    return address.scheme == "https" and public
