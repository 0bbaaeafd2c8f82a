"""Slow work of notify, and what it does by itself."""

from __future__ import annotations

from collections.abc import Mapping

from contracts.erasing import ERASE_JOB, SWEEP_JOB, SWEEPING
from contracts.providing import PROVIDE_JOB
from kit.jobs import JobKind
from kit.service import Timer
from notify.usecases import (
    arrivals,
    costs,
    erasing,
    feeding,
    incoming,
    media,
    outages,
    pushing,
    records,
    sending,
    spreading,
    trying,
    webhooks,
)

JOBS: Mapping[str, JobKind] = {
    sending.SEND: JobKind(sending.send, lease=180, give_up=sending.give_up, waits=True),
    webhooks.TAKE: JobKind(arrivals.work, lease=120, give_up=arrivals.give_up, max_attempts=arrivals.ATTEMPTS),
    webhooks.TAKE_STATUS: JobKind(arrivals.work, lease=120, give_up=arrivals.give_up, max_attempts=arrivals.ATTEMPTS),
    incoming.FETCH: JobKind(media.fetch, lease=180, give_up=media.give_up, max_attempts=media.ATTEMPTS, waits=True),
    ERASE_JOB: erasing.ERASING,
    SWEEP_JOB: SWEEPING,
    PROVIDE_JOB: records.PROVIDING,
    pushing.PUSH: JobKind(pushing.push, lease=120, waits=True, threads=4),
    pushing.PUSH_SLOW: JobKind(pushing.push, lease=120, waits=True),
    pushing.FORGET: JobKind(pushing.forget, lease=120),
    spreading.ESTIMATE: JobKind(spreading.estimate, lease=300),
    spreading.SPREAD: JobKind(spreading.spread, lease=120, give_up=spreading.give_up),
    spreading.STOP: JobKind(spreading.end_waiting, lease=120),
    trying.TRY: JobKind(trying.send, lease=120, max_attempts=3, waits=True),
}
TIMERS: Mapping[str, Timer] = {
    "wake-resting": Timer(2, sending.wake_resting),
    "give-up-unclear": Timer(60, sending.give_up_unclear),
    "measure-numbers": Timer(30, outages.measure),
    "measure-arrivals": Timer(60, arrivals.measure),
    "measure-budgets": Timer(300, costs.measure),
    "measure-announcements": Timer(5, spreading.measure),
    "wipe-codes": Timer(30, sending.wipe_codes),
    "prune-webhooks": Timer(3600, arrivals.prune),
    "push": Timer(0.5, pushing.hand_out),
    "measure-pushes": Timer(30, pushing.measure),
    "prune-pushes": Timer(3600, pushing.prune),
    "erase-old": Timer(3600, erasing.erase_old),
    "place-events": Timer(0.2, feeding.give_positions),
    "keep-feed": Timer(600, feeding.look_after),
    "measure-feed": Timer(15, feeding.measure),
}
