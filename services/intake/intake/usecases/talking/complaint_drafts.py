"""What a conversation keeps of a complaint: what was told of one that is not filed yet, and which one that is filed is
asked about meanwhile. The one never takes the other's place."""

from __future__ import annotations

from uuid import UUID

from intake.domain.conversation import complaining as steps
from intake.domain.conversation.state import COMPLAINT, OFFICE
from intake.store import conversations
from intake.usecases.talking.scene import Scene

_OF_FILED = (f"{COMPLAINT}{steps.REOPEN}", f"{COMPLAINT}{steps.CONTENT}")


def is_going(at: Scene) -> bool:
    """Whether something about a complaint is asked."""
    return at.talk.asked.startswith(COMPLAINT)


def is_of_filed(at: Scene) -> bool:
    """Whether something about one that is filed is asked."""
    return asks_of_filed(at.talk.asked)


def asks_of_filed(asked: str) -> bool:
    """Whether this question is about one that is filed."""
    return asked in _OF_FILED


def is_unsent(at: Scene) -> bool:
    """Whether words or photos are kept of one that is not filed yet, be it that its question waits."""
    draft, asked = at.talk.complaint, (at.talk.asked, at.talk.parked, at.talk.complaint.get("back") or "")
    return bool(draft.get("text") or draft.get("photos")) and any(one.startswith(COMPLAINT) for one in asked)


def take_up(at: Scene) -> None:
    """The question of what is not filed yet is asked again, in the place of all else."""
    talk = at.talk
    if is_of_filed(at):
        end(at)
    if not is_going(at):
        talk.asked, talk.parked = talk.parked, ""


def begin(at: Scene, kind: str | None) -> None:
    """A new one. What was asked before waits."""
    talk = at.talk
    talk.resume(OFFICE)
    if is_of_filed(at):
        end(at)
    if talk.parked.startswith(COMPLAINT):  # one of which nothing was told
        talk.parked = ""
    before = talk.complaint.get("before", "") if is_going(at) else talk.asked
    talk.complaint, talk.unclear = {"before": before, "kind": kind}, 0


def ask_about(at: Scene, complaint_id: UUID, said: str) -> None:
    """One that is filed is asked about, because of what he `said`. A draft and its question wait."""
    talk = at.talk
    if not is_of_filed(at):
        waits = is_going(at) or talk.parked.startswith(COMPLAINT)
        back = "" if talk.asked == OFFICE else talk.asked
        talk.complaint = (talk.complaint if waits else {}) | {"back": back}
    talk.complaint |= {"id": str(complaint_id), "said": said}


def end(at: Scene) -> None:
    """It is filed or dropped, or there is no more to be asked of one that is filed: what was asked before is asked
    again."""
    talk = at.talk
    if not is_of_filed(at):
        talk.asked, talk.complaint = talk.complaint.get("before", ""), {}
        return
    talk.asked = talk.complaint.get("back", talk.complaint.get("before", ""))  # the release before kept `before` alone
    if talk.parked.startswith(COMPLAINT) and not talk.asked:
        talk.asked, talk.parked = talk.parked, ""
    talk.complaint = {name: value for name, value in talk.complaint.items() if name not in ("id", "said", "back")}


def take_out(at: Scene) -> None:
    """This message is kept with the complaint alone."""
    if at.heard.message_id:
        conversations.part_with_message(at.tx, UUID(at.heard.message_id))
