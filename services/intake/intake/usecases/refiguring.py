"""The figures of an office measured once more, from the timelines of its cases: the same rules, so that nothing differs
unless something went wrong. What remains of an erased case is its lines: they stay as they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from uuid import UUID

from intake.deps import Deps
from intake.domain.measuring import Line, Noted, Terms, measured
from intake.store import applications, complaints, timeline
from intake.store import figures as store
from intake.usecases.complaining.counting import note
from intake.usecases.figures import count_month, month_of
from intake.usecases.offices import all_terms, keep_terms, sop
from kit import jobs
from kit.db import Row, Tx
from kit.jobs import Job

REFIGURE = "refigure"
BATCH = 100


@dataclass
class Refigured:
    """How many cases were measured again, and how many lines, of complaints too, were other than they should be."""

    cases: int = 0
    lines: int = 0


def refigure(deps: Deps, kelurahan: str) -> Refigured:
    """Measures every case of an office that still has its timeline, a batch a transaction, while the office works;
    then notes every complaint that is kept, and counts every month. Done twice it changes nothing."""
    done = Refigured()
    with deps.db.transaction(kelurahan) as tx:
        keep_terms(tx, kelurahan)
    for batch in (_batch, _batch_of_complaints):
        after: UUID | None = None
        while True:
            with deps.db.transaction(kelurahan) as tx:
                after = batch(deps, tx, kelurahan, after, done)
            if after is None:
                break
    with deps.db.transaction(kelurahan) as tx:
        months = store.every_month(tx, kelurahan)
    for month in months:
        count_month(deps, kelurahan, month)
    return done


def work(deps: Deps, job: Job) -> None:
    """The same as a job, after a release that measures something new."""
    refigure(deps, job.tenant)
    with deps.db.transaction(job.tenant) as tx:
        jobs.finish(tx, job)


def _batch(deps: Deps, tx: Tx, kelurahan: str, after: UUID | None, done: Refigured) -> UUID | None:
    cases = applications.lock_measured(tx, after, BATCH)
    ids = [case["id"] for case in cases]
    known = all_terms(deps, tx, kelurahan)
    timelines, lines = _by("application_id", timeline.of_cases(tx, ids)), _by("subject_id", store.of_subjects(tx, ids))
    for case in cases:
        noted = [Noted(row["at"], row["status"], row["event"], row["note"]) for row in timelines[case["id"]]]
        if noted:
            days = sop(deps, tx, kelurahan, case["service"], case["sop_version"])["days"]
            course, found = measured(noted, days, partial(in_force, known))
            done.lines += _mend(tx, kelurahan, case, lines[case["id"]], known, found)
            applications.save_measured(tx, case["id"], course)
            done.cases += 1
    return ids[-1] if ids else None


def _batch_of_complaints(deps: Deps, tx: Tx, _kelurahan: str, after: UUID | None, done: Refigured) -> UUID | None:
    kept = complaints.batch(tx, deps.data_keys, after, BATCH)
    ids = [complaint.id for complaint in kept]
    before = _said(tx, ids)
    for complaint in kept:
        note(deps, tx, complaint)
    now = _said(tx, ids)
    done.lines += sum(before.get(line) != now.get(line) for line in before.keys() | now.keys())
    return ids[-1] if ids else None


def _said(tx: Tx, ids: Sequence[UUID]) -> dict[tuple[UUID, str], Row]:
    return {(row["subject_id"], row["what"]): row for row in store.of_subjects(tx, ids)}


def in_force(known: Sequence[Terms], at: datetime) -> Terms:
    """Of terms, the newest first, those that had begun by then, or else the first of all."""
    return next((one for one in known if one.since <= at), known[-1])


def _mend(tx: Tx, kelurahan: str, case: Row, lines: Sequence[Row], known: Sequence[Terms], found: list[Line]) -> int:
    """Puts the lines as they should be; how many were not."""
    there = {row["what"]: (row["service"], row["part"], row["month"], row["amount"], row["met"]) for row in lines}
    wrong: list[tuple[Line, date | None]] = [
        (Line(what, None), None) for what in there.keys() - {line.what for line in found}
    ]
    for line in found:
        month = month_of(in_force(known, line.at), line.at)
        if there.get(line.what) != (case["service"], line.part, month, line.amount, line.met):
            wrong.append((line, month))
    for line, month in wrong:
        store.put(tx, kelurahan, case["id"], case["service"], line, month)
    return len(wrong)


def _by(name: str, rows: Sequence[Row]) -> defaultdict[UUID, list[Row]]:
    found: defaultdict[UUID, list[Row]] = defaultdict(list)
    for row in rows:
        found[row[name]].append(row)
    return found
