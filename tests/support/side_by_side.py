"""The whole suite as two processes that share the work (`-n 2 --dist loadgroup`), each on parts of its own.

What shares a fixture stays together: a file's tests, and of a folder those that have a fixture of the whole folder.
What takes long begins first, so that neither has to wait for the other at the end.
"""

from __future__ import annotations

from typing import Any

import pytest

LONG = ("e2e", "browser", "access", "fuzz")
"""Folders of which a single file takes a minute or more."""

LINES = pytest.StashKey[dict[str, str]]()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Groups for `loadgroup`, and the order in which they begin."""
    if not hasattr(config, "workerinput"):
        return
    for item in items:
        item.add_marker(pytest.mark.xdist_group(_group(item)))
    items.sort(key=lambda item: _is_long(item), reverse=True)  # stable: otherwise they stay as they were


def _group(item: pytest.Item) -> str:
    known = getattr(item, "_fixtureinfo").name2fixturedefs.values()  # noqa: B009  # there is no public way to ask
    together = any(found[-1].scope == "package" for found in known if found)
    return str(item.path.parent if together else item.path)


def _is_long(item: pytest.Item) -> bool:
    return bool({part.name for part in item.path.parents} & set(LONG))


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
