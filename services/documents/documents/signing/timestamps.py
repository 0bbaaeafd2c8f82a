"""A time-stamping authority over HTTP (RFC 3161); its answers are bounded in time and size, and checked."""

from __future__ import annotations

import time

from asn1crypto import cms, tsp
from pyhanko.sign.timestamps import TimeStamper, TimestampRequestError

from kit.outgoing import Failed, Limits, Outgoing

WITHIN = 10.0
"""Seconds for all that is asked of the authority for one signature; pyHanko asks twice, first for the size."""
LARGEST = 64 * 1024
_MEDIA_TYPE = "application/timestamp-reply"


class Authority(TimeStamper):
    """For one signature. Its methods raise TimestampRequestError, whatever is wrong with the answer."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url
        self._until = time.monotonic() + WITHIN
        self._http = Outgoing("", url)

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        """The token for this digest. Rubbish breaks pyHanko's reading of it in ways of every kind."""
        try:
            token = await super().async_timestamp(message_digest, md_algorithm)
            imprint = token["content"]["encap_content_info"]["content"].parsed["message_imprint"]
            if imprint["hashed_message"].native != message_digest:
                raise TimestampRequestError("the token is for something else")
            return token
        except TimestampRequestError:
            raise
        except Exception as error:
            raise TimestampRequestError("the answer is no timestamp") from error

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """Waits for it: each signature has a thread of its own."""
        try:
            return tsp.TimeStampResp.load(self._post(req.dump()), strict=True)
        except Failed as error:
            raise TimestampRequestError("the authority does not answer") from error

    def _post(self, request: bytes) -> bytes:
        answer = self._http.send(
            "POST", self._url, Limits(self._left(), LARGEST), body=request,
            headers={"Content-Type": "application/timestamp-query", "Accept": _MEDIA_TYPE},
        )  # fmt: skip
        if answer.status != 200 or answer.headers.get("Content-Type", "").split(";")[0].strip() != _MEDIA_TYPE:
            raise TimestampRequestError("the authority refuses")
        return answer.body

    def _left(self) -> float:
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimestampRequestError("the authority takes too long")
        return left
