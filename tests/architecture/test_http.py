"""What every route of every service declares: who may call it, what it does, what it may answer, what it takes."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any

import pytest
from marshmallow import RAISE

from deploy.token import ROLES
from tests.architecture.code import SERVICES, app_of, description_of, package, sources, tree

METHODS = ("get", "post", "put", "patch", "delete")
SHARED = ("base.", "common.")
"""The modules of a service's `api/` whose functions the others call."""
PROBLEM = "application/problem+json"


def operations(name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, item in description_of(name)["paths"].items():
        for method in METHODS:
            if method in item:
                yield f"{method.upper()} {path}", item[method]


def errors(operation: dict[str, Any]) -> dict[str, Any]:
    return {status: said for status, said in operation["responses"].items() if status[:1] in "45"}


def access(name: str) -> dict[str, frozenset[str]]:
    """Who may call each endpoint, as its view declares it."""
    return {endpoint: getattr(view, "access", frozenset()) for endpoint, view in app_of(name).view_functions.items()}


@pytest.mark.parametrize("name", SERVICES)
def test_every_route_declares_who_may_call_it(name: str) -> None:
    known, declared = {*ROLES, "public"}, access(name)
    assert [endpoint for endpoint, roles in declared.items() if not roles] == []
    assert {endpoint: roles for endpoint, roles in declared.items() if not roles <= known} == {}


@pytest.mark.parametrize("name", SERVICES)
def test_every_operation_says_what_it_does_and_what_can_go_wrong(name: str) -> None:
    assert description_of(name)["openapi"] == "3.1.0"
    assert list(operations(name))
    assert [what for what, operation in operations(name) if not operation.get("summary")] == [], "no summary"
    assert [what for what, operation in operations(name) if not errors(operation)] == [], "names no error"
    unnamed = [what for what, operation in operations(name) if "default" in operation["responses"]]
    assert unnamed == [], "leaves statuses unnamed, so that any would be as described"


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
    wrong = []
    for rule in app_of(name).url_map.iter_rules():
        path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
        item = description_of(name)["paths"].get(path, {})
        for method in METHODS if "public" not in access(name)[rule.endpoint] else ():
            operation = item.get(method) if method.upper() in (rule.methods or ()) else None
            if operation and not ({"401", "403"} <= set(operation["responses"]) and operation.get("security")):
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


def read_headers(operation: dict[str, Any]) -> set[str]:
    """The headers that an operation's description says it reads."""
    return {one["name"] for one in operation.get("parameters", []) if one["in"] == "header"}


def _calls(node: ast.AST) -> set[str]:
    """Every name that a function uses, and every attribute of another module, such as `answers.etag`."""
    return {getattr(one, "id", None) or f".{getattr(one, 'attr', '')}" for one in ast.walk(node)}


def using(name: str, *wanted: str) -> set[str]:
    """The functions of a service's `api/` that use one of these, by themselves or by another one: `module.function`."""
    used: dict[str, set[str]] = {}
    for path in sources(package(name) / "api"):
        own = {node.name: node for node in tree(path).body if isinstance(node, ast.FunctionDef)}
        for function, node in own.items():
            used[f"{path.stem}.{function}"] = {f"{path.stem}.{one}" if one in own else one for one in _calls(node)}
    found = {*wanted, *(f".{one}" for one in wanted)}
    while more := {function for function, names in used.items() if names & found} - found:
        found |= more | {one.partition(".")[2] for one in more if one.startswith(SHARED)}
    return found


def endpoints(name: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(function, method and path, operation) of what the description has."""
    for rule in app_of(name).url_map.iter_rules():
        view = app_of(name).view_functions[rule.endpoint]
        path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
        for method in METHODS:
            operation = description_of(name)["paths"].get(path, {}).get(method)
            if operation and method.upper() in (rule.methods or ()):
                yield f"{view.__module__.rpartition('.')[2]}.{view.__name__}", f"{method.upper()} {path}", operation


@pytest.mark.parametrize("name", SERVICES)
@pytest.mark.parametrize(
    ("header", "reads"), [("If-Match", "check_if_match"), ("If-None-Match", "if_none_match send_stored")]
)
def test_a_route_that_reads_a_version_says_so_and_no_other(name: str, header: str, reads: str) -> None:
    readers = using(name, *reads.split())
    wrong = [
        f"{what}: {'reads' if function in readers else 'does not read'} {header}"
        for function, what, operation in endpoints(name)
        if (function in readers) != (header in read_headers(operation))
    ]
    assert wrong == [], "whoever reads If-Match answers 412, and If-None-Match 304: say so (kit.versions)"


@pytest.mark.parametrize("name", SERVICES)
def test_what_is_done_once_for_each_key_says_what_becomes_of_a_bad_key_and_of_one_in_use(name: str) -> None:
    once = using(name, "once")
    wrong = [
        what
        for function, what, operation in endpoints(name)
        if function in once and not {"409", "422"} <= operation["responses"].keys()
    ]
    assert wrong == []
