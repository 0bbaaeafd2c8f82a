"""Fixtures for all tests: the real parts, and each service's code on top of them in this process."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from deploy.local.stack import Stack
from tests.support.services import InProcess, in_process


@pytest.fixture(scope="session")
def parts() -> Iterator[Stack]:
    """PostgreSQL, RabbitMQ and the object store, private to this run."""
    with Stack(os.environ.get("TEST_STACK", "test"), services=False, keep=True, quiet=True) as stack:
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
    with in_process(parts, "notify", SAMPLE_DATA="true") as service:
        yield service
