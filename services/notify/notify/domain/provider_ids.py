"""What channels call messages: in some of these names a person's number can be read."""

from __future__ import annotations

import hashlib


def hashed(provider_id: str) -> str:
    """How such a name is kept, to find the message by it again."""
    return hashlib.sha256(provider_id.encode(errors="replace")).hexdigest()
