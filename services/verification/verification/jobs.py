"""What verification does by itself. It has no slow work, so no jobs."""

from __future__ import annotations

from collections.abc import Mapping

from kit.jobs import JobKind
from kit.service import Timer
from verification.usecases.heads import follow_days
from verification.usecases.reminding import remind_due

JOBS: Mapping[str, JobKind] = {}
TIMERS: Mapping[str, Timer] = {"follow-days": Timer(60, follow_days), "remind": Timer(30, remind_due)}
