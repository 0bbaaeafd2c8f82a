"""Before the office's letters of a case are signed, the applicant is shown what will be printed: once."""

from __future__ import annotations

from documents.deps import Deps
from documents.domain.cases import Application
from documents.domain.letters import Letter, to_be_shown
from documents.domain.shown import shown
from documents.store import copies, letters, people
from documents.usecases.telling import tell_drafted
from kit.db import Tx


def show_once(deps: Deps, tx: Tx, application: Application) -> None:
    """With the last draft of a case that could be signed as it is, what is on the drafts is told. `application` is
    locked, so that the last two drafts of a case cannot both think that they are the last."""
    drafts = to_be_shown(letters.of_case(tx, application.id))
    if not drafts or not copies.mark_shown(tx, application.id, deps.clock.now()):
        return
    tell_drafted(deps, tx, drafts, _printed(deps, tx, drafts))


def _printed(deps: Deps, tx: Tx, drafts: list[Letter]) -> list[dict[str, object]]:
    frozen = people.read_many(tx, deps.data_keys, [one.person_id for one in drafts if one.person_id])
    return [
        {
            "title": frozen[one.person_id]["title"],
            "rows": [{"label": row.label, "value": row.value} for row in shown(one.kind, frozen[one.person_id])],
        }
        for one in drafts
        if one.person_id
    ]
