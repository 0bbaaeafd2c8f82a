"""What happened elsewhere to a case or an introduction, and what it means for the letters."""

from __future__ import annotations

from typing import Any

from documents.deps import Deps
from documents.domain.cases import ENDED
from documents.domain.letters import INTRODUCTION, Wanted
from documents.store import copies, letters
from documents.usecases import bundles, drafting, ending, showing
from kit.db import Tx


def take_state(deps: Deps, tx: Tx, state: dict[str, Any], person: dict[str, Any], sequence: int) -> None:
    """The state of a case as intake tells it, whichever transition led there; an older one changes nothing.
    Raises NotKnownYet."""
    bundles.drop_outdated(tx, state["application_id"], [file["file_id"] for file in state["files"]])
    if not copies.put_application(tx, deps.data_keys, state, person, sequence):
        return
    letters.follow_owner(tx, state["application_id"], state["owner"])
    if state["introduction_id"] is not None:
        letters.attach(tx, state["introduction_id"], state["application_id"], state["owner"])
    if state["status"] != "verified" and state["status"] not in ENDED:
        return
    application = copies.application(tx, deps.data_keys, state["application_id"], lock=True)
    if application is None:
        return
    if application.status == "verified":
        drafting.draw_up(deps, tx, application)
        showing.show_once(deps, tx, application)  # the letter that it waited for may not be wanted any more
    else:
        ending.end_case(deps, tx, application)


def take_grant(deps: Deps, tx: Tx, told: dict[str, Any], person: dict[str, Any]) -> None:
    """The RT head introduces somebody: his letter is begun, once."""
    if not (person.get("rt_head") or {}).get("name"):
        person = person | {"rt_head": copies.officeholder_person(tx, deps.data_keys, told["officeholder_id"])}
    introduction_id = told["introduction_id"]
    if not copies.put_introduction(tx, deps.data_keys, introduction_id, "granted", told, person):
        return
    case_id = told["application_id"] or copies.application_of_introduction(tx, introduction_id)
    case = None if case_id is None else copies.application(tx, deps.data_keys, case_id)
    letter = letters.new(
        told["kelurahan"], Wanted(INTRODUCTION, form=False), told["rw"], told["rt"], deps.clock.now(),
        introduction_id=introduction_id, application_id=case_id, owner=case.owner if case else told["owner"],
    )  # fmt: skip
    drafting.request_draft(tx, letters.add(tx, letter))
