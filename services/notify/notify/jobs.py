"""Slow work of notify, and what it does by itself."""

from __future__ import annotations

from collections.abc import Mapping

from kit.jobs import JobKind
from kit.service import Timer
from notify.usecases import sending

JOBS: Mapping[str, JobKind] = {sending.SEND: JobKind(sending.send, lease=120, give_up=sending.give_up)}
TIMERS: Mapping[str, Timer] = {
    "wake-resting": Timer(2, sending.wake_resting),
    "wipe-codes": Timer(30, sending.wipe_codes),
}
