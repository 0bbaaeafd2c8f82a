"""The papers tell the truth: settings, metrics, commands, links, containers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml  # type: ignore[import-untyped]

from kit import metrics, upkeep
from tests.architecture.code import COMMON, ROOT, SERVICES, settings_of

ENV_EXAMPLE = (ROOT / ".env.example").read_text("utf-8")
COMPOSE = (ROOT / "compose.yaml").read_text("utf-8")
PAPERS = [
    *ROOT.glob("*.md"),
    *(ROOT / "docs").rglob("*.md"),
    *ROOT.glob("services/*/README.md"),
    *ROOT.glob("clients/*/README.md"),
]


def operations() -> str:
    return (ROOT / "docs" / "operations.md").read_text("utf-8")


def shown_in_env_example() -> set[str]:
    return set(re.findall(r"^#?([A-Z][A-Z0-9_]+)=", ENV_EXAMPLE, re.MULTILINE))


def listed_in_operations() -> set[str]:
    """The first column of the tables below `## Settings`."""
    part = operations().partition("## Settings")[2].partition("\n## ")[0]
    rows = [line.split("|")[1] for line in part.splitlines() if line.startswith("| `")]
    return {name for row in rows for name in re.findall(r"`([A-Z][A-Z0-9_]+)`", row)}


def read_somewhere() -> set[str]:
    """What a service reads, what compose.yaml takes, and what it sets for its containers."""
    taken = set(re.findall(r"\$\{([A-Z][A-Z0-9_]+)", COMPOSE))
    handed = {name.removesuffix("_FILE") for name in re.findall(r"^\s+([A-Z][A-Z0-9_]+): ", COMPOSE, re.MULTILINE)}
    return set().union(taken, handed, *(settings_of(name) for name in SERVICES))


@pytest.mark.parametrize("name", SERVICES)
def test_every_setting_is_shown_and_explained(name: str) -> None:
    explained = (ROOT / "services" / name / "README.md").read_text("utf-8") + operations()
    wanted = settings_of(name)
    assert wanted - shown_in_env_example() == set(), "not in .env.example"
    assert {setting for setting in wanted if f"`{setting}`" not in explained} == set(), "not explained"


def test_every_setting_that_is_shown_or_explained_is_read() -> None:
    assert shown_in_env_example() - read_somewhere() == set(), ".env.example"
    assert listed_in_operations() - read_somewhere() == set(), "docs/operations.md"
    assert listed_in_operations(), "the table is not where this test looks"


def test_every_metric_is_explained() -> None:
    named = re.findall(r'(?:Counter|Gauge|Histogram)\(\s*"(\w+)"', Path(metrics.__file__).read_text("utf-8"))
    assert named
    assert [name for name in named if f"`{name}" not in operations()] == []


def test_the_published_periods_are_those_that_are_kept() -> None:
    part = operations().partition("## What is kept for how long")[2].partition("\n## ")[0]
    assert [table for table, _column, _period in upkeep._PRUNE if f"`{table}`" not in part] == []
    assert [period for _table, _column, period in upkeep._PRUNE if period not in part] == []


@pytest.mark.parametrize("paper", PAPERS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(paper: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", paper.read_text("utf-8"))
    ours = [link for link in links if not re.match(r"[a-z]+:", link)]
    assert [link for link in ours if not (paper.parent / link).exists()] == []


@pytest.mark.parametrize("paper", PAPERS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_make_target_that_is_named_exists(paper: Path) -> None:
    targets = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    text = paper.read_text("utf-8")
    blocks = "\n".join(re.findall(r"```sh\n(.*?)```", text, re.DOTALL))
    command = r"make (?:-s )?([a-z][a-z-]*)"
    named = {*re.findall(f"`{command}", text), *re.findall(rf"(?:^|\(){command}", blocks, re.MULTILINE)}
    assert named - targets == set()


def test_decisions_are_numbered_without_a_gap() -> None:
    names = sorted(path.name for path in (ROOT / "docs" / "adr").glob("*.md"))
    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))


@pytest.mark.parametrize("name", SERVICES)
@pytest.mark.parametrize("role", ["web", "worker"])
def test_every_lasting_role_has_a_health_check(name: str, role: str) -> None:
    part = yaml.safe_load(COMPOSE)["services"][f"{name}-{role}"]
    assert "kit.probe" in part["healthcheck"]["test"]
    assert (COMMON / "kit" / "probe.py").is_file()
