"""Errors of the plumbing, by what the caller should do about them.

Retryable    the same work may succeed later: delay, count, try again
Permanent    the same work will never succeed: keep it, say why, let a person decide
"""

from __future__ import annotations


class Retryable(Exception):
    """Try again later. `after` is the least number of seconds to wait, when that is known."""

    def __init__(self, reason: str, *, after: float | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.after = after


class Permanent(Exception):
    """Trying again cannot help. `reason` names no person."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
