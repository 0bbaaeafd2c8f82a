"""From the first word to an open case: the table of `domain.conversation.steps`, and the case that its answers open."""

from __future__ import annotations

from typing import Any

from contracts.starting import wished
from intake.domain.conversation import steps, words
from intake.domain.conversation.state import OPENING
from intake.domain.conversation.steps import Facts, Step
from intake.domain.conversation.turns import Turn
from intake.usecases import applications, procedure
from intake.usecases.talking import bursts, going_on
from intake.usecases.talking.scene import Scene, refused
from kit.problems import Problem, Words

ASKED = OPENING
_CORRECTED = Words("Baik, sudah diubah.", "It is changed.")
_NOT_NOW = Words("Maaf, permohonan belum bisa dibuka.", "Sorry, the application could not be opened yet.")
_TO_OFFICE = Words(
    "Tidak apa-apa. Petugas akan membantu mencari RT-nya.",
    "That is all right. An officer will help to find the RT.",
)
_NO_LOGIN = Words("Nomor ini belum bisa dipakai di sini. Petugas akan membantu.",
                  "This number cannot be used here yet. An officer will help.")  # fmt: skip


def is_going(scene: Scene) -> bool:
    """Whether a case is about to be opened."""
    return scene.talk.asked.startswith(ASKED)


def begin(scene: Scene, known: dict[str, Any] | None = None) -> Turn | None:
    """Starts anew, with what was said by himself."""
    scene.talk.begin_anew()
    scene.talk.answers = dict(known or {})
    return go_on(scene, scene.facts())


def take(scene: Scene) -> Turn | None:
    """The answer to what was asked, and what comes next."""
    facts, talk = scene.facts(), scene.talk
    step = steps.step_of(talk.asked.removeprefix(ASKED))
    if step is None or not step.wanted(talk.answers, facts):
        return go_on(scene, facts)
    quoted = steps.step_of(_quoted(scene).removeprefix(ASKED))
    if quoted is not None and quoted is not step:
        return _changed(scene, facts, quoted)
    if steps.is_foreign(step, talk.answers, scene.heard, facts):
        return question(scene, facts, step)
    taken = step.take(talk.answers, scene.heard, facts)
    talk.answers = steps.merged(talk.answers, taken.values)
    if taken.person:
        scene.for_office()
        return Turn("talk_office", {"office_phone": scene.office_phone}, question=False).after(_TO_OFFICE)
    if taken.wrong is not None:
        return not_taken(scene, facts, step, taken.wrong)
    talk.unclear = 0
    return go_on(scene, facts)


def _quoted(scene: Scene) -> str:
    """The question that he answers, where he says so."""
    return scene.talk.questions.get(scene.heard.replies_to or "", "")


def _changed(scene: Scene, facts: Facts, step: Step) -> Turn | None:
    """The answer to an older question, which he quotes: another one than he gave. The same again, as a button that was
    pressed twice gives it, changes nothing, and nothing is said to it."""
    talk = scene.talk
    left = {name: value for name, value in talk.answers.items() if name not in steps.going_with(step.code)}
    if steps.is_foreign(step, left, scene.heard, facts):
        return repeat(scene)
    taken = step.take(left, scene.heard, facts)
    if taken.wrong is not None or taken.person:
        turn = repeat(scene)
        return turn.after(taken.wrong) if turn else None
    if all(talk.answers.get(name) == value for name, value in taken.values.items()):
        return None
    talk.answers = steps.merged(left, taken.values)
    turn = go_on(scene, facts)
    return turn.after(_CORRECTED) if turn else None


def not_taken(scene: Scene, facts: Facts, step: Step, wrong: Words) -> Turn | None:
    """Asked once more; who is not understood again is offered to the office, and then left in peace."""
    scene.talk.unclear += 1
    if scene.talk.unclear > 2:
        scene.for_office()
        return going_on.passed_on(scene, None) if scene.talk.unclear == 3 else None
    return question(scene, facts, step).after(wrong)


def correct(scene: Scene, code: str, said: str) -> Turn | None:
    """An earlier answer is another one, or is asked again."""
    facts, talk = scene.facts(), scene.talk
    talk.answers, wrong = steps.corrected(talk.answers, code, said, facts)
    turn = go_on(scene, facts)
    return turn.after(wrong or (_CORRECTED if said else None)) if turn else None


def repeat(scene: Scene) -> Turn | None:
    """The question once more."""
    return go_on(scene, scene.facts())


def go_on(scene: Scene, facts: Facts) -> Turn | None:
    """The next question; after the last the case is opened."""
    step = steps.next_step(scene.talk.answers, facts)
    return open_case(scene) if step is None else question(scene, facts, step)


def question(scene: Scene, facts: Facts, step: Step) -> Turn:
    """A step as a message. Before the very first one is said who keeps what, and why."""
    answers, talk = scene.talk.answers, scene.talk
    talk.asked = f"{ASKED}{step.code}"
    values: dict[str, Any] = {
        "name": answers.get("name", ""), "rt": answers.get("rt", ""), "other": _other(answers),
        "notice_office": "", "privacy_url": "", "understood": _understood(answers),
    }  # fmt: skip
    sop = facts.service(answers.get("service"))
    if sop is not None:
        values |= _of_service(sop)
    if not talk.noticed:
        talk.noticed = True
        values |= {"notice_office": scene.office.data["name"], "privacy_url": privacy_url(scene)}
    return Turn(step.template, values, tuple(step.choices(answers, facts)))


def _understood(answers: dict[str, Any]) -> Words:
    """Who and where, as we have it, with the last question before a case is opened."""
    who, rt, rw = (answers.get(name) or "" for name in ("name", "rt", "rw"))
    return Words(
        f"Kami catat: {who}, RT {rt} RW {rw}. Bila salah, balas misalnya: salah, nama Siti Maimunah",
        f"We have: {who}, RT {rt} RW {rw}. If that is wrong, answer for instance: wrong, name Siti Maimunah",
    )


def privacy_url(scene: Scene) -> str:
    return f"{scene.deps.settings.public_url}/layanan/{scene.office.code}/privasi"


def _of_service(sop: Any) -> dict[str, Any]:
    """What a service costs, how long it takes, and what comes after it."""
    return {
        "service_name": Words(sop["name"]["id"], sop["name"]["en"]),
        "cost": Words(sop["cost"]["id"], sop["cost"]["en"]),
        "days": str(sop["days"]),
        "next_step": Words(sop["next_step"]["id"], sop["next_step"]["en"]),
    }


def _other(answers: dict[str, Any]) -> Words:
    """Whose data are asked for."""
    if answers.get("whom") == steps.OTHER:
        return Words("pemohon yang Anda bantu", "the applicant whom you help")
    return Words("Anda", "you")


# --- the case ---------------------------------------------------------------------------------------------------------


def open_case(scene: Scene) -> Turn | None:
    """By the same use case as a page; the introduction is asked for at once."""
    who, talk = scene.caller(), scene.talk
    if who is None:
        scene.for_office()
        talk.begin_anew()
        return Turn("talk_office", {"office_phone": scene.office_phone}, question=False).after(_NO_LOGIN)
    try:
        with scene.tx.attempt():
            app = applications.open_application(scene.deps, scene.tx, who, _body(scene), channel="whatsapp")
            found = scene.locked(app.id)
            assert found is not None  # it was opened for him just now
            asked = _ask_introduction(scene, *found)
    except Problem as problem:
        return _refused(scene, problem)
    talk.begin_anew()
    talk.case = str(app.id)
    bursts.sort_soon(scene)
    return going_on.opened(scene, found[0], asked)


def _body(scene: Scene) -> dict[str, Any]:
    answers, talk = scene.talk.answers, scene.talk
    applicant = {name: answers.get(name) for name in ("name", "rt", "rw")}
    own = answers["name"] if answers["whom"] == steps.SELF else answers["helper"]
    contact = {"name": own, "phone": talk.phone, "contact_id": str(scene.conversation.contact_id)}
    body = {"service": answers["service"], "reason": answers.get("reason"), "applicant": applicant, "contact": contact}
    if answers["whom"] == steps.OTHER:
        # A number that he only says is his is not written to, nor lets anybody in: news go to his contact.
        phone = talk.phone or answers["helper_phone"]
        body["helper"] = {"name": own, "phone": phone, "relation": answers["relation"]}
    return body


def _ask_introduction(scene: Scene, app: Any, actor: Any) -> bool:
    """Of the RT head, where the service wants one. The purpose is the service and the reason, as the person chose."""
    sop = scene.sop(app)
    if all(one.code != wanted["code"] or one.state != "missing"
           for wanted in sop["requirements"] if wanted["kind"] == "introduction"
           for one in procedure.requirements_of(app, sop, [])):  # fmt: skip
        return False
    procedure.request_introduction(scene.deps, scene.tx, app, actor, purpose(sop, app.reason))
    return True


def purpose(sop: Any, reason: str | None) -> str:
    """What the introduction is for: `Pengantar KTP-el (Hilang)`."""
    named = next((one["name"]["id"] for one in sop["reasons"] if one["code"] == reason), None)
    return f"{sop['name']['id']} ({named})" if named else str(sop["name"]["id"])


def _refused(scene: Scene, problem: Problem) -> Turn | None:
    """In plain words. What was wrong of the answers is asked again; else there is nothing to be asked."""
    fields = ((problem.errors or {}).get("json") or {}).get("applicant") or {}
    wrong = [name for name in ("name", "rt", "rw") if name in fields]
    said = refused(problem)
    if wrong:
        for name in wrong:
            scene.talk.answers.pop(name, None)
        turn = go_on(scene, scene.facts())
        return turn.after(said) if turn else None
    scene.talk.begin_anew()
    return Turn("talk_office", {"office_phone": scene.office_phone}, question=False).after(_NOT_NOW, said)


def spoken(scene: Scene) -> dict[str, str]:
    """Service and reason that somebody speaks of by himself, or nothing."""
    return steps.unasked(words.plain(scene.heard.text), scene.facts())


def wished_for(scene: Scene) -> dict[str, str]:
    """The service of the sentence that leaflets type in, by its name as they print it; nothing for other texts."""
    name = wished(scene.heard.text)
    if name is None:
        return {}
    named = (one["service"] for one in scene.facts().services if one["name"]["id"].casefold() == name.casefold())
    code = next(named, None)
    return {"service": code} if code else spoken(scene)
