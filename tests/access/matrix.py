"""Every route × every role × every situation: the cells, the verdict on each, and what all of them add up to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import pypdfium2

from kit.db import EVERY_TENANT
from kit.pages.session import CONTINUE
from tests.access.calls import OBJECT, PUBLIC, SCOPE, SECRET, SYSTEM, Call, Route, Target, World
from tests.access.people import CAST, EVERYBODY, OTHER_OFFICE, PAIRS, Caller, Pair, Person, callers_of
from tests.access.tokens import FAULTS, bearer
from tests.support.tokens import BUKIT_SANGKAL
from tests.unit.documents.pdf import squashed

REFUSED = (401, 403, 404)
ANYBODYS_FORMS = {"POST /periksa"}
"""A file is looked at and nothing is kept: whoever sends it may have it from anywhere."""
MAY, LOOKS, OTHERWISE, NOTHING = "may", "looks", "otherwise", "nothing"
"""What a role alone may do to a target: it; see its own at most; something by a way of its own; nothing."""

Who = TypeVar("Who", bound=Caller | Pair)


@dataclass
class Size:
    """How large the matrix was, and what leaked."""

    routes: int = 0
    refused: int = 0
    allowed: int = 0
    scoped: int = 0
    pairs: int = 0
    leaks: int = 0

    def __str__(self) -> str:
        cells = self.refused + self.allowed + self.scoped
        return (
            f"{self.routes} routes, {cells} cells: {self.refused} refused, {self.allowed} allowed,"
            f" {self.scoped} that see only their own; {self.pairs} of them with two roles; {self.leaks} leaks"
        )


@dataclass
class Trial:
    """One route on trial: its cells are sent one by one, and what is wrong is collected."""

    world: World
    method: str
    rule: str
    access: frozenset[str]
    route: Route
    size: Size
    wrong: list[str] = field(default_factory=list)
    recorded: Counter[tuple[str, str]] = field(default_factory=Counter)
    told: dict[str, set[str]] = field(default_factory=lambda: {"another's": set(), "nobody's": set()})
    kind: str = ""
    roles: frozenset[str] = frozenset()
    owners: frozenset[str] = frozenset()

    # --- the cells -----------------------------------------------------------------------------------------------

    def run(self) -> list[str]:
        """All cells; what is wrong with them."""
        self.size.routes += 1
        for number, target in enumerate(self.route.targets):
            self._aim(target)
            call = target.make(self.world)
            mark = self._last_recorded()
            state = self._state()
            if not number:  # they are refused before anything is looked for
                self._refuse_tokens(call, target)
            self._refused(call, target)
            self._pairs_refused(call, target)
            self._forgeries_refused(call, target)
            if self._state() != state:
                self._leak("a refused request changed something in the database")
            self._check_records(mark)
            self._others_of_the_office(target)
            self._allowed(call, target)
            self._pairs_let_in(call, target)
            if not self._may(target):
                self.wrong.append("has no allowed twin: nobody of the cast may")
        if self.told["nobody's"] and (apart := self.told["another's"] - self.told["nobody's"]):
            self._leak(f"what is another's is told apart from what does not exist: {sorted(apart)}")
        return self.wrong

    def every_token(self) -> list[str]:
        """Each fault in the hands of each role; what is wrong."""
        target = self.route.targets[0]
        self._aim(target)
        call = target.make(self.world)
        state = self._state()
        for role in CAST:
            for fault in FAULTS:
                self._refuse_token(call, role, fault)
        if self._state() != state:
            self._leak("a request with a bad token changed something in the database")
        return self.wrong

    def by_who_may(self, call: Call, target: Target) -> Any:
        """The answer to the first of those who may."""
        self._aim(target)
        caller = next(self._who_may(target))
        return self._send(call, self._with_token(call, caller) if caller else None)

    def foreign(self, call: Call, target: Target) -> None:
        """Only the cells of the other office's callers, of the roles that the route lets in."""
        self._aim(target)
        for role in self._may(target):
            for caller in callers_of(role):
                if caller.relation == OTHER_OFFICE:
                    self._refuse_foreign(call, caller, target)

    def _aim(self, target: Target) -> None:
        self.kind, self.roles = target.kind or self.route.kind, target.access or self.access
        self.owners = frozenset(self._may(target))

    @property
    def public(self) -> bool:
        return "public" in self.roles

    def _may(self, target: Target) -> list[str]:
        """The roles whose own the target is, in the order of the cast."""
        may = CAST.keys() if self.public else self.roles
        return [role for role in CAST if role in may and (target.roles is None or role in target.roles)]

    def _refused(self, call: Call, target: Target) -> None:
        if not self.public:
            self._expect(self._send(call, None), (401,), "without a token", None)
        for role in CAST:
            for caller in callers_of(role):
                if not self.public and role not in self.roles:
                    self._refuse(call, caller, (403, 404))
                elif not self.public:
                    self._refuse_foreign(call, caller, target)
        self._refuse_guesses(call, target)

    def _refuse_tokens(self, call: Call, target: Target) -> None:
        """Each fault in the hand of somebody who may, of one role after another from route to route: what is wrong with
        a token is found before anything is asked of its roles."""
        roles = self._may(target) or list(CAST)
        for place, fault in enumerate(FAULTS, self.size.routes):
            self._refuse_token(call, roles[place % len(roles)], fault)

    def _refuse_token(self, call: Call, role: str, fault: str) -> None:
        caller = self._with_token(call, next(callers_of(role)))
        self._expect(self._send(call, caller, fault), (401,), f"{caller}, token {fault}", None)

    def _forgeries_refused(self, call: Call, target: Target) -> None:
        """A form does something only if a page of ours sent it: for whoever may, and from his own browser."""
        if self.method == "GET" or self.rule.startswith("/v1/") or f"{self.method} {self.rule}" in ANYBODYS_FORMS:
            return
        caller = None if self.public else self._with_token(call, next(callers_of(self._may(target)[0])))
        for said, forged in call.forgeries():
            self._expect(self._send(forged, caller), (403,), f"{caller or 'anybody'}, a form {said}", caller)

    def _refuse_foreign(self, call: Call, caller: Caller, target: Target) -> None:
        """A role that is let in, and a thing that is not his."""
        if target.apart and caller.role not in self.owners:
            return
        if caller.own:
            if target.roles is not None and caller.role not in target.roles:
                self._refuse(call, caller, (403, 404, 409, 422, self.route.told))
        elif self.kind == OBJECT or (self.kind == SECRET and caller.relation == OTHER_OFFICE):
            self._refuse(call, caller, (self.route.told,), record=True)
        elif self.kind == SCOPE and caller.relation == OTHER_OFFICE:
            self._look(call, caller)

    def _refuse_guesses(self, call: Call, target: Target) -> None:
        for name, guess in call.guesses():
            if self.public:
                self._expect(self._send(guess, None), (self.route.told,), f"guessed {name}", None)
                continue
            for role in self._may(target):
                caller, what = next(callers_of(role)), f" with a guess for {name}"
                self._refuse(guess, caller, (self.route.told,), record=True, what=what)

    def _others_of_the_office(self, target: Target) -> None:
        """A neighbour, or another RT's head, asks for what is his own there; and so do roles that have another way."""
        for role in self._may(target) if self.kind in (SCOPE, SECRET) and not self.public else ():
            for caller in callers_of(role):
                if caller.own or caller.relation == OTHER_OFFICE:
                    continue
                call = target.make(self.world)
                if self.kind == SECRET:
                    self._allow(call, caller)
                else:
                    self._look(call, caller)
        for role in sorted(self.roles - self.owners) if target.apart and self.kind == SCOPE else ():
            self._look(target.make(self.world), next(callers_of(role)), elsewhere=True)

    def _allowed(self, call: Call, target: Target) -> None:
        """The same request by whoever may; what it names is made anew for each, since one may use it up."""
        fresh: Iterator[Call] = iter([call])
        for caller in self._who_may(target):
            self._allow(next(fresh, None) or self._anew(call, target), caller)

    # --- two roles at once: the union of what each alone may ---------------------------------------------------------

    def _pairs_refused(self, call: Call, target: Target) -> None:
        for pair in self._pairs(target, NOTHING):
            self._refuse(call, pair, (403, 404, 409, 422, self.route.told))

    def _pairs_let_in(self, call: Call, target: Target) -> None:
        for pair in self._pairs(target, MAY):
            self._allow(self._anew(call, target), pair)
        for pair in self._pairs(target, LOOKS):
            self._look(self._anew(call, target), pair, elsewhere=target.apart)

    def _pairs(self, target: Target, verdict: str) -> Iterator[Pair]:
        """Those of whom this is the most that either role may."""
        for pair in () if self.public else PAIRS:
            alone = {self._alone(part, target) for part in pair.parts}
            if verdict == next(most for most in (MAY, OTHERWISE, LOOKS, NOTHING) if most in alone):
                self.size.pairs += 1
                yield pair.within(self.roles)

    def _alone(self, part: Caller, target: Target) -> str:
        if part.role not in self.roles:
            return NOTHING
        if self._owns_alone(part) or self.kind == SYSTEM or (self.kind == SECRET and part.relation != OTHER_OFFICE):
            return MAY
        if target.apart and part.role not in self.owners:
            return LOOKS if self.kind == SCOPE else OTHERWISE
        return LOOKS if self.kind == SCOPE and not part.own else NOTHING

    def _owns_alone(self, part: Caller) -> bool:
        return part.own and part.role in self.owners

    def _who_may(self, target: Target) -> Iterator[Caller | None]:
        if self.public:
            yield None
        for role in self._may(target):
            everybody = list(callers_of(role))
            yield from everybody if self.public or self.kind == SYSTEM else everybody[:1]

    def _anew(self, call: Call, target: Target) -> Call:
        return call if self.method == "GET" and not self.route.once else target.make(self.world)

    # --- the verdicts --------------------------------------------------------------------------------------------

    def _refuse(
        self, call: Call, caller: Caller | Pair, expected: tuple[int, ...], *, record: bool = False, what: str = ""
    ) -> None:
        said, caller = f"{caller}{what}", self._with_token(call, caller)
        answer = self._send(call, caller)
        self._expect(answer, expected, said, caller)
        if not record or answer.status_code != 404:
            return
        self.told["nobody's" if what else "another's"].add(_told(answer))
        if self.route.on_record:
            self.recorded[caller.sub, caller.tenant] += 1

    def _allow(self, call: Call, caller: Caller | Pair | None) -> None:
        who = str(caller or "anybody")
        caller = self._with_token(call, caller) if caller else None
        answer = self._send(call, caller)
        self.size.allowed += 1
        if not 200 <= answer.status_code < 300 and answer.status_code not in (303, 307):  # a browser that is sent on
            self.wrong.append(f"{who}: {answer.status_code} where 2xx is right: {_shown(answer)}")
        self._check_canaries(answer, who, caller, besides=call.about if self._tells(caller) else call.handed)
        self._check_marks(call, answer, who, caller, his=True)

    def _look(self, call: Call, caller: Caller | Pair, *, elsewhere: bool = False) -> None:
        """He may call it, and sees his own at most: as much as there is, which may be nothing. `elsewhere`: what this
        request is about is shown to others, so that it may be lacking."""
        answer = self._send(call, caller)
        self.size.scoped += 1
        if answer.status_code >= 500 or answer.status_code == 401:
            self.wrong.append(f"{caller}: {answer.status_code}: {_shown(answer)}")
        self._check_canaries(answer, str(caller), caller)
        self._check_marks(call, answer, str(caller), caller, lacking=elsewhere)

    def _tells(self, caller: Caller | Pair | None) -> bool:
        """Whether the secret in the request is what lets its holder see whom it is about."""
        return self.kind == SECRET or (self.public and self.kind == PUBLIC)

    def _expect(self, answer: Any, expected: tuple[int, ...], what: str, caller: Caller | Pair | None) -> None:
        self.size.refused += 1
        if answer.status_code not in expected:
            wanted = " or ".join(map(str, expected))
            said = f"{what}: {answer.status_code} where {wanted} is right: {_shown(answer)}"
            self._leak(said) if answer.status_code < 300 else self.wrong.append(said)
        self._check_canaries(answer, what, None if answer.status_code in REFUSED else caller)

    def _check_canaries(
        self, answer: Any, what: str, caller: Caller | Pair | None, besides: Person | None = None
    ) -> None:
        body = _text(answer)
        for person in EVERYBODY:
            if person is besides or (caller is not None and caller.may_know(person)):
                continue
            if found := sorted(canary for canary in person.canaries if _has(body, canary)):
                self._leak(f"{what}: {answer.status_code} shows {found} of {person.sub}")

    def _check_marks(
        self,
        call: Call,
        answer: Any,
        what: str,
        caller: Caller | Pair | None,
        *,
        his: bool = False,
        lacking: bool = False,
    ) -> None:
        body = _text(answer)
        for mark in call.private:
            if his != _has(body, mark):
                self._leak(f"{what}: shows {mark}") if not his else self.wrong.append(f"{what}: lacks {mark}")
        for person, marks in call.marks.items():
            may = caller is not None and caller.may_count(person)
            for mark in marks:
                if may and not lacking and answer.status_code < 300 and not _has(body, mark):
                    self.wrong.append(f"{what}: {answer.status_code} lacks {person.sub}'s {mark}")
                elif not may and _has(body, mark):
                    self._leak(f"{what}: {answer.status_code} shows {person.sub}'s {mark}")

    def _leak(self, said: str) -> None:
        self.wrong.append(said)
        self.size.leaks += 1

    def _with_token(self, call: Call, caller: Who) -> Who:
        """With his account and session, if the thing is his."""
        for his in filter(self._owns_alone, caller.parts):
            return replace(caller, claims={**caller.claims, "sub": his.sub, **call.token})
        return caller

    # --- around ----------------------------------------------------------------------------------------------------

    def _send(self, call: Call, caller: Caller | Pair | None, fault: str | None = None) -> Any:
        headers = bearer(caller, fault) if caller else {}
        answer = call.send(self.world.service, self.method, self.rule, headers)
        answer.get_data()
        answer.close()
        if call.page and answer.headers.get("Location", "").startswith(CONTINUE):
            answer.status_code = 401  # sent for a token is what a page says in its place
        return answer

    def _last_recorded(self) -> int:
        with self.world.service.deps.db.transaction(EVERY_TENANT) as tx:
            return int(tx.value("SELECT coalesce(max(id), 0) FROM refused_access"))

    def _check_records(self, after: int) -> None:
        with self.world.service.deps.db.transaction(EVERY_TENANT) as tx:
            rows = tx.all("SELECT caller, tenant FROM refused_access WHERE id > %s", [after])
        kept = Counter((row["caller"], row["tenant"]) for row in rows)
        for (sub, tenant), times in self.recorded.items():
            if kept[sub, tenant] < times:
                self.wrong.append(f"{sub} of {tenant}: {times} attempts, {kept[sub, tenant]} of them on record")
        self.recorded.clear()

    def _state(self) -> Any:
        """All that the office's tables hold, as a hash for each."""
        tables = self.world.kept.setdefault("tables", bound_tables(self.world))
        parts = [
            f"SELECT '{name}' AS name, count(*) AS rows, sum(hashtextextended(row::text, 0)) AS hash FROM {name} AS row"
            for name in tables
            if name not in self.route.tries
        ]
        with self.world.service.deps.db.transaction(BUKIT_SANGKAL) as tx:
            return tx.all(" UNION ALL ".join(parts))


def bound_tables(world: World) -> list[str]:
    """The tables of the service's database that row-level security binds."""
    rows = world.service.rows(
        "SELECT relname FROM pg_class WHERE relrowsecurity AND relnamespace = 'public'::regnamespace ORDER BY relname"
    )
    return [row["relname"] for row in rows]


def _text(answer: Any) -> str:
    """What can be read in an answer, of a PDF too."""
    if answer.mimetype == "application/pdf" and answer.status_code == 200:
        with pypdfium2.PdfDocument(answer.data) as pdf:
            return squashed("".join(page.get_textpage().get_text_range() for page in pdf))
    return bytes(answer.data).decode("utf-8", errors="replace")


def _has(body: str, mark: str) -> bool:
    """Whether a text has it; that of a PDF is without white space, which is the layout's."""
    return mark in body or mark.replace(" ", "") in body


def _told(answer: Any) -> str:
    """What somebody reads who finds nothing; of a page, what is not the same on all of them."""
    if answer.is_json:
        return str(answer.json["type"] + answer.json["detail"])
    return _text(answer).partition("<main")[2].partition("</main>")[0]


def _shown(answer: Any) -> str:
    return bytes(answer.data).decode("utf-8", errors="replace")[:200]
