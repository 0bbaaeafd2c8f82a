"""Nobody reads or does what is not his: every route × every role × {own, other person's, other RT's, other
kelurahan's, guessed, no token}, each refusal with its allowed twin; and tokens that must not be believed: each fault at
every route, in the hand of one who may (`make fuzz`: of every role).

The cells come from the routes that the services have (`view.access`), the requests from the tables beside this file.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from deploy.token import ROLES
from kit.auth import AUDIENCE, ISSUER
from tests.access import common_routes, tables
from tests.access.calls import World
from tests.access.matrix import Size, Trial
from tests.access.people import CAST
from tests.access.tokens import ENDED_SESSION, signed
from tests.architecture.code import SERVICES, app_of
from tests.support.tokens import BUKIT_SANGKAL

pytestmark = pytest.mark.timeout(120)

FLASKS_OWN = {"HEAD", "OPTIONS"}
WHO_MAY = Path(__file__).with_name("who_may.txt")


def routes_of(name: str) -> dict[str, frozenset[str]]:
    """`GET /v1/…` and who may call it, of all routes that the service has."""
    app = app_of(name)
    return {
        f"{method} {rule.rule}": getattr(app.view_functions[rule.endpoint], "access", frozenset())
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - FLASKS_OWN
    }


def every_route() -> Iterator[tuple[str, str]]:
    for name in SERVICES:
        yield from ((name, line) for line in sorted(routes_of(name)))


def test_every_role_that_a_token_can_have_is_in_the_cast() -> None:
    assert sorted(CAST) == sorted(ROLES), "give each role its line in CAST of tests/access/people.py"


def test_routes_let_in_whom_they_are_meant_for() -> None:
    """Said twice, so that a role more in an @allow is not taken for one that may."""
    meant: dict[str, frozenset[str]] = {}
    for line in WHO_MAY.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            address, _, roles = line.partition("  ")
            meant[address] = frozenset(roles.split())
    common = {line for name in SERVICES for line in common_routes.common(name)}
    declared = {
        line: access for name in SERVICES for line, access in routes_of(name).items() if line not in common
    }  # fmt: skip
    wrong = [
        f"{line}: @allow says {sorted(declared.get(line, []))}, who_may.txt {sorted(meant.get(line, []))}"
        for line in sorted(declared.keys() | meant.keys())
        if declared.get(line) != meant.get(line)
    ]
    assert wrong == [], f"change {WHO_MAY.name} too, if this is meant"


@pytest.mark.parametrize("name", SERVICES)
def test_a_token_as_old_as_those_that_were_ended_is_believed(name: str, worlds: Callable[[str], World]) -> None:
    """So that it is the end that refuses them, and not their age."""
    service, now = worlds(name).service, int(time.time())
    claims = {"sub": "somebody", "tenant": BUKIT_SANGKAL, "roles": ["officer"], "aud": AUDIENCE, "iss": ISSUER}
    old = {"iat": now - 7200, "exp": now + 3600}
    for session, status in (("another", 200), (ENDED_SESSION, 401)):
        token = signed(claims | old | {"sid": session})
        answer = service.call("GET", "/metrics", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == status, session


@pytest.mark.parametrize("name", SERVICES)
def test_the_table_has_no_line_for_a_route_that_is_not_there(name: str) -> None:
    assert sorted(tables.TABLES[name].keys() - routes_of(name).keys()) == []


@pytest.mark.parametrize(("name", "line"), every_route())
def test_only_who_may_gets_in(name: str, line: str, size: Size, worlds: Callable[[str], World]) -> None:
    table = tables.TABLES[name]
    assert line in table, (
        f"{line} is not in the access matrix: add it to TABLE of tests/access/{name}_routes.py, with a function that"
        " makes a right request for it, and with its kind (see tests/access/calls.py)"
    )
    method, _, rule = line.partition(" ")
    wrong = Trial(worlds(name), method, rule, routes_of(name)[line], table[line], size).run()
    assert not wrong, f"{line}: {len(wrong)} cells are wrong\n  " + "\n  ".join(wrong)


@pytest.mark.fuzz
@pytest.mark.parametrize(("name", "line"), every_route())
def test_nobody_gets_in_with_a_token_that_must_not_be_believed(
    name: str, line: str, worlds: Callable[[str], World]
) -> None:
    method, _, rule = line.partition(" ")
    wrong = Trial(worlds(name), method, rule, routes_of(name)[line], tables.TABLES[name][line], Size()).every_token()
    assert not wrong, f"{line}: {len(wrong)} cells are wrong\n  " + "\n  ".join(wrong)
