"""What somebody can do about the subscriptions that are his: a machine about its own, an administrator about all of the
same office, kecamatan or city."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from contracts.reach import Reach, reach_of
from kit import ended, jobs
from kit.auth import Caller
from kit.db import EVERY_TENANT, Tx
from kit.ids import new_id
from kit.problems import NotFound, Unprocessable, Words
from notify.deps import Deps
from notify.domain.errors import NothingToReplay, ReplayRuns, TooManySubscriptions, WithoutPlaces
from notify.domain.signatures import new_secret, rotated
from notify.domain.subscriptions import ACTIVE, MOST, PAUSED, Replay, Subscription, unknown, wrong_url
from notify.store import deliveries, feed
from notify.store import subscriptions as store
from notify.usecases import trying
from notify.usecases.pushing import FORGET, TYPES

ADMINISTRATORS = ("administrator", "area_administrator")
SCOPE = "subscriptions.manage"
MANAGERS = (*ADMINISTRATORS, SCOPE)

Check = Callable[[int], None]

_WRONG_URL = {
    "form": Words(
        "Alamat harus lengkap, misalnya https://sistem.kota.go.id/acara, tanpa nama pengguna dan tanpa tanda #.",
        "A whole address, such as https://system.city.example/events, with no user in front and no #.",
    ),
    "https": Words("Alamat harus dimulai dengan https://.", "The address has to begin with https://."),
    "inside": Words(
        "Alamat ini ada di jaringan dalam. Pengelola sistem dapat mengizinkannya (PUSH_ALLOWED).",
        "This address is inside our network. The operator can allow it (PUSH_ALLOWED).",
    ),
}
_UNKNOWN_TYPE = Words(
    "Tidak ada acara seperti ini; contoh: application.* atau letter.issued.",
    "There is no such event; such as application.* or letter.issued.",
)


def make(deps: Deps, tx: Tx, who: Caller, wanted: dict[str, Any]) -> Subscription:
    """A new one, which begins behind `after` (or the oldest that is kept), or with what comes from now on. Raises
    Unprocessable, OutOfReach, TooManySubscriptions, Unauthorized."""
    _check(deps, wanted)
    ended.check_now(tx, who)
    places = reach_of(who).narrowed(wanted["places"] or []).under
    if not places:
        raise NotFound
    if store.reach(tx, MOST):
        raise TooManySubscriptions
    newest, now = feed.newest(tx), deps.machine.now()
    after = newest if wanted["after"] is None else min(max(wanted["after"], feed.oldest(tx) - 1), newest)
    made = Subscription(
        id=new_id(), kelurahan=tx.tenant, owner=who.subject, url=wanted["url"], description=wanted["description"],
        types=_each_once(wanted["types"]), places=list(places), secrets=[new_secret()], state=ACTIVE, position=after,
        due_at=now, created_at=deps.clock.now(),
    )  # fmt: skip
    store.add(tx, deps.data_keys, made)
    return made


def find(deps: Deps, tx: Tx, who: Caller, subscription_id: UUID, *, lock: bool = False) -> Subscription:
    """One that is his. Raises NotFound."""
    found = store.get(tx, deps.data_keys, subscription_id, lock=lock)
    if found is None or (found.owner != who.subject and not who.has(*ADMINISTRATORS)):
        raise NotFound
    return found


def owner_of(who: Caller) -> str | None:
    """Whose subscriptions somebody sees: None for all of the place."""
    return None if who.has(*ADMINISTRATORS) else who.subject


def change(deps: Deps, tx: Tx, who: Caller, subscription_id: UUID, given: dict[str, Any], check: Check) -> Subscription:
    """Other wishes from now on; what is held already still goes out. Whoever is not its owner can only take offices
    away: what is sent is the owner's to read. Raises NotFound, Unprocessable, OutOfReach, what `check` raises of the
    version."""
    _check(deps, given)
    found = _locked(deps, tx, who, subscription_id, check)
    if "places" in given:
        reach = reach_of(who) if found.owner == who.subject else Reach(tuple(found.places))
        given = given | {"places": list(reach.narrowed(given["places"] or []).under)}
    if "types" in given:
        given = given | {"types": _each_once(given["types"])}
    found.changed(deps.machine.now(), given)
    return _saved(deps, tx, found)


def end(deps: Deps, tx: Tx, who: Caller, subscription_id: UUID, check: Check) -> None:
    """It ends, and a job takes its log away. Raises NotFound, what `check` raises."""
    found = _locked(deps, tx, who, subscription_id, check)
    store.end(tx, found.id)
    jobs.add(tx, FORGET, found.kelurahan, {"subscription_id": str(found.id)})


def rotate(deps: Deps, tx: Tx, who: Caller, subscription_id: UUID, overlap: timedelta, check: Check) -> Subscription:
    """A new secret; those before sign beside it for so long at the most. Raises NotFound, what `check` raises."""
    found = _locked(deps, tx, who, subscription_id, check)
    now = deps.machine.now()
    found.secrets = rotated(found.secrets, now + overlap, now)
    return _saved(deps, tx, found)


def pause(deps: Deps, tx: Tx, who: Caller, subscription_id: UUID, check: Check) -> Subscription:
    """Nothing is sent until it is resumed; its place in the feed is kept. Raises NotFound, what `check` raises."""
    found = _locked(deps, tx, who, subscription_id, check)
    found.state = PAUSED
    return _saved(deps, tx, found)


def resume(deps: Deps, tx: Tx, who: Caller, subscription_id: UUID, check: Check) -> Subscription:
    """It is tried at once, from where it stands, whatever had stopped it. Raises NotFound, WithoutPlaces, what `check`
    raises."""
    found, now = _locked(deps, tx, who, subscription_id, check), deps.machine.now()
    if not found.places:
        raise WithoutPlaces
    found.begin_anew(now)
    found.missed = None
    deliveries.hasten(tx, found.id, now)
    if found.held_due_at is not None:
        found.held_due_at = now
    return _saved(deps, tx, found)


def test(deps: Deps, tx: Tx, who: Caller, subscription_id: UUID) -> UUID:
    """Asks for an event that is made up to be sent; its id, by which it stands in the log. Raises NotFound,
    Unauthorized."""
    ended.check_now(tx, who)
    return trying.ask(tx, find(deps, tx, who, subscription_id))


def replay(
    deps: Deps, tx: Tx, who: Caller, subscription_id: UUID, since: datetime, until: datetime, check: Check
) -> Subscription:
    """What came into the feed in a period, and lies behind where the subscription stands, goes out (again) under the
    same ids. Raises NotFound, ReplayRuns, NothingToReplay, what `check` raises."""
    found = _locked(deps, tx, who, subscription_id, check)
    if found.replay is not None:
        raise ReplayRuns
    _all_of_the_feed(tx)
    after, last = feed.before(tx, since), min(feed.before(tx, until), found.position)
    tx.use_tenant(found.kelurahan)
    if last <= after:
        raise NothingToReplay
    found.replay = Replay(after, last)
    return _saved(deps, tx, found)


def owner_changed(deps: Deps, tx: Tx, data: dict[str, Any]) -> None:
    """A machine may do or read something else by now; what it asked for while it might is not more than that. Whatever
    an administrator made is the office's, and stays."""
    if data["roles"] is None:
        return
    within = (data["within"] or []) if SCOPE in data["roles"] else None
    tx.use_tenant(data["office"])
    for one in store.of_owner(tx, deps.data_keys, str(data["account_id"])):
        now = deps.machine.now()
        one.owner_reads(within, now)
        deliveries.let_go(tx, one.id, one.places)
        one.held_due_at = deliveries.next_due(tx, one.id, now)
        store.save(tx, deps.data_keys, one)


def _all_of_the_feed(tx: Tx) -> None:
    """The place of an instant in the feed is the same for everybody; only that is read."""
    tx.use_tenant(EVERY_TENANT)


def _locked(deps: Deps, tx: Tx, who: Caller, subscription_id: UUID, check: Check) -> Subscription:
    ended.check_now(tx, who)
    found = find(deps, tx, who, subscription_id, lock=True)
    check(found.version)
    return found


def _saved(deps: Deps, tx: Tx, found: Subscription) -> Subscription:
    found.version += 1
    store.save(tx, deps.data_keys, found)
    return found


def _check(deps: Deps, given: dict[str, Any]) -> None:
    """Raises Unprocessable."""
    errors: dict[str, Any] = {}
    if "url" in given:
        wrong = wrong_url(given["url"], deps.settings.push_inside, plain=not deps.settings.production)
        if wrong:
            errors["url"] = [_WRONG_URL[wrong]]
    if "types" in given and (strange := unknown(given["types"], TYPES)):
        errors["types"] = {given["types"].index(one): [_UNKNOWN_TYPE] for one in strange}
    if errors:
        raise Unprocessable(errors={"json": errors})


def _each_once(types: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(types))
