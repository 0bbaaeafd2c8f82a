"""What notify needs from its environment, besides what every service needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from environs import FileAwareEnv
from marshmallow.validate import OneOf

from kit import settings

CHANNELS = ("mailbox",)


@dataclass(frozen=True)
class Settings(settings.Settings):
    """`channel` names the way that messages take to people."""

    channel: str

    @classmethod
    def values(cls, env: FileAwareEnv) -> dict[str, Any]:
        return super().values(env) | {"channel": env.str("CHANNEL", "mailbox", validate=OneOf(CHANNELS))}

    @classmethod
    def mistakes(cls, values: dict[str, Any]) -> list[str]:
        found = super().mistakes(values)
        if values.get("environment") == "production" and values.get("channel") == "mailbox":
            found.append("CHANNEL: the mailbox only keeps messages, it reaches nobody; production needs a real channel")
        return found
