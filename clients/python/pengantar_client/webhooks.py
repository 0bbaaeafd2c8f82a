"""What comes to your own address: whether it is from us (Standard Webhooks), and what it says.

webhook-id           the event's id, the same at every attempt
webhook-timestamp    the second of this attempt
webhook-signature    v1,<HMAC-SHA256 of "id.timestamp.body" in base64>, one for each secret that counts
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
import time
from collections.abc import Mapping, Sequence

from pengantar_client.errors import WebhookRefused
from pengantar_client.events import Event

TOLERANCE = 300
"""Seconds between the sender's clock and yours."""
_PREFIX, _SCHEME = "whsec_", "v1"


class Webhooks:
    """Checks with the `secrets` of a subscription; while one is replaced, the old and the new one."""

    def __init__(self, *secrets: str, tolerance: float = TOLERANCE) -> None:
        if not secrets:
            raise ValueError("a subscription's secret is needed")
        self._keys = [_key(secret) for secret in secrets]
        self._tolerance = tolerance

    def event(self, body: bytes, headers: Mapping[str, str]) -> Event:
        """The event of a request, whose `body` has to be the bytes as they came. Raises WebhookRefused."""
        self.verify(body, headers)
        try:
            return Event.read(json.loads(body))
        except ValueError as error:
            raise WebhookRefused("signed, and no event") from error

    def verify(self, body: bytes, headers: Mapping[str, str]) -> None:
        """Whether it is from us, whole, and of now. Raises WebhookRefused."""
        given = {name.lower(): value for name, value in headers.items()}
        try:
            id_, sent_at = given["webhook-id"], given["webhook-timestamp"]
            signatures = given["webhook-signature"].split()
            age = abs(time.time() - int(sent_at))
        except (KeyError, ValueError) as error:
            raise WebhookRefused("a header is missing, or cannot be read") from error
        if age > self._tolerance:
            raise WebhookRefused("too old, or from the future: is this machine's clock right?")
        signed = f"{id_}.{sent_at}.".encode() + body
        wanted = [_signature(key, signed) for key in self._keys]
        if not _any_is_among(signatures, wanted):
            raise WebhookRefused("not signed with a secret of ours")


def _key(secret: str) -> bytes:
    try:
        key = base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except binascii.Error:
        key = b""
    if not key:  # with an empty one anybody could sign
        raise ValueError("no secret: whsec_ and base64 are expected")
    return key


def _signature(key: bytes, signed: bytes) -> bytes:
    return f"{_SCHEME},{base64.b64encode(hmac.digest(key, signed, 'sha256')).decode()}".encode()


def _any_is_among(signatures: Sequence[str], wanted: Sequence[bytes]) -> bool:
    """Compared in a time that tells nothing."""
    return True in [hmac.compare_digest(given.encode(), one) for given in signatures for one in wanted]
