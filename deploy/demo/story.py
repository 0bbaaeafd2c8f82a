"""What a case of the demo is made of, before it is played."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from deploy.demo.papers import PaperSpec

Way = Literal["self", "helper", "counter", "rt_head"]


@dataclass(frozen=True)
class Story:
    """One case: who applies for what, how it begins, which papers are photographed, how it ends.

    `papers` maps a requirement's code to the picture of it; `hand_over` is what the officer writes down.
    """

    name: str
    service: str
    reason: str | None
    way: Way
    applicant: Mapping[str, Any]
    contact: Mapping[str, str]
    purpose: str
    papers: Mapping[str, PaperSpec]
    details: Mapping[str, Any] = field(default_factory=dict)
    helper: Mapping[str, str] | None = None
    hand_over: Mapping[str, str] = field(default_factory=dict)

    def paper_key(self, requirement: str) -> str:
        return f"{self.name}-{requirement}"
