"""When all that a case needs is there, and the hand-over that follows."""

from __future__ import annotations

from documents.deps import Deps
from documents.domain.cases import Application
from documents.domain.handovers import Handover
from documents.domain.letters import is_complete
from documents.store import handovers, letters
from documents.usecases.telling import tell_done, tell_handover
from kit.db import Tx
from kit.ids import new_id


def finish_if_complete(deps: Deps, tx: Tx, application: Application) -> None:
    """With the last letter issued (or form drawn up) production is done and the papers are ready; `application` is
    locked, so that the last two letters of a case cannot both think that they are not the last."""
    current = [one for one in letters.of_case(tx, application.id) if one.status not in ("void", "cancelled")]
    if not is_complete(current) or handovers.open_of_case(tx, deps.data_keys, application.id) is not None:
        return
    for letter in current:
        if letter.form and letter.may("hand_out"):
            letter.do("hand_out")
            letter.preview_key = None
            letter.issued_at = deps.clock.now()
            letters.save(tx, letter)
    tell_done(deps, tx, current)
    _make_ready(deps, tx, application)


def _make_ready(deps: Deps, tx: Tx, application: Application) -> None:
    at = deps.clock.now()
    handover = Handover(
        id=new_id(),
        kelurahan=application.kelurahan,
        application_id=application.id,
        status="ready",
        method="pickup",
        ready_at=at,
        at=at,
        person_id=new_id(),
        person={"contact": application.contact, "papers_before": application.papers},
    )
    handovers.add(tx, deps.data_keys, handover)
    tell_handover(deps, tx, handover)
