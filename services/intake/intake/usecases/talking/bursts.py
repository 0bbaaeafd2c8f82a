"""Photos as they come. A burst gets one answer, after some seconds of quiet: each photo asks for a job, and only the
job of the last one finds that nothing came after it."""

from __future__ import annotations

from intake.domain.conversation import agenda
from intake.domain.conversation.agenda import Next
from intake.domain.conversation.state import MOST_WAITING
from intake.domain.conversation.turns import Turn
from intake.usecases.talking.scene import Scene
from kit import jobs

PHOTOS_JOB = "sort_photos"
QUIET = 8.0
"""Seconds without another photo, after which a burst is over."""


def came(at: Scene, *, unsure: bool = False) -> Turn | None:
    """A photo or document, or why it is not here: kept with the case that it is for and the paper that was asked for,
    whatever is talked about when the burst is over and it is answered. `unsure`: its caption does not count."""
    heard, talk = at.heard, at.talk
    case, asked = at.place(), Next.read(talk.asked)
    if len(talk.photos) >= MOST_WAITING:
        at.for_office(at.placed())
        return None
    talk.photos = [*talk.photos, {
        "message_id": heard.message_id, "file": dict(heard.file) if heard.file else None,
        "caption": "" if unsure else heard.text, "problem": heard.problem, "code": None, "doubt": None, "anyway": False,
        "case": case, "sorted": False, "unsure": unsure,
        "asked": asked.code if asked.kind == agenda.DOCUMENT and talk.asked_of == case and not unsure else "",
    }]  # fmt: skip
    if heard.problem == "not_taken":
        at.for_office(at.placed())
    soon(at, QUIET)
    return None


def soon(at: Scene, delay: float) -> None:
    at.talk.burst += 1
    payload = {"contact_id": str(at.conversation.contact_id), "burst": at.talk.burst}
    jobs.add(at.tx, PHOTOS_JOB, at.office.code, payload, delay=delay)


def sort_soon(at: Scene) -> None:
    """A case was opened: photos that came before it have their place now."""
    for photo in at.talk.photos:
        photo["case"] = photo.get("case") or at.talk.case
    if at.talk.photos:
        soon(at, 0)


def doubted(at: Scene) -> bool:
    return any(photo.get("doubt") for photo in at.talk.photos)


def anyway(at: Scene) -> Turn | None:
    """What looked blurred or dark is taken all the same."""
    for photo in at.talk.photos:
        photo["anyway"] = photo["anyway"] or bool(photo.get("doubt"))
    at.talk.unclear = 0
    soon(at, 0)
    return None
