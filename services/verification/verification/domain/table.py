"""A table of neighbourhoods and their heads, line by line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Line:
    """A line that was understood: an RT, and who holds an office there unless it only names the RT."""

    number: int
    kelurahan: str | None
    values: Mapping[str, Any]

    @property
    def is_holder(self) -> bool:
        return "role" in self.values
