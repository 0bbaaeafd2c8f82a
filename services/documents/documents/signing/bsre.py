"""The signing service of the BSrE (version 2, JSON): one sheet at a time, never asked twice by itself.

Its interface is described in secondary sources only; what it answers is believed as far as the bytes prove it.
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass

from kit import outgoing

ANSWER_TIMEOUT = 60.0
"""Seconds from the first step to the end of the answer."""
LARGEST = 40_000_000
# Only these say that nothing was signed: others may come from a proxy on the way back, when it was.
REFUSALS = frozenset({400, 401, 403, 404, 413, 422})


class Refused(Exception):
    """The service said no: nothing was signed. `reason` is its own word, shortened."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NotReached(Exception):
    """The order never left: nothing was signed."""


class OutcomeUnknown(Exception):
    """The order left and no clear answer came: it may have been signed."""


@dataclass(frozen=True)
class Account:
    """Whose signature, and the secrets that he typed; kept nowhere."""

    nik: str
    passphrase: str


class Bsre:
    """A client of the office's own eSign host."""

    def __init__(self, url: str, user: str, password: str) -> None:
        self._url = url.rstrip("/")
        account = base64.b64encode(f"{user}:{password}".encode()).decode()
        self._headers = {"Authorization": f"Basic {account}", "Content-Type": "application/json"}
        self._http = outgoing.Outgoing("", url)

    def sign(self, pdf: bytes, account: Account, place: str, reason: str) -> bytes:
        """The signed sheet. Raises Refused, NotReached, OutcomeUnknown."""
        order = {
            "nik": account.nik,
            "passphrase": account.passphrase,
            "signatureProperties": [{"tampilan": "INVISIBLE", "location": place, "reason": reason}],
            "file": [base64.b64encode(pdf).decode()],
        }
        try:
            answer = self._http.send(
                "POST", f"{self._url}/api/v2/sign/pdf", outgoing.Limits(ANSWER_TIMEOUT, LARGEST),
                body=json.dumps(order).encode(), headers=self._headers,
            )  # fmt: skip
        except (outgoing.Refused, outgoing.NotReached) as error:
            raise NotReached from error
        except outgoing.OutcomeUnknown as error:
            raise OutcomeUnknown from error
        return _signed(answer.status, answer.body, account)


def _signed(status: int, body: bytes, account: Account) -> bytes:
    if status in REFUSALS:
        raise Refused(_reason(status, body, account))
    if status != 200:
        raise OutcomeUnknown
    try:
        return base64.b64decode(json.loads(body)["file"][0], validate=True)
    except (ValueError, KeyError, IndexError, TypeError, binascii.Error) as error:
        raise OutcomeUnknown from error


def _reason(status: int, body: bytes, account: Account) -> str:
    """The service's own message; only letters and plain signs of it, and nothing where it repeats what was typed."""
    try:
        told = json.loads(body)
        message = str(told.get("message") or told.get("error") or "")
    except (ValueError, AttributeError):
        message = ""
    plain, typed = _plain(message), _plain(account.passphrase).strip()
    if account.passphrase in message or (typed and typed in plain):
        plain = ""
    return f"{status} {plain}".strip()[:120]


def _plain(text: str) -> str:
    return "".join(sign for sign in text if sign.isalpha() or sign in " .,-")
