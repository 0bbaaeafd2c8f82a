"""An event of the feed or of a webhook: a CloudEvent 1.0 of which the data are known by its type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from pengantar_client.shapes import Case, Complaint, LetterIssued, LetterVoided

TESTED = "subscription.tested"


@dataclass(frozen=True)
class Event:
    """Of two events about one `source` and `subject` the one with the higher `sequence` is the newer. `position` is
    its place in the feed. A made-up event of the test button has neither."""

    id: str
    type: str
    source: str
    subject: str
    time: datetime
    kelurahan: str | None
    sequence: int | None
    position: int | None
    data: Mapping[str, Any]
    raw: Mapping[str, Any] = field(repr=False)
    """The whole CloudEvent, as it came."""

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Event:
        """Reads a CloudEvent in JSON. Raises ValueError for what is none of ours."""
        try:
            return cls(
                id=raw["id"], type=raw["type"], source=raw["source"], subject=raw["subject"],
                time=datetime.fromisoformat(raw["time"]), kelurahan=raw.get("kelurahan"),
                sequence=raw.get("sequence"), position=raw.get("position"), data=raw["data"], raw=raw,
            )  # fmt: skip
        except (KeyError, TypeError) as error:
            raise ValueError(f"no event: {error}") from error

    @property
    def is_test(self) -> bool:
        """Made up, by the test button: answer 2xx, and forget it."""
        return self.type == TESTED

    @property
    def case(self) -> Case | None:
        """The case as it stands after an `application.*`; else None."""
        return cast(Case, self.data) if self.type.startswith("application.") else None

    @property
    def letter_issued(self) -> LetterIssued | None:
        return cast(LetterIssued, self.data) if self.type == "letter.issued" else None

    @property
    def letter_voided(self) -> LetterVoided | None:
        return cast(LetterVoided, self.data) if self.type == "letter.voided" else None

    @property
    def complaint(self) -> Complaint | None:
        """The complaint as it stands after a `complaint.*`; else None."""
        return cast(Complaint, self.data) if self.type.startswith("complaint.") else None
