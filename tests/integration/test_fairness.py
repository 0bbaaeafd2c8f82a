"""One office's flood on all four services: another's case goes through it (`make bench ARGS=fairness` measures)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bench.fairness import Asking, Flooding, asking_of, by_day, flooding_of, open_office
from deploy.local.stack import Stack
from tests.support.one_process import one_process

FLOOD = 160


@pytest.fixture(scope="module")
def both(parts: Stack) -> Iterator[tuple[Asking, Flooding]]:
    key = parts.token_key_file.read_text("ascii")
    with one_process(parts, SAMPLE_DATA="true") as whole:
        by_day(whole.base_url, key)
        open_office(whole.base_url, whole.base_url, key)
        with asking_of(whole.base_url, parts, key) as asking, flooding_of(parts) as flooding:
            yield asking, flooding


def test_a_case_of_another_office_does_not_wait_for_a_flood(both: tuple[Asking, Flooding]) -> None:
    asking, flooding = both
    asking.ms()
    flooding.begin(FLOOD)
    asking.ms()
    left = flooding.left()
    assert left > FLOOD * 2 / 3, f"the message to the RT head went out when {FLOOD - left} of {FLOOD} of the flood had"
