"""The parts that the use cases of verification are handed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kit import service
from kit.clock import Clock
from kit.db import Database
from kit.service import keyrings


@dataclass
class Deps(service.Deps):
    """No more than every service has."""


def build(settings: Any, db: Database, clock: Clock) -> Deps:
    """Connects to nothing yet."""
    data_keys, event_keys = keyrings(settings)
    return Deps(settings, db, clock, data_keys, event_keys)
