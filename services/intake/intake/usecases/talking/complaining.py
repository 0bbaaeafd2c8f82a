"""A complaint, wish or question by chat: asked for step by step, filed by the same use case as a page does, and gone on
with afterwards. What is written for it is kept with it alone, and not among the messages that the office reads."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from intake.domain.complaints.complaint import ANONYMOUS
from intake.domain.complaints.filing import MOST_PHOTOS
from intake.domain.conversation import complaining as steps
from intake.domain.conversation import words
from intake.domain.conversation.state import COMPLAINT, OFFICE
from intake.domain.conversation.turns import Choice, Turn
from intake.store import conversations
from intake.usecases.complaining import filing, limits
from intake.usecases.talking import complaint_photos
from intake.usecases.talking.looking import PROBLEMS
from intake.usecases.talking.scene import Scene, refused
from kit.problems import Problem, Words

UNCLEAR = Words("Maaf, jawaban tadi belum kami mengerti.", "Sorry, we did not understand that answer.")
_GOT_PHOTO = Words("Foto sudah kami terima.", "We have the photo.")
_LEAVING = frozenset(
    {"cancel", "menu", "help", "repeat", "english", "indonesian", "greeting", "thanks", *steps.OF_COMMAND}
)
"""Words that mean themselves even where a story is asked for."""


def is_going(at: Scene) -> bool:
    """Whether something about a complaint is asked."""
    return at.talk.asked.startswith(COMPLAINT)


def hears(at: Scene) -> bool:
    """Whether this message answers it: all does that is no word which is understood everywhere, and quotes nothing of
    another matter."""
    heard, talk = at.heard, at.talk
    if not is_going(at) or heard.kind == "voice" or heard.case is not None or heard.replies_to in talk.about:
        return False
    if talk.questions.get(heard.replies_to or "", talk.asked) != talk.asked:
        return False
    if heard.file is not None or heard.problem is not None or heard.choice is not None:
        return True
    if not heard.text.strip():
        return False
    step = talk.asked.removeprefix(COMPLAINT)
    means = steps.chosen(heard.text, None, _choices(at, step))  # `petugas` may be whom it is about
    return means is not None or words.command(heard.text) not in _LEAVING


def begin(at: Scene, name: str) -> Turn | None:
    """Starts one, by the word that was said. What was asked before waits."""
    talk = at.talk
    talk.resume(OFFICE)
    before = talk.complaint.get("before", "") if is_going(at) else talk.asked
    talk.complaint, talk.unclear = {"before": before, "kind": steps.OF_COMMAND[name]}, 0
    return go_on(at)


def end(at: Scene) -> None:
    """It is filed or dropped: what was asked before is asked again."""
    at.talk.asked, at.talk.complaint = at.talk.complaint.get("before", ""), {}


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
    step = at.talk.asked.removeprefix(COMPLAINT)
    if at.heard.file is not None or at.heard.problem is not None:
        return _photo(at, step)
    if step == steps.TEXT:
        return _text(at, at.heard.text)
    found = steps.chosen(at.heard.text, at.heard.choice, _choices(at, step))
    if found is None:
        return unclear(at, step)
    at.talk.complaint[_KEPT_AS.get(step, step)] = found
    at.talk.unclear = 0
    return go_on(at)


_KEPT_AS = {steps.NAME: "confidentiality"}


def _text(at: Scene, text: str) -> Turn | None:
    at.talk.complaint["text"] = text.strip()[: steps.MOST_TEXT]
    at.talk.unclear = 0
    take_out(at)
    return go_on(at)


def _photo(at: Scene, step: str) -> Turn | None:
    """Kept until it is filed; words under the first are what happened."""
    heard, draft = at.heard, at.talk.complaint
    if heard.file is None:
        return repeat_after(at, PROBLEMS.get(heard.problem or "", PROBLEMS["gone"]))
    kept = draft.setdefault("photos", [])
    if len(kept) >= MOST_PHOTOS:
        at.for_office()
        return None
    kept.append(dict(heard.file))
    if step == steps.TEXT and heard.text.strip():
        return _text(at, heard.text)
    take_out(at)
    return repeat_after(at, _GOT_PHOTO) if step == steps.TEXT and len(kept) == 1 else None


def repeat_after(at: Scene, said: Words) -> Turn | None:
    """A sentence, and the question that is open."""
    turn = repeat(at)
    return turn.after(said) if turn else None


def unclear(at: Scene, step: str) -> Turn | None:
    """Asked once more; then it is with the office, and then nothing more is said."""
    at.talk.unclear += 1
    if at.talk.unclear == 1:
        return question(at, step).after(UNCLEAR)
    at.for_office()
    return Turn("talk_office", {"office_phone": at.office_phone}, question=False) if at.talk.unclear == 2 else None


def take_out(at: Scene) -> None:
    """This message is kept with the complaint alone."""
    if at.heard.message_id:
        conversations.part_with_message(at.tx, UUID(at.heard.message_id))


# --- the ticket -------------------------------------------------------------------------------------------------------


def _file(at: Scene) -> Turn | None:
    """Files it. Whoever says how he is reached is told of his ticket by notice; of an anonymous one here, once."""
    draft = at.talk.complaint
    nameless = draft["confidentiality"] == ANONYMOUS
    try:
        with at.tx.attempt():
            limits.count_filed(at.deps, None if nameless else at.talk.phone)
            made = filing.file(at.deps, at.tx, _body(at, draft), None if nameless else at.caller(), channel="whatsapp")
            complaint_photos.ask(at, made.complaint.id, draft.get("photos", ()))
    except Problem as problem:
        end(at)
        at.for_office()
        return Turn("talk_office", {"office_phone": at.office_phone}, question=False).after(refused(problem))
    end(at)
    if not nameless:
        return None
    link = f"{at.deps.settings.public_url}/keluhan/{made.complaint.ticket}"
    values = {"ticket": made.complaint.ticket, "code": made.secret, "address": link}
    return Turn("talk_complaint_ticket", values, question=False)


def _body(at: Scene, draft: dict[str, Any]) -> dict[str, Any]:
    """As the API takes it. An anonymous one is about no case of his, by which he would be known."""
    body = {
        "kind": draft["kind"], "text": draft["text"], "about": draft.get("about", "office"),
        "confidentiality": draft["confidentiality"], "language": at.language,
    }  # fmt: skip
    if draft["confidentiality"] == ANONYMOUS:
        return body
    app = next((one for one in at.cases() if str(one.id) == draft.get("case")), None)
    return body | {
        "name": at.talk.name or None, "phone": at.talk.phone, "contact_id": str(at.conversation.contact_id),
        "tracking_code": app.tracking_code if app else None,
    }  # fmt: skip
