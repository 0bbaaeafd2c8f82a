"""The thread that leads through one cause: a request, the events it caused, the jobs these caused.

A trace is a W3C `traceparent`; its trace id is also the request id that people quote.
"""

from __future__ import annotations

import re
import secrets
from contextvars import ContextVar

import structlog

_TRACEPARENT = re.compile(r"00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")

_current: ContextVar[str | None] = ContextVar("trace", default=None)


def begin(traceparent: str | None) -> str:
    """Continues the given trace, or begins one; its id goes into every log line from here on."""
    match = _TRACEPARENT.fullmatch(traceparent or "")
    trace_id = match[1] if match else secrets.token_hex(16)
    _current.set(f"00-{trace_id}-{secrets.token_hex(8)}-01")
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(trace_id=trace_id)
    return trace_id


def current() -> str | None:
    """The `traceparent` to hand on."""
    return _current.get()


def trace_id() -> str | None:
    parent = _current.get()
    return parent.split("-")[1] if parent else None
