"""What the picture of an announcement is filled from. It is for everybody: nothing of it is sealed."""

import json
from dataclasses import asdict, dataclass
from typing import Any

from documents.render.data import Emblem, Office

LAYOUT = "announcement"


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """`lines` are those of the text, an empty one is a gap; `until` the last day on which it holds, `asked` the number
    to write to; each is empty where there is none."""

    office: Office
    emblem: Emblem | None = None
    title: str
    lines: tuple[str, ...]
    until: str = ""
    asked: str = ""
    sample: bool = False
    draft: bool = False
    paper: str = "a4"

    def to_json(self) -> dict[str, Any]:
        """The same as JSON data."""
        data: dict[str, Any] = json.loads(json.dumps(asdict(self)))
        return data
