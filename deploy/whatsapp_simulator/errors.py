"""Refusals as the Graph API words them. Who reads them goes by `code`, not by title or status."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

TITLES = {
    1: (400, "API Unknown"),
    2: (503, "API Service"),
    4: (400, "API Too Many Calls"),
    10: (403, "Permission Denied"),
    100: (400, "Invalid parameter"),
    190: (401, "Access token has expired"),
    368: (403, "Temporarily blocked for policies violations"),
    80007: (400, "Rate limit issues"),
    130429: (400, "Rate limit hit"),
    131000: (500, "Something went wrong"),
    131005: (403, "Access denied"),
    131008: (400, "Required parameter is missing"),
    131009: (400, "Parameter value is not valid"),
    131016: (503, "Service unavailable"),
    131026: (400, "Message undeliverable"),
    131031: (403, "Account has been locked"),
    131042: (400, "Business eligibility payment issue"),
    131047: (400, "Re-engagement message"),
    131048: (400, "Spam rate limit hit"),
    131049: (400, "Meta chose not to deliver"),
    131051: (400, "Unsupported message type"),
    131052: (400, "Media download error"),
    131053: (400, "Media upload error"),
    131056: (400, "(Business Account, Consumer Account) pair rate limit hit"),
    131057: (500, "Account in maintenance mode"),
    131062: (400, "Business-scoped User ID recipients are not supported"),
    132000: (400, "Template Param Count Mismatch"),
    132001: (404, "Template does not exist"),
    132005: (400, "Template Hydrated Text Too Long"),
    132007: (400, "Template Format Character Policy Violated"),
    132012: (400, "Template Parameter Format Mismatch"),
    132015: (400, "Template is Paused"),
    132016: (400, "Template is Disabled"),
    132018: (400, "There was a problem with the parameters in your template"),
}
"""By code: the HTTP status and the title."""


class GraphError(Exception):
    """A request is refused, or a message fails later, with this code; `details` say what is wrong."""

    def __init__(self, code: int, details: str, subcode: int | None = None) -> None:
        super().__init__(details)
        self.code = code
        self.details = details
        self.subcode = subcode
        self.status, self.title = TITLES[code]

    def envelope(self) -> dict[str, Any]:
        """The body of the answer."""
        found: dict[str, Any] = {
            "message": f"(#{self.code}) {self.title}",
            "type": "OAuthException",
            "code": self.code,
            "error_data": {"messaging_product": "whatsapp", "details": self.details},
            "fbtrace_id": f"A{uuid4().hex[:22]}",
        }
        return {"error": found | ({"error_subcode": self.subcode} if self.subcode is not None else {})}

    def in_status(self) -> dict[str, Any]:
        """The same in the receipt of a message that was taken first."""
        return {
            "code": self.code,
            "title": self.title,
            "message": self.title,
            "error_data": {"details": self.details},
            "href": "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/",
        }


def missing(parameter: str) -> GraphError:
    """What a message cannot do without is not there."""
    return GraphError(131008, f"The parameter {parameter} is required.")


def invalid(parameter: str, why: str) -> GraphError:
    """A value is not one that is taken."""
    return GraphError(131009, f"{parameter}: {why}")
