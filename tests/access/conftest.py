"""The services of the matrix, and the line that says how large it was."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
import structlog

from deploy.local.stack import Stack
from kit.db import EVERY_TENANT
from tests.access.calls import World
from tests.access.matrix import Size
from tests.access.people import CAST, callers_of
from tests.access.tables import WORLDS
from tests.access.tokens import end_before_now, look_anew
from tests.support import whatsapp
from tests.support.services import in_process
from tests.support.side_by_side import tell
from tests.support.tokens import PUBLIC_JWKS


@pytest.fixture(scope="session")
def size(request: pytest.FixtureRequest) -> Iterator[Size]:
    """What the cells of this run add up to; the summary of the run has it."""
    added = Size()
    yield added
    tell(request.config, "access matrix", str(added))


@pytest.fixture(scope="package", autouse=True)
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """`/metrics` adds up what the processes of a service leave there; `/v1/auth/keys` shows what the issuer has."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(os.environ, "TOKEN_PUBLIC_KEYS", PUBLIC_JWKS)  # read anew whenever they are asked for
        patch.setitem(os.environ, "PROMETHEUS_MULTIPROC_DIR", str(tmp_path_factory.mktemp("metrics")))
        yield


@pytest.fixture(scope="package", autouse=True)
def without_a_line_for_each_request() -> Iterator[None]:
    """Tens of thousands of them would take longer to write than to answer."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    yield
    structlog.reset_defaults()


def _end_what_was_before(world: World) -> None:
    """Everybody's account was changed a while ago: what was made before it counts no more. What was audited until now
    is chained."""
    with world.service.deps.db.transaction(EVERY_TENANT) as tx:
        end_before_now(tx, *(caller.sub for role in CAST for caller in callers_of(role)))
    look_anew(world.service)
    world.service.seal()


@pytest.fixture(scope="package")
def worlds(parts: Stack) -> Iterator[Callable[[str], World]]:
    """A service with its part of the world, made when it is asked for first and shared by all tests of this folder."""
    made: dict[str, World] = {}
    failed: dict[str, BaseException] = {}
    with ExitStack() as running:

        def world(name: str) -> World:
            if name in failed:
                pytest.fail(f"the world of {name} could not be made: {failed[name]}", pytrace=False)
            if name not in made:
                try:
                    made[name] = WORLDS[name](
                        running.enter_context(in_process(parts, name, SAMPLE_DATA="true", **whatsapp.ENV))
                    )
                    _end_what_was_before(made[name])
                except BaseException as error:
                    failed[name] = error
                    raise
            return made[name]

        yield world
