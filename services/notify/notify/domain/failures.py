"""What helps when a message did not go out: by the code that the Cloud API names, else by the status of its answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Remedy = Literal["retry", "wait", "template", "elsewhere", "later", "wrong", "park"]
"""
retry      the same may work in a moment: again, with growing gaps
wait       too much to one person at once: again when his turn has come
template   nobody wrote for a day: an approved template at once
elsewhere  this channel never reaches him: another one at once
later      not now, by whatever the channel thinks of him: another one, or this one after hours
wrong      what was sent is not as the channel wants it: another channel, and the office is told
park       nothing of this number of ours goes through: all of it waits, and one alarm says so
"""

FIRST_GAP, GROWS, STEEP = 4.0, 3.0, 7
AN_HOUR, STEP = 3600.0, 300.0
"""The first seven gaps grow threefold, those after them go on from an hour by five minutes."""
PAIR_GAP = 6.0
"""Seconds between two messages to one person on a channel that wants them."""
LATER = 12 * 3600.0
HOLDS_NOBODY_UP = 3
"""After so many attempts a message lets later ones to the same person pass."""

CLOUD_API: Mapping[int, Remedy] = {
    0: "park", 3: "park", 10: "park", 33: "park", 190: "park", 368: "park", 131005: "park", 131031: "park",
    131037: "park", 131042: "park", 131045: "park", 133010: "park",
    1: "retry", 2: "retry", 4: "retry", 80007: "retry", 130429: "retry", 131000: "retry", 131016: "retry",
    131048: "retry", 131052: "retry", 131053: "retry", 131057: "retry", 133004: "retry",
    131056: "wait",
    131047: "template",
    131021: "elsewhere", 131026: "elsewhere", 131030: "elsewhere", 131050: "elsewhere", 131062: "elsewhere",
    130403: "elsewhere", 130472: "elsewhere", 130497: "elsewhere",
    131049: "later",
    100: "wrong", 131008: "wrong", 131009: "wrong", 131051: "wrong",
}  # fmt: skip
"""Only codes decide: titles and texts change. All of 132000–132999 are about a template."""


class NotSent(Exception):
    """The channel did not take a message, and surely did not pass it on. `reason` names neither person nor number."""

    def __init__(self, remedy: Remedy, reason: str) -> None:
        super().__init__(reason)
        self.remedy, self.reason = remedy, reason


class Unclear(Exception):
    """The message left and no clear answer came: it may have been carried."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def remedy_of(code: int | None, status: int = 400) -> Remedy:
    """What helps against a code, or, where it is none that we know, against the status of an answer."""
    if code is not None:
        if code in CLOUD_API:
            return CLOUD_API[code]
        if 132000 <= code <= 132999:
            return "wrong"
        if 200 <= code <= 299:
            return "park"
    if status == 429 or status >= 500:
        return "retry"
    return "park" if status in (401, 403) else "wrong"


def gap(attempt: int, jitter: float, remedy: Remedy = "retry") -> float:
    """Seconds until the next attempt after so many; `jitter` from 0 to 1 spreads what failed together. Each is longer
    than the one before."""
    if remedy == "later":
        return LATER
    pause = PAIR_GAP if remedy == "wait" else 0.0
    if attempt > STEEP:
        return pause + AN_HOUR + STEP * (attempt - STEEP - 2 + 0.75 * jitter)
    return pause + FIRST_GAP * GROWS ** (attempt - 1) * (0.75 + 0.25 * jitter)
