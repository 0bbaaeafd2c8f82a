"""The parts that the use cases of notify are handed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from kit import service
from kit.clock import Clock
from kit.db import Database
from kit.service import keyrings
from notify.channels import Channel
from notify.channels.mailbox import Mailbox

CHANNELS: Mapping[str, Callable[[], Channel]] = {"mailbox": Mailbox}


@dataclass
class Deps(service.Deps):
    """What every service has, and the channel."""

    channel: Channel


def build(settings: Any, db: Database, clock: Clock) -> Deps:
    """From `notify.settings.Settings`. Connects to nothing yet."""
    data_keys, event_keys = keyrings(settings)
    return Deps(settings, db, clock, data_keys, event_keys, CHANNELS[settings.channel]())
