"""The whole suite as two processes that share the work, each on parts of its own (`make test`).

What shares a fixture stays together: a file's tests, and all of a folder in LONG. These begin first, so that neither
process has to wait for the other at the end.
"""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

LONG = ("e2e", "browser", "access", "fuzz")
"""Folders whose tests share a whole stack, or take minutes."""

LINES = pytest.StashKey[dict[str, str]]()


class Together(LoadScopeScheduling):
    """Which tests go to a process as one."""

    def _split_scope(self, nodeid: str) -> str:
        return _group(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Together:
    """For the process that hands the tests out."""
    return Together(config, log)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What takes long begins first; where one process runs them all they stay as they are."""
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: _group(item.nodeid) in LONG, reverse=True)


def _group(nodeid: str) -> str:
    file = PurePath(nodeid.partition("::")[0])
    return file.parent.name if file.parent.name in LONG else str(file)


def tell(config: pytest.Config, name: str, line: str) -> None:
    """A line for the end of the run, by its name: told again, it replaces the former."""
    config.stash.setdefault(LINES, {})[name] = line


def pytest_sessionfinish(session: pytest.Session) -> None:
    """What there is to tell goes to the process that runs the others."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["told"] = session.config.stash.get(LINES, {})


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """And is kept there."""
    for name, line in getattr(node, "workeroutput", {}).get("told", {}).items():
        tell(node.config, name, line)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    for name, line in config.stash.get(LINES, {}).items():
        terminalreporter.write_line(f"{name}: {line}")
