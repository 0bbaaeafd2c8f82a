"""The run of one service: cases are made, sent, held against the rules, and counted."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, unquote

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import APIOperation, Case, GenerationMode
from schemathesis.transport.wsgi import WSGI_TRANSPORT
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from kit import jobs
from kit.errors import Permanent, Retryable
from tests.access.calls import Table, Target, World
from tests.access.tokens import bearer
from tests.fuzz import harm, rules
from tests.fuzz.aim import JSON, Aim


@schemathesis.serializer("text/csv", "application/pdf")
def as_it_is(_context: Any, value: Any) -> bytes:
    """What is neither JSON nor a form goes out as its bytes."""
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")


@dataclass
class Line:
    """What became of one operation's cases."""

    label: str
    statuses: Counter[int] = field(default_factory=Counter)
    unmade: int = 0

    @property
    def cases(self) -> int:
        return self.statuses.total()

    @property
    def fine(self) -> int:
        """303 sends a browser on, which is what such an operation is for."""
        return sum(times for status, times in self.statuses.items() if 200 <= status < 300 or status == 303)

    def __str__(self) -> str:
        said = " ".join(f"{status}×{times}" for status, times in sorted(self.statuses.items()))
        unmade = f"; right request not made {self.unmade}×" if self.unmade else ""
        return f"{self.label:85} {self.cases:6} {self.fine / max(1, self.cases):6.1%}  {said}{unmade}"


@dataclass
class Run:
    """All cases of a service. `wrong` has each finding once, with its first case and how often it came."""

    world: World
    table: Table
    access: dict[str, frozenset[str]]
    description: dict[str, Any]
    seed: int
    lines: dict[str, Line] = field(default_factory=dict)
    wrong: dict[tuple[str, str], list[Any]] = field(default_factory=dict)

    def run(self, cases: int) -> None:
        """So many cases over all operations, in the table's order: what changes the office for all comes last there."""
        aims = self._aims(cases)
        for place, aim in enumerate(aims):
            line = self.lines.setdefault(aim.operation.label, Line(aim.operation.label))
            self._ways_in(aim, line)
            done = sum(one.cases for one in self.lines.values())
            self._strays(aim, line, max(1, (cases - done) // (len(aims) - place)))
            line.unmade = aim.unmade
            self._work_off(aim.operation.label)

    def never_right(self) -> list[str]:
        """Operations whose cases all were refused."""
        return [line.label for line in self.lines.values() if not line.fine]

    def __str__(self) -> str:
        total = sum(line.cases for line in self.lines.values())
        fine = sum(line.fine for line in self.lines.values())
        reached = len(self.lines) - len(self.never_right())
        return (
            f"{total} cases, {fine / max(1, total):.0%} of them 2xx; {reached} of {len(self.lines)} operations reached"
            f" 2xx; {len(self.wrong)} findings (seed {self.seed})"
        )

    # --- the cases ------------------------------------------------------------------------------------------------

    def _aims(self, cases: int) -> list[Aim]:
        # Who calls is ours to say: nothing is to be made for the header that a token goes into.
        schema = schemathesis.openapi.from_dict(_without(self.description, "security"))
        operations = {operation.label: operation for operation in (found.ok() for found in schema.get_all_operations())}
        aims = [
            Aim(self.world, self.access[rule], route, operations.pop(label), spare=max(1, cases // 1_000))
            for rule, route in self.table.items()
            if (label := _label(rule)) in operations
        ]
        assert not operations, f"tests/access knows no right request for {sorted(operations)}"
        return aims

    def _ways_in(self, aim: Aim, line: Line) -> None:
        """Each way in once, as it should be."""
        for target in aim.route.targets:
            case = aim.right(target)
            anybody = "public" in aim.access and target.access is None
            token = {} if anybody else bearer(aim.callers(target)[0])
            self._judge(aim, target, case, _parts(case, token), line)

    def _strays(self, aim: Aim, line: Line, times: int) -> None:
        """Cases as the description gives them, and right ones gone wrong."""
        as_described = _cases_of(aim.operation)

        @seed(self.seed)
        @settings(
            max_examples=times, database=None, deadline=None, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(st.integers(0, 2**64), st.data())
        def send(nonce: int, data: st.DataObject) -> None:
            dice = random.Random(f"{self.seed} {nonce}")
            target = dice.choice(aim.route.targets)
            case = _aimed(aim, target, lambda: data.draw(as_described), dice)
            sent = _parts(case, aim.sender(target, dice))
            harmed = _harm_the_rest(sent, dice)
            self._judge(aim, target, case, sent, line, harmed)

        send()

    # --- the verdict ----------------------------------------------------------------------------------------------

    def _judge(
        self, aim: Aim, target: Target, case: Case, sent: dict[str, Any], line: Line, harmed: bool = False
    ) -> None:
        answer = self.world.service.app.test_client(use_cookies=False).open(**sent, buffered=True)
        line.statuses[answer.status_code] += 1
        if 200 <= answer.status_code < 300 and sent["method"] == case.method.upper():
            aim.used_up(target)
        for what in self._wrongs(aim.operation, case, sent, answer, harmed):
            shown = sent | {
                "headers": {name: text for name, text in sent["headers"].items() if name != "Authorization"}
            }
            self._note(aim.operation.label, what, f"{harm.shown(shown)}\n    {answer.get_data()[:300]!r}")

    def _wrongs(
        self, operation: APIOperation, case: Case, sent: dict[str, Any], answer: TestResponse, harmed: bool
    ) -> Iterator[str]:
        yield from rules.of_every_answer(answer)
        if rules.is_page(answer) or not self._leads_to(operation, sent):
            return
        yield from rules.of_a_described_answer(case, answer)
        yield from rules.of_its_version(case, answer)
        if not harmed and "json" in sent:
            yield from rules.accepted_nonsense(operation, sent["json"], answer)

    def _leads_to(self, operation: APIOperation, sent: dict[str, Any]) -> bool:
        """Whether the request is this operation's at all: another method, or a slash in a name, leads elsewhere."""
        try:
            path = unquote(sent["path"], errors="replace")
            rule, _values = self.world.service.app.url_map.bind("localhost").match(
                path, sent["method"], return_rule=True
            )
        except HTTPException:
            return False
        return _label(f"{sent['method']} {rule.rule}") == operation.label

    def _note(self, label: str, what: str, shown: str) -> None:
        self.wrong.setdefault((label, what), [0, shown])[0] += 1

    def _work_off(self, label: str) -> None:
        """The jobs that the cases have asked for: none may stumble over what was let in."""
        service = self.world.service
        while job := jobs.claim(service.deps.db, service.service.jobs):
            try:
                service.service.jobs[job.kind].work(service.deps, job)
            except (Permanent, Retryable) as error:
                with service.deps.db.transaction("*") as tx:
                    jobs.set_aside(tx, job, str(error))
            except Exception as error:
                self._note(label, f"the job {job.kind} failed: {type(error).__name__}", str(error)[:300])
                with service.deps.db.transaction("*") as tx:
                    jobs.set_aside(tx, job, type(error).__name__)


def _label(rule: str) -> str:
    """`GET /v1/letters/<uuid:letter_id>` as the description writes it."""
    parts = (f"{{{part.rpartition(':')[2].strip('<>')}}}" if part.startswith("<") else part for part in rule.split("/"))
    return "/".join(parts)


def _without(description: Any, name: str) -> Any:
    if isinstance(description, dict):
        return {key: _without(value, name) for key, value in description.items() if key != name}
    return [_without(value, name) for value in description] if isinstance(description, list) else description


def _cases_of(operation: APIOperation) -> st.SearchStrategy[Case]:
    """What keeps to the description, and what does not, where there is something to break."""
    as_described = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
    if not (operation.body or operation.query or operation.path_parameters):
        return as_described
    wrong = operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)
    return st.one_of(as_described, wrong.filter(_is_sent_as_it_is))


def _is_sent_as_it_is(case: Case) -> bool:
    """An empty list in a query is not sent at all: what was to be wrong would be right."""
    return [] not in (case.query or {}).values()


def _aimed(aim: Aim, target: Target, generated: Callable[[], Case], dice: random.Random) -> Case:
    """The case as generated, or with the right one's address, or the right one with harm done to it, or untouched."""
    right, which = aim.right(target), dice.random()
    if which < 0.4:
        case = generated()
        if which > 0.1:
            case.path_parameters = dict(right.path_parameters)
            case.query = {**right.query, **case.query}
        return case
    if which < 0.85:
        other = generated() if right.media_type == JSON and which < 0.5 else None
        _spoil(right, other.body if other and other.media_type == JSON else None, dice)
    return right


def _spoil(right: Case, other: Any, dice: random.Random) -> None:
    """Does harm to a right case in one place; for its body with what `other` has there."""
    places = ["body"] * 6 if right.media_type else []
    places += ["query"] * 2 if right.operation.query else []
    places += ["path"] if right.path_parameters else []
    match dice.choice(places or ["nothing"]):
        case "body":
            body = harm.spoiled(right.body, other, dice)
            right.body = body if right.media_type == JSON else harm.sendable(body)
        case "query":
            name = dice.choice([parameter.name for parameter in right.operation.query])
            right.query = {**right.query, name: dice.choice((harm.text(dice), [harm.text(dice), harm.text(dice)]))}
        case "path":
            name = dice.choice(list(right.path_parameters))
            right.path_parameters = {**right.path_parameters, name: quote(harm.text(dice), safe="")}


def _parts(case: Case, token: dict[str, str]) -> dict[str, Any]:
    """What the test client sends: as the description says, from this caller, files with a name."""
    sent = WSGI_TRANSPORT.serialize_case(case)
    ours = ("user-agent", "accept-encoding", "connection", "authorization", "x-schemathesis-testcaseid")
    sent["headers"] = {name: text for name, text in sent["headers"].items() if name.lower() not in ours} | token
    for parts in sent["data"].values() if isinstance(sent.get("data"), dict) else ():
        for part in parts:
            if isinstance(part, FileStorage) and part.filename is None:
                part.filename = f"{harm.MARK}.jpg"
    return sent


def _harm_the_rest(sent: dict[str, Any], dice: random.Random) -> bool:
    """Headers, now and then the whole body or the method; whether the body is another now."""
    if dice.random() < 0.2:
        sent["headers"] = sent["headers"] | dict(dice.choices(harm.HEADERS, k=dice.choice((1, 1, 2, 3))))
    if dice.random() < 0.04:
        sent["method"] = dice.choice(harm.METHODS)
    if dice.random() < 0.06:
        sent.pop("json", None)
        sent["data"] = dice.choice(harm.BODIES)
        sent["headers"].setdefault("Content-Type", dice.choice((JSON, "multipart/form-data; boundary=x", "text/csv")))
        return True
    return "Content-Type" in sent["headers"] and sent["headers"]["Content-Type"] != JSON
