"""What a service elsewhere answers over HTTP, bounded in time and size."""

from __future__ import annotations

import time

import urllib3


class Endless(Exception):
    """The answer takes too long, or is too long."""


def read_within(answer: urllib3.BaseHTTPResponse, until: float, most: int) -> bytes:
    """The whole body; `until` is a moment of `time.monotonic`, `most` bytes. A little at a time, so that an answer that
    drips ends as well. Raises Endless, urllib3's HTTPError."""
    told = b""
    while piece := answer.read1(65_536):
        told += piece
        if len(told) > most or time.monotonic() > until:
            raise Endless
    return told
