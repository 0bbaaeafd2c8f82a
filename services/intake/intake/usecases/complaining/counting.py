"""What figures know of a complaint: noted with each change, and once more from what is kept."""

from __future__ import annotations

from intake.deps import Deps
from intake.domain.complaints.complaint import Complaint
from intake.domain.deadlines import Pause
from intake.domain.figures import ComplaintFacts
from intake.domain.measuring import working_day
from intake.usecases.figures import note_complaint
from intake.usecases.offices import terms
from kit.db import Tx


def note(deps: Deps, tx: Tx, complaint: Complaint) -> None:
    """The complaint as it stands, in the transaction that changes it."""
    state = complaint.state
    days = in_time = None
    if state.answered_at is not None:
        calendar = terms(deps, tx, complaint.kelurahan, state.answered_at).calendar
        pauses = [Pause(*one) for one in state.pauses]
        days = working_day(calendar, state.clock_from, pauses, state.answered_at)
        in_time = state.answer_due_at is None or state.answered_at <= state.answer_due_at
    facts = ComplaintFacts(
        complaint.id, complaint.kelurahan, state.kind, state.complaint_class, state.filed_at, state.service,
        answered_at=state.answered_at, days=days, in_time=in_time, ended_at=state.closed_at, result=state.result,
    )  # fmt: skip
    note_complaint(deps, tx, facts)
