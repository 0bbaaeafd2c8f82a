"""Photos find their papers: sorted by captions, by what was asked, or by asking; looked at, and taken into the case as
an upload on a page is; and answered once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from intake.deps import Deps
from intake.domain.case import Application
from intake.domain.consent import helper_of
from intake.domain.conversation import agenda, papers, words
from intake.domain.conversation.agenda import Next
from intake.domain.conversation.turns import Choice, Heard, Turn
from intake.pictures import looks
from intake.store import conversations
from intake.usecases import files
from intake.usecases.talking import bursts, going_on, opening
from intake.usecases.talking.looking import PROBLEMS, look
from intake.usecases.talking.scene import Scene, refused, scene
from kit import jobs
from kit.db import Tx
from kit.jobs import Job, JobKind
from kit.problems import Problem, Words

WHICH = "photo"

_DOUBTS: Mapping[str, Words] = {
    looks.DARK: Words("Foto %s tampak gelap. Foto lagi di tempat terang, atau balas *kirim saja*.",
                      "The photo of %s looks dark. Take it again in good light, or answer *send anyway*."),
    looks.BLURRED: Words("Foto %s tampak kabur. Foto lagi sampai tulisannya tajam, atau balas *kirim saja*.",
                         "The photo of %s looks blurred. Take it again until it is sharp, or answer *send anyway*."),
    looks.SMALL: Words("Foto %s terlalu kecil. Kirim foto aslinya dari HP, atau balas *kirim saja*.",
                       "The photo of %s is too small. Send the original from your phone, or answer *send anyway*."),
}  # fmt: skip
_GOT = Words("Sudah kami terima: %s.", "We have: %s.")
_KEPT = Words("Foto Anda sudah kami simpan.", "We have kept your photos.")
_NOT_USED = Words("Foto %s belum bisa dipakai: %s", "The photo of %s cannot be used: %s")


def sorted_by_words(at: Scene) -> Turn | None:
    """`1`, `KK`, `KK, KTP`: which papers the photos are of, in the order in which they came."""
    app = at.case()
    waiting = [photo for photo in at.talk.photos if not photo.get("code") and not photo.get("problem")]
    if app is None or not waiting:
        at.talk.asked = ""
        return going_on.ask(at, app) if app else None
    known = _known(at, app)
    codes = [at.heard.choice] if at.heard.choice in {one.id for one in known} else words.all_chosen(
        at.heard.text, [(one.id, one.named) for one in known]
    )  # fmt: skip
    if not codes:
        at.talk.unclear += 1
        at.for_office(app)
        return which(at, app) if at.talk.unclear == 1 else None
    for photo, code in zip(waiting, codes, strict=False):
        photo["code"] = code
    at.talk.asked, at.talk.unclear = "", 0
    bursts.soon(at, 0)
    return None


def _known(at: Scene, app: Application) -> list[Choice]:
    missing = going_on.lacks(at, app).documents
    return papers.choices(at.sop(app), app.reason, app.facts, missing, helped=helper_of(app.person) is not None)


def which(at: Scene, app: Application) -> Turn:
    """Asks of what paper a photo is."""
    waiting = [photo for photo in at.talk.photos if not photo.get("code") and not photo.get("problem")]
    at.talk.asked = Next(WHICH).asked
    return Turn("talk_photo", {"count": str(len(waiting)) if len(waiting) > 1 else ""}, _known(at, app),
                case=str(app.id))  # fmt: skip


# --- the job ----------------------------------------------------------------------------------------------------------


def work(deps: Deps, job: Job) -> None:
    """Sorts a burst, looks at what has its place, takes it into the case, and answers once. Raises StoreUnavailable,
    SandboxLost, and is tried again."""
    contact_id, burst = UUID(job.payload["contact_id"]), int(job.payload["burst"])
    with deps.db.transaction(job.tenant) as tx:
        at = _scene(deps, tx, job.tenant, contact_id)
        app = at.case() if at.talk.burst == burst and at.talk.photos else None
        if app is None or app.status not in ("draft", "returned"):
            if at.talk.burst == burst and at.talk.photos:
                _without_place(at, app)
            _saved(deps, tx, at)
            jobs.finish(tx, job)
            return
        _sort(at, app)
        plan = [photo for photo in at.talk.photos if _is_ready(photo)]
        _saved(deps, tx, at)
    seen = {photo["message_id"]: look(deps, app.id, photo) for photo in plan}
    with deps.db.transaction(job.tenant) as tx:
        at = _scene(deps, tx, job.tenant, contact_id)
        said = _taken(at, app.id, seen)
        if at.talk.burst == burst and (turn := _answer(at, app.id, said)) is not None:
            at.tell(turn)
        else:  # more came meanwhile: one answer for all of it
            at.talk.news = [*at.talk.news, *([one.id, one.en] for one in said)]
        _saved(deps, tx, at)
        jobs.finish(tx, job)


def _scene(deps: Deps, tx: Tx, kelurahan: str, contact_id: UUID) -> Scene:
    conversation = conversations.lock(tx, deps.data_keys, kelurahan, contact_id, deps.clock.now())
    return scene(deps, tx, conversation, Heard(""))


def _saved(deps: Deps, tx: Tx, at: Scene) -> None:
    conversations.save(tx, deps.data_keys, at.conversation, deps.clock.now())


def _is_ready(photo: Mapping[str, Any]) -> bool:
    return bool(photo.get("code") and photo.get("file") and (not photo.get("doubt") or photo.get("anyway")))


def _sort(at: Scene, app: Application) -> None:
    asked = Next.read(at.talk.asked)
    fresh = [photo for photo in at.talk.photos if not photo.get("problem") and not photo.get("doubt")]
    missing = going_on.lacks(at, app).documents
    papers.sort(fresh, _known(at, app), asked.code if asked.kind == agenda.DOCUMENT else "", missing)
    again = {photo["code"] for photo in fresh if photo["code"]}
    at.talk.photos = [  # of a paper that was photographed anew the doubted photo is wanted no more
        photo for photo in at.talk.photos
        if not (photo.get("doubt") and not photo.get("anyway") and photo["code"] in again)
    ]  # fmt: skip


def _taken(at: Scene, application_id: UUID, seen: Mapping[str, Mapping[str, Any]]) -> list[Words]:
    """What came of each photo, in sentences; what was taken, or cannot be, waits no more."""
    found = at.locked(application_id)
    got, said, left = list[Words](), [Words(*one) for one in at.talk.news], []
    at.talk.news = []
    for photo in at.talk.photos:
        looked = seen.get(photo["message_id"])
        if photo.get("problem"):
            said.append(PROBLEMS.get(photo["problem"], PROBLEMS["gone"]))
        elif looked is None or found is None:
            left.append(photo)
        elif "doubt" in looked:
            left.append(photo | {"doubt": looked["doubt"]})
            said.append(_doubt(at, found[0], left[-1]))
        else:
            wrong = looked.get("words") or _add(at, found, photo, looked["stored"])
            name = going_on.name_of(at, found[0], photo["code"])
            got += [] if wrong else [name]
            said += [Words(_NOT_USED.id % (name.id, wrong.id), _NOT_USED.en % (name.en, wrong.en))] if wrong else []
    at.talk.photos = left
    at.talk.unclear = 0 if got else at.talk.unclear
    names = going_on.listed(got)
    return [Words(_GOT.id % names.id, _GOT.en % names.en), *said] if got else said


def _add(at: Scene, found: Any, photo: Mapping[str, Any], stored: dict[str, Any]) -> Words | None:
    app, actor = found
    message_id = UUID(photo["message_id"])
    try:
        with at.tx.attempt():
            files.add_file(at.deps, at.tx, app, actor, photo["code"], stored, str(at.conversation.account_id))
    except Problem as problem:
        files.leave(at.tx, at.office.code, stored["key"])
        conversations.note_message(at.tx, message_id, app.id, office=True)
        return refused(problem)
    conversations.note_message(at.tx, message_id, app.id, office=False)
    return None


def _answer(at: Scene, application_id: UUID, said: Sequence[Words]) -> Turn | None:
    """What came of the photos, and what comes next: which paper one is of, or what is still missing. Of a photo that is
    doubted since an earlier burst that is said again."""
    found = at.locked(application_id)
    if found is None:
        return None
    if any(not photo.get("code") and not photo.get("problem") for photo in at.talk.photos):
        return which(at, found[0]).after(*said)
    if bursts.doubted(at):
        doubts = [_doubt(at, found[0], photo) for photo in at.talk.photos if photo.get("doubt")]
        return Turn("talk_note", question=False, case=str(application_id)).after(*(said or doubts))
    return going_on.ask(at, found[0]).after(*said)


def _doubt(at: Scene, app: Application, photo: Mapping[str, Any]) -> Words:
    name, doubt = going_on.name_of(at, app, photo["code"]), _DOUBTS[photo["doubt"]]
    return Words(doubt.id % name.id, doubt.en % name.en)


def _without_place(at: Scene, app: Application | None) -> None:
    """There is no case that takes photos now: before one is opened they wait for it, after it an officer sees them."""
    if app is not None:
        for photo in at.talk.photos:
            conversations.note_message(at.tx, UUID(photo["message_id"]), app.id, office=True)
        at.talk.photos = []
        at.tell(going_on.passed_on(at, app))
        return
    turn = opening.repeat(at) if opening.is_going(at) else opening.begin(at)
    broken = [photo["problem"] for photo in at.talk.photos if photo.get("problem")]
    at.talk.photos = [photo for photo in at.talk.photos if not photo.get("problem")]
    said = [PROBLEMS.get(problem, PROBLEMS["gone"]) for problem in dict.fromkeys(broken)]
    if turn is not None:
        at.tell(turn.after(*said, _KEPT if at.talk.photos else None))


def give_up(deps: Deps, tx: Tx, job: Job, _reason: str) -> None:
    """It cannot be looked at: an officer sees what was sent, and its sender is told so."""
    at = _scene(deps, tx, job.tenant, UUID(job.payload["contact_id"]))
    app = at.case()
    for photo in at.talk.photos:
        conversations.note_message(tx, UUID(photo["message_id"]), app.id if app else None, office=True)
    if at.talk.photos:
        at.tell(going_on.passed_on(at, app))
    at.talk.photos = []
    _saved(deps, tx, at)


SORTING = JobKind(work, lease=180, give_up=give_up)
