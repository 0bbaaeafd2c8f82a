"""Neighbours: named by the applicant, the RT head or an officer, asked by a link of their own, heard, and weighed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from kit.auth import Caller
from kit.db import Tx
from kit.ids import new_id
from kit.problems import Forbidden, NotFound
from verification.deps import Deps
from verification.domain.decisions import Stated, canonical, read_decision
from verification.domain.errors import NeighboursNotAgreed, TaskClosed, WitnessesNotWanted, WitnessUnsuitable
from verification.domain.naming import TOO_MANY, wrong_witnesses
from verification.domain.reminding import nudge_at
from verification.domain.statements import (
    ABSENT,
    MOST,
    OUTCOME_OF,
    SILENT,
    Proposed,
    Said,
    Wanted,
    may_be_asked_anew,
    open_positions,
    proposals,
    standing,
)
from verification.domain.tasks import ATTESTATION, OPEN, STATEMENT, Task
from verification.store import copies, heads, people
from verification.store import tasks as store
from verification.usecases import asking
from verification.usecases.concluding import lock_task, settle
from verification.usecases.telling import tell_task, today


def ask_proposed(deps: Deps, tx: Tx, attestation: Task, rows: Any) -> int:
    """The case was received, or its person has agreed to it now: those whom he named are asked at once, as far as they
    can be; how many."""
    wanted = copies.witnesses_wanted(tx, attestation.kelurahan, attestation.service, attestation.sop_version)
    if not wanted.positions or not _agreed(tx, attestation):
        return 0
    earlier = _of_case(tx, attestation)
    empty = {one.position for one in standing(earlier) if one.outcome == ABSENT}  # the RT head's word
    taken = {code for code in wanted.positions if code in empty or not may_be_asked_anew(earlier, code)}
    found = proposals(rows, wanted, taken, _unsuitable(deps, tx, attestation, earlier))
    for one in found:
        _ask(deps, tx, attestation, one)
    return len(found)


def _agreed(tx: Tx, task: Task) -> bool:
    return task.application_id is not None and copies.neighbours_agreed(tx, task.application_id)


def ask_as_officer(deps: Deps, tx: Tx, task_id: UUID, given: Sequence[Mapping[str, Any]]) -> Task:
    """An officer wants neighbours asked. Raises NotFound, WitnessesNotWanted, WitnessUnsuitable."""
    task = lock_task(tx, task_id)
    if task is None or task.kind != ATTESTATION:
        raise NotFound
    return ask(deps, tx, task, given, "officer")


def ask(deps: Deps, tx: Tx, task: Task, given: Sequence[Mapping[str, Any]], role: str) -> Task:
    """Neighbours are named for an attestation that is locked: each gets a link, all of them or nobody. The same ones
    again change nothing. Raises WitnessesNotWanted, NeighboursNotAgreed, WitnessUnsuitable."""
    if task.application_id is None or copies.case_status(tx, task.application_id, task.kelurahan) != "received":
        raise WitnessesNotWanted
    if not _agreed(tx, task):
        raise NeighboursNotAgreed
    newest = [one.id for one in store.of_application(tx, task.application_id) if one.kind == ATTESTATION][-1:]
    if newest != [task.id]:  # of an earlier round
        raise WitnessesNotWanted
    wanted = copies.witnesses_wanted(tx, task.kelurahan, task.service, task.sop_version)
    earlier = _of_case(tx, task)
    known = people.read(tx, deps.data_keys, [one.witness_id for one in earlier])
    fresh = {place: one for place, one in enumerate(given) if not _named_before(one, earlier, known)}
    if len(standing(earlier)) + len(fresh) > MOST:
        raise WitnessUnsuitable(errors={"json": {"witnesses": [TOO_MANY]}})
    _refuse_unsuitable(deps, tx, task, wanted, earlier, fresh, role)
    for one in fresh.values():
        proposed = Proposed(
            one.get("position"), one.get("relation"), one.get("name") or "-", one.get("phone"), one.get("address")
        )
        if one.get("absent"):
            _keep_absent(deps, tx, task, proposed, role)
        else:
            _ask(deps, tx, task, proposed)
    settle(deps, tx, task)
    return store.get(tx, task.id) or task


def end_questions(deps: Deps, tx: Tx, tasks: Sequence[Task]) -> None:
    """The applicant has said that neighbours are to see nothing: whoever has not answered is not asked, and his link
    opens nothing; what was said stands. The case's row is locked."""
    ended = [task for task in tasks if task.kind == STATEMENT and task.open and task.outcome is None]
    for task in ended:
        asking.cancel(deps, tx, task)
    attestations = [task for task in tasks if task.kind == ATTESTATION]
    if ended and attestations:
        settle(deps, tx, attestations[-1])


def _of_case(tx: Tx, task: Task) -> list[Task]:
    assert task.application_id is not None
    return store.statements_of(tx, [task.application_id]).get(task.application_id, [])


def _named_before(one: Mapping[str, Any], earlier: Sequence[Task], known: Mapping[UUID, Mapping[str, Any]]) -> bool:
    """Whether exactly this was said before: the same person, or the same empty side."""
    for task in standing(earlier):
        person = known.get(task.witness_id, {}) if task.witness_id else {}
        same_place = (task.position, person.get("relation")) == (one.get("position"), one.get("relation"))
        absent = task.outcome == ABSENT
        same_person = absent or (person.get("name"), person.get("phone")) == (one.get("name"), one.get("phone"))
        if same_place and same_person and absent == bool(one.get("absent")):
            return True
    return False


def _unsuitable(deps: Deps, tx: Tx, task: Task, earlier: Sequence[Task]) -> set[str]:
    """Phones of those who cannot be witnesses: the applicant, the helper, and who was asked before and counts."""
    earlier = standing(earlier)
    known = people.read(tx, deps.data_keys, [task.person_id, *(one.witness_id for one in earlier)])
    around = known[task.person_id]
    phones = {(around.get(who) or {}).get("phone") for who in ("contact", "helper")}
    return {
        phone for phone in phones | {known[one.witness_id].get("phone") for one in earlier if one.witness_id} if phone
    }


def _refuse_unsuitable(
    deps: Deps,
    tx: Tx,
    task: Task,
    wanted: Wanted,
    earlier: Sequence[Task],
    fresh: Mapping[int, Mapping[str, Any]],
    role: str,
) -> None:
    around = people.read(tx, deps.data_keys, [task.person_id])[task.person_id]
    involved = {phone for who in ("contact", "helper") if (phone := (around.get(who) or {}).get("phone"))}
    day = today(deps, tx, task.kelurahan)  # who judges the documents says nothing as a neighbour besides
    there = heads.holders_of(tx, deps.data_keys, task.kelurahan, [task.rw])
    involved |= {one.phone for one in there if one.speaks_for(task.rw, task.rt) and one.serves(day)}
    seen = _unsuitable(deps, tx, task, earlier) - involved
    if errors := wrong_witnesses(fresh, wanted, earlier, by_officer=role == "officer", involved=involved, seen=seen):
        raise WitnessUnsuitable(errors={"json": {"witnesses": errors}})


def _new(deps: Deps, tx: Tx, attestation: Task, one: Proposed) -> Task:
    person = {"name": one.name, "phone": one.phone, "relation": one.relation, "address": one.address}
    return Task(
        id=new_id(), kelurahan=attestation.kelurahan, rw=attestation.rw, rt=attestation.rt, kind=STATEMENT, status=OPEN,
        application_id=attestation.application_id, introduction_id=None, service=attestation.service,
        sop_version=attestation.sop_version, purpose=None, tracking_code=attestation.tracking_code, owner=None,
        person_id=attestation.person_id, grants_id=None, officeholder_id=None, opened_at=deps.clock.now(),
        closed_at=None, outcome=None, reason=None, valid_until=None, note_id=None, decided_by=None, acting_as=None,
        decision_print=None, version=1, position=one.position,
        witness_id=people.keep(tx, deps.data_keys, attestation.kelurahan, person, phone=one.phone),
    )  # fmt: skip


def _ask(deps: Deps, tx: Tx, attestation: Task, one: Proposed) -> None:
    """Without a phone nobody is written to: an officer goes there, and records what is said."""
    now = deps.clock.now()
    calendar = copies.calendar(tx, attestation.kelurahan) if one.phone else None
    due = nudge_at(calendar, now, 0) if calendar else None
    task = replace(_new(deps, tx, attestation, one), asked_at=now, nudge_at=due)
    store.add(tx, task)
    tell_task(deps, tx, task)
    if one.phone:
        asking.send_statement_link(deps, tx, task, {"name": one.name, "phone": one.phone})


def _keep_absent(deps: Deps, tx: Tx, attestation: Task, one: Proposed, role: str) -> None:
    task = replace(_new(deps, tx, attestation, one), outcome=ABSENT, acting_as=role)
    store.add(tx, task)
    store.add_said(tx, Said(task.id, ABSENT, None, deps.clock.now(), role), task.kelurahan)
    tell_task(deps, tx, task)


def positions_left(tx: Tx, task: Task) -> list[str]:
    """Sides that the SOP names and of which nothing was said yet; none where neighbours may not be asked."""
    wanted = copies.witnesses_wanted(tx, task.kelurahan, task.service, task.sop_version)
    return open_positions(wanted, _of_case(tx, task)) if wanted.positions and _agreed(tx, task) else []


def follow_consent(deps: Deps, tx: Tx, attestation: Task, rows: Any) -> None:
    """The applicant agrees now, while his case is verified: whom he named is asked after all. The case's row is
    locked."""
    if ask_proposed(deps, tx, attestation, rows):
        settle(deps, tx, attestation)


def answer(deps: Deps, tx: Tx, task: Task, sent: Mapping[str, Any], by: str) -> Task:
    """A neighbour says something, or an officer what he was told by him; the task is locked. The same again changes
    nothing. Raises TaskClosed, Unprocessable."""
    said = read_decision(task, [], sent)
    assert isinstance(said, Stated)
    words, purpose = canonical(said), f"decision:{task.id}"
    if task.decision_print is not None and deps.data_keys.same(task.decision_print, words, purpose):
        return task
    if not task.open or task.outcome == ABSENT:
        raise TaskClosed
    note_id = people.keep(tx, deps.data_keys, task.kelurahan, {"note": said.note}) if said.note else None
    task = replace(task, decision_print=deps.data_keys.fingerprint(words, purpose))
    return _keep_answer(deps, tx, task, OUTCOME_OF[said.answer], note_id, by)


def _keep_answer(deps: Deps, tx: Tx, task: Task, outcome: str, note_id: UUID | None, by: str) -> Task:
    task = store.save(tx, replace(task, outcome=outcome, note_id=note_id, acting_as=by, nudge_at=None))
    store.add_said(tx, Said(task.id, outcome, note_id, deps.clock.now(), by), task.kelurahan)
    tell_task(deps, tx, task)
    assert task.application_id is not None
    attestations = [one for one in store.of_application(tx, task.application_id) if one.kind == ATTESTATION]
    if attestations:
        settle(deps, tx, attestations[-1])
    return task


def answer_as_officer(deps: Deps, tx: Tx, caller: Caller, task_id: UUID, sent: Mapping[str, Any]) -> Task:
    """An officer records what a neighbour told him; what a head is asked, only that one answers. Raises NotFound,
    Forbidden, TaskClosed, Unprocessable."""
    task = lock_task(tx, task_id)
    if task is None or task.kelurahan != caller.tenant:
        raise NotFound
    if task.kind != STATEMENT:
        raise Forbidden
    return answer(deps, tx, task, sent, "officer")


def give_up(deps: Deps, tx: Tx, task: Task) -> Task:
    """Nobody waits for the neighbour any more; what an officer is told by him still counts. The task is locked."""
    if task.outcome is not None:
        return task
    return _keep_answer(deps, tx, task, SILENT, None, "system")


def nudge(deps: Deps, tx: Tx, task: Task) -> Task:
    """One reminder; after it the question counts as not answered, and a late answer still counts."""
    if task.outcome is not None:
        return store.save(tx, replace(task, nudge_at=None))
    if task.reminded:
        return give_up(deps, tx, task)
    calendar = copies.calendar(tx, task.kelurahan)
    due: datetime | None = nudge_at(calendar, task.asked_at or task.opened_at, 1) if calendar else None
    task = store.save(tx, replace(task, reminded=1, nudge_at=due))
    person = people.read(tx, deps.data_keys, [task.witness_id]).get(task.witness_id) if task.witness_id else None
    if person:
        asking.send_statement_link(deps, tx, task, person, reminder=True)
    return task
