"""The code as the rules look at it: files, imports, texts, routes, settings."""

from __future__ import annotations

import ast
import importlib
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from contracts import SERVICES
from kit import health
from kit.service import Service
from kit.web import create_app
from tests.support.tokens import open_gate

ROOT = Path(__file__).resolve().parents[2]
COMMON = ROOT / "services" / "common"

__all__ = ["COMMON", "ROOT", "SERVICES"]


def package(service: str) -> Path:
    """The folder of a service's code."""
    return ROOT / "services" / service / service


def sources(place: Path) -> list[Path]:
    """Python files of a folder, or of the module of that name."""
    module = place.with_suffix(".py")
    found = [path for path in place.rglob("*.py") if "__pycache__" not in path.parts] if place.is_dir() else []
    return sorted([*found, *([module] if module.is_file() else [])])


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def imports(path: Path) -> Iterator[str]:
    """Every module that a file imports, wherever it does so; `from a import b` counts as `a` and as `a.b`."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0 and node.module, f"{path}: relative import"
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)


def tops(path: Path) -> set[str]:
    """The packages that a file imports from."""
    return {name.split(".")[0] for name in imports(path)}


def module_file(name: str) -> Path | None:
    """The file of one of our own modules, None for what is not a module of ours."""
    for base in (COMMON, *(ROOT / "services" / service for service in SERVICES)):
        path = base.joinpath(*name.split("."))
        for candidate in (path.with_suffix(".py"), path / "__init__.py"):
            if candidate.is_file():
                return candidate
    return None


def reached(start: list[Path]) -> set[Path]:
    """Files of ours that these import, and what those import, and so on; with the packages above each."""
    todo, seen = list(start), set[Path]()
    while todo:
        path = todo.pop()
        if path not in seen:
            seen.add(path)
            todo += [file for name in imports(path) for part in _and_above(name) if (file := module_file(part))]
    return seen


def _and_above(module: str) -> Iterator[str]:
    parts = module.split(".")
    return (".".join(parts[:length]) for length in range(1, len(parts) + 1))


def texts(path: Path) -> Iterator[str]:
    """The literal texts of a file, docstrings left out."""
    nodes = list(ast.walk(tree(path)))
    prose = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
            yield node.value


@cache
def service_of(name: str) -> Service:
    found: Service = importlib.import_module(f"{name}.app").SERVICE
    return found


@cache
def app_of(name: str) -> Flask:
    """The service's application without any part behind it: only its routes and its description are looked at."""
    service = service_of(name)
    return create_app(
        name,
        service.blueprints,
        service.pages,
        deps=None,
        gate=open_gate(None, None),
        readiness=lambda: health.Report(True, {}),
        title=service.title,
        description=service.description,
    )


@cache
def description_of(name: str) -> dict[str, Any]:
    """The service's OpenAPI description."""
    found: dict[str, Any] = app_of(name).test_client().get(f"/{name}/openapi.json").get_json()
    return found


class _Recorder:
    """Stands in for the environment and notes what is read."""

    def __init__(self) -> None:
        self.read: set[str] = set()

    def __getattr__(self, _kind: str) -> Any:
        def read(name: str, default: Any = "", **_more: Any) -> Any:
            self.read.add(name)
            return default

        return read


def settings_of(name: str) -> set[str]:
    """The environment variables that a service reads."""
    recorder = _Recorder()
    service_of(name).settings.values(recorder)  # type: ignore[arg-type]
    return recorder.read


def project_files() -> list[Path]:
    """What is, or is about to be, part of the project; skips where there is no git."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=30).stdout
    except (FileNotFoundError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout")
    return [path for path in (ROOT / line for line in listed.splitlines()) if path.is_file()]
