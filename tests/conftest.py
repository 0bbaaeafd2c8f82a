"""Fixtures for all tests: the real parts, and each service's code on top of them in this process."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from deploy.local.stack import Stack
from tests.support import whatsapp
from tests.support.services import InProcess, in_process

pytest_plugins = ["tests.support.side_by_side"]


@pytest.fixture(scope="session")
def parts() -> Iterator[Stack]:
    """PostgreSQL, RabbitMQ and the object store, private to this run (of several side by side, to each)."""
    name = os.environ.get("TEST_STACK", "test") + os.environ.get("PYTEST_XDIST_WORKER", "").replace("gw", "_")
    with Stack(name, services=False, keep=True, quiet=True) as stack:
        yield stack


@pytest.fixture(scope="module")
def intake(parts: Stack) -> Iterator[InProcess]:
    with in_process(parts, "intake", SAMPLE_DATA="true") as service:
        yield service


@pytest.fixture(scope="module")
def verification(parts: Stack) -> Iterator[InProcess]:
    with in_process(parts, "verification", SAMPLE_DATA="true") as service:
        yield service


@pytest.fixture(scope="module")
def documents(parts: Stack) -> Iterator[InProcess]:
    with in_process(parts, "documents", SAMPLE_DATA="true") as service:
        yield service


@pytest.fixture(scope="module")
def notify(parts: Stack) -> Iterator[InProcess]:
    with in_process(parts, "notify", SAMPLE_DATA="true", **whatsapp.ENV) as service:
        yield service
