"""What everybody may see of figures: nothing from which somebody who knows a few of the people could tell of one.

Of a group of one to four cases nothing is said. Where groups make up a whole that is shown, the hidden ones could be
had by taking the shown ones away from it: so as many groups are hidden together, the smallest first and all of a size,
as leave each of them open, and the whole too where no number of them does. Groups of none are hidden with the small
ones: else it would be known whose the rest is. And a month is shown once it is over: of a month that grows, each new
case could be told from what changed. Afterwards a month changes only where a case is put right (an answer that was
objected to, a letter that became void): who compares day by day sees that there was one of those, and no more of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from intake.domain.figures import whole
from intake.domain.measuring import ENDS, SUBMITTED

FEWEST = 5
"""Of fewer cases nothing is said."""

_COUNTS = (SUBMITTED, *ENDS, "filed")
_PARTS = ("on_time", "days", "introduction")


def hidden(counts: Mapping[str, int]) -> tuple[frozenset[str], bool]:
    """Of groups that make up a whole: those of which nothing is said, and whether the whole can be told."""
    small = {name for name, count in counts.items() if count < FEWEST}
    if not any(counts[name] for name in small):
        return frozenset(), True
    for most in sorted({count for count in counts.values() if count >= FEWEST}):
        if _open([counts[name] for name in small]):
            break
        small |= {name for name, count in counts.items() if count == most}  # a name decides nothing: it would tell
    return frozenset(small), _open([counts[name] for name in small])


def _open(counts: list[int]) -> bool:
    """Whether each of these could be another number, for whoever knows what they make together."""
    together = sum(counts)
    if len(counts) < 2 or together < FEWEST:
        return False
    return max(counts) >= FEWEST or together < (FEWEST - 1) * len(counts)


def published(data: Mapping[str, Any] | None, offered: Iterable[str] = ()) -> dict[str, Any]:
    """A month as `figures.month_of` made it, with null for what is not told; with a line for each service that is
    offered, whether it had cases or not."""
    month = whole(data)
    for code in offered:
        month["services"].setdefault(code, whole({"total": {}, "services": {code: {}}})["services"][code])
    total, services = dict(month["total"]), {code: dict(part) for code, part in month["services"].items()}
    complaints = _complaints(total)
    for name in _COUNTS:
        _hide(total, services, name, complaints["filed"] is not None if name == "filed" else True)
    for name in _PARTS:
        _hide(total, services, name)
    total["steps"], steps = dict(total["steps"]), {code: dict(part["steps"]) for code, part in services.items()}
    for step in total["steps"]:
        _hide(total["steps"], steps, step)
    for code, part in services.items():
        part["steps"] = steps[code]
    total["complaints"] = complaints if total["filed"] is not None else complaints | {"filed": None}
    return {"total": total, "services": services}


def _hide(total: dict[str, Any], services: Mapping[str, dict[str, Any]], name: str, told: bool = True) -> None:
    """One figure of the whole and of each service, in place; `told`: whether the whole may be, as far as others go."""
    counts = {code: _size(part[name]) for code, part in services.items()}
    rest = _size(total[name]) - sum(counts.values())
    if rest:
        counts[""] = rest  # of no service
    small, open_ = hidden(counts)
    if not (open_ and told):
        total[name] = _nothing(total[name])
    for code, part in services.items():
        if code in small or not told:
            part[name] = _nothing(part[name])


def _complaints(total: Mapping[str, Any]) -> dict[str, Any]:
    """Complaints by kind, by class and by result; a division whose whole cannot be told is not shown at all."""
    shown: dict[str, Any] = {}
    for name, found in total["complaints"].items():
        small, open_ = hidden({part: _size(value) for part, value in found.items()})
        parts = {part: _nothing(value) if part in small else value for part, value in found.items()}
        shown[name] = parts if open_ else None
    return shown


def _size(value: Any) -> int:
    return int(value["cases"] if isinstance(value, Mapping) else value)


def _nothing(value: Any) -> Any:
    return dict.fromkeys(value) if isinstance(value, Mapping) else None
