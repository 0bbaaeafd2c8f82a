"""Right requests, from the tables of the access matrix: without them next to nothing would get past the first check."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl, quote

from schemathesis import APIOperation, Case

from tests.access.calls import Call, Route, Target, World
from tests.access.people import CAST, Caller, callers_of
from tests.access.tokens import FAULTS, bearer

JSON = "application/json"


@dataclass
class Aim:
    """Where an operation's cases are aimed at. What a right request names is made anew when one has used it up, `spare`
    times at most; `unmade` counts how often the cases before had left an office in which it cannot be made."""

    world: World
    access: frozenset[str]
    route: Route
    operation: APIOperation
    spare: int
    unmade: int = 0
    _calls: dict[Target, Call] = field(default_factory=dict)

    def right(self, target: Target) -> Case:
        """A request that is right, as the case that the description would have."""
        if target not in self._calls:
            self._calls[target] = target.make(self.world)
        return case_of(self.operation, self._calls[target])

    def used_up(self, target: Target) -> None:
        """What it named is not any more what it was."""
        if self.spare and self.operation.method != "get":
            self.spare -= 1
            try:
                self._calls[target] = target.make(self.world)
            except Exception:  # whatever it stumbles over: the one before stays, and the table tells
                self.unmade += 1

    def callers(self, target: Target) -> list[Caller]:
        """One of each role that may, with the session that the request is about."""
        may = CAST.keys() if "public" in self.access else target.access or self.access
        token = self._calls[target].token
        return [
            replace(caller, claims={**caller.claims, **token})
            for role in CAST
            if role in may and (target.roles is None or role in target.roles)
            for caller in (next(callers_of(role)),)
        ]

    def sender(self, target: Target, dice: random.Random) -> dict[str, str]:
        """Mostly who may; sometimes another role or office, a token that does not hold, or nobody."""
        which = dice.random()
        if which < 0.85 and (may := self.callers(target)):
            return bearer(dice.choice(may))
        anybody = [caller for role in CAST for caller in callers_of(role)]
        if which < 0.95:
            return bearer(dice.choice(anybody))
        return bearer(dice.choice(anybody), dice.choice(list(FAULTS))) if which < 0.98 else {}


def case_of(operation: APIOperation, call: Call) -> Case:
    """A request of the matrix as a case of the description."""
    body, media_type = _body(call)
    more: dict[str, Any] = {} if media_type is None else {"body": body, "media_type": media_type}
    return operation.Case(
        path_parameters={name: quote(str(value), safe="") for name, value in call.ids.items()},
        query=dict(parse_qsl(call.query.removeprefix("?"))), headers=dict(call.headers), **more,
    )  # fmt: skip


def _body(call: Call) -> tuple[Any, str | None]:
    if call.json is not None:
        return json.loads(json.dumps(call.json, default=str)), JSON
    if call.form is not None:
        parts = call.form().items()
        return {
            name: part[0].read() if isinstance(part, tuple) else part for name, part in parts
        }, "multipart/form-data"
    return call.raw or (None, None)
