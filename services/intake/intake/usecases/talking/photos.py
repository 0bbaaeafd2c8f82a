"""Photos find their papers: sorted by captions, by what was asked, or by asking; looked at, and taken into the case as
an upload on a page is; and answered once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from contracts import written
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
from intake.usecases.talking.looking import NOT_AGAIN, PROBLEMS, look, lost
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
    waiting = _unsorted(at, app.id) if app else []
    if app is None or not waiting:
        at.talk.asked = ""
        return going_on.ask(at, app) if app else None
    known = _as_shown(at, _known(at, app))
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


def _as_shown(at: Scene, known: list[Choice]) -> list[Choice]:
    """In the order of the list that he saw: a page may have changed meanwhile what is missing."""
    shown = {code: place for place, code in enumerate(at.talk.options)}
    return sorted(known, key=lambda one: shown.get(one.id, len(shown)))


def which(at: Scene, app: Application) -> Turn:
    """Asks of what paper a photo is."""
    waiting = _unsorted(at, app.id)
    at.talk.asked = Next(WHICH).asked
    return Turn("talk_photo", {"count": str(len(waiting)) if len(waiting) > 1 else ""}, _known(at, app),
                case=str(app.id))  # fmt: skip


def _unsorted(at: Scene, application_id: UUID) -> list[dict[str, Any]]:
    """Of a case the photos that nobody knows the paper of."""
    return [photo for photo in _of(at, application_id) if not photo.get("code") and not photo.get("problem")]


def _of(at: Scene, application_id: UUID) -> list[dict[str, Any]]:
    return [photo for photo in at.talk.photos if photo.get("case") == str(application_id)]


_CAPTIONED = frozenset({"", agenda.DOCUMENT, agenda.SUMMARY, agenda.PAGES})


def told_of(at: Scene, app: Application) -> bool:
    """Whether words right after photos, while more may come, are their caption: they are kept as such. Nothing is said
    to other words either while the photo that was asked for is here already; an officer sees those."""
    fresh = [one for one in _unsorted(at, app.id) if not one.get("sorted") and not one.get("caption")]
    asked, said = Next.read(at.talk.asked).kind, at.heard.text
    if not fresh or asked not in _CAPTIONED or words.is_later(said):
        return False
    known = _known(at, app)
    codes = words.all_chosen(said, [(one.id, one.named) for one in known])
    if len(codes) == len(fresh) > 1:
        for photo, code in zip(fresh, codes, strict=True):
            photo["code"] = code
    elif papers.by_caption(said, known):
        fresh[-1]["caption"] = said
    elif asked != agenda.DOCUMENT:
        return False
    elif not written.yes_or_no(said):
        at.for_office(app)
    bursts.soon(at, bursts.QUIET)
    return True


# --- the job ----------------------------------------------------------------------------------------------------------


def work(deps: Deps, job: Job) -> None:
    """Sorts a burst, looks at what has its place, takes it into the case, and answers once. Raises StoreUnavailable,
    SandboxLost, and is tried again."""
    contact_id, burst = UUID(job.payload["contact_id"]), int(job.payload["burst"])
    with deps.db.transaction(job.tenant) as tx:
        at = _scene(deps, tx, job.tenant, contact_id)
        apps = _with_place(at) if at.talk.burst == burst else []
        for app in apps:
            _sort(at, app)
        plan = [(app.id, photo) for app in apps for photo in _of(at, app.id) if _is_ready(photo)]
        _saved(deps, tx, at)
        if not apps:
            jobs.finish(tx, job)
            return
    seen = {photo["message_id"]: look(deps, application_id, photo) for application_id, photo in plan}
    with deps.db.transaction(job.tenant) as tx:
        at = _scene(deps, tx, job.tenant, contact_id)
        for app in apps:
            said = _taken(at, app.id, seen)
            if at.talk.burst != burst:  # more came meanwhile: one answer for all of it
                at.talk.news = [*at.talk.news, *([one.id, one.en, str(app.id)] for one in said)]
            elif (turn := _answer(at, app.id, said)) is not None:
                at.tell(turn)
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
    fresh = [photo for photo in _of(at, app.id) if not photo.get("problem") and not photo.get("doubt")]
    papers.sort(fresh, _known(at, app), going_on.lacks(at, app).documents)
    again = {(photo["case"], photo["code"]) for photo in fresh if photo["code"]}
    at.talk.photos = [  # of a paper that was photographed anew the doubted photo is wanted no more
        photo for photo in at.talk.photos
        if not (photo.get("doubt") and not photo.get("anyway") and (photo.get("case"), photo["code"]) in again)
    ]  # fmt: skip
    for photo in fresh:
        photo["sorted"] = True


def _taken(at: Scene, application_id: UUID, seen: Mapping[str, Mapping[str, Any]]) -> list[Words]:
    """What came of each photo, in sentences; what was taken, or cannot be, waits no more."""
    found = at.locked(application_id)
    got, case, left, problems = list[Words](), str(application_id), [], list[dict[str, Any]]()
    said = [Words(*one[:2]) for one in at.talk.news if one[2:] == [case]]
    at.talk.news = [one for one in at.talk.news if one[2:] != [case]]
    for photo in at.talk.photos:
        looked = seen.get(photo["message_id"])
        if photo.get("case") != case:
            left.append(photo)
        elif photo.get("problem"):
            problems.append(photo)
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
    if got:
        at.talk.unclear = at.talk.gone = 0
    said += _not_here(at, problems)
    names = going_on.listed(got)
    return [Words(_GOT.id % names.id, _GOT.en % names.en), *said] if got else said


def _not_here(at: Scene, photos: Sequence[Mapping[str, Any]]) -> list[Words]:
    """Why files are not here, each reason once. What got lost is asked for again once; what gets lost then too is
    asked for on a page, and an officer sees that it was sent."""
    reasons = list(dict.fromkeys(str(photo["problem"]) for photo in photos))
    if not lost(reasons) or at.talk.asks_again():
        return [PROBLEMS.get(one, PROBLEMS["gone"]) for one in reasons]
    for photo in photos:
        conversations.note_message(at.tx, UUID(photo["message_id"]), UUID(photo["case"]), office=True)
    return [NOT_AGAIN, *(PROBLEMS[one] for one in reasons if one in PROBLEMS and not lost([one]))]


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
    if _unsorted(at, application_id) and not at.talk.is_opening:  # asked when that is done
        return which(at, found[0]).after(at.which(found[0])).after(*said)
    if any(photo.get("doubt") for photo in _of(at, application_id)):
        doubts = [_doubt(at, found[0], photo) for photo in _of(at, application_id) if photo.get("doubt")]
        return Turn("talk_note", question=False, case=str(application_id)).after(*(said or doubts))
    return going_on.told(at, found[0], *said)


def _doubt(at: Scene, app: Application, photo: Mapping[str, Any]) -> Words:
    name, doubt = going_on.name_of(at, app, photo["code"]), _DOUBTS[photo["doubt"]]
    return Words(doubt.id % name.id, doubt.en % name.en)


def _with_place(at: Scene) -> list[Application]:
    """The cases that photos wait for and that take some now. What has no such case waits for the one that is about to
    be opened, or an officer sees it."""
    taking = {str(app.id): app for app in at.cases() if app.status in ("draft", "returned")}
    cases = list(dict.fromkeys(photo.get("case") for photo in at.talk.photos))
    known = [str(app.id) for app in at.cases()]
    if None in cases and (at.talk.is_opening or not known):
        turn = opening.repeat(at) if opening.is_going(at) else opening.begin(at)
        broken = [photo["problem"] for photo in at.talk.photos if photo.get("problem") and not photo.get("case")]
        at.talk.photos = [photo for photo in at.talk.photos if not photo.get("problem") or photo.get("case")]
        said = [PROBLEMS.get(problem, PROBLEMS["gone"]) for problem in dict.fromkeys(broken)]
        kept = any(not photo.get("case") for photo in at.talk.photos)
        if turn is not None:
            at.tell(turn.after(*said, _KEPT if kept else None))
        cases.remove(None)
    lost = [case for case in cases if case not in taking]
    for photo in at.talk.photos:
        if photo.get("case") in lost:
            case = UUID(photo["case"]) if photo.get("case") in known else None
            conversations.note_message(at.tx, UUID(photo["message_id"]), case, office=True)
    at.talk.photos = [photo for photo in at.talk.photos if photo.get("case") not in lost]
    if lost:
        at.tell(going_on.passed_on(at, next((app for app in at.cases() if str(app.id) in lost), None)))
    return [taking[case] for case in cases if case in taking]


def give_up(deps: Deps, tx: Tx, job: Job, _reason: str) -> None:
    """It cannot be looked at: an officer sees what was sent, and its sender is told so."""
    at = _scene(deps, tx, job.tenant, UUID(job.payload["contact_id"]))
    app = at.case()
    known = [str(one.id) for one in at.cases()]
    for photo in at.talk.photos:
        case = UUID(photo["case"]) if photo.get("case") in known else None
        conversations.note_message(tx, UUID(photo["message_id"]), case, office=True)
    if at.talk.photos:
        at.tell(going_on.passed_on(at, app))
    at.talk.photos = []
    _saved(deps, tx, at)


SORTING = JobKind(work, lease=180, give_up=give_up)
