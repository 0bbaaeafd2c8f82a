"""Every route that changes something writes a row of the audit, and every answer with a person's data one about its
reading: told from the live routes, their views and the shapes of their answers."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterator
from types import CodeType
from typing import Any

import pytest

from tests.architecture.code import SERVICES, app_of, description_of

SAFE = {"GET", "HEAD", "OPTIONS"}
WRITERS = {"once", "changed"}
"""`kit.answers.once`, and `kit.audit.changed` for what takes another way."""

PERSONAL = re.compile(
    r"(^|_)(name|names|nik|kk_number|phone|phones|address|birth\w*|text|addressee|applicant|contact|details|person|people"
    r"|helper|received_by|courier|note|mother|father\w*|value|values|witnesses)$"
)
PLAIN = {
    "office_name", "service_name", "position_name", "requirement_name", "witness_note", "verification_note",
}  # fmt: skip
"""Names of things, and sentences out of a list of ours."""
FILES = (
    "application/pdf", "application/zip", "application/octet-stream", "text/csv", "text/html", "image/jpeg",
    "image/png",
)  # fmt: skip

# Answers that are about no person, by the schema that has the telling name: what it is the name of.
OF_THINGS = {
    "Office": "an office, as it is published", "OfficeList": "offices", "ServiceOut": "the catalogue",
    "ServiceList": "the catalogue", "CalendarOut": "days", "TrackOut": "names nobody",
    "TemplateDetail": "layouts", "ReportOut": "figures", "PublicReportOut": "figures", "AreaOut": "figures",
    "ImportOut": "places", "PublishedOut": "the catalogue",
}  # fmt: skip


def routes(name: str) -> Iterator[tuple[str, str, Any]]:
    """(method, rule, view) of everything that the API has."""
    app = app_of(name)
    for rule in app.url_map.iter_rules():
        for method in rule.methods or ():
            if rule.rule.startswith(("/v1/", "/t/", "/periksa/", "/lacak/", "/angka/")):
                yield method, rule.rule, app.view_functions[rule.endpoint]


def called(view: Any) -> set[str]:
    """Names that a view uses, and those used by what it calls of the service's own code, and so on."""
    todo, seen, names = [inspect.unwrap(view)], set[Any](), set[str]()
    while todo:
        function = todo.pop()
        if function in seen:
            continue
        seen.add(function)
        used = set(_names(function.__code__))
        names |= used
        module = sys.modules[function.__module__]
        todo += [found for name in used for found in _functions(module, name)]
    return names


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)


def _functions(module: Any, name: str) -> Iterator[Any]:
    """What a name can stand for in a module: a function, or one of a use case's module that it imports."""
    owners = [module, *(value for value in vars(module).values() if inspect.ismodule(value))]
    for owner in owners:
        if owner.__name__.partition(".")[0] in SERVICES:
            found = getattr(owner, name, None)
            if inspect.isfunction(found) and found.__module__.partition(".")[0] in SERVICES:
                yield inspect.unwrap(found)


@pytest.mark.parametrize("name", SERVICES)
def test_every_route_that_changes_something_writes_a_row(name: str) -> None:
    silent = [
        f"{method} {rule}"
        for method, rule, view in routes(name)
        if method not in SAFE and getattr(view, "audited_by", None) != "nothing" and not called(view) & WRITERS
    ]
    assert silent == []


@pytest.mark.parametrize("name", SERVICES)
def test_every_answer_with_a_persons_data_writes_a_row_about_its_reading(name: str) -> None:
    silent = [
        f"{method} {rule}: {found}"
        for method, rule, view in routes(name)
        if method not in ("HEAD", "OPTIONS") and not hasattr(view, "shows") and not hasattr(view, "shows_nobody")
        if not (method not in SAFE and called(view) & WRITERS)  # its own row says that he has seen it
        for found in [_telling(name, method, rule)]
        if found
    ]
    assert silent == []


@pytest.mark.parametrize("name", SERVICES)
def test_what_only_asks_says_what_it_shows(name: str) -> None:
    asking = [(f"{method} {rule}", view) for method, rule, view in routes(name) if method not in SAFE]
    asking = [(route, view) for route, view in asking if getattr(view, "audited_by", None) == "nothing"]
    assert [route for route, view in asking if not hasattr(view, "shows") and not hasattr(view, "shows_nobody")] == []


def _telling(name: str, method: str, rule: str) -> str | None:
    """What in the answer could tell of a person: the media type of a file, or the path of a field."""
    path = re.sub(r"<(?:\w+(?:\([^)]*\))?:)?(\w+)>", r"{\1}", rule)
    operation = description_of(name)["paths"][path][method.lower()]
    for status, said in operation["responses"].items():
        for media_type, content in said.get("content", {}).items() if status.startswith("2") else ():
            if media_type in FILES:
                return media_type
            if found := next(_personal(name, content.get("schema", {}), ()), None):
                return found
    return None


def _personal(name: str, schema: dict[str, Any], above: tuple[str, ...]) -> Iterator[str]:
    if ref := schema.get("$ref"):
        kind = ref.rsplit("/", 1)[1]
        if kind not in OF_THINGS and kind not in above:
            yield from _personal(name, description_of(name)["components"]["schemas"][kind], (*above, kind))
    for field, inner in schema.get("properties", {}).items():
        if PERSONAL.search(field) and field not in PLAIN:
            yield ".".join((*above, field))
        yield from _personal(name, inner, above)
    for inner in (schema.get("items", {}), *schema.get("allOf", []), *schema.get("anyOf", [])):
        if inner:
            yield from _personal(name, inner, above)
