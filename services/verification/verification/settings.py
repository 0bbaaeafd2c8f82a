"""What verification needs from its environment: no more than every service needs."""

from __future__ import annotations

from dataclasses import dataclass

from kit import settings


@dataclass(frozen=True)
class Settings(settings.Settings):
    """Nothing besides."""
