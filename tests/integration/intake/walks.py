"""Cases that go at random through the table of transitions, each step by the use case that does it, at times that
lie on the edges: closings, midnights, ends of months and of the year."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

from intake.domain.applications import ENDED, TRANSITIONS
from intake.domain.case import Actor, Application
from intake.store import applications as store
from intake.store import files
from intake.usecases import facts, figures, procedure
from intake.usecases.applications import open_application
from intake.usecases.offices import sop
from kit.auth import Caller
from kit.db import Tx
from tests.support.services import InProcess

OWNER = Actor(frozenset({"owner", "resident"}), "applicant")
OFFICER = Actor(frozenset({"officer"}), "officer", "officer:yanti")
HEAD = Actor.service("verification", "rt_head")
LURAH = Actor.service("documents", "lurah")
MENDED = ["address", "religion", "occupation"]
REASONS = {"KK": ["new", "lost", "damaged"], "KTP": ["new", "lost", "changed"], "SITU": [None]}
FIRST, LAST = datetime(2026, 12, 10, tzinfo=UTC), datetime(2027, 2, 20, tzinfo=UTC)


class Walks:
    """Some cases on their way at once; `go` lets them all come to an end, in any order, and counts now and then."""

    def __init__(self, intake: InProcess, offices: dict[str, ZoneInfo], seed: int) -> None:
        self.intake, self.offices, self.random = intake, offices, Random(seed)
        self.serial = 0

    def go(self, cases: int, at_once: int = 25) -> None:
        running: list[Iterator[None]] = []
        while cases or running:
            while cases and len(running) < at_once:
                running.append(self._walk())
                cases -= 1
            place = self.random.randrange(len(running))
            if next(running[place], self) is self:
                running.pop(place)
            if self.random.random() < 0.02:
                figures.roll_up(self.intake.deps)
        figures.roll_up(self.intake.deps)

    def _walk(self) -> Iterator[None]:
        """One case; each `next` is one thing that happens, in a transaction of its own."""
        rng = self.random
        office = rng.choice(list(self.offices))
        at = FIRST + (LAST - FIRST) * rng.random()
        case_id = self._open(office, at)
        yield
        for _ in range(rng.randint(2, 16)):
            at = self._later(office, at)
            with self.intake.deps.db.transaction(office) as tx:
                tx.later("SET LOCAL synchronous_commit = off")  # nobody pulls the plug here
                self.intake.clock.at = at
                app = store.lock(tx, self.intake.deps.data_keys, case_id)
                assert app is not None
                if app.status in ENDED and rng.random() < 0.7:
                    return
                at = max(at, app.changed_at)
                self.intake.clock.at = at
                self._something(tx, app, at)
                at = max(at, app.changed_at)
            yield

    def _open(self, office: str, at: datetime) -> UUID:
        self.intake.clock.at = at
        self.serial += 1
        service = self.random.choice(["KK", "KK", "KTP", "SITU"])
        applicant = {
            "name": "Siti Maimunah", "nik": f"1671105503{50 + self.serial // 9999:02d}{self.serial % 9999 + 1:04d}",
            "birth_place": "Palembang", "birth_date": "1955-03-15", "sex": "P", "address": "Jalan Melati 12",
            "rt": "023", "rw": "005",
        }  # fmt: skip
        body = {"service": service, "reason": self.random.choice(REASONS[service]), "applicant": applicant,
                "contact": {"name": "Nur'aini", "phone": "+6281271000072"}}  # fmt: skip
        with self.intake.deps.db.transaction(office) as tx:
            return open_application(
                self.intake.deps,
                tx,
                Caller("rohana", frozenset({"applicant"}), office, {}),
                body | {"intended_duplicate": True},
            ).id

    # --- what may happen ------------------------------------------------------------------------------------

    def _something(self, tx: Tx, app: Application, at: datetime) -> None:
        rng = self.random
        aside = [one for one in (self._asked, self._answered, self._corrected) if rng.random() < 0.15]
        for each in aside:
            each(tx, app, at)
        possible = [step.action for step in TRANSITIONS if app.status in step.sources]
        likely = [action for action in possible if action not in ("reject", "withdraw", "expire", "return")] or possible
        if possible:
            action = rng.choice(likely if rng.random() < 0.8 else possible)
            ACTS[action](self, tx, app, at)

    def _asked(self, tx: Tx, app: Application, at: datetime) -> None:
        if app.status in ("draft", "returned") and app.introduction in ("none", "refused"):
            procedure.request_introduction(self.intake.deps, tx, app, OWNER, "Mengurus KK")

    def _answered(self, tx: Tx, app: Application, at: datetime) -> None:
        """Also when it is too late, or once more."""
        if app.introduction_id is None:
            return
        told_at = at - timedelta(seconds=self.random.choice([0, 1, 90]))
        told = {"application_id": app.id, "introduction_id": app.introduction_id, "owner_agrees": None,
                "granted_at": told_at, "refused_at": told_at, "service": app.service}  # fmt: skip
        if self.random.random() < 0.6:
            facts.introduction_granted(self.intake.deps, tx, told)
        else:
            facts.introduction_refused(self.intake.deps, tx, told | {"reason": "unknown_person"})
        self._read_again(tx, app)

    def _corrected(self, tx: Tx, app: Application, at: datetime) -> None:
        app.changed_at = at
        store.save(tx, app, OFFICER, "corrected", self.random.choice(MENDED))

    def submit(self, tx: Tx, app: Application, at: datetime) -> None:
        self._complete(tx, app)
        procedure.submit(self.intake.deps, tx, app, OWNER)

    def resubmit(self, tx: Tx, app: Application, at: datetime) -> None:
        if any(item.get("original") for item in app.returned_items):
            self.show_original(tx, app, at)
            return
        self._complete(tx, app)
        procedure.resubmit(self.intake.deps, tx, app, OWNER)

    def _complete(self, tx: Tx, app: Application) -> None:
        deps = self.intake.deps
        service = sop(deps, tx, app.kelurahan, app.service, app.sop_version)
        for code in procedure.missing_of(app, service, files.current(tx, app.id)):
            procedure.waive_requirement(deps, tx, app, OFFICER, code, "Sudah dilihat")

    def give_back(self, tx: Tx, app: Application, at: datetime) -> None:
        procedure.give_back(self.intake.deps, tx, app, OFFICER, [{"requirement": "PENGANTAR_RT", "problem": "Buram"}])

    def ask_original(self, tx: Tx, app: Application, at: datetime) -> None:
        procedure.ask_originals(self.intake.deps, tx, app, HEAD, ["PENGANTAR_RT"], self._told(at))

    def show_original(self, tx: Tx, app: Application, at: datetime) -> None:
        wanted = [item["requirement"] for item in app.returned_items if item.get("original")]
        if wanted:
            procedure.show_originals(self.intake.deps, tx, app, OFFICER, wanted)
        else:
            self.resubmit(tx, app, at)

    def override(self, tx: Tx, app: Application, at: datetime) -> None:
        app.verification = "failed"
        procedure.override_attestation(self.intake.deps, tx, app, OFFICER, "Sudah dilihat")

    def moved_by(self, action: str, actor: Actor) -> Callable[[Tx, Application, datetime], None]:
        return lambda tx, app, at: procedure.move(self.intake.deps, tx, app, action, actor, at=self._told(at))

    def _told(self, at: datetime) -> datetime:
        """When another service says that it happened: a moment before its event came here."""
        return at - timedelta(seconds=self.random.choice([0, 0, 2, 240]))

    def _read_again(self, tx: Tx, app: Application) -> None:
        found = store.lock(tx, self.intake.deps.data_keys, app.id)
        assert found is not None
        app.__dict__.update(found.__dict__)

    # --- when -----------------------------------------------------------------------------------------------

    def _later(self, office: str, at: datetime) -> datetime:
        rng, zone = self.random, self.offices[office]
        kind = rng.random()
        if kind < 0.35:
            return at + timedelta(minutes=rng.randint(0, 300), seconds=rng.randint(0, 59))
        if kind < 0.55:
            return at + timedelta(hours=rng.randint(5, 80), microseconds=rng.randint(0, 999_999))
        day = at.astimezone(zone).date() + timedelta(days=rng.randint(0, 4))
        if kind < 0.65:
            day = date(day.year + day.month // 12, day.month % 12 + 1, 1)  # the month's end, and the year's
        wall = rng.choice([time(0), time(7, 30), time(8), time(15), time(15, 30), time(16), time(16, 30)])
        edge = datetime.combine(day, wall if kind >= 0.65 else time(0), tzinfo=zone).astimezone(UTC)
        return max(at, edge + timedelta(seconds=rng.choice([-1, 0, 0, 0, 1])))


ACTS: dict[str, Callable[[Walks, Tx, Application, datetime], None]] = {
    "submit": Walks.submit,
    "resubmit": Walks.resubmit,
    "receive": lambda walks, tx, app, at: procedure.receive(walks.intake.deps, tx, app, OFFICER),
    "return": Walks.give_back,
    "ask-original": Walks.ask_original,
    "show-original": Walks.show_original,
    "override-attestation": Walks.override,
    "verify": lambda walks, tx, app, at: walks.moved_by("verify", HEAD)(tx, app, at),
    "produce": lambda walks, tx, app, at: walks.moved_by("produce", LURAH)(tx, app, at),
    "void-letter": lambda walks, tx, app, at: walks.moved_by("void-letter", LURAH)(tx, app, at),
    "hand-over": lambda walks, tx, app, at: walks.moved_by("hand-over", LURAH)(tx, app, at),
    "reject": lambda walks, tx, app, at: procedure.reject(walks.intake.deps, tx, app, OFFICER, "Bukan warga"),
    "withdraw": lambda walks, tx, app, at: procedure.withdraw(walks.intake.deps, tx, app, OWNER, None),
    "expire": lambda walks, tx, app, at: procedure.expire(walks.intake.deps, tx, app),
}
