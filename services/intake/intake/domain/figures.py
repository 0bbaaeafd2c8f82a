"""The figures of a month: what is measured of a case, and what may be shown to everybody.

receive verify produce hand-over    working time that a step took; with the applicant no step runs
promise                             whether all letters were there by the promised date
introduction                        working time until the RT head answered, and whether within the target
submitted completed …               how many
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from intake.domain.applications import STEPS

ENDED_BY = {"received": "receive", "verified": "verify", "issued": "produce", "completed": "hand-over"}
"""Which step has ended when a case comes from there into this status."""
ENDS = ("completed", "rejected", "withdrawn", "expired")
PROMISE, INTRODUCTION, SUBMITTED = "promise", "introduction", "submitted"
TARGET_DAYS = 1
"""Working days in which an RT head answers, where the office has said nothing else."""

FEWEST = 5
"""Of fewer cases nothing is published: somebody might be told from them."""


def month_of(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The month from its lines, counted by service and thing: {total, services: {code: …}}; times in hours."""
    services: dict[str, dict[str, Any]] = {}
    total: dict[str, Any] = {}
    for row in rows:
        place = total if row["service"] is None else services.setdefault(row["service"], {})
        place[row["what"]] = _line(row)
    return {"total": _shaped(total), "services": {code: _shaped(found) for code, found in sorted(services.items())}}


def _line(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"cases": row["cases"], "met": row["met"], "median": _hours(row["median"]), "p90": _hours(row["p90"])}


def _hours(minutes: float | None) -> float | None:
    return None if minutes is None else round(minutes / 60, 1)


def _shaped(lines: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """{submitted: 3, …, on_time: {cases, met}, steps: {receive: {cases, median, p90}}, introduction: {…}}"""
    nothing = {"cases": 0, "met": 0, "median": None, "p90": None}
    counts = {what: lines.get(what, nothing)["cases"] for what in (SUBMITTED, *ENDS)}
    steps = {step: _part(lines.get(step, nothing), "cases", "median", "p90") for step in STEPS.values()}
    return counts | {
        "on_time": _part(lines.get(PROMISE, nothing), "cases", "met"),
        "steps": steps,
        "introduction": _part(lines.get(INTRODUCTION, nothing), "cases", "met", "median", "p90"),
    }


def _part(line: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: line[name] for name in names}


def published(figures: Mapping[str, Any]) -> dict[str, Any]:
    """The same without what so few cases stand behind that somebody might be told from it."""
    shown: dict[str, Any] = {what: _enough(figures[what]) for what in (SUBMITTED, *ENDS)}
    shown["steps"] = {step: _safe(part) for step, part in figures["steps"].items()}
    return shown | {name: _safe(figures[name]) for name in ("on_time", "introduction")}


def enough_of(counts: Mapping[str, int]) -> dict[str, int]:
    """Those of the counts that can be published."""
    return {name: count for name, count in counts.items() if count >= FEWEST}


def _enough(count: int) -> int | None:
    return count if count == 0 or count >= FEWEST else None


def _safe(part: Mapping[str, Any]) -> dict[str, Any]:
    return dict(part) if part["cases"] == 0 or part["cases"] >= FEWEST else dict.fromkeys(part)
