"""What a case of the demo is made of, before it is played."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from deploy.demo.papers import PaperSpec

Way = Literal["self", "helper", "counter", "rt_head"]


@dataclass(frozen=True)
class Story:
    """One case: who applies for what, how it begins, which papers are photographed, how it ends.

    `papers` maps a requirement's code to the picture of it; `own_phone` is where the applicant of a helper is asked
    whether she agrees; `hand_over` is what the officer writes down. An officer returns the case for what is in
    `returned`, and `mended` are the new pictures. `neighbours` are those whom the RT head names, `answers` what each
    who is asked says, by name. `courier` brings the papers. The lurah signs `by_hand` or with a certificate.
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
    own_phone: str | None = None
    hand_over: Mapping[str, str] = field(default_factory=dict)
    returned: Mapping[str, str] = field(default_factory=dict)
    mended: Mapping[str, PaperSpec] = field(default_factory=dict)
    neighbours: Sequence[Mapping[str, Any]] = ()
    answers: Mapping[str, str] = field(default_factory=dict)
    courier: str = ""
    by_hand: bool = False

    def paper_key(self, requirement: str) -> str:
        return f"{self.name}-{requirement}"

    def mended_key(self, requirement: str) -> str:
        return f"{self.name}-{requirement}-mended"
