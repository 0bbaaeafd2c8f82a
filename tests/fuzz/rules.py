"""What every answer is held against, whatever was asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import requests
from jsonschema import Draft202012Validator, FormatChecker
from schemathesis import APIOperation, Case
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.core.transport import Response
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from schemathesis.transport.requests import REQUESTS_TRANSPORT
from werkzeug.test import TestResponse

from kit.web import ProblemDocument
from tests.fuzz.aim import JSON

CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance,
    response_schema_conformance,
]  # fmt: skip
PROBLEM = "application/problem+json"


def of_every_answer(answer: TestResponse) -> Iterator[str]:
    """Holds where nothing is described either: another method, an address that leads nowhere."""
    status = answer.status_code
    if status >= 500:
        yield f"{status}"
    if status >= 400 and answer.request.method != "HEAD" and not is_page(answer):
        if answer.mimetype != PROBLEM:
            yield f"{status} as {answer.mimetype} instead of a problem document"
        elif faults := ProblemDocument().validate(answer.get_json()):
            yield f"{status} with a problem document that is none: {faults}"
    if status == 405 and not answer.headers.get("Allow"):
        yield "405 that does not say what is allowed"
    if any("\r" in text or "\n" in text for _name, text in answer.headers):
        yield "a header with a line break"


def is_page(answer: TestResponse) -> bool:
    """A browser asked, at an address that has a page as well: descriptions are of what programs are answered."""
    asked = answer.request
    return (
        answer.mimetype == "text/html"
        and "text/html" in str(asked.accept_mimetypes)
        and not asked.path.startswith("/v1/")
    )


def of_a_described_answer(case: Case, answer: TestResponse) -> Iterator[str]:
    """What the description says of this operation."""
    try:
        checks = [*CHECKS, negative_data_rejection] if 200 <= answer.status_code < 300 else CHECKS
        case.validate_response(_as_read(case, answer), checks=checks)
    except FailureGroup as group:
        for failure in group.exceptions:
            yield f"{answer.status_code}: {failure.title}: {_in_a_line(failure.message)}"


def of_its_version(case: Case, answer: TestResponse) -> Iterator[str]:
    """An ETag that is sent is described; one that is described is sent, as `response_headers_conformance` says."""
    told = case.operation.definition.raw["responses"].get(str(answer.status_code), {})
    if "ETag" in answer.headers and "ETag" not in told.get("headers", {}):
        yield f"{answer.status_code} with an ETag that is not described"


def _in_a_line(message: str) -> str:
    """What is wrong and where it is described, without the schema itself."""
    lines = [line.strip() for line in message.split("\n") if line.strip()]
    place = next((line.removeprefix("Schema at ").rstrip(":") for line in lines if line.startswith("Schema at ")), None)
    return f"{lines[0]} ({place})" if place and lines else " ".join(lines)[:250]


def _as_read(case: Case, answer: TestResponse) -> Response:
    """The answer as the checks read it. What was sent matters to them only where they made the case; the harm beside it
    is more than their own view of a request could hold."""
    asked: dict[str, Any] = {"method": case.method, "url": "http://localhost/"}
    if case.meta is not None:
        asked = REQUESTS_TRANSPORT.serialize_case(case, base_url="http://localhost")
    headers: dict[str, list[str]] = {}
    for name, text in answer.headers:
        headers.setdefault(name.lower(), []).append(text)
    request = requests.Request(**asked).prepare()
    return Response(answer.status_code, headers, answer.get_data(), request, elapsed=0.0, verify=False)


def accepted_nonsense(operation: APIOperation, body: Any, answer: TestResponse) -> Iterator[str]:
    """A body that the description forbids, and that was taken nevertheless."""
    content = operation.definition.raw.get("requestBody", {}).get("content", {})
    if JSON not in content or not 200 <= answer.status_code < 300:
        return
    schema = {"components": operation.schema.raw_schema["components"], **content[JSON]["schema"]}
    for error in Draft202012Validator(schema, format_checker=FormatChecker()).iter_errors(body):
        yield f"{answer.status_code} to a body that is not as described: {error.json_path}: {error.message[:120]}"
