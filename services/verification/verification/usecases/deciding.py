"""The RT head decides: once, whoever sends it twice, and however many do so at the same instant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from kit.auth import Caller
from kit.db import Tx
from kit.ids import new_id
from kit.problems import NotFound, Unprocessable, Words
from verification.deps import Deps
from verification.domain.decisions import (
    Acknowledged,
    Decision,
    Granted,
    Judged,
    Refused,
    Stated,
    canonical,
    read_decision,
)
from verification.domain.errors import (
    ConcernsYou,
    NotInOffice,
    OriginalNotWanted,
    PositionsOpen,
    TaskClosed,
    WitnessesNotWanted,
)
from verification.domain.heads import Officeholder
from verification.domain.statements import ABSENT
from verification.domain.tasks import ATTESTATION, DONE, INTRODUCTION, STATEMENT, Task, TaskFile, wanted_originals
from verification.store import copies, heads, messages, people
from verification.store import tasks as store
from verification.store.messages import Link
from verification.usecases import asking, witnesses
from verification.usecases.callers import heads_there, own_rt
from verification.usecases.concluding import conclude, lock_task
from verification.usecases.granting import finish, grant
from verification.usecases.reading import sent_to
from verification.usecases.telling import tell_original_seen, tell_refused, tell_task, today


def decide_as(deps: Deps, tx: Tx, caller: Caller, task_id: UUID, sent: Mapping[str, Any]) -> Task:
    """A head with a login decides, or an officer says what a neighbour told him. Raises NotFound, NotInOffice,
    TaskClosed, Unprocessable."""
    if not caller.has("rt_head", "rw_head"):
        return witnesses.answer_as_officer(deps, tx, caller, task_id, sent)
    task = _his(tx, caller, task_id)
    return decide(deps, tx, task, _in_charge(deps, tx, caller, task), sent)


def may_decide(deps: Deps, tx: Tx, caller: Caller, task: Task) -> bool:
    """Whether the caller's word on this is wanted today: of heads his who decides about this applicant, of the office
    what a neighbour told it."""
    if not caller.has("rt_head", "rw_head"):
        return task.kind == STATEMENT and task.outcome != ABSENT
    try:
        holder = _in_charge(deps, tx, caller, task)
    except NotInOffice:
        return False
    his_turn = not task.to_acknowledge or holder.id == task.officeholder_id
    return his_turn and not holder.concerned(_applicant(deps, tx, task))


def decide_by_link(deps: Deps, tx: Tx, link: Link, sent: Mapping[str, Any]) -> Task:
    """Whoever has the link decides for the one that it was sent to."""
    if link.officeholder_id is None:
        return witnesses.answer(deps, tx, _linked_task(deps, tx, link), sent, "witness")
    task, holder = _linked(deps, tx, link)
    return decide(deps, tx, task, holder, sent)


def _his(tx: Tx, caller: Caller, task_id: UUID) -> Task:
    """A task of the RT or RW that the caller heads, locked. Raises NotFound."""
    task = lock_task(tx, task_id)
    if task is None or task.kind == STATEMENT or not heads_there(caller, task):
        raise NotFound
    return task


def _linked_task(deps: Deps, tx: Tx, link: Link) -> Task:
    """The task of a link, locked; the link may have been taken back while we waited for it. Raises NotFound."""
    task = lock_task(tx, link.task_id)
    if task is None or not messages.holds(tx, link, deps.clock.now()):
        raise NotFound
    return task


def _linked(deps: Deps, tx: Tx, link: Link) -> tuple[Task, Officeholder]:
    """The task of a link, locked, and whom it was sent to, while he is in office. Raises NotFound."""
    if link.officeholder_id is None:
        raise NotFound
    task = _linked_task(deps, tx, link)
    holder = heads.holder(tx, deps.data_keys, link.officeholder_id)
    serves = holder is not None and holder.serves(today(deps, tx, link.kelurahan)) and sent_to(deps, link, holder)
    if holder is None or not serves:
        raise NotFound
    return task, holder


def _in_charge(deps: Deps, tx: Tx, caller: Caller, task: Task) -> Officeholder:
    """Who decides about this applicant today, or whom the question came to after him; by the caller's role.
    Raises NotInOffice."""
    applicant = _applicant(deps, tx, task)
    place = (deps, tx, task.kelurahan, task.rw, task.rt)
    head = asking.who_decides(*place, applicant)
    asked = heads.holder(tx, deps.data_keys, task.officeholder_id) if task.officeholder_id else None
    if asked and (asked.concerned(applicant) or not asked.in_office(today(deps, tx, task.kelurahan))):
        asked = None
    return _of_role(caller, head, asked, asking.who_decides(*place, applicant, unasked=True))


def _of_role(caller: Caller, *holders: Officeholder | None) -> Officeholder:
    """The first of them that the caller's role can be. Raises NotInOffice."""
    for holder in holders:
        if holder is not None and caller.has("rw_head" if holder.role == "rw_head" else "rt_head"):
            return holder
    raise NotInOffice


def _applicant(deps: Deps, tx: Tx, task: Task) -> Mapping[str, Any]:
    return people.read(tx, deps.data_keys, [task.person_id])[task.person_id].get("applicant") or {}


def decide(deps: Deps, tx: Tx, task: Task, holder: Officeholder, sent: Mapping[str, Any]) -> Task:
    """Applies a decision to a locked task. The same decision again changes nothing and is answered alike.
    Raises TaskClosed, ConcernsYou, Unprocessable."""
    if task.open and holder.concerned(_applicant(deps, tx, task)):
        raise ConcernsYou
    files = store.files(tx, task.id)
    decision = read_decision(task, files, sent, by_rt_head=holder.id == task.granted_by)
    said = canonical(decision)
    if is_print(deps, task, task.granted_print, said) and holder.id == task.granted_by:
        return task
    if not task.open:
        if task.status == DONE and is_print(deps, task, task.decision_print, said):
            return task
        raise TaskClosed
    if task.to_acknowledge and holder.id != task.officeholder_id:
        raise TaskClosed
    if task.kind == ATTESTATION:
        _name_witnesses(deps, tx, task, holder, sent.get("witnesses") or [])
    acting_as = task.acting_as if isinstance(decision, Acknowledged) else holder.role
    decided = replace(task, decision_print=make_print(deps, task, said), decided_by=holder.id, acting_as=acting_as)
    return _apply(deps, tx, decided, holder, decision, files)


def make_print(deps: Deps, task: Task, said: str) -> bytes:
    """By which the same decision is known again."""
    return deps.data_keys.fingerprint(said, f"decision:{task.id}")


def is_print(deps: Deps, task: Task, known: bytes | None, said: str) -> bool:
    """Whether this is what was decided before."""
    return known is not None and deps.data_keys.same(known, said, f"decision:{task.id}")


def _name_witnesses(deps: Deps, tx: Tx, task: Task, holder: Officeholder, given: Sequence[Mapping[str, Any]]) -> None:
    """With his verdicts he names the neighbours whom the SOP wants asked. Raises PositionsOpen, WitnessUnsuitable."""
    if given:
        witnesses.ask(deps, tx, task, given, holder.role)
    if left := witnesses.positions_left(tx, task):
        raise PositionsOpen(more={"positions": left})


def ask_witnesses_as(deps: Deps, tx: Tx, caller: Caller, task_id: UUID, given: Sequence[Mapping[str, Any]]) -> Task:
    """A head with a login, or an officer, wants neighbours asked. Raises NotFound, NotInOffice, ConcernsYou,
    WitnessesNotWanted, WitnessUnsuitable."""
    if not caller.has("rt_head", "rw_head"):
        return witnesses.ask_as_officer(deps, tx, task_id, given)
    task = _his(tx, caller, task_id)
    return _ask_witnesses(deps, tx, task, _in_charge(deps, tx, caller, task), given)


def ask_witnesses_by_link(deps: Deps, tx: Tx, link: Link, given: Sequence[Mapping[str, Any]]) -> Task:
    """Whoever has the head's link wants neighbours asked. Raises as above."""
    task, holder = _linked(deps, tx, link)
    return _ask_witnesses(deps, tx, task, holder, given)


def _ask_witnesses(deps: Deps, tx: Tx, task: Task, holder: Officeholder, given: Sequence[Mapping[str, Any]]) -> Task:
    if holder.concerned(_applicant(deps, tx, task)):
        raise ConcernsYou
    if task.kind != ATTESTATION:
        raise WitnessesNotWanted
    return witnesses.ask(deps, tx, task, given, holder.role)


def _apply(deps: Deps, tx: Tx, task: Task, holder: Officeholder, decision: Decision, files: Sequence[TaskFile]) -> Task:
    match decision:
        case Granted():
            if decision.verdicts:
                said = Judged(decision.verdicts)
                store.put_files(tx, task, [_judged(deps, tx, task, holder, file, said) for file in files])
            return grant(deps, tx, task, holder, decision)
        case Acknowledged():
            return finish(deps, tx, task, acknowledged_by=holder)
        case Refused():
            return _refuse(deps, tx, task, holder, decision)
        case Judged():
            judged = [_judged(deps, tx, task, holder, file, decision) for file in files]
            return conclude(deps, tx, task, judged)
        case Stated():
            raise RuntimeError("a neighbour's answer where a head decides")


def _refuse(deps: Deps, tx: Tx, task: Task, holder: Officeholder, refused: Refused) -> Task:
    note_id = _keep_note(deps, tx, task, refused.note)
    task = replace(task, status=DONE, outcome="refused", reason=refused.reason, note_id=note_id)
    task = asking.close(deps, tx, task)
    person = people.read(tx, deps.data_keys, [task.person_id])[task.person_id]
    tell_refused(deps, tx, task, holder, person, refused.note)
    return task


def _judged(deps: Deps, tx: Tx, task: Task, holder: Officeholder, file: TaskFile, said: Judged) -> TaskFile:
    one = next((verdict for verdict in said.verdicts if verdict.file_id == file.file_id), None)
    if one is None:
        return file
    note_id = _keep_note(deps, tx, task, one.note)
    return replace(file, verdict=one.verdict, note_id=note_id, carried=False, judged_by=holder.id)


def _keep_note(deps: Deps, tx: Tx, task: Task, note: str | None) -> UUID | None:
    return people.keep(tx, deps.data_keys, task.kelurahan, {"note": note}) if note else None


def show_originals_as(deps: Deps, tx: Tx, caller: Caller, task_id: UUID, file_ids: Sequence[UUID]) -> Task:
    """A head with a login was shown originals. Raises NotFound, NotInOffice, OriginalNotWanted."""
    task = _his(tx, caller, task_id)
    return show_originals(deps, tx, task, _in_charge(deps, tx, caller, task), file_ids)


def show_originals_by_link(deps: Deps, tx: Tx, link: Link, file_ids: Sequence[UUID]) -> Task:
    """Whoever has the link was shown originals. Raises NotFound, OriginalNotWanted."""
    task, holder = _linked(deps, tx, link)
    return show_originals(deps, tx, task, holder, file_ids)


def show_originals(deps: Deps, tx: Tx, task: Task, holder: Officeholder, file_ids: Sequence[UUID]) -> Task:
    """He asked for originals, and now has seen these. The same again changes nothing. Raises OriginalNotWanted."""
    files = store.files(tx, task.id)
    if not set(file_ids) <= {file.file_id for file in wanted_originals(task, files)}:
        raise OriginalNotWanted
    seen = [file for file in files if file.file_id in file_ids and not file.original_seen]
    if not seen:
        return task
    store.put_files(tx, task, [replace(file, original_seen=file.original_seen or file in seen) for file in files])
    task = store.save(tx, task)
    tell_original_seen(deps, tx, task, holder, [file.requirement for file in seen])
    return task


def introduce(deps: Deps, tx: Tx, caller: Caller, given: Mapping[str, Any]) -> Task:
    """The RT head begins: he introduces somebody, who goes on from there. Granted at once. Raises NoNeighbourhood,
    NotInOffice, ConcernsYou, Unprocessable."""
    rw, rt = own_rt(tx, caller)
    holder = _of_role(caller, asking.who_decides(deps, tx, caller.tenant, rw, rt, unasked=True))
    return _introduce(deps, tx, holder, rw, rt, given)


def introduce_by(deps: Deps, tx: Tx, holder: Officeholder, given: Mapping[str, Any]) -> Task:
    """The same by somebody who is known as an officeholder, while he is the one who decides for his RT. Raises
    NotInOffice, ConcernsYou, Unprocessable."""
    place = (deps, tx, holder.kelurahan, holder.rw)
    decides = asking.who_decides(*place, holder.rt, unasked=True) if holder.rt else None
    if decides is None or decides.id != holder.id or holder.rt is None:
        raise NotInOffice
    return _introduce(deps, tx, holder, holder.rw, holder.rt, given)


def _introduce(deps: Deps, tx: Tx, holder: Officeholder, rw: str, rt: str, given: Mapping[str, Any]) -> Task:
    kelurahan = holder.kelurahan
    if given["phone"] == holder.phone:
        raise ConcernsYou
    service = given.get("service")
    if service is not None and not copies.offers(tx, kelurahan, service, today(deps, tx, kelurahan)):
        said = Words("Layanan ini tidak ada di kelurahan.", "The office has no such service.")
        raise Unprocessable(errors={"json": {"service": [said]}})
    person = {
        "applicant": {"name": given["name"], "rw": rw, "rt": rt},
        "contact": {"name": given["name"], "phone": given["phone"]},
    }
    told = {"kelurahan": kelurahan, "rw": rw, "rt": rt, "introduction_id": new_id(), **given}
    task = asking.new_task(deps, told, INTRODUCTION, people.keep(tx, deps.data_keys, kelurahan, person), holder)
    store.add(tx, task)
    tell_task(deps, tx, task)
    return grant(deps, tx, replace(task, acting_as=holder.role), holder, Granted(given["purpose"]))
