"""The descriptions of the four services are what OpenAPI 3.1 says, and their examples are what they describe."""

from __future__ import annotations

from copy import deepcopy

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator
from openapi_spec_validator.validation.exceptions import OpenAPIValidationError

from tests.architecture.code import SERVICES, description_of


@pytest.mark.parametrize("name", SERVICES)
def test_the_description_of_a_service_is_one_by_the_standard(name: str) -> None:
    found = OpenAPIV31SpecValidator(description_of(name)).iter_errors()
    assert [f"{'/'.join(map(str, error.absolute_path))}: {error.message[:300]}" for error in found] == []


def test_what_is_no_description_is_refused() -> None:
    broken = deepcopy(description_of("notify"))
    del broken["paths"]["/v1/events"]["get"]["responses"]
    broken["paths"]["/v1/events"]["get"]["parameters"].append({"name": "more"})
    with pytest.raises(OpenAPIValidationError):
        OpenAPIV31SpecValidator(broken).validate()


@pytest.mark.parametrize("name", SERVICES)
def test_operations_are_called_differently(name: str) -> None:
    called = [
        operation["operationId"]
        for path in description_of(name)["paths"].values()
        for operation in path.values()
        if isinstance(operation, dict) and "operationId" in operation
    ]
    assert len(called) == len(set(called))
