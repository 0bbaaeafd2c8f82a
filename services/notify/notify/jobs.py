"""Slow work of notify, and what it does by itself."""

from __future__ import annotations

from collections.abc import Mapping

from contracts.erasing import ERASE_JOB
from contracts.providing import PROVIDE_JOB
from kit.jobs import JobKind
from kit.service import Timer
from notify.usecases import costs, erasing, outages, records, sending

JOBS: Mapping[str, JobKind] = {
    sending.SEND: JobKind(sending.send, lease=120, give_up=sending.give_up),
    ERASE_JOB: erasing.ERASING,
    PROVIDE_JOB: records.PROVIDING,
}
TIMERS: Mapping[str, Timer] = {
    "wake-resting": Timer(2, sending.wake_resting),
    "give-up-unclear": Timer(60, sending.give_up_unclear),
    "measure-numbers": Timer(30, outages.measure),
    "measure-budgets": Timer(300, costs.measure),
    "wipe-codes": Timer(30, sending.wipe_codes),
    "erase-old": Timer(3600, erasing.erase_old),
}
