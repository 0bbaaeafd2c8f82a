"""The office for trying has neighbourhoods and heads of its own, made up like all of it."""

from __future__ import annotations

from contracts.sandbox import CODE
from tests.support.services import InProcess
from verification.sample import SHIPPED, load_sample, read_sample


def test_it_is_loaded_once_however_often_and_nobody_in_it_is_of_another_office(verification: InProcess) -> None:
    for _ in range(2):
        load_sample(verification.deps, CODE)
    places = verification.rows("SELECT rw, rt FROM neighbourhood WHERE kelurahan = %s", [CODE])
    assert len(places) == 4
    heads = verification.rows("SELECT role FROM officeholder WHERE kelurahan = %s", [CODE])
    assert sorted(row["role"] for row in heads) == ["rt_head"] * 4 + ["rw_head"] * 2 + ["substitute"]
    phones = [{one["phone"] for one in read_sample(office)["officeholders"]} for office in (CODE, SHIPPED)]
    assert phones[0].isdisjoint(phones[1])
