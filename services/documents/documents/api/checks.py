"""`/periksa/{token}`, as it is printed on letters, and the same under `/v1/checks`."""

from __future__ import annotations

from typing import Any

from documents.api import examples
from documents.api.common import deps
from documents.schemas.letters import CheckOut
from documents.usecases import reading
from kit.auth import public
from kit.openapi import refusals
from kit.web import Resource

checks = Resource("checks", __name__, url_prefix="/v1/checks", description="Is this letter genuine? For anyone.")
people_checks = Resource("periksa", __name__, url_prefix="/periksa", description="The address in a letter's QR code.")


@checks.get("/<token>")
@public
@refusals(checks, 404, 503)
@checks.response(200, CheckOut, example=examples.CHECK)
def check(token: str) -> dict[str, Any]:
    """What is on record about the letter with this code

    Compare it with the paper. Codes that are not known, not issued yet or misspelt all get the same 404."""
    return reading.check(deps(), token)


@people_checks.get("/<token>")
@public
@refusals(people_checks, 404, 503)
@people_checks.response(200, CheckOut, example=examples.CHECK)
def check_printed(token: str) -> dict[str, Any]:
    """The same, under the address that letters print

    This is where the QR code leads."""
    return reading.check(deps(), token)
