"""What somebody says by chat to a complaint that he filed: the answer to a question of the office, `puas` or `belum`
to its answer, more, photos. By quoting a notice about it; without that, where nothing else is asked."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from intake.deps import Deps
from intake.domain.complaints.complaint import Complaint, actions_for
from intake.domain.complaints.states import ANSWERED, FILER, WAITING
from intake.domain.complaints.tickets import PREFIX
from intake.domain.conversation import complaining as steps
from intake.domain.conversation import words
from intake.domain.conversation.state import COMPLAINT, OFFICE
from intake.domain.conversation.turns import Turn
from intake.store import complaints as store
from intake.usecases.complaining import following, reading
from intake.usecases.complaining.finding import TicketUnknown
from intake.usecases.talking import complaining, complaint_photos
from intake.usecases.talking.looking import PROBLEMS
from intake.usecases.talking.scene import Scene, refused
from kit.db import Tx
from kit.problems import Problem, Words

_NEWEST = 20
_ADDED = Words("Keterangan Anda sudah kami tambahkan ke tiket %s.", "We have added it to ticket %s.")
_THANKS = Words("Terima kasih. Tiket %s ditutup.", "Thank you. Ticket %s is closed.")
_AGAIN = Words("Tiket %s dibuka lagi dan kami tinjau.", "Ticket %s is open again, and we look into it.")
_PHOTO = Words("Foto kami tambahkan ke tiket %s.", "The photo goes to ticket %s.")
_OVER = Words("Tiket %s sudah ditutup. Untuk keluhan baru, balas: *keluhan*",
              "Ticket %s is closed. For a new complaint, answer: *complaint*")  # fmt: skip

Act = Callable[[Deps, Tx, Complaint], None]


def quoted(at: Scene) -> Complaint | None:
    """The complaint that a message quotes a notice about, if it is his."""
    known = at.heard.case
    found = store.get(at.tx, at.deps.data_keys, UUID(known)) if known else None
    return found if found is not None and _is_his(at, found) else None


def _is_his(at: Scene, complaint: Complaint) -> bool:
    account, person, talk = at.account(), complaint.person, at.talk
    if complaint.erased_at is not None:
        return False
    return (
        (account is not None and complaint.owner == str(account.id))
        or person.get("contact_id") == str(at.conversation.contact_id)
        or (talk.phone is not None and person.get("phone") == talk.phone)
    )


def unquoted(at: Scene) -> Complaint | None:
    """The newest of his that these words may be for: one whose answer they judge, else one that waits for words. None
    where anything is asked."""
    account = at.account()
    if account is None or at.talk.asked not in ("", OFFICE) or at.heard.choice or not at.heard.text.strip():
        return None
    found = store.of_owner(at.tx, at.deps.data_keys, at.office.code, str(account.id), None, _NEWEST)
    judged = steps.content(at.heard.text, None)[0] is not None
    wanted = ANSWERED if judged else WAITING
    return next((one for one in found if one.state.status == wanted), None)


def of_ticket(at: Scene) -> Turn | None:
    """How the complaint of a ticket in these words stands; what anybody may know who has it."""
    text = words.plain(at.heard.text)
    ticket = next((one for one in text.split() if one.upper().startswith(f"{PREFIX}-")), None)
    if ticket is None:
        return None
    try:
        shown = reading.status(at.deps, ticket.strip(".,!?()"))
    except TicketUnknown as unknown:
        return Turn("talk_note", question=False).after(refused(unknown))
    link = f"{at.deps.settings.public_url}/keluhan/{shown['ticket']}"
    values = {"ticket": shown["ticket"], "stands": _STANDS[shown["status"]], "address": link}
    return Turn("talk_complaint_status", values, question=False)


_STANDS = {
    "filed": Words("sudah masuk, belum diperiksa", "here, not yet checked"),
    "checked": Words("sedang ditangani", "being handled"),
    "waiting": Words("menunggu keterangan dari Anda", "waiting for you to say more"),
    "answered": Words("sudah dijawab", "answered"),
    "closed": Words("sudah ditutup", "closed"),
}


def follow(at: Scene, complaint: Complaint) -> Turn | None:
    """What this message does to it."""
    heard = at.heard
    may = actions_for(complaint.state, FILER, at.deps.clock.now())
    if heard.kind == "voice":
        at.for_office()
        return None
    if heard.problem is not None:
        return Turn("talk_note", question=False).after(PROBLEMS.get(heard.problem, PROBLEMS["gone"]))
    if heard.file is not None:
        complaint_photos.ask(at, complaint.id, [heard.file])
        if not heard.text.strip():
            complaining.take_out(at)
            return _said(_PHOTO, complaint)
    if "supply" in may:
        return _act(at, complaint, lambda deps, tx, one: following.supply(deps, tx, one, heard.text), _ADDED)
    return _judged(at, complaint, may)


def _judged(at: Scene, complaint: Complaint, may: list[str]) -> Turn | None:
    code, why = steps.content(at.heard.text, at.heard.choice)
    if not may or (code is None and words.command(at.heard.text) == "thanks"):
        return None if may else _said(_OVER, complaint)
    if code == "satisfied" and "satisfied" in may:
        return _act(at, complaint, following.satisfied, _THANKS)
    if code == "reopen" and "reopen" in may:
        return _reopen(at, complaint, why) if why else _ask(at, complaint, steps.REOPEN)
    return _ask(at, complaint, steps.CONTENT) if "satisfied" in may else _said(_OVER, complaint)


def _ask(at: Scene, complaint: Complaint, step: str) -> Turn:
    before = at.talk.complaint.get("before", "") if complaining.is_going(at) else at.talk.asked
    at.talk.complaint = {"before": "" if before == OFFICE else before, "id": str(complaint.id)}
    return complaining.question(at, step)


def is_asked(at: Scene) -> bool:
    """Whether something about one that is filed is asked."""
    return at.talk.asked in (f"{COMPLAINT}{steps.REOPEN}", f"{COMPLAINT}{steps.CONTENT}")


def take(at: Scene) -> Turn | None:
    """The answer to that."""
    found = store.get(at.tx, at.deps.data_keys, UUID(at.talk.complaint["id"])) if at.talk.complaint.get("id") else None
    step = at.talk.asked.removeprefix(COMPLAINT)
    if found is None or not _is_his(at, found):
        complaining.end(at)
        return None
    if at.heard.file is not None or at.heard.problem is not None:
        return follow(at, found)
    if step == steps.REOPEN:
        complaining.end(at)
        return _reopen(at, found, at.heard.text)
    code, why = steps.content(at.heard.text, at.heard.choice)
    if code is None:
        return complaining.unclear(at, step)
    complaining.end(at)
    if code == "satisfied":
        return _act(at, found, following.satisfied, _THANKS)
    return _reopen(at, found, why) if why else _ask(at, found, steps.REOPEN)


def _reopen(at: Scene, complaint: Complaint, why: str) -> Turn | None:
    return _act(at, complaint, lambda deps, tx, one: following.reopen(deps, tx, one, why), _AGAIN)


def _act(at: Scene, complaint: Complaint, act: Act, done: Words) -> Turn:
    """By the use case that a page calls. A conversation is locked before its complaint."""
    try:
        with at.tx.attempt():
            locked = store.lock(at.tx, at.deps.data_keys, complaint.id)
            if locked is None or locked.erased_at is not None:
                raise TicketUnknown
            act(at.deps, at.tx, locked)
    except Problem as problem:
        return Turn("talk_note", question=False).after(refused(problem))
    at.talk.unclear = 0
    complaining.take_out(at)
    return _said(done, complaint)


def _said(words_: Words, complaint: Complaint) -> Turn:
    said = Words(words_.id % complaint.ticket, words_.en % complaint.ticket)
    return Turn("talk_note", question=False).after(said)
