"""The rules that keep the system in its shape, as tests."""

from __future__ import annotations

import ast
import importlib
import json
import re
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from marshmallow import RAISE

from contracts import EVENTS, SERVICES
from contracts.__main__ import PAGE, page
from kit import health
from kit.migrate import migration_files
from kit.web import create_app
from tests.support.tokens import PUBLIC_JWKS

ROOT = Path(__file__).resolve().parents[2]
CODE = ROOT / "services"
ROOMS = ("app", "settings", "api", "schemas", "domain", "usecases", "store", "consumers", "jobs", "migrations")
# What the domain is about. The plumbing knows none of these words.
DOMAIN_WORDS = re.compile(
    r"kelurahan|lurah|\brt\b|\brw\b|\brt_head|surat|letter_|introduction|attestation|neighbourhood|applicant|\bnik\b"
    r"|officeholder|handover|\bintake\b(?!\")|verification_|documents_",
    re.IGNORECASE,
)
IMPURE = {"flask", "flask_smorest", "psycopg2", "minio", "pika", "requests", "sqlalchemy"}
PLUMBING = {"kit.db", "kit.web", "kit.bus", "kit.objects", "kit.outbox", "kit.jobs"}


def sources(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*.py") if "__pycache__" not in path.parts)


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.module


def app_of(name: str) -> Flask:
    """The service's application without any part behind it: only its routes are looked at."""
    service = importlib.import_module(f"{name}.app").SERVICE

    def ready() -> health.Report:
        return health.Report(True, {"clock": str(timedelta())})

    return create_app(
        name, service.blueprints, deps=None, token_keys=PUBLIC_JWKS, readiness=ready, title=service.title,
        description=service.description,
    )  # fmt: skip


@pytest.mark.parametrize("name", SERVICES)
def test_no_service_imports_another(name: str) -> None:
    others = set(SERVICES) - {name}
    for path in sources(CODE / name):
        assert not {module.split(".")[0] for module in imports(path)} & others, path


def test_the_shared_code_imports_no_service() -> None:
    for path in sources(CODE / "common"):
        assert not {module.split(".")[0] for module in imports(path)} & set(SERVICES), path


def test_the_plumbing_knows_no_word_of_the_domain() -> None:
    found = [
        f"{path.name}: {match[0]}"
        for path in sources(CODE / "common" / "kit")
        for match in DOMAIN_WORDS.finditer(path.read_text("utf-8"))
    ]
    assert found == []


@pytest.mark.parametrize("name", SERVICES)
def test_the_domain_is_pure(name: str) -> None:
    folder = CODE / name / name / "domain"
    for path in [*sources(folder), *([folder.with_suffix(".py")] if folder.with_suffix(".py").exists() else [])]:
        used = set(imports(path))
        assert not {module.split(".")[0] for module in used} & IMPURE, path
        assert not {module for module in used if any(module.startswith(part) for part in PLUMBING)}, path


@pytest.mark.parametrize("name", SERVICES)
def test_views_and_consumers_hold_no_sql(name: str) -> None:
    package = CODE / name / name
    for path in [*sources(package / "api"), package / "consumers.py"]:
        assert not re.search(r"\b(SELECT|INSERT INTO|UPDATE|DELETE FROM)\b", path.read_text("utf-8")), path


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_has_the_same_rooms(name: str) -> None:
    package = CODE / name / name
    for room in ROOMS:
        assert (package / room).is_dir() or (package / f"{room}.py").is_file(), f"{name} has no {room}"
    for file in ("Dockerfile", "pyproject.toml", "requirements.lock", "README.md"):
        assert (CODE / name / file).is_file(), f"{name} has no {file}"


@pytest.mark.parametrize("name", SERVICES)
def test_every_route_declares_who_may_call_it(name: str) -> None:
    app = app_of(name)
    undeclared = [endpoint for endpoint, view in app.view_functions.items() if not getattr(view, "access", None)]
    assert undeclared == []


@pytest.mark.parametrize("name", SERVICES)
def test_every_operation_is_described_and_names_its_errors(name: str) -> None:
    spec = app_of(name).test_client().get(f"/{name}/openapi.json").get_json()
    assert spec["openapi"] == "3.1.0"
    for path, item in spec["paths"].items():
        for method, operation in item.items():
            if method not in ("get", "post", "put", "patch", "delete"):
                continue
            assert operation.get("summary"), f"{method} {path} has no summary"
            errors = [status for status in operation["responses"] if status[0] in "45"]
            assert errors, f"{method} {path} names no error"


@pytest.mark.parametrize("name", SERVICES)
def test_unknown_fields_are_refused_by_every_body(name: str) -> None:
    app = app_of(name)
    for endpoint, view in app.view_functions.items():
        for parameter in getattr(view, "_apidoc", {}).get("arguments", {}).get("parameters", []):
            schema = parameter["schema"]
            made = schema() if isinstance(schema, type) else schema
            assert made.unknown == RAISE, endpoint


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_handles_just_the_events_that_the_list_names_for_it(name: str) -> None:
    named = {event.type for event in EVENTS.values() if name in event.consumers}
    assert set(importlib.import_module(f"{name}.app").SERVICE.handlers) == named


@pytest.mark.parametrize("event", EVENTS.values(), ids=lambda event: event.type)
def test_every_event_has_a_producer_that_names_it_and_an_example(event: Any) -> None:
    last = event.type.rpartition(".")[2]
    for producer in event.producers:
        text = "".join(path.read_text("utf-8") for path in sources(CODE / producer))
        assert event.type in text or f'"{last}"' in text or f"{event.type.partition('.')[0]}.{{" in text, producer
    assert event.consumers
    assert event.schema().validate(event.example | {"person": None}) == {}


def test_the_page_about_events_is_current() -> None:
    assert (ROOT / PAGE).read_text("utf-8") == page(), "run `make events`"


@pytest.mark.parametrize("name", ["kit", *SERVICES])
def test_migrations_are_numbered_without_a_gap(name: str) -> None:
    assert migration_files(name)


@pytest.mark.parametrize("name", SERVICES)
def test_every_table_of_an_office_is_bound_by_row_level_security(name: str) -> None:
    sql = "\n".join(text for _number, _file, text in migration_files(name))
    for table, columns in re.findall(r"CREATE TABLE (\w+) \((.*?)\n\);", sql, re.DOTALL):
        assert "kelurahan" in columns, f"{table} belongs to no office"
        assert re.search(rf"(ALTER TABLE {table} ENABLE ROW LEVEL|'{table}')", sql), f"{table} has no policy"
    assert "FORCE ROW LEVEL SECURITY" in sql


def test_every_setting_is_documented() -> None:
    documented = (ROOT / ".env.example").read_text("utf-8") + (ROOT / "docs" / "operations.md").read_text("utf-8")
    read = {
        match
        for path in [
            CODE / "common" / "kit" / "settings.py",
            *(CODE / name / name / "settings.py" for name in SERVICES),
        ]
        for match in re.findall(r'env\.\w+\(\s*"([A-Z0-9_]+)"', path.read_text("utf-8"))
    }
    assert read and [name for name in sorted(read) if name not in documented] == []


def test_the_project_speaks_of_itself_only() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split(
        "\n"
    )
    told = re.compile(r"/work/(main|shared)|pengantar-[0-9a-f]{12}\b|issue #?\d+\b")
    for name in filter(None, listed):
        path = ROOT / name
        if (
            path.suffix in (".py", ".md", ".toml", ".yaml", ".sql", ".txt", "")
            and path.is_file()
            and path != Path(__file__)
        ):
            assert not told.search(path.read_text("utf-8", errors="ignore")), name


def test_examples_are_json_objects_without_real_identity_numbers() -> None:
    for file in (CODE / "common" / "contracts" / "examples").glob("*.json"):
        assert isinstance(json.loads(file.read_text("utf-8")), dict)
