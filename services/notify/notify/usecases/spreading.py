"""An announcement on its way: what it takes, its messages in batches, its end, and how far it is. Done twice nothing
goes out twice: who is written to is kept once for each announcement."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import structlog

from contracts.telling import tell
from kit import jobs
from kit.db import EVERY_TENANT, Row, Tx
from kit.errors import Retryable
from kit.ids import new_id
from kit.jobs import Job
from notify.deps import Deps
from notify.domain import policy
from notify.domain.agreeing import MEDIUM
from notify.domain.announcements import SETTLED_AFTER, TEMPLATES, Announcement, Phase, is_settled, values
from notify.domain.copies import Office, Recipient
from notify.domain.messages import Message
from notify.store import announcements as store
from notify.store import consents, copies, costs
from notify.store.announcements import Listed
from notify.usecases.sending import put_out_many, worded
from notify.usecases.ways import Way, is_reached, way_to

ESTIMATE, SPREAD, STOP = "estimate_announcement", "spread_announcement", "stop_announcement"
BATCH = 200
_QUEUED = ("accepted",)
_SENT = ("unknown", "sent")
_DELIVERED = ("delivered", "read")

log = structlog.get_logger()


def spread(deps: Deps, job: Job) -> None:
    """The next messages, in one transaction with the job for those behind them."""
    with deps.db.transaction(job.tenant) as tx:
        one = store.get(tx, deps.data_keys, UUID(job.payload["announcement_id"]), lock=True)
        if one is None or one.status != "sending":
            jobs.finish(tx, job)
            return
        office = _office(tx, job.tenant)
        after = UUID(job.payload["after"]) if job.payload["after"] else None
        phase, made = one.phases[job.payload["phase"]], job.payload["before"]
        found = store.readers(tx, deps.data_keys, one, phase, office.today(deps.clock.now()), after, BATCH)
        made += _put_out(deps, tx, one, phase, office, found, made)
        _go_on(deps, tx, job, one, found, made)
        jobs.finish(tx, job)


def _put_out(
    deps: Deps, tx: Tx, one: Announcement, phase: Phase, office: Office, found: Sequence[Listed], before: int
) -> int:
    """A message to each of them who was not written to yet; how many."""
    filled = values(one, office, "id")
    file = one.picture if one.with_picture else None
    made: dict[bytes, Message] = {}
    for mark, to, way, _since in _wanting(deps, tx, one, found):
        message = worded(
            deps, new_id(), one.kelurahan, TEMPLATES[phase], to, filled, way, file=file,
            expires_at=one.ends_at(office.zone),
        )  # fmt: skip
        message.announcement_id = one.id
        made.setdefault(mark, message)
    first = store.take(tx, one, {mark: message.id for mark, message in made.items()}) if made else set()
    going = [message for message in made.values() if message.id in first]
    put_out_many(deps, tx, going, first=before)
    return len(going)


def _go_on(deps: Deps, tx: Tx, job: Job, one: Announcement, found: Sequence[Listed], made: int) -> None:
    """With those behind them, then with the next list; at the end it is sent."""
    phase, after = job.payload["phase"], str(found[-1].at) if found else None
    if len(found) < BATCH:
        phase, after = phase + 1, None
    if phase < len(one.phases):
        payload = {"announcement_id": str(one.id), "phase": phase, "after": after, "before": made}
        jobs.add(tx, SPREAD, job.tenant, payload)
        return
    one.status = "sent"
    store.save(tx, deps.data_keys, one)
    log.info("an announcement is on its way", announcement=str(one.id), messages=made)


def give_up(deps: Deps, tx: Tx, job: Job, reason: str) -> None:
    """Whom it has not reached it does not reach: the office sees it as stopped."""
    log.error("an announcement was not sent to all", reason=reason)
    one = store.get(tx, deps.data_keys, UUID(job.payload["announcement_id"]), lock=True)
    if one is not None and one.status == "sending":
        one.stop(deps.clock.now(), waits=True)
        store.save(tx, deps.data_keys, one)


def _wanting(
    deps: Deps, tx: Tx, one: Announcement, found: Sequence[Listed]
) -> Iterator[tuple[bytes, Recipient, Way, timedelta | None]]:  # fmt: skip
    """Those who can be reached and have not said that they want none, each with a mark of his own."""
    known = [(listed, _recipient(listed)) for listed in found]
    marks = [consents.marks(deps.own_key, to.phone, to.user_id) for _listed, to in known]
    refusing = consents.refusing(tx, one.kelurahan, MEDIUM, marks) | consents.refusing(
        tx, one.kelurahan, "whatsapp", marks
    )
    for (listed, to), of in zip(known, marks, strict=True):
        his = [mark for mark in of.values() if mark is not None]
        way = way_to(deps, one.kelurahan, to, listed.contact)
        if his and not refusing.intersection(his) and is_reached(deps, one.kelurahan, way, to):
            yield his[0], to, way, listed.since


def _recipient(listed: Listed) -> Recipient:
    contact = listed.contact
    phone = contact.phone if contact else listed.person.get("phone")
    return Recipient(
        contact.name if contact else "", phone, "id", contact.id if contact else None,
        contact.user_id if contact else None,
    )  # fmt: skip


# --- before it is sent ------------------------------------------------------------------------------------------------


def estimate(deps: Deps, job: Job) -> None:
    """How many messages it takes, and what they cost by now: whoever has written to us lately is sent free text."""
    announcement_id, revision = UUID(job.payload["announcement_id"]), job.payload["revision"]
    with deps.db.transaction(job.tenant) as tx:
        one = store.get(tx, deps.data_keys, announcement_id)
        if one is None or one.revision != revision or one.status != "draft":
            jobs.finish(tx, job)
            return
        office = _office(tx, job.tenant)
        found = _counted(deps, tx, one, office)
        store.estimated(tx, announcement_id, revision, found | {"at": deps.clock.now().isoformat()})
        jobs.finish(tx, job)


def _counted(deps: Deps, tx: Tx, one: Announcement, office: Office) -> dict[str, int]:
    day, bill = office.today(deps.clock.now()), _Bill(deps, tx, one, office)
    for phase in one.phases:
        after: UUID | None = None
        while found := store.readers(tx, deps.data_keys, one, phase, day, after, BATCH):
            after = found[-1].at
            for mark, _to, way, since in _wanting(deps, tx, one, found):
                bill.one_more(phase, mark, way, since)
    return bill.counts


@dataclass
class _Bill:
    """What is counted on the way: a person once, and of each number the free texts that cost nothing."""

    deps: Deps
    tx: Tx
    of: Announcement
    office: Office
    counts: dict[str, int] = field(default_factory=lambda: {"heads": 0, "agreed": 0, "messages": 0, "price": 0})
    seen: set[bytes] = field(default_factory=set)
    free: dict[tuple[str, str], int] = field(default_factory=dict)

    def one_more(self, phase: Phase, mark: bytes, way: Way, since: timedelta | None) -> None:
        if mark in self.seen:
            return
        self.seen.add(mark)
        self.counts[phase] += 1
        self.counts["messages"] += 1
        self.counts["price"] += self._price(TEMPLATES[phase], way, since)

    def _price(self, template: str, way: Way, since: timedelta | None) -> int:
        channel = way.channel
        form = policy.form_of(template, channel.capabilities, since, closed=False) or "template"
        category = policy.category_of(template, form, channel.capabilities)
        sender = channel.sender(self.of.kelurahan, way.contact.number_id if way.contact else None) or ""
        before = self._free(channel.name, sender) if category == "service" else 0
        return self.deps.settings.prices.price(category, before)

    def _free(self, channel: str, sender: str) -> int:
        """How many free texts went out from the number in this month, with those counted so far."""
        known = self.free.get((channel, sender))
        if known is None:
            month = policy.month_of(self.office.today(self.deps.clock.now()))
            known = costs.service_messages(self.tx, channel, sender, *month)
        self.free[channel, sender] = known + 1
        return known


# --- while and after --------------------------------------------------------------------------------------------------


def end_waiting(deps: Deps, job: Job) -> None:
    """It was stopped: what waits ends, a batch at a time. What is on its way at this moment may still arrive."""
    found = BATCH
    while found == BATCH:
        with deps.db.transaction(job.tenant) as tx:
            found = store.end_waiting(tx, UUID(job.payload["announcement_id"]), deps.clock.now(), BATCH)
    with deps.db.transaction(job.tenant) as tx:
        jobs.finish(tx, job)


def measure(deps: Deps) -> None:
    """How far each one is, until nothing more is to be heard of its messages."""
    after: UUID | None = None
    while rows := _unsettled(deps, after):
        for row in rows:
            with deps.db.transaction(row["kelurahan"]) as tx:
                counts = _counts(store.by_status(tx, row["id"]))
                late = row["sent_at"] is not None and deps.clock.now() - row["sent_at"] > SETTLED_AFTER
                settled = is_settled(row["status"], counts, late=late)
                store.counted(tx, row["id"], counts, settled=settled)
        after = rows[-1]["id"]


def _unsettled(deps: Deps, after: UUID | None) -> list[Row]:
    with deps.db.transaction(EVERY_TENANT) as tx:
        return store.unsettled(tx, after, BATCH)


def _counts(by_status: Mapping[str, int]) -> dict[str, int]:
    def of(*names: str) -> int:
        return sum(by_status.get(name, 0) for name in names)

    return {
        "queued": of(*_QUEUED), "sent": of(*_SENT), "delivered": of(*_DELIVERED), "failed": of("failed"),
        "left_out": of("expired"),
    }  # fmt: skip


def erase_old(deps: Deps, tx: Tx, kelurahan: str, before: datetime, most: int) -> int:
    """Announcements from before go, with whom they were sent to and their pictures; how many."""
    rows = store.old(tx, kelurahan, before, most)
    store.erase(tx, rows)
    for row in rows:
        tell(
            tx, deps.event_keys, "announcement.ended", subject=row["id"], tenant=kelurahan, time=deps.clock.now(),
            data={"announcement_id": row["id"], "kelurahan": kelurahan},
        )  # fmt: skip
    return len(rows)


def _office(tx: Tx, kelurahan: str) -> Office:
    office = copies.office(tx, kelurahan)
    if office is None:
        raise Retryable("the office has not arrived yet")
    return office
