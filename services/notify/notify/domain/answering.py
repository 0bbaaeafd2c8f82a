"""What a person of the office writes to have us answer again."""

from __future__ import annotations

import re

_OVER = re.compile(r"\s*/\s*bot\W*|\W*lanjut\s+bot\W*", re.IGNORECASE)


def is_over(text: str) -> bool:
    """Whether it is `/bot` or `lanjut bot`, and no word besides."""
    return _OVER.fullmatch(text) is not None
