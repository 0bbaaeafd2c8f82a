"""What the simulator needs from its environment."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

SECRETS = ("WHATSAPP_TOKEN", "WHATSAPP_APP_SECRET", "WHATSAPP_VERIFY_TOKEN")
"""The same that the product is given: each as NAME, or in the file that NAME_FILE names."""

NUMBERS = {"100200300400501": "+62711350001"}
"""Where nothing is said: one number, of one office."""


class SettingsError(SystemExit):
    """The environment is not usable; the message says why."""


@dataclass(frozen=True)
class Settings:
    """`numbers` are the business's own, by their id; `base_url` is how those who get a media link reach this process;
    `webhook_url` is where events go, once it has shaken hands; `templates_file` has the
    message templates that are approved from the start, as they are handed in."""

    token: str
    app_secret: str
    verify_token: str
    listen: str = "127.0.0.1:8090"
    base_url: str = ""
    webhook_url: str = ""
    templates_file: str = ""
    account_id: str = "100200300400500"
    numbers: Mapping[str, str] = field(default_factory=lambda: dict(NUMBERS))

    @property
    def own_url(self) -> str:
        """The address in links to media."""
        return self.base_url.rstrip("/") or f"http://{self.listen}"


def read(environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings of this process. Raises SettingsError."""
    if environment.get("ENVIRONMENT") == "production":
        raise SettingsError("The WhatsApp simulator is for trying: it does not start where ENVIRONMENT=production.")
    found = {name: _secret(environment, name) for name in SECRETS}
    if missing := [name for name, value in found.items() if not value]:
        raise SettingsError(f"The WhatsApp simulator needs {', '.join(missing)} (or _FILE), as notify has them.")
    return Settings(
        token=found["WHATSAPP_TOKEN"],
        app_secret=found["WHATSAPP_APP_SECRET"],
        verify_token=found["WHATSAPP_VERIFY_TOKEN"],
        listen=environment.get("LISTEN") or Settings.listen,
        base_url=environment.get("BASE_URL", ""),
        webhook_url=environment.get("WEBHOOK_URL", ""),
        templates_file=environment.get("TEMPLATES_FILE", ""),
        numbers=_numbers(environment.get("BUSINESS_NUMBERS", "")),
    )


def _secret(environment: Mapping[str, str], name: str) -> str:
    file = environment.get(f"{name}_FILE")
    return Path(file).read_text("ascii").strip() if file else environment.get(name, "")


def _numbers(text: str) -> dict[str, str]:
    """`<phone number id>=<number>`, with commas between."""
    found = dict(re.findall(r"(\d+)=(\+?\d+)", text))
    if text and len(found) != text.count("=") or not all(found.values()):
        raise SettingsError("BUSINESS_NUMBERS: `<phone number id>=<number>`, with commas between")
    return found or dict(NUMBERS)
