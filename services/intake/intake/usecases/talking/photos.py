"""Photos in the conversation. A burst gets one answer, after some seconds of quiet: each photo asks for a job, and only
the job of the last one finds that nothing came after it. What was sent is judged and stored as an upload on a page is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from intake.deps import Deps
from intake.domain.case import Application
from intake.domain.consent import helper_of
from intake.domain.conversation import agenda, papers, words
from intake.domain.conversation.agenda import Next
from intake.domain.conversation.state import MOST_WAITING
from intake.domain.conversation.turns import Choice, Heard, Turn
from intake.pictures import looks
from intake.pictures.judge import DEFAULT, Judgement, judge
from intake.pictures.kinds import Kind
from intake.pictures.sandbox import SandboxDied, the_sandbox
from intake.store import conversations
from intake.usecases import files
from intake.usecases.talking import going_on
from intake.usecases.talking.scene import Scene, refused, scene
from kit import jobs
from kit.db import Tx
from kit.jobs import Job, JobKind
from kit.objects import ObjectMissing
from kit.problems import Problem, Words

PHOTOS_JOB = "sort_photos"
QUIET = 8.0
"""Seconds without another photo, after which a burst is over."""
WHICH = "photo"

_PROBLEMS: Mapping[str, Words] = {
    "gone": Words("Satu berkas tidak sampai ke kami. Tolong kirim sekali lagi.",
                  "One file did not reach us. Please send it once more."),
    "damaged": Words("Satu berkas rusak di jalan. Tolong kirim sekali lagi.",
                     "One file was damaged on its way. Please send it once more."),
    "too_large": Words("Satu berkas terlalu besar. Kirim sebagai foto biasa, paling besar 15 MB.",
                       "One file is too large. Send it as an ordinary photo, of at most 15 MB."),
    "not_taken": Words("Satu kiriman bukan foto atau PDF, jadi tidak bisa dipakai. Petugas bisa melihatnya.",
                       "One thing you sent is no photo or PDF, and cannot be used. An officer can see it."),
}  # fmt: skip
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


def came(at: Scene) -> Turn | None:
    """A photo or document, or why it is not here: kept, and answered when the burst is over."""
    heard, talk = at.heard, at.talk
    if len(talk.photos) >= MOST_WAITING:
        at.for_office(at.case())
        return None
    talk.photos = [*talk.photos, {
        "message_id": heard.message_id, "file": dict(heard.file) if heard.file else None, "caption": heard.text,
        "problem": heard.problem, "code": None, "doubt": None, "anyway": False,
    }]  # fmt: skip
    if heard.problem == "not_taken":
        at.for_office(at.case())
    _soon(at, QUIET)
    return None


def _soon(at: Scene, delay: float) -> None:
    at.talk.burst += 1
    payload = {"contact_id": str(at.conversation.contact_id), "burst": at.talk.burst}
    jobs.add(at.tx, PHOTOS_JOB, at.office.code, payload, delay=delay)


def sort_soon(at: Scene) -> None:
    """A case was opened: photos that came before it have their place now."""
    if at.talk.photos:
        _soon(at, 0)


def doubted(at: Scene) -> bool:
    return any(photo.get("doubt") for photo in at.talk.photos)


def anyway(at: Scene) -> Turn | None:
    """What looked blurred or dark is taken all the same."""
    for photo in at.talk.photos:
        photo["anyway"] = photo["anyway"] or bool(photo.get("doubt"))
    at.talk.unclear = 0
    _soon(at, 0)
    return None


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
    _soon(at, 0)
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
    seen = {photo["message_id"]: _look(deps, app.id, photo) for photo in plan}
    with deps.db.transaction(job.tenant) as tx:
        at = _scene(deps, tx, job.tenant, contact_id)
        said = _taken(at, app.id, seen)
        if at.talk.burst == burst and (turn := _answer(at, app.id)) is not None:
            at.tell(turn.after(*said))
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


def _look(deps: Deps, application_id: UUID, photo: Mapping[str, Any]) -> dict[str, Any]:
    """{stored}, {doubt} or {words} of one file: judged by its bytes, and in our own store if it is good."""
    file = photo["file"]
    try:
        with deps.spool.room(int(file["size"])), deps.spool.open() as original:
            if deps.objects.download(file["bucket"], file["key"], original) != file["sha256"]:
                return {"words": _PROBLEMS["damaged"]}
            original.seek(0)
            found = judge(original)
            if not photo["anyway"] and (doubt := _doubt(original, found)):
                return {"doubt": doubt}
            original.seek(0)
            key = files.object_key(application_id, photo["code"], file["sha256"])
            deps.objects.put(deps.settings.s3_bucket, key, original, found.size, found.media_type, file["sha256"])
            return {"stored": {"sha256": file["sha256"], "size": found.size, "type": found.media_type, "key": key}}
    except ObjectMissing:
        return {"words": _PROBLEMS["gone"]}
    except Problem as problem:
        if problem.status >= 500:  # the store or the disk, not the file
            raise
        return {"words": refused(problem)}


def _doubt(original: Any, found: Judgement) -> str | None:
    """What is to be doubted of a photo; of a PDF nothing."""
    if found.kind is Kind.PDF:
        return None
    try:
        seen = the_sandbox().run("look_at_picture", original, kind=found.kind.value, pixels=DEFAULT.pixels)
    except SandboxDied:  # the job that makes the viewing copy will say the same of it
        return None
    return str(seen["doubt"]) if seen.get("doubt") else None


def _taken(at: Scene, application_id: UUID, seen: Mapping[str, Mapping[str, Any]]) -> list[Words]:
    """What came of each photo, in sentences; what was taken, or cannot be, waits no more."""
    found = at.locked(application_id)
    got, said, left = list[Words](), [Words(*one) for one in at.talk.news], []
    at.talk.news = []
    for photo in at.talk.photos:
        looked = seen.get(photo["message_id"])
        if photo.get("problem"):
            said.append(_PROBLEMS.get(photo["problem"], _PROBLEMS["gone"]))
        elif looked is None or found is None:
            left.append(photo)
        elif "doubt" in looked:
            left.append(photo | {"doubt": looked["doubt"]})
            name = going_on.name_of(at, found[0], photo["code"])
            said.append(Words(_DOUBTS[looked["doubt"]].id % name.id, _DOUBTS[looked["doubt"]].en % name.en))
        else:
            wrong = looked.get("words") or _add(at, found, photo, looked["stored"])
            name = going_on.name_of(at, found[0], photo["code"])
            got += [] if wrong else [name]
            said += [Words(_NOT_USED.id % (name.id, wrong.id), _NOT_USED.en % (name.en, wrong.en))] if wrong else []
    at.talk.photos = left
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


def _answer(at: Scene, application_id: UUID) -> Turn | None:
    """What comes next: which paper a photo is of, or what is still missing."""
    found = at.locked(application_id)
    if found is None:
        return None
    if any(not photo.get("code") and not photo.get("problem") for photo in at.talk.photos):
        return which(at, found[0])
    if doubted(at):
        return Turn("talk_note", question=False, case=str(application_id))
    return going_on.ask(at, found[0])


def _without_place(at: Scene, app: Application | None) -> None:
    """There is no case that takes photos now: before one is opened they wait for it, after it an officer sees them."""
    from intake.usecases.talking import understanding

    if app is not None:
        for photo in at.talk.photos:
            conversations.note_message(at.tx, UUID(photo["message_id"]), app.id, office=True)
        at.talk.photos = []
        at.tell(going_on.passed_on(at, app))
    elif (turn := understanding.resumed(at)) is not None:
        at.tell(turn.after(_KEPT))


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
