"""One whole stack on which the demo has been played, for all tests of this folder that only look."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from deploy.local.stack import Stack
from tests.support.playing import play, whole_stack


@pytest.fixture(scope="package")
def stack() -> Iterator[Stack]:
    with whole_stack("e2e") as running:
        yield running


@pytest.fixture(scope="package")
def cases(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    with pytest.MonkeyPatch.context() as patch:
        return play(stack, tmp_path_factory.mktemp("out"), patch)
