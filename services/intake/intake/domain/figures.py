"""The figures of a month: what they are made of, and their shape. What of them everybody may see: `publishing`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from intake.domain.applications import STEPS
from intake.domain.measuring import ENDS, INTRODUCTION, PROMISE, SUBMITTED, Line

TARGET_DAYS = 1
"""Working days in which an RT head answers, where the office has said nothing else."""

FILED, ANSWERED, ENDED = "complaint-filed", "complaint-answered", "complaint-ended"


@dataclass(frozen=True, slots=True)
class ComplaintFacts:
    """A complaint, wish or question as it stands: what figures know of it. `kind`, `complaint_class` (which says within
    which time it is to be answered) and `result` are codes; `days` are working days until the answer, `in_time` whether
    it came when it was due. What is None has not happened, or holds no more."""

    complaint_id: UUID
    kelurahan: str
    kind: str
    complaint_class: str | None
    filed_at: datetime
    service: str | None = None
    answered_at: datetime | None = None
    days: int | None = None
    in_time: bool | None = None
    ended_at: datetime | None = None
    result: str | None = None

    def lines(self) -> list[Line]:
        """What its figures are made of."""
        return [
            Line(FILED, self.filed_at, part=self.kind),
            Line(ANSWERED, self.answered_at, self.days, self.in_time, part=self.complaint_class or ""),
            Line(ENDED, self.ended_at, part=self.result or ""),
        ]


def month_of(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The month from its lines, counted by thing, by service and thing, and by thing and part:
    {total, services: {code: …}}; times in hours, or in working days where they are days."""
    total: dict[str, Any] = {}
    parts: dict[str, dict[str, Any]] = {}
    services: dict[str, dict[str, Any]] = {}
    for row in rows:
        if row["service"] is not None:
            services.setdefault(row["service"], {})[row["what"]] = row
        elif row["part"] is not None:
            parts.setdefault(row["what"], {})[row["part"]] = row
        else:
            total[row["what"]] = row
    return {
        "total": _shaped(total) | {"complaints": _complaints(parts)},
        "services": {code: _shaped(found) for code, found in sorted(services.items()) if code},
    }


def whole(data: Mapping[str, Any] | None) -> dict[str, Any]:
    """A month as it is kept, with everything that a month has: nothing where none is, or where it was counted before
    there was more to count."""
    nothing = _shaped({})
    found = data or {"total": {}, "services": {}}
    return {
        "total": nothing | {"complaints": _complaints({})} | found["total"],
        "services": {code: nothing | part for code, part in found["services"].items()},
    }


def _shaped(lines: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """{submitted: 3, …, on_time: {cases, met}, days: {cases, median, p90}, steps: {receive: {cases, median, p90}},
    introduction: {…}, filed: 2}"""
    counts = {what: _count(lines.get(what)) for what in (SUBMITTED, *ENDS)}
    return counts | {
        "on_time": _met(lines.get(PROMISE)),
        "days": _spread(lines.get(PROMISE)),
        "steps": {step: _spread(lines.get(step), 60) for step in STEPS.values()},
        "introduction": _met(lines.get(INTRODUCTION)) | _spread(lines.get(INTRODUCTION), 60),
        "filed": _count(lines.get(FILED)),
    }


def _complaints(parts: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> dict[str, Any]:
    """{filed: {kind: 3}, answered: {class: {cases, met, median, p90}}, ended: {result: 2}}; times in working days."""
    answered = sorted(parts.get(ANSWERED, {}).items())
    return {
        "filed": {kind: _count(row) for kind, row in sorted(parts.get(FILED, {}).items())},
        "answered": {name: _met(row) | _spread(row) for name, row in answered},
        "ended": {result: _count(row) for result, row in sorted(parts.get(ENDED, {}).items())},
    }


def _count(row: Mapping[str, Any] | None) -> int:
    return int(row["cases"]) if row else 0


def _met(row: Mapping[str, Any] | None) -> dict[str, Any]:
    return {"cases": _count(row), "met": int(row["met"]) if row else 0}


def _spread(row: Mapping[str, Any] | None, unit: int = 1) -> dict[str, Any]:
    """Half of them took at most the median, nine of ten at most the 90th percentile."""
    return {"cases": _count(row)} | {name: _in(row[name] if row else None, unit) for name in ("median", "p90")}


def _in(amount: int | None, unit: int) -> float | None:
    return None if amount is None else round(amount / unit, 1)
