"""What somebody answers about an open case: fields, agreement, introduction, the last look before it is sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from contracts import written
from intake.domain import consent as consent_rules
from intake.domain.case import Actor, Application
from intake.domain.conversation import agenda, fields, words
from intake.domain.conversation.agenda import Next
from intake.domain.conversation.turns import Choice, Turn
from intake.domain.identity import IdentityError, Sex, parse_nik
from intake.store import consents
from intake.usecases import applications, consent, procedure
from intake.usecases.talking import going_on, sending
from intake.usecases.talking.opening import purpose
from intake.usecases.talking.scene import Scene, refused
from kit.problems import Problem, Words

CODE, CORRECT = "agreement_code", "correct"
UNCLEAR = Words("Maaf, jawaban tadi belum kami mengerti.", "Sorry, we did not understand that answer.")
_NO_PHOTO = Words("Kami menunggu fotonya. Bila belum ada, balas *nanti*.",
                  "We wait for the photo. If you have not got it, answer *later*.")  # fmt: skip
_LATER = Words("Baik, bisa menyusul.", "All right, it can follow.")
_SAVED = Words("Tersimpan.", "Saved.")
_NO_PHONE = Words("Nomor HP-nya belum terbaca. Contoh: 0812 3456 7890.",
                  "We could not read the mobile number. Such as: 0812 3456 7890.")  # fmt: skip
_GONE = Words(
    "Permohonan itu tidak bisa diubah lagi dari sini.", "That application cannot be changed from here any more."
)

Act = Callable[[Application, Actor], Any]


def take(scene: Scene, app: Application) -> Turn | None:
    """The answer to what was asked about a case."""
    asked = Next.read(scene.talk.asked)
    if asked.kind in _IN_WORDS and scene.heard.choice is not None and not _offered(scene, app, asked):
        return going_on.ask(scene, app)  # a button of another question, which is no answer in words to this one
    taker = _TAKERS.get(asked.kind)
    return taker(scene, app, asked) if taker else unclear(scene, app)


_IN_WORDS = frozenset({agenda.DOCUMENT, agenda.FIELD, agenda.AGREEMENT, CODE})


def _offered(scene: Scene, app: Application, asked: Next) -> bool:
    one = fields.asked(asked.code, scene.sop(app)) if asked.kind == agenda.FIELD else None
    return one is not None and scene.heard.choice in {each.id for each in one.choices}


def unclear(scene: Scene, app: Application, said: Words = UNCLEAR) -> Turn | None:
    """Asked once more; then it is with the office; and then nothing more is said."""
    scene.talk.unclear += 1
    if scene.talk.unclear == 1:
        return going_on.ask(scene, app).after(said)
    scene.for_office(app)
    return going_on.passed_on(scene, app) if scene.talk.unclear == 2 else None


def act_on(scene: Scene, app: Application, act: Act) -> Words | None:
    """Does something to the case, all of it or nothing; the refusal in plain words, if it is refused."""
    try:
        with scene.tx.attempt():
            found = scene.locked(app.id)
            if found is None:
                return _GONE
            act(*found)
    except Problem as problem:
        return refused(problem)
    scene.talk.unclear = 0
    return None


def next_after(scene: Scene, app: Application, said: Words | None) -> Turn:
    """What comes next, with the case as it is now."""
    found = scene.locked(app.id)
    return going_on.ask(scene, found[0] if found else app).after(said)


# --- documents and fields ---------------------------------------------------------------------------------------------


def _document(scene: Scene, app: Application, asked: Next) -> Turn | None:
    if words.is_later(scene.heard.text):
        scene.talk.later = [*(code for code in scene.talk.later if code != asked.code), asked.code]
        scene.talk.unclear = 0
        return next_after(scene, app, _LATER)
    said = written.words(scene.heard.text)
    if len(said) <= 4 and said and written.yes_or_no(said[0]):  # "ya, sebentar": nothing is to be said to that
        return None
    return unclear(scene, app, _NO_PHOTO)


def _field(scene: Scene, app: Application, asked: Next) -> Turn | None:
    one = fields.asked(asked.code, scene.sop(app))
    if one is None:
        return next_after(scene, app, None)
    value, wrong = fields.read(one, scene.heard, scene.today)
    if wrong is None:
        return next_after(scene, app, give(scene, app, one, value))
    return _again(scene, app, one, wrong)


def _again(scene: Scene, app: Application, one: fields.Asked, wrong: Words) -> Turn | None:
    scene.talk.unclear += 1
    if scene.talk.unclear > 2:
        scene.for_office(app)
        return going_on.passed_on(scene, app) if scene.talk.unclear == 3 else None
    return ask_field(scene, app, one).after(wrong)


def ask_field(scene: Scene, app: Application, one: fields.Asked) -> Turn:
    scene.talk.asked = Next(agenda.FIELD, one.code).asked
    return Turn(
        "talk_field", {"question": one.question, "hint": one.hint, "problem": ""}, one.choices, case=str(app.id)
    )


def give(scene: Scene, app: Application, one: fields.Asked, value: Any) -> Words | None:
    """A value for a field, by the same use case as on a page. What it is refused for, if it is."""
    given = value if one.kind == "place" else {one.code: value}
    if one.code == "nik":
        given |= _told_by(str(value), app, scene)
    body = {one.part: given}
    return act_on(
        scene, app,
        lambda case, actor: applications.change(
            scene.deps, scene.tx, case, actor, str(scene.conversation.account_id), body
        ),
    )  # fmt: skip


def _told_by(nik: str, app: Application, scene: Scene) -> dict[str, Any]:
    """Birth date and sex as the NIK has them, where nobody has said them: shown before it is sent, and mended there."""
    try:
        number = parse_nik(nik, today=scene.today)
    except IdentityError:
        return {}
    told = {"birth_date": number.birth_date, "sex": "L" if number.sex is Sex.MALE else "P"}
    return {name: value for name, value in told.items() if not app.person["applicant"].get(name)}


def _pages(scene: Scene, app: Application, _asked: Next) -> Turn | None:
    """`benar`, `ok` to what was understood and to the link: nothing is to be said to that; `salah` asks what."""
    wrong = written.words(scene.heard.text) in (["salah"], ["wrong"])
    right = False if wrong else written.yes_or_no(scene.heard.text)
    if right is None:
        return unclear(scene, app)
    scene.talk.unclear = 0
    return None if right else what_is_wrong(scene, app)


# --- others' words ----------------------------------------------------------------------------------------------------


def _agreement(scene: Scene, app: Application, _asked: Next) -> Turn | None:
    """The applicant's own phone, to which a code goes."""
    if words.is_later(scene.heard.text):
        return Turn("talk_note", question=False, case=str(app.id)).after(consent_rules.TO_DO)
    phone = written.phone(scene.heard.text)
    if phone is None:
        return unclear(scene, app, _NO_PHONE)
    wrong = act_on(scene, app, lambda case, actor: consent.send_code(scene.deps, scene.tx, case, actor, phone))
    if wrong is not None:
        return next_after(scene, app, wrong)
    scene.talk.asked = Next(CODE).asked
    return Turn("talk_agreement_code", {"name": app.person["applicant"]["name"]}, case=str(app.id))


def _agreement_code(scene: Scene, app: Application, _asked: Next) -> Turn | None:
    code = "".join(sign for sign in words.plain(scene.heard.text) if sign.isdigit())
    if len(code) != 6:
        return _agreement(scene, app, _asked)
    # Outside of what is undone for a wrong code, so that its try counts; guesses come one after the other here.
    held = consents.take_try(scene.tx, app.id, consent_rules.AGREE)
    body = {"method": consent_rules.CODE, "code": code}
    wrong = act_on(scene, app, lambda case, actor: consent.record(scene.deps, scene.tx, case, actor, body, held))
    if wrong is None:
        return next_after(scene, app, _SAVED)
    scene.talk.asked = Next(CODE).asked
    return Turn("talk_agreement_code", {"name": app.person["applicant"]["name"]}, case=str(app.id)).after(wrong)


def _introduction(scene: Scene, app: Application, _asked: Next) -> Turn | None:
    known = [(one.id, one.named) for one in going_on.INTRODUCTION]
    code = words.decided(scene.heard.text, scene.heard.choice, known)
    if code == going_on.PAPER:
        wanted = next(one["code"] for one in scene.sop(app)["requirements"] if one["kind"] == "introduction")
        scene.talk.asked = Next(agenda.DOCUMENT, wanted).asked
        return going_on.document(scene, app, wanted)
    if code is None:
        return unclear(scene, app)
    what = purpose(scene.sop(app), app.reason)
    wrong = act_on(
        scene, app, lambda case, actor: procedure.request_introduction(scene.deps, scene.tx, case, actor, what)
    )
    return next_after(scene, app, wrong)


# --- the last look ----------------------------------------------------------------------------------------------------


def _summary(scene: Scene, app: Application, _asked: Next) -> Turn | None:
    code = words.decided(scene.heard.text, scene.heard.choice, [(one.id, one.named) for one in going_on.SUMMARY])
    if code == going_on.SEND:
        return sending.send(scene, app)
    return what_is_wrong(scene, app) if code == going_on.CHANGE else unclear(scene, app)


_CORRECTABLE = (
    Choice("name", Words("Nama", "Name")), Choice("rt", Words("RT dan RW", "RT and RW"), ("rt", "rw")),
    Choice("address", Words("Alamat", "Address")), Choice("birth_place", Words("Tempat lahir", "Place of birth")),
    Choice("birth_date", Words("Tanggal lahir", "Date of birth"), ("tgl lahir",)),
    Choice("sex", Words("Jenis kelamin", "Sex")), Choice("photo", Words("Foto berkas", "A photo"), ("foto", "berkas")),
    Choice("rest", Words("Yang lain", "Something else"), ("lain", "lainnya", "nik")),
)  # fmt: skip
_NEW_PHOTO = Words("Kirim foto yang baru, dengan nama berkasnya sebagai keterangan foto, misalnya: KK.",
                   "Send the new photo with the paper's name as its caption, such as: KK.")  # fmt: skip


def what_is_wrong(scene: Scene, app: Application) -> Turn:
    scene.talk.asked = Next(CORRECT).asked
    return Turn("talk_correct", {}, _CORRECTABLE, case=str(app.id))


def _correct(scene: Scene, app: Application, _asked: Next) -> Turn | None:
    code = words.chosen(scene.heard.text, scene.heard.choice, [(one.id, one.named) for one in _CORRECTABLE])
    if code is None:
        return unclear(scene, app)
    if code == "photo":
        scene.talk.asked = ""
        return Turn("talk_note", question=False, case=str(app.id)).after(_NEW_PHOTO)
    if code == "rest":
        return going_on.pages(scene, app)
    one = fields.asked(code, scene.sop(app))
    assert one is not None  # it is one of the applicant's
    return ask_field(scene, app, one)


def correct(scene: Scene, app: Application, code: str, said: str) -> Turn | None:
    """`salah, namanya Siti`: a value that is known is another one."""
    one = fields.asked(code, scene.sop(app))
    if one is None or (fields.is_number(one) and not scene.talk.rules.get("numbers")):
        return going_on.pages(scene, app)
    if not said:
        return ask_field(scene, app, one)
    value, wrong = fields.read(one, type(scene.heard)(scene.heard.message_id, said), scene.today)
    return _again(scene, app, one, wrong) if wrong else next_after(scene, app, give(scene, app, one, value) or _SAVED)


_TAKERS: Mapping[str, Callable[[Scene, Application, Next], Turn | None]] = {
    agenda.DOCUMENT: _document, agenda.FIELD: _field, agenda.AGREEMENT: _agreement, CODE: _agreement_code,
    agenda.INTRODUCTION: _introduction, agenda.SUMMARY: _summary, agenda.PAGES: _pages, CORRECT: _correct,
}  # fmt: skip
