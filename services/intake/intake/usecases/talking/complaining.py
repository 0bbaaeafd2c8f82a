"""A complaint, wish or question by chat: asked for step by step, filed by the same use case as a page does, and gone on
with afterwards. What is written for it is kept with it alone, and not among the messages that the office reads."""

from __future__ import annotations

from typing import Any

from intake.domain.complaints.filing import MOST_PHOTOS, TooManyPhotos
from intake.domain.conversation import complaining as steps
from intake.domain.conversation import words
from intake.domain.conversation.state import COMPLAINT, OFFICE
from intake.domain.conversation.turns import Choice, Turn
from intake.usecases.talking import complaint_drafts as drafts
from intake.usecases.talking import complaint_filing
from intake.usecases.talking.looking import PROBLEMS
from intake.usecases.talking.scene import Scene, refused
from kit.problems import Problem, Words

UNCLEAR = Words("Maaf, jawaban tadi belum kami mengerti.", "Sorry, we did not understand that answer.")
WRITE = Words("Untuk keluhan, tolong tulis dengan kata-kata. Foto boleh dikirim, pesan suara belum bisa dipakai.",
              "For a complaint, please write in words. Photos are fine; voice messages cannot be used.")  # fmt: skip
WAITS = Words("Yang tadi Anda sampaikan belum dikirim. Untuk meneruskannya, balas: *lanjut*",
              "What you told us is not sent yet. To go on with it, answer: *continue*")  # fmt: skip
_GOT_PHOTO = Words("Foto sudah kami terima.", "We have the photo.")
_UNSENT = Words("Yang tadi Anda sampaikan belum dikirim. Jawab dulu pertanyaan ini, atau balas *batal*.",
                "What you told us is not sent yet. Answer this question first, or answer *cancel*.")  # fmt: skip
_KEPT = Words("Yang Anda sampaikan belum terkirim, tetapi masih kami simpan. Jawab lagi nanti, atau balas *batal*.",
              "What you told us is not sent, but we still have it. Answer again later, or *cancel*.")  # fmt: skip
_HELP = Words("Pilih salah satu jawaban di atas. Untuk bicara dengan petugas, balas: *bantuan*",
              "Choose one of the answers above. To talk to an officer, answer: *help*")  # fmt: skip
ASIDE = frozenset(
    {"cancel", "menu", "repeat", "go_on", "english", "indonesian", "greeting", "thanks", *steps.OF_COMMAND}
)
"""Words that mean themselves even where a story is asked for, as `help` does, by which he turns to the office."""


def hears(at: Scene) -> bool:
    """Whether this message answers it, as all does that is no word which is understood everywhere, and quotes nothing
    of another matter."""
    heard, talk = at.heard, at.talk
    if not drafts.is_going(at) or heard.case is not None or heard.replies_to in talk.about:
        return False
    if not talk.questions.get(heard.replies_to or "", talk.asked).startswith(COMPLAINT):
        return False
    if heard.file is not None or heard.problem is not None or heard.choice is not None or not heard.text.strip():
        return True
    means = steps.chosen(heard.text, None, _choices(at, _step(at)))  # `petugas` may be whom it is about
    return means is not None or words.command(heard.text) not in (*ASIDE, "help")


def is_settled(at: Scene) -> bool:
    """Whether he pressed a button of a question that was settled with its complaint, as pressed twice."""
    asked = at.talk.questions.get(at.heard.replies_to or "", "")
    known = asked == at.talk.parked or drafts.is_unsent(at) or drafts.asks_of_filed(asked)
    return asked.startswith(COMPLAINT) and at.heard.choice is not None and not known


def begin(at: Scene, name: str) -> Turn | None:
    """Starts one, by the word that was said; what was told of another one is not sent yet, and is not dropped."""
    drafts.take_out(at)
    if (turn := unsent(at)) is not None:
        return turn
    drafts.begin(at, steps.OF_COMMAND[name])
    return go_on(at)


def unsent(at: Scene) -> Turn | None:
    """What is said before anything else begins: something is not sent yet. None where nothing was told."""
    if not drafts.is_unsent(at):
        return None
    at.talk.resume(OFFICE)
    drafts.take_up(at)
    return repeat_after(at, _UNSENT)


def repeat(at: Scene) -> Turn | None:
    """The question once more."""
    step = at.talk.asked.removeprefix(COMPLAINT)
    return question(at, step) if step in (steps.REOPEN, steps.CONTENT) else go_on(at)


def go_on(at: Scene) -> Turn | None:
    """The next question; after the last it is filed."""
    step = steps.next_step(at.talk.complaint, cases=bool(at.cases()))
    return _file(at) if step is None else question(at, step)


def question(at: Scene, step: str) -> Turn:
    """A step as a message."""
    at.talk.asked = f"{COMPLAINT}{step}"
    template, _ = _ASKED[step]
    values: dict[str, Any] = {"office": at.office.data["name"], "office_phone": at.office_phone}
    if step == steps.TEXT:
        values["kind"] = next(one.title for one in steps.KINDS if one.id == at.talk.complaint["kind"])
        values["complaint"] = _published(at)
    return Turn(template, values, _choices(at, step))


_ASKED: dict[str, tuple[str, tuple[Choice, ...]]] = {
    steps.KIND: ("talk_complaint_kind", steps.KINDS), steps.TEXT: ("talk_complaint", ()),
    steps.ABOUT: ("talk_complaint_about", steps.ABOUTS), steps.CASE: ("talk_complaint_case", ()),
    steps.NAME: ("talk_complaint_name", steps.NAMES), steps.REOPEN: ("talk_complaint_reopen", ()),
    steps.CONTENT: ("talk_complaint_content", steps.CONTENTS),
}  # fmt: skip


def _published(at: Scene) -> Words:
    """How else one complains, as the office's services say it."""
    app = at.case()
    sop = at.sop(app) if app else next(iter(at.facts().services), None)
    return Words(sop["complaint"]["id"], sop["complaint"]["en"]) if sop else Words("", "")


def _choices(at: Scene, step: str) -> tuple[Choice, ...]:
    return _cases(at) if step == steps.CASE else _ASKED[step][1]


def _cases(at: Scene) -> tuple[Choice, ...]:
    cases = tuple(
        Choice(str(app.id), at.name_of(app), (app.tracking_code, app.tracking_code[-5:], app.service))
        for app in at.cases()[:5]
    )
    return (*cases, Choice(steps.NO_CASE, Words("Bukan tentang itu", "None of these"), ("bukan", "tidak", "no")))


# --- answers ----------------------------------------------------------------------------------------------------------


def take(at: Scene) -> Turn | None:
    """The answer to what was asked; photos come along."""
    heard, step = at.heard, _step(at)
    drafts.take_out(at)
    if is_unwritten(at):
        return repeat_after(at, WRITE)
    if heard.file is not None or heard.problem is not None:
        return _photo(at, step)
    if step == steps.TEXT and heard.choice is None:
        return _text(at, heard.text)
    found = steps.chosen(heard.text, heard.choice, _choices(at, step))
    if step == steps.ABOUT and steps.tells_more(heard.text, heard.choice, _choices(at, step)):
        at.talk.complaint["text"] = steps.joined(at.talk.complaint.get("text"), heard.text)
    if found is None:
        return unclear(at, step)
    at.talk.complaint[_KEPT_AS.get(step, step)] = found
    at.talk.unclear = 0
    return go_on(at)


_KEPT_AS = {steps.NAME: "confidentiality"}


def _step(at: Scene) -> str:
    """What he answers: an older question of it where he quotes one, else the open one."""
    quoted = at.talk.questions.get(at.heard.replies_to or "", "").removeprefix(COMPLAINT)
    told = quoted in _KEPT_WITH and not drafts.is_of_filed(at) and bool(at.talk.complaint.get("text"))
    return quoted if told else at.talk.asked.removeprefix(COMPLAINT)


_KEPT_WITH = frozenset({steps.TEXT, steps.ABOUT, steps.CASE})


def is_unwritten(at: Scene) -> bool:
    """Whether it is neither words nor a photo: whoever handles a complaint reads it, and nobody else is to hear it."""
    heard = at.heard
    nothing = not heard.text.strip() and heard.choice is None and heard.file is None and heard.problem is None
    return nothing or heard.kind == "voice" or heard.problem == "not_taken"


def _text(at: Scene, text: str) -> Turn | None:
    at.talk.complaint["text"] = steps.joined(at.talk.complaint.get("text"), text)
    at.talk.unclear = 0
    return go_on(at)


def _photo(at: Scene, step: str) -> Turn | None:
    """Kept until it is filed; words under it are what happened."""
    heard, draft = at.heard, at.talk.complaint
    if heard.file is None:
        return repeat_after(at, PROBLEMS.get(heard.problem or "", PROBLEMS["gone"]))
    kept = draft.setdefault("photos", [])
    if is_full := len(kept) >= MOST_PHOTOS:
        told, draft["full"] = draft.get("full"), True
        said = None if told else refused(TooManyPhotos())
    else:
        kept.append(dict(heard.file))
        said = _GOT_PHOTO if step == steps.TEXT and len(kept) == 1 else None
    if heard.text.strip():
        turn = _text(at, heard.text)
        return turn.after(said) if turn and is_full else turn
    return repeat_after(at, said) if said else None


def repeat_after(at: Scene, said: Words) -> Turn | None:
    """A sentence, and the question that is open."""
    turn = repeat(at)
    return turn.after(said) if turn else None


def unclear(at: Scene, step: str) -> Turn | None:
    """Asked once more; then it is said how a person helps, and then nothing more. None of it goes to the desk, where it
    would stand beside his name."""
    at.talk.unclear += 1
    if at.talk.unclear == 1:
        return question(at, step).after(UNCLEAR)
    if at.talk.unclear > 2:
        return None
    return Turn("talk_office", {"office_phone": at.office_phone}, question=False).after(_HELP)


def refuse(at: Scene, problem: Problem) -> Turn | None:
    """An answer was refused for what nobody foresaw: it is asked again."""
    drafts.take_out(at)
    return repeat_after(at, refused(problem))


def _file(at: Scene) -> Turn | None:
    """What cannot be filed now stays, with its photos, and is filed by the answer to the last question."""
    draft = at.talk.complaint
    try:
        turn = complaint_filing.file(at, draft)
    except Problem as problem:
        del draft["confidentiality"]
        return question(at, steps.NAME).after(refused(problem), _KEPT)
    drafts.end(at)
    return turn
