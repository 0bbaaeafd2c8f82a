"""What every route of every service declares: who may call it, what it does, what it may answer, what it takes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from marshmallow import RAISE

from deploy.token import ROLES
from tests.architecture.code import SERVICES, app_of, description_of

METHODS = ("get", "post", "put", "patch", "delete")
PROBLEM = "application/problem+json"


def operations(name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, item in description_of(name)["paths"].items():
        for method in METHODS:
            if method in item:
                yield f"{method.upper()} {path}", item[method]


def errors(operation: dict[str, Any]) -> dict[str, Any]:
    return {status: said for status, said in operation["responses"].items() if status[:1] in "45"}


@pytest.mark.parametrize("name", SERVICES)
def test_every_route_declares_who_may_call_it(name: str) -> None:
    known = {*ROLES, "public"}
    views = app_of(name).view_functions
    assert [endpoint for endpoint, view in views.items() if not getattr(view, "access", None)] == []
    assert {role for view in views.values() for role in view.access} <= known  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", SERVICES)
def test_every_operation_says_what_it_does_and_what_can_go_wrong(name: str) -> None:
    assert description_of(name)["openapi"] == "3.1.0"
    assert list(operations(name))
    assert [what for what, operation in operations(name) if not operation.get("summary")] == [], "no summary"
    assert [what for what, operation in operations(name) if not errors(operation)] == [], "names no error"


@pytest.mark.parametrize("name", SERVICES)
def test_every_error_is_a_problem_document(name: str) -> None:
    wrong = [
        f"{what} {status}"
        for what, operation in operations(name)
        for status, said in errors(operation).items()
        if list(said.get("content", {})) != [PROBLEM] and "$ref" not in said
    ]
    assert wrong == []


@pytest.mark.parametrize("name", SERVICES)
def test_what_wants_a_token_says_so_and_names_its_refusals(name: str) -> None:
    adapter = app_of(name).url_map
    wrong = []
    for rule in adapter.iter_rules():
        access = app_of(name).view_functions[rule.endpoint].access  # type: ignore[attr-defined]
        path = "".join(f"{{{part}}}" if is_variable else part for is_variable, part in rule._trace).removeprefix("|")
        item = description_of(name)["paths"].get(path)
        for method in METHODS if item and "public" not in access else ():
            operation = item.get(method) if method.upper() in (rule.methods or ()) else None
            if operation and not {"401", "403"} <= set(operation["responses"]):
                wrong.append(f"{method.upper()} {path}")
    assert wrong == []


@pytest.mark.parametrize("name", SERVICES)
def test_unknown_fields_are_refused_by_everything_that_is_read(name: str) -> None:
    lenient = []
    for endpoint, view in app_of(name).view_functions.items():
        for parameter in getattr(view, "_apidoc", {}).get("arguments", {}).get("parameters", []):
            schema = parameter["schema"]
            if (schema() if isinstance(schema, type) else schema).unknown != RAISE:
                lenient.append(endpoint)
    assert lenient == []
