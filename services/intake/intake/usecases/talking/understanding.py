"""What a message means: the order in which it is understood, and the words that are understood everywhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from intake.domain.case import Application
from intake.domain.conversation import agenda, reading, words
from intake.domain.conversation import complaining as steps
from intake.domain.conversation.agenda import Next
from intake.domain.conversation.state import COMPLAINT
from intake.domain.conversation.turns import Choice, Turn
from intake.domain.identity import IdentityError, normalise_tracking_code
from intake.usecases import procedure
from intake.usecases.talking import (
    answering,
    bursts,
    complaining,
    complaint_answers,
    complaint_drafts,
    going_on,
    opening,
    photos,
    sending,
    surveying,
    wishing,
)
from intake.usecases.talking.scene import Scene, refused
from intake.usecases.talking.status import status_of
from kit.problems import Problem, Words

MENU, WITHDRAW, OFFICE = "menu", "withdraw", "office:"
_NEW, _OFFICE = "new", "office"
MOST_SHOWN = 5
_VOICE = Words("Pesan suara Anda sudah kami simpan; petugas akan mendengarkannya.",
               "We have kept your voice message; an officer will listen to it.")  # fmt: skip
_VOICE_LOST = Words("Pesan suara Anda tidak sampai ke kami. Tolong kirim sekali lagi, atau tulis saja.",
                    "Your voice message did not reach us. Please send it once more, or just write.")  # fmt: skip
_VOICE_NOT_AGAIN = Words("Pesan suara Anda belum sampai juga. Tulis saja, atau balas *bantuan*.",
                         "Your voice message did not reach us again. Just write, or answer *help*.")  # fmt: skip
_NO_CASE = Words("Belum ada permohonan yang berjalan.", "There is no application under way.")
_LOST = Words("Permohonan yang tadi kami tanyakan sudah tidak berjalan. Balas *menu* untuk melihat yang lain.",
              "The application that we asked about has ended. Answer *menu* to see the others.")  # fmt: skip
_STAYS = Words("Permohonan tidak dibatalkan. Pesan Anda kami teruskan ke petugas.",
               "The application is not withdrawn. We pass your message on to an officer.")  # fmt: skip
_DROPPED = Words("Baik, keluhan tidak dikirim.", "All right, no complaint is sent.")
_LATER = Words("Untuk meneruskan permohonan, balas: *lanjut*", "To go on with the application, answer: *continue*")
_WAITS = Words("Permohonan baru Anda menunggu. Untuk meneruskannya, balas: *lanjut*",
               "Your new application waits. To go on with it, answer: *continue*")  # fmt: skip
_NOT_YOURS = Words("Kode itu bukan permohonan Anda di sini.", "That code is none of your applications here.")

_BESIDE_CASES: tuple[tuple[Callable[[Scene], Any], Callable[[Scene, Any], Turn | None]], ...] = (
    (surveying.meant, surveying.take),
    (wishing.meant, wishing.take),
    (complaint_answers.quoted, complaint_answers.follow),
    (complaint_answers.meant, complaint_answers.take),
)
"""What is about no case, and whoever takes it: the survey, an announcement, a complaint that he quotes, one that is
asked about."""


def reply(at: Scene) -> Turn | None:
    """The answer to a message; None where none is needed."""
    turn = _reply(at)
    if not at.talk.parked.startswith((opening.ASKED, COMPLAINT)) or at.talk.asked == OFFICE:
        return turn
    if at.talk.asked:  # of another case
        unsent = complaining.WAITS if complaint_drafts.is_unsent(at) else None
        said = _WAITS if at.talk.parked.startswith(opening.ASKED) else unsent
        return turn.after(said) if turn else None
    at.talk.asked, at.talk.parked = at.talk.parked, ""
    return turn


def _reply(at: Scene) -> Turn | None:
    heard = at.heard
    for meant, take in _BESIDE_CASES:
        if (found := meant(at)) is not None:
            return take(at, found)
    if not _choose_case(at):
        if heard.problem is not None or heard.file is not None:  # which paper it is, he is asked
            bursts.came(at, unsure=True)
        return Turn("talk_note", question=False).after(_NOT_YOURS)
    if not _choose_question(at):
        return None if heard.choice else _open_question(at)
    if complaining.hears(at):  # a question that waited, and that he quotes
        return complaint_answers.hear(at)
    if heard.kind == "voice":
        return _voice(at)
    if heard.problem is not None or heard.file is not None:
        return bursts.came(at)
    if not heard.text.strip() and not heard.choice:  # a place on a map, a sticker
        return _without_words(at)
    return _said(at)


def _voice(at: Scene) -> Turn | None:
    if (complaint := complaint_answers.unquoted(at)) is not None:
        return complaint_answers.follow(at, complaint)
    at.for_office(at.case())
    if at.heard.problem is None:
        return _with_question(at, _VOICE)
    return _with_question(at, _VOICE_LOST if at.talk.asks_again() else _VOICE_NOT_AGAIN)


def _said(at: Scene) -> Turn | None:
    heard, talk = at.heard, at.talk
    name = None if heard.choice else words.command(heard.text)
    if (about := _of_complaint(at, name)) is not None:
        return about
    if (name is None or name in _OF_A_CASE) and at.lost():
        return _lost(at)
    if name in _EVERYWHERE and not (opening.is_going(at) and name in _ONLY_IN_CASES):
        talk.unclear = 0
        return _EVERYWHERE[name](at)
    if heard.choice is None and (known := opening.wished_for(at)):
        talk.unclear = 0
        return complaining.unsent(at) or opening.begin(at, known)  # whatever else is under way
    if (complaint := complaint_answers.unquoted(at)) is not None:
        return complaint_answers.follow(at, complaint)
    if talk.asked == OFFICE and heard.choice is None:
        return _to_the_office(at)
    return _answered(at)


def _answered(at: Scene) -> Turn | None:
    """The answer to what is asked, or waited while he wrote to the office."""
    heard, talk = at.heard, at.talk
    talk.resume(OFFICE)
    if complaint_drafts.is_going(at):
        return complaint_answers.hear(at)
    wrong = None if heard.choice else reading.correction(heard.text)
    if opening.is_going(at):
        return opening.correct(at, *wrong) if wrong and _was_said(at, wrong[0]) else opening.take(at)
    if talk.asked.startswith(f"{MENU}:"):
        return _menu_answer(at)
    app = at.case()
    if app is None:
        known = opening.spoken(at)
        return opening.begin(at, known) if known or not talk.noticed else _unclear(at)
    return _said_of(at, app, wrong)


def _of_complaint(at: Scene, name: str | None) -> Turn | None:
    """The beginning of a complaint, or how one stands whose ticket is in these words. What is said meanwhile is kept
    no more than its answers are."""
    if name in complaining.ASIDE and complaint_drafts.is_going(at):
        complaint_drafts.take_out(at)
    if name in steps.OF_COMMAND:
        return complaining.begin(at, name)
    return complaint_answers.of_ticket(at) if name in (None, "status") else None


def _said_of(at: Scene, app: Application, wrong: tuple[str, str] | None) -> Turn | None:
    """An answer about a case, or a value of it that is another one."""
    if at.talk.asked.startswith(f"{WITHDRAW}:"):
        return _withdrawal(at, app)
    if at.talk.asked.startswith(f"{photos.WHICH}:"):
        return photos.sorted_by_words(at)
    if at.heard.choice is None and photos.told_of(at, app):
        return None
    if wrong and app.status in ("draft", "returned"):
        return answering.correct(at, app, *wrong)
    return answering.take(at, app) if at.talk.asked else _unclear(at)


def _lost(at: Scene) -> Turn | None:
    """What he answers is of a case that has ended, or is his no more: nothing is asked of another in its place. Words
    to a notice of such a case answer no question: a person reads them."""
    quoted = at.heard.replies_to
    if (at.heard.case is not None or quoted in at.talk.about) and quoted not in at.talk.questions:
        return _unclear(at)
    if not (opening.is_going(at) or complaint_drafts.is_going(at)):
        at.talk.asked = ""
    return Turn("talk_note", question=False).after(_LOST)


def _was_said(at: Scene, code: str) -> bool:
    """Whether there is an answer to be corrected."""
    return code in at.talk.answers or code == "rw"


def _choose_case(at: Scene) -> bool:
    """Which case the message is about, where it says so: it answers a message of ours about one, or has its code. False
    where the code is none of his."""
    known = at.talk.about.get(at.heard.replies_to or "") or at.heard.case
    if known is not None and any(str(app.id) == known for app in at.cases()):
        _turn_to(at, known)
        at.meant = True
    text = words.plain(at.heard.text)
    if "PGT" not in text.upper():
        return True
    word = next((one for one in text.split() if "PGT" in one.upper()), "")
    try:
        code = normalise_tracking_code(word.strip(".,!?()"))
    except IdentityError:
        return True
    found = next((app for app in at.cases() if app.tracking_code == code), None)
    if found is not None:
        _turn_to(at, str(found.id), anew=True)
        rest = " ".join(one for one in text.split() if one != word)
        at.heard = replace(at.heard, text=rest or "status", replies_to=None)
        at.meant = True
    return found is not None


def _turn_to(at: Scene, case: str, *, anew: bool = False) -> None:
    """The talk is about this case now. One that is about to be opened waits: what he says is no answer for that."""
    talk = at.talk
    if opening.is_going(at) or complaint_drafts.is_going(at):
        talk.park("")
    elif anew or case != (talk.asked_of if talk.is_of_case else talk.case):
        talk.asked = ""
    talk.case = talk.asked_of = case


def _choose_question(at: Scene) -> bool:
    """Which question he answers, where he quotes one. An older one of the case takes the answer; one by which a case is
    sent or ends is asked anew, with the case as it is now. False where it was answered for good."""
    talk, asked = at.talk, at.talk.questions.get(at.heard.replies_to or "")
    if asked is None or asked == talk.asked:
        return True
    if asked == talk.parked:
        talk.resume(OFFICE)
        if asked.startswith(COMPLAINT):
            talk.asked, talk.parked = asked, ""
    elif asked.startswith(opening.ASKED):
        return opening.is_going(at)
    elif Next.read(asked).kind in _TAKES_AGAIN and at.case() is not None:
        talk.asked = asked
    return True


_TAKES_AGAIN = frozenset({agenda.FIELD, agenda.DOCUMENT, agenda.INTRODUCTION, agenda.AGREEMENT})


def refused_turn(at: Scene, problem: Problem) -> Turn:
    """A refusal in plain words, and that somebody of the office sees the message."""
    return Turn("talk_office", {"office_phone": at.office_phone}, question=False).after(refused(problem))


# --- what is not understood -------------------------------------------------------------------------------------------


def _unclear(at: Scene) -> Turn | None:
    """Answered once and offered to the office; what follows is kept for it without a word."""
    at.talk.unclear += 1
    at.for_office(at.case())
    if at.talk.unclear == 1:
        return Turn("talk_unclear", {"office_phone": at.office_phone}, question=False)
    return going_on.passed_on(at, at.case()) if at.talk.unclear == 2 else None


def _without_words(at: Scene) -> Turn | None:
    at.for_office(at.case())
    at.talk.unclear += 1
    return _with_question(at, going_on.PASSED_ON) if at.talk.unclear <= 2 else None


def _with_question(at: Scene, said: Words) -> Turn | None:
    """A sentence, and the question that is still open."""
    turn = _open_question(at)
    return turn.after(said) if turn else Turn("talk_note", question=False).after(said)


def _open_question(at: Scene) -> Turn | None:
    """What is asked, once more."""
    if complaint_drafts.is_going(at):
        return complaining.repeat(at)
    if opening.is_going(at):
        return opening.repeat(at)
    app = at.case()
    if app is None or not at.talk.is_of_case or at.lost():
        return None
    return going_on.ask(at, app) if app.status in ("draft", "returned") else None


# --- words that are understood everywhere -----------------------------------------------------------------------------


def _menu(at: Scene) -> Turn | None:
    """What can be done: go on with a case, begin another, speak to a person."""
    if (unsent := complaining.unsent(at)) is not None:
        return unsent
    cases = at.cases()[:MOST_SHOWN]
    if not cases:
        return opening.begin(at)
    at.talk.begin_anew()
    at.talk.asked = f"{MENU}:"
    new = Choice(_NEW, Words("Permohonan baru", "A new application"), ("baru", "layanan baru", "ajukan"))
    person = Choice(_OFFICE, Words("Bicara dengan petugas", "Talk to an officer"), ("petugas", "bantuan"))
    return Turn("talk_menu", {"office": at.office.data["name"]}, (*(_choice(at, app) for app in cases), new, person))


def _choice(at: Scene, app: Application) -> Choice:
    return Choice(str(app.id), at.name_of(app), (app.tracking_code[-5:], app.tracking_code, app.service))


def _menu_answer(at: Scene) -> Turn | None:
    cases = {str(app.id): app for app in at.cases()}
    named = {_NEW: ("baru", "permohonan baru", "new"), _OFFICE: ("petugas", "bicara dengan petugas")}
    named |= {one: _choice(at, app).named for one, app in cases.items()}
    known = [(one, named.get(one, ())) for one in at.talk.options]  # its digits are those of the list that he saw
    code = words.chosen(at.heard.text, at.heard.choice, known)
    if code == _NEW or (code is None and opening.spoken(at)):
        return opening.begin(at, opening.spoken(at))
    if code == _OFFICE:
        return _help(at)
    if code is None:
        return _unclear(at)
    if code not in cases:
        return _lost(at)
    at.talk.case, at.talk.asked, at.talk.unclear = code, "", 0
    return going_on.ask(at, cases[code])


def _greeting(at: Scene) -> Turn | None:
    """Who comes back after days is asked what was asked; else there is the menu."""
    at.talk.resume(OFFICE)
    return _open_question(at) or _menu(at)


def _repeat(at: Scene) -> Turn | None:
    at.talk.resume(OFFICE)
    return _open_question(at) or _menu(at)


def _status(at: Scene) -> Turn | None:
    """Of the only case, or the one that is meant; of several each in a line."""
    cases = at.cases()
    if not cases:
        return _with_question(at, _NO_CASE) if opening.is_going(at) else _ended(at)
    meant = at.meant or at.heard.replies_to in at.talk.about
    if len(cases) == 1 or meant:
        app = at.case() if meant else cases[0]
        assert app is not None
        return status_of(at, app)
    lines = [line for app in cases[:MOST_SHOWN] for line in _line(at, app)]
    return Turn("talk_statuses", {"cases": lines}, question=False)


def _line(at: Scene, app: Application) -> list[Words]:
    stands, turn = (status_of(at, app).values[name] for name in ("stands", "turn"))
    name, turn = at.name_of(app), turn or Words("", "")
    return [Words(f"• {name.id}: {stands.id} {turn.id}", f"• {name.en}: {stands.en} {turn.en}")]


def _ended(at: Scene) -> Turn | None:
    """Of the last case that has ended, where there is one."""
    app = at.last_ended()
    return status_of(at, app) if app else Turn("talk_note", question=False).after(_NO_CASE)


def _help(at: Scene) -> Turn | None:
    """A person, with everything so far: the office sees this conversation."""
    app = at.case()
    at.for_office(app)
    at.talk.unclear = 0
    at.talk.park(OFFICE)
    return Turn("talk_help", {"office_phone": at.office_phone, "office_name": at.office.data["name"]}, question=False,
                case=str(app.id) if app else None)  # fmt: skip


def _to_the_office(at: Scene) -> Turn | None:
    """What he writes after he called for a person. Said once; what he was asked waits."""
    at.for_office(at.case())
    at.talk.unclear += 1
    if at.talk.unclear > 1:
        return None
    later = complaining.WAITS if complaint_drafts.is_unsent(at) else _LATER if at.talk.parked or at.cases() else None
    return Turn("talk_office", {"office_phone": at.office_phone}, question=False).after(going_on.PASSED_ON, later)


def _link(at: Scene) -> Turn | None:
    app = at.case()
    return going_on.pages(at, app) if app else _with_question(at, _NO_CASE)


def _cancel(at: Scene) -> Turn | None:
    """What was begun is dropped; a case that is open ends only after one more question."""
    at.talk.resume(OFFICE)
    if complaint_drafts.is_going(at):
        said = None if complaint_drafts.is_of_filed(at) else _DROPPED
        complaint_drafts.end(at)
        turn, cancelled = _open_question(at), Turn("talk_cancelled", question=False)
        return turn.after(said) if turn else cancelled
    if opening.is_going(at) or at.talk.asked.startswith((f"{MENU}:", f"{WITHDRAW}:")):
        at.talk.begin_anew()
        return Turn("talk_cancelled", question=False)
    app = at.case()
    if app is None:
        return Turn("talk_cancelled", question=False)
    at.talk.unclear = 0
    return _sure(at, app)


def _sure(at: Scene, app: Application) -> Turn:
    at.talk.asked = f"{WITHDRAW}:"
    return Turn("talk_withdraw", {"case": at.name_of(app)}, _SURE, case=str(app.id))


_SURE = (
    Choice("yes", Words("Ya, batalkan", "Yes, withdraw it"), ("ya", "iya", "yes", "ya yakin", "yakin")),
    Choice("no", Words("Tidak, lanjutkan", "No, go on"), ("tidak", "no", "jangan", "tidak jadi", "tidak yakin")),
)


def _withdrawal(at: Scene, app: Application) -> Turn | None:
    """Ends the case, which its own notice tells. What is neither yes nor no is asked again, and then left."""
    code = words.decided(at.heard.text, at.heard.choice, [(one.id, one.named) for one in _SURE])
    if code is None and at.talk.unclear == 0:
        at.talk.unclear = 1
        return _sure(at, app).after(answering.UNCLEAR)
    at.talk.asked, at.talk.unclear = "", 0
    if code is None:
        at.for_office(app)
        return going_on.ask(at, app).after(_STAYS)
    if code == "no":
        return going_on.ask(at, app)
    wrong = answering.act_on(at, app, lambda case, actor: procedure.withdraw(at.deps, at.tx, case, actor, None))
    return Turn("talk_note", question=False, case=str(app.id)).after(wrong) if wrong else None


def _send(at: Scene) -> Turn | None:
    app = at.case()
    if app is None or app.status not in ("draft", "returned"):
        return _status(at)
    return sending.send(at, app)


def _go_on(at: Scene) -> Turn | None:
    """What waited while he wrote to the office, or about another case; else the case."""
    at.talk.resume(OFFICE)
    if at.talk.parked.startswith((opening.ASKED, COMPLAINT)):
        at.talk.asked, at.talk.parked = at.talk.parked, ""
    if opening.is_going(at) or complaint_drafts.is_going(at):
        return _open_question(at)
    app = at.case()
    return going_on.ask(at, app) if app else _menu(at)


def _change(at: Scene) -> Turn | None:
    app = at.case()
    return answering.what_is_wrong(at, app) if app and app.status in ("draft", "returned") else _status(at)


def _anyway(at: Scene) -> Turn | None:
    """Photos that look blurred or dark are taken all the same; where none waits it is `kirim`."""
    return bursts.anyway(at) if bursts.doubted(at) else _send(at)


def _english(at: Scene) -> Turn | None:
    at.talk.language = "en"
    return _greeting(at)


def _indonesian(at: Scene) -> Turn | None:
    at.talk.language = "id"
    return _greeting(at)


def _thanks(_at: Scene) -> Turn | None:
    """Nothing is to be said to that, and each message costs."""
    return None


_EVERYWHERE: Mapping[str | None, Callable[[Scene], Turn | None]] = {
    "cancel": _cancel, "menu": _menu, "repeat": _repeat, "help": _help, "status": _status,
    "link": _link, "anyway": _anyway, "send": _send, "go_on": _go_on, "change": _change, "english": _english,
    "indonesian": _indonesian, "greeting": _greeting, "thanks": _thanks,
}  # fmt: skip
_OF_A_CASE = frozenset({"cancel", "send", "anyway", "go_on", "change", "link"})
"""What these do, they do to the case that was asked about."""
_ONLY_IN_CASES = frozenset({"send", "go_on", "change", "link"})
"""While a case is about to be opened these may be answers."""
