"""Somebody of the office writes an announcement, looks at it, and has it sent or stopped."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from contracts.telling import tell
from kit import jobs, paging
from kit.auth import Caller
from kit.db import Tx
from kit.errors import Permanent
from kit.ids import new_id
from kit.objects import StoredObject, check_handed
from kit.problems import NotFound, Unprocessable, Words
from notify.deps import Deps
from notify.domain.announcements import TEMPLATES, Announcement, values
from notify.domain.copies import Office
from notify.domain.policy import month_of
from notify.store import announcements as store
from notify.store import copies, costs
from notify.texts import render
from notify.usecases.costs import today
from notify.usecases.spreading import ESTIMATE, SPREAD, STOP

WRITERS = ("officer", "lurah", "administrator")
"""Whoever works at the office writes one, looks at it, and stops what should not go on."""
SENDERS = ("lurah", "administrator")
"""It speaks for the office to many at once, and spends its budget: the lurah answers for that, or whom he has made
administrator."""
_PAST = Words("Tanggal itu sudah lewat.", "That day has passed.")


def make(deps: Deps, tx: Tx, who: Caller, body: Mapping[str, Any]) -> Announcement:
    """A draft of {title, text, until, audience, places, with_picture}. Raises Unprocessable, and Permanent where the
    office has not arrived yet."""
    _check(deps, tx, body)
    one = Announcement(
        new_id(), tx.tenant, body["audience"], body["places"], body["until"], body["with_picture"], "draft",
        who.subject, deps.clock.now(), {"title": body["title"], "text": body["text"]},
    )  # fmt: skip
    store.add(tx, deps.data_keys, one)
    _drafted(deps, tx, one)
    return one


def change(
    deps: Deps, tx: Tx, announcement_id: UUID, body: Mapping[str, Any], check: Callable[[int], None]
) -> Announcement:
    """A draft says something else, or is for others. Raises NotFound, Unprocessable, AnnouncementNotDraft, and what
    `check` does."""
    one = find(deps, tx, announcement_id, lock=True)
    check(one.version)
    _check(deps, tx, body)
    one.write(body)
    store.save(tx, deps.data_keys, one, words=True)
    _drafted(deps, tx, one)
    return one


def send(deps: Deps, tx: Tx, who: Caller, announcement_id: UUID, check: Callable[[int], None]) -> Announcement:
    """It goes out from here on, in jobs. Raises NotFound, AnnouncementNotDraft, AnnouncementOver, AnnouncementNotReady,
    AnnouncementForNobody, and what `check` does."""
    one = find(deps, tx, announcement_id, lock=True)
    check(one.version)
    one.send(who.subject, deps.clock.now(), today(deps, copies.office(tx, tx.tenant)))
    store.save(tx, deps.data_keys, one)
    jobs.add(tx, SPREAD, one.kelurahan, {"announcement_id": str(one.id), "phase": 0, "after": None, "before": 0})
    return one


def stop(deps: Deps, tx: Tx, announcement_id: UUID, check: Callable[[int], None]) -> Announcement:
    """No further message of it goes out. Raises NotFound, AnnouncementNotRunning, and what `check` does."""
    one = find(deps, tx, announcement_id, lock=True)
    check(one.version)
    one.stop(deps.clock.now(), waits=store.waits(tx, one.id))
    store.save(tx, deps.data_keys, one)
    jobs.add(tx, STOP, one.kelurahan, {"announcement_id": str(one.id)})
    return one


def pictured(deps: Deps, tx: Tx, data: Mapping[str, Any]) -> None:
    """Documents has drawn it, or says why it cannot. Raises Permanent for a file that lies where nothing is handed to
    us."""
    check_handed(data["file"], deps.settings.handed_buckets)
    one = store.get(tx, deps.data_keys, data["announcement_id"], lock=True)
    if one is not None and one.pictured(data["revision"], data["file"], data["problem"]):
        store.save(tx, deps.data_keys, one)


def find(deps: Deps, tx: Tx, announcement_id: UUID, *, lock: bool = False) -> Announcement:
    """One of the caller's office. Raises NotFound."""
    one = store.get(tx, deps.data_keys, announcement_id, lock=lock)
    if one is None:
        raise NotFound
    return one


def listed(deps: Deps, tx: Tx, query: Mapping[str, Any]) -> dict[str, Any]:
    """A page of the office's, the newest first. Raises Unprocessable for a cursor that is none."""
    [before] = paging.position(query["cursor"], UUID) or [None]
    rows = store.listed(tx, deps.data_keys, tx.tenant, before, query["limit"] + 1)
    found = paging.page(rows, query["limit"], lambda one: (one.id,))
    office = copies.office(tx, tx.tenant)
    return found | {"items": [shown(deps, tx, one, office) for one in found["items"]]}


def shown(deps: Deps, tx: Tx, one: Announcement, office: Office | None = None) -> dict[str, Any]:
    """One, with what it takes and a message of it as a phone shows it."""
    office = office or copies.office(tx, one.kelurahan)
    named = (
        "id", "audience", "places", "until", "with_picture", "problem", "status", "created_at", "sent_at", "stopped_at",
        "settled", "counts", "version",
    )  # fmt: skip
    return {name: getattr(one, name) for name in named} | {
        "title": one.person["title"], "text": one.person["text"],
        "picture": f"/v1/announcements/{one.id}/picture" if one.picture else None,
        "estimate": one.estimate, "previews": _previews(one, office),
    }  # fmt: skip


def budget(deps: Deps, tx: Tx) -> dict[str, Any]:
    """What the office has spent on messages this month, and what it may."""
    first, beyond = month_of(today(deps, copies.office(tx, tx.tenant)))
    return {"spent": costs.price(tx, tx.tenant, first, beyond), "budget": deps.settings.whatsapp_budget or None}


def picture(deps: Deps, announcement_id: UUID, kelurahan: str) -> tuple[StoredObject, str]:
    """Its picture's bytes, and their hash. Raises NotFound, ObjectMissing, StoreUnavailable."""
    with deps.db.transaction(kelurahan) as tx:
        file = find(deps, tx, announcement_id).picture
    if file is None:
        raise NotFound
    return deps.objects.get(file["bucket"], file["key"]), file["sha256"]


def _previews(one: Announcement, office: Office | None) -> list[dict[str, str]]:
    if office is None:
        return []
    filled = values(one, office, "id")
    return [{"to": phase, "text": render(TEMPLATES[phase], "id", filled)} for phase in one.phases]


def _check(deps: Deps, tx: Tx, body: Mapping[str, Any]) -> None:
    office = copies.office(tx, tx.tenant)
    if office is None:
        raise Permanent("the office is not known")
    until: date | None = body["until"]
    if until is not None and until < office.today(deps.clock.now()):
        raise Unprocessable(errors={"json": {"until": [_PAST]}})


def _drafted(deps: Deps, tx: Tx, one: Announcement) -> None:
    """Its picture and what it takes are worked out."""
    jobs.add(tx, ESTIMATE, one.kelurahan, {"announcement_id": str(one.id), "revision": one.revision})
    if one.with_picture:
        tell(
            tx, deps.event_keys, "announcement.drafted", subject=one.id, tenant=one.kelurahan, time=deps.clock.now(),
            data={
                "announcement_id": one.id, "kelurahan": one.kelurahan, "revision": one.revision, "until": one.until,
            },
            person={"title": one.person["title"], "text": one.person["text"]},
        )  # fmt: skip
