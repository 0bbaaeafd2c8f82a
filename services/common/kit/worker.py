"""The worker: consumer, relay, jobs and timers as threads of one process, or one of them alone."""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import FrameType
from typing import Any
from uuid import UUID

import structlog

from kit import chain, health, jobs, trace, upkeep
from kit.bus.consumer import Consumer, Handle
from kit.bus.envelope import Received
from kit.clock import FollowingClock
from kit.courtesy import Courtesy
from kit.db import Database, DatabaseUnavailable, Tx
from kit.errors import Permanent, Retryable
from kit.metrics import JOBS_DONE
from kit.relay import Relay
from kit.roles import make_readiness
from kit.service import Service
from kit.settings import Settings

SWITCH = 0.001
"""Seconds after which a thread leaves the interpreter to another that waits for it."""
LOOK_AFTER, LOOK_REST = 0.1, 0.02
"""Seconds after which jobs are looked for although nobody said that there may be some, and of rest after each look."""

log = structlog.get_logger()


@dataclass
class Pool:
    """Kinds of jobs that share threads; `woken` while there may be something for them."""

    kinds: jobs.JobKinds
    woken: threading.Event = field(default_factory=threading.Event)

    @property
    def threads(self) -> int:
        """As many as the most of its kinds."""
        return max(kind.threads for kind in self.kinds.values())


class Worker:
    """Runs until SIGTERM or SIGINT, then finishes what is in hand."""

    def __init__(self, service: Service, settings: Settings, role: str) -> None:
        self._service = service
        self._settings = settings
        self._role = role
        self._stopped = threading.Event()
        self._jobs_ended = threading.Event()
        self._threads: list[threading.Thread] = []
        self._held: dict[UUID, tuple[int, float]] = {}  # running jobs: attempt, and when their lease is let go
        self._pools = _pools(service.jobs)
        self._look = threading.Event()
        self.db = Database(settings.database_url, pool_size=max(4, sum(pool.threads for pool in self._pools)) + 8)
        self.clock = FollowingClock(self.db)
        self.deps: Any = service.build(settings, self.db, self.clock)
        self.relay = self._make_relay() if role in ("worker", "relay") else None
        self.consumers = self._make_consumers() if role in ("worker", "consumer") else []

    def run(self) -> int:
        sys.setswitchinterval(SWITCH)
        signal.signal(signal.SIGTERM, self._on_signal)
        signal.signal(signal.SIGINT, self._on_signal)
        self.start()
        server = health.serve(self._settings.worker_listen, self.alive, self._readiness())
        log.info("worker started", role=self._role)
        while not self._stopped.wait(1):
            if not self.alive():
                log.error("a thread of the worker ended by itself")
                self.stop()
                return 1
        server.shutdown()
        self.stop()
        log.info("worker stopped", role=self._role)
        return 0

    def start(self) -> None:
        """Begins all threads of the role."""
        self.clock.start()
        if self.relay:
            self._begin("relay", self.relay.run)
        for consumer, name in zip(self.consumers, ("consumer", "consumer of the crowd"), strict=False):
            self._begin(name, consumer.run)
        if self._role in ("worker", "jobs"):
            for place, pool in enumerate(self._pools):
                for number in range(pool.threads):
                    self._begin(f"jobs-{place}-{number}", lambda pool=pool: self._work_jobs(pool))  # type: ignore[misc]
            if self._pools:
                self._begin("look", self._look_for_jobs)
                self._begin("leases", self._renew_leases)
            self._begin("upkeep", lambda: upkeep.run(self.db, self._settings, self._service.name, self._stopped))
            self._begin("audit", self._seal_audit)
            for name, timer in self._service.timers.items():
                self._begin(name, lambda timer=timer: self._repeat(timer.every, timer.work))  # type: ignore[misc]

    def stop(self) -> None:
        self._stopped.set()
        self._look.set()
        for pool in self._pools:
            pool.woken.set()
        for consumer in self.consumers:
            consumer.stop()
        for thread in self._threads:
            if thread.name not in ("relay", "leases"):
                thread.join(timeout=25)
        self._jobs_ended.set()
        if self.relay:
            self.relay.stop()
        for thread in self._threads:
            thread.join(timeout=10)
        self.clock.stop()
        self.deps.close()
        self.db.close()

    def alive(self) -> bool:
        return all(thread.is_alive() for thread in self._threads) or self._stopped.is_set()

    def _readiness(self) -> health.Readiness:
        more: dict[str, health.Check] = {}
        if self.consumers:
            more["consumer"] = lambda: all(consumer.subscribed for consumer in self.consumers)
        return make_readiness(self._service, self.deps, lambda: self.clock.offset, **more)

    def _make_relay(self) -> Relay:
        settings, service = self._settings, self._service
        return Relay(self.db, settings.amqp_url, service.name, subscriptions=service.subscriptions)

    def _make_consumers(self) -> list[Consumer]:
        """One for each of the service's two queues."""
        courtesy = Courtesy()
        return [self._make_consumer(crowd, courtesy) for crowd in (False, True)]

    def _make_consumer(self, crowd: bool, courtesy: Courtesy) -> Consumer:
        def bound(handler: Callable[[Any, Tx, Received], None]) -> Handle:
            return lambda tx, event: handler(self.deps, tx, event)

        return Consumer(
            self.db,
            self._settings.amqp_url,
            self._service.name,
            {name: bound(handler) for name, handler in self._service.handlers.items()},
            read=lambda event: self._service.read_event(self.deps.event_keys, event),
            after_commit=self._wake,
            crowd=crowd,
            courtesy=courtesy,
        )

    def _begin(self, name: str, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work, name=name, daemon=True)
        thread.start()
        self._threads.append(thread)

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._stopped.set()

    def _repeat(self, every: float, work: Callable[[Any], object]) -> None:
        while not self._stopped.wait(every):
            try:
                work(self.deps)
            except Retryable as error:
                log.warning("a timer will try again", reason=error.reason)
            except Exception:  # one failing round must not end the timer
                log.exception("a timer failed")
            self._wake()

    def _seal_audit(self) -> None:
        audited = self._service.audited
        chain.run(self.db, self._stopped, (lambda tx, rows: audited(self.deps, tx, rows)) if audited else None)

    def _wake(self) -> None:
        """Something was committed in this process: there may be events to send, and jobs."""
        if self.relay:
            self.relay.wake()
        self._look.set()

    def _look_for_jobs(self) -> None:
        """One question for all pools, most of which have nothing to do most of the time."""
        while not self._stopped.wait(LOOK_REST):
            self._look.wait(LOOK_AFTER)
            self._look.clear()
            try:
                ready = jobs.ready(self.db, self._service.jobs)
            except DatabaseUnavailable as error:
                log.warning("jobs are not looked for", reason=error.reason)
                self._stopped.wait(1)
                continue
            for pool in self._pools:
                if not ready.isdisjoint(pool.kinds):
                    pool.woken.set()

    def _work_jobs(self, pool: Pool) -> None:
        while not self._stopped.is_set():
            if not pool.woken.wait(1) or self._stopped.is_set():
                continue
            try:
                job = jobs.claim(self.db, pool.kinds)
                if job is None:
                    pool.woken.clear()
                    continue
                self._held[job.id] = (job.attempts, time.monotonic() + pool.kinds[job.kind].lease)
                try:
                    self._work(job)
                finally:
                    del self._held[job.id]
            except DatabaseUnavailable as error:
                log.warning("jobs wait", reason=error.reason)
                self._stopped.wait(1)

    def _renew_leases(self) -> None:
        """Until the jobs in hand are done too: what runs longer than its kind may is let go."""
        while not self._jobs_ended.wait(jobs.RENEW_EVERY):
            now = time.monotonic()
            held = {job_id: attempt for job_id, (attempt, ends) in list(self._held.items()) if ends > now}
            try:
                jobs.renew(self.db, held)
            except DatabaseUnavailable as error:
                log.warning("leases were not renewed", reason=error.reason)

    def _work(self, job: jobs.Job) -> None:
        kind = self._service.jobs[job.kind]
        trace.begin(job.trace)
        began = time.monotonic()
        try:
            if job.attempts > kind.max_attempts:  # it ended its worker each time, so that nobody counted
                raise Permanent(f"begun {job.attempts} times and never finished")
            kind.work(self.deps, job)
            outcome = "done"
        except DatabaseUnavailable:
            raise  # its lease ends by itself
        except Permanent as error:
            outcome = self._give_up(kind, job, f"{type(error).__name__}: {error.reason}")
        except Retryable as error:
            outcome = self._again(kind, job, f"{type(error).__name__}: {error.reason}", error.after)
        except Exception as error:
            log.exception("a job failed", kind=job.kind)
            outcome = self._again(kind, job, type(error).__name__, None)
        JOBS_DONE.labels(job.kind, outcome).inc()
        log.info("job", kind=job.kind, outcome=outcome, ms=round((time.monotonic() - began) * 1000))
        self._wake()

    def _again(self, kind: jobs.JobKind, job: jobs.Job, reason: str, after: float | None) -> str:
        if job.attempts >= kind.max_attempts:
            return self._give_up(kind, job, jobs.said_in_vain(job, reason))
        log.warning("a job will be tried again", kind=job.kind, attempt=job.attempts, reason=reason)
        jobs.put_back(self.db, job, reason, after=after)
        return "retried"

    def _give_up(self, kind: jobs.JobKind, job: jobs.Job, reason: str) -> str:
        log.error("a job is set aside", kind=job.kind, reason=reason)
        try:
            with self.db.transaction(job.tenant) as tx:
                if jobs.set_aside(tx, job, reason) and kind.give_up:
                    kind.give_up(self.deps, tx, job, reason)
        except DatabaseUnavailable:
            raise
        except Retryable as error:
            jobs.put_back(self.db, job, error.reason, after=error.after)
            return "retried"
        return "dead"


def _pools(kinds: jobs.JobKinds) -> list[Pool]:
    """Which kinds of jobs share threads: all that are quick; each that waits for others' servers is by itself."""
    quick = {name: kind for name, kind in kinds.items() if not kind.waits}
    waiting = [{name: kind} for name, kind in kinds.items() if kind.waits]
    return [Pool(pool) for pool in (quick, *waiting) if pool]
