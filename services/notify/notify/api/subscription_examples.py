"""Examples of subscriptions for the documentation."""

from __future__ import annotations

from typing import Any

SUBSCRIPTION_IN = {
    "url": "https://acara.palembang.example/pengantar", "types": ["application.*"], "places": ["16.71.10.1001"],
    "description": "Dasbor layanan kota", "after": None,
}  # fmt: skip
SUBSCRIPTION: dict[str, Any] = {
    "id": "0198a6f2-7b1c-7d2e-9a41-3f5b6c7d8e40", "url": "https://acara.palembang.example/pengantar",
    "types": ["application.*"], "places": ["16.71.10.1001"], "description": "Dasbor layanan kota",
    "owner": "0198a6f2-7b1c-7d2e-9a41-3f5b6c7d8e51", "state": "active", "position": 1350, "behind": 0, "held": 0,
    "failing_since": None, "reason": None, "next_attempt_at": None, "replay": None, "missed": None,
    "secret_until": None,
    "created_at": "2026-08-14T02:00:00+00:00", "version": 1,
}  # fmt: skip
SUBSCRIPTION_MADE = SUBSCRIPTION | {"secret": "whsec_CONTOHCONTOHCONTOHCONTOHCONTOHCO"}
SUBSCRIPTIONS = {"items": [SUBSCRIPTION], "next_cursor": None}
ASKED = {"event_id": "0198a6f2-7b1c-7d2e-9a41-3f5b6c7d8e41"}
PERIOD = {"since": "2026-08-14T00:00:00+07:00", "until": "2026-08-15T00:00:00+07:00"}
ATTEMPTS: dict[str, Any] = {
    "items": [{
        "id": "0198a6f2-7b1c-7d2e-9a41-3f5b6c7d8e42", "at": "2026-08-14T02:00:00+00:00", "kind": "event",
        "event_id": "0198a6f2-7b1c-7d2e-9a41-3f5b6c7d8e41", "type": "application.submitted", "position": 1350,
        "outcome": "delivered", "status": 204, "reason": None, "ms": 41,
    }],
    "next_cursor": None,
}  # fmt: skip
