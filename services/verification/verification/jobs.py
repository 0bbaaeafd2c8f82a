"""Slow work of verification, and what it does by itself."""

from __future__ import annotations

from collections.abc import Mapping

from contracts.erasing import ERASE_JOB
from contracts.providing import PROVIDE_JOB
from kit.jobs import JobKind
from kit.service import Timer
from verification.usecases import erasing, records
from verification.usecases.heads import follow_days
from verification.usecases.reminding import remind_due

JOBS: Mapping[str, JobKind] = {ERASE_JOB: erasing.ERASING, PROVIDE_JOB: records.PROVIDING}
TIMERS: Mapping[str, Timer] = {
    "follow-days": Timer(60, follow_days),
    "remind": Timer(30, remind_due),
    "erase-old": Timer(3600, erasing.erase_old),
}
