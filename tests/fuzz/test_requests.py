"""Whatever is sent to an operation, it answers as its description says; and right requests for it were among that.

Cases come from the OpenAPI descriptions; most get the ids, bodies and callers of right requests from the tables of the
access matrix, and then some harm. A thousand for each service always, twenty thousand with `make fuzz`.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from deploy.local.stack import Stack
from kit.log import redact
from tests.access.people import EVERYBODY
from tests.access.tables import TABLES, WORLDS
from tests.access.test_matrix import routes_of
from tests.architecture.code import SERVICES, description_of
from tests.fuzz.harm import MARK
from tests.fuzz.run import Run
from tests.support import whatsapp
from tests.support.services import in_process
from tests.support.tokens import PUBLIC_JWKS

FIXED = 20_260_814


@pytest.fixture(scope="module", autouse=True)
def keys_of_the_issuer() -> Iterator[None]:
    """Read anew whenever somebody asks for them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TOKEN_PUBLIC_KEYS", PUBLIC_JWKS)
        yield


@pytest.fixture
def personal_lines() -> Iterator[list[str]]:
    """What was written to the log and names somebody, or repeats what was sent."""
    canaries = {MARK}.union(*(person.canaries for person in EVERYBODY))
    found: list[str] = []

    def keep(_logger: Any, _method: str, fields: dict[str, Any]) -> Any:
        line = str(fields)
        if any(canary in line for canary in canaries):
            found.append(line[:500])
        raise structlog.DropEvent

    structlog.configure(processors=[structlog.processors.format_exc_info, redact, keep])
    yield found
    structlog.reset_defaults()


def fuzzed(parts: Stack, name: str, cases: int, begin: int) -> Run:
    with in_process(parts, name, SAMPLE_DATA="true", **whatsapp.ENV) as service:
        run = Run(WORLDS[name](service), TABLES[name], routes_of(name), description_of(name), begin)
        run.run(cases)
    return run


def judge(name: str, run: Run, personal: list[str]) -> None:
    told = [f"{label}: {what} ({times}×)\n    {shown}" for (label, what), (times, shown) in sorted(run.wrong.items())]
    assert not told, f"{name}: {run}\n" + "\n".join(told)
    assert run.never_right() == [], f"{name}: {run}\n" + "\n".join(map(str, run.lines.values()))
    assert personal == [], "personal data, or what somebody sent, in the log"


@pytest.mark.parametrize("name", SERVICES)
def test_a_thousand_requests_are_answered_as_described(name: str, parts: Stack, personal_lines: list[str]) -> None:
    judge(name, fuzzed(parts, name, 1_000, FIXED), personal_lines)


@pytest.mark.fuzz
@pytest.mark.parametrize("name", SERVICES)
def test_twenty_thousand_requests_are_answered_as_described(
    name: str, parts: Stack, personal_lines: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    run = fuzzed(parts, name, 20_000, int(os.environ.get("FUZZ_SEED", random.randrange(2**32))))
    with capsys.disabled():
        print("", f"{name}: {run}", *map(str, run.lines.values()), sep="\n")  # noqa: T201
    judge(name, run, personal_lines)
