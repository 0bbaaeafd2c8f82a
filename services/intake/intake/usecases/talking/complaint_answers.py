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
from intake.usecases.complaining.finding import TicketUnknown, is_going_away
from intake.usecases.talking import complaining, complaint_photos
from intake.usecases.talking import complaint_drafts as drafts
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
_NO_MORE = Words("Tiket itu tidak bisa diteruskan lagi. Untuk keluhan baru, balas: *keluhan*",
                 "That ticket cannot be gone on with. For a new complaint, answer: *complaint*")  # fmt: skip

Act = Callable[[Deps, Tx, Complaint], None]


def quoted(at: Scene) -> Complaint | None:
    """The complaint that a message quotes a notice about, if it is his."""
    known = at.heard.case
    found = store.get(at.tx, at.deps.data_keys, UUID(known)) if known else None
    return found if found is not None and _is_his(at, found) else None


def _is_his(at: Scene, complaint: Complaint) -> bool:
    account, person, talk = at.account(), complaint.person, at.talk
    if is_going_away(at.tx, complaint):
        return False
    return (
        (account is not None and complaint.owner == str(account.id))
        or person.get("contact_id") == str(at.conversation.contact_id)
        or (talk.phone is not None and person.get("phone") == talk.phone)
    )


def unquoted(at: Scene) -> Complaint | None:
    """The newest of his that these words may be for: one whose answer they judge, else one that waits for words, be it
    that they are spoken. None where anything is asked."""
    account, heard = at.account(), at.heard
    spoken = heard.kind == "voice" and not at.talk.asked
    if account is None or at.talk.asked not in ("", OFFICE) or heard.choice or not (spoken or heard.text.strip()):
        return None
    found = store.of_owner(at.tx, at.deps.data_keys, at.office.code, str(account.id), None, _NEWEST)
    judged = steps.content(heard.text, None)[0] is not None
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
    """What this message does to it. Whatever that is, it is read with the complaint, by who handles it."""
    drafts.take_out(at)
    heard = at.heard
    if complaining.is_unwritten(at):
        return _note(at, complaining.WRITE)
    if heard.problem is not None:
        return _note(at, PROBLEMS.get(heard.problem, PROBLEMS["gone"]))
    if heard.file is not None:
        complaint_photos.ask(at, complaint.id, [heard.file])
        if not heard.text.strip():
            return _said(at, _PHOTO, complaint)
    may = actions_for(complaint.state, FILER, at.deps.clock.now())
    if "supply" in may:
        return _act(at, complaint, lambda deps, tx, one: following.supply(deps, tx, one, heard.text), _ADDED)
    return _judged(at, complaint, may)


def _judged(at: Scene, complaint: Complaint, may: list[str]) -> Turn | None:
    code, why = steps.content(at.heard.text, at.heard.choice)
    if not may or (code is None and words.command(at.heard.text) == "thanks"):
        return None if may else _said(at, _OVER, complaint)
    if code == "satisfied" and "satisfied" in may:
        return _act(at, complaint, following.satisfied, _THANKS)
    if code == "reopen" and "reopen" in may:
        return _reopen(at, complaint, why) if why else _ask(at, complaint, steps.REOPEN)
    if "satisfied" in may:
        return _ask(at, complaint, steps.CONTENT, "" if code else at.heard.text.strip())
    return _said(at, _OVER, complaint)


def _ask(at: Scene, complaint: Complaint, step: str, said: str = "") -> Turn:
    drafts.ask_about(at, complaint.id, said)
    return complaining.question(at, step)


def meant(at: Scene) -> Callable[[Scene], Turn | None] | None:
    """What is done with this message, if it is an answer to what is asked about a complaint, or was one before."""
    if complaining.hears(at):
        return hear
    return _nothing if complaining.is_settled(at) else None


def take(at: Scene, done: Callable[[Scene], Turn | None]) -> Turn | None:
    """Does it."""
    return done(at)


def _nothing(at: Scene) -> None:
    drafts.take_out(at)


def hear(at: Scene) -> Turn | None:
    """The answer to what is asked about a complaint, filed or not. One that quotes a question of the other kind is for
    that, if it waits; else it is no answer."""
    quoted = at.talk.questions.get(at.heard.replies_to or "", at.talk.asked)
    if quoted.startswith(COMPLAINT) and drafts.asks_of_filed(quoted) is not drafts.is_of_filed(at):
        if not at.talk.complaint.get("back", "").startswith(COMPLAINT):
            drafts.take_out(at)
            return complaining.repeat(at)
        drafts.end(at)
    return _take(at) if drafts.is_of_filed(at) else complaining.take(at)


def _take(at: Scene) -> Turn | None:
    """The answer to what is asked about one that is filed."""
    drafts.take_out(at)
    asked, step = at.talk.complaint, at.talk.asked.removeprefix(COMPLAINT)
    known = asked.get("id")
    found = store.get(at.tx, at.deps.data_keys, UUID(known)) if known else None
    if found is None or not _is_his(at, found):
        drafts.end(at)
        return _note(at, _NO_MORE)
    if at.heard.file is not None or complaining.is_unwritten(at) or at.heard.problem is not None:
        return follow(at, found)
    if step == steps.REOPEN:
        drafts.end(at)
        return _reopen(at, found, at.heard.text)
    code, why = steps.content(at.heard.text, at.heard.choice)
    told = steps.joined(asked.get("said"), why if code else at.heard.text)
    if code is None:
        asked["said"] = told
        return complaining.unclear(at, step)
    drafts.end(at)
    if code == "satisfied":
        return _act(at, found, following.satisfied, _THANKS)
    return _reopen(at, found, told) if told else _ask(at, found, steps.REOPEN)


def _reopen(at: Scene, complaint: Complaint, why: str) -> Turn | None:
    return _act(at, complaint, lambda deps, tx, one: following.reopen(deps, tx, one, why), _AGAIN)


def _act(at: Scene, complaint: Complaint, act: Act, done: Words) -> Turn | None:
    """By the use case that a page calls. A conversation is locked before its complaint."""
    try:
        with at.tx.attempt():
            locked = store.lock(at.tx, at.deps.data_keys, complaint.id)
            if locked is None or is_going_away(at.tx, locked):
                raise TicketUnknown
            act(at.deps, at.tx, locked)
    except Problem as problem:
        return _note(at, refused(problem))
    at.talk.unclear = 0
    if drafts.is_of_filed(at) and at.talk.complaint.get("id") == str(complaint.id):
        drafts.end(at)
    return _said(at, done, complaint)


def _said(at: Scene, words_: Words, complaint: Complaint) -> Turn | None:
    return _note(at, Words(words_.id % complaint.ticket, words_.en % complaint.ticket))


def _note(at: Scene, said: Words) -> Turn | None:
    """A sentence, and the question about a complaint that is open."""
    if drafts.is_going(at):
        return complaining.repeat_after(at, said)
    return Turn("talk_note", question=False).after(said)
