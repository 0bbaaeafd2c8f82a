"""What is quick never stands behind a server that hangs, nor does one such server stand behind another."""

from __future__ import annotations

from kit.jobs import JobKind
from kit.worker import _pools


def test_each_kind_that_waits_for_others_has_threads_of_its_own() -> None:
    quick, slow = JobKind(lambda _deps, _job: None), JobKind(lambda _deps, _job: None, waits=True)
    kinds = {"send": slow, "count": quick, "fetch": slow, "erase": quick}
    assert [sorted(pool.kinds) for pool in _pools(kinds)] == [["count", "erase"], ["send"], ["fetch"]]
    assert [pool.kinds for pool in _pools({"send": slow})] == [{"send": slow}] and _pools({}) == []
