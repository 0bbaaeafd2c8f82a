"""What a machine may ask: so many requests a minute, and so many bytes of answers a day (placeholder of constants)."""

from __future__ import annotations

MOST_REQUESTS = 60_000
MOST_BYTES = 1_000_000_000_000
