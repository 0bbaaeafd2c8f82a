"""JSON logs: a constant message, fields beside it, the trace id in each line, nothing personal.

The last step before a line is written blanks whatever looks like an identity number, a phone number, a mail
address or a token, whichever field it is in: a second fence, not permission to log such things.
"""

from __future__ import annotations

import logging
import re
import sys
from typing import Any

import structlog

_PERSONAL = re.compile(
    r"\d{16}"  # identity and family card numbers
    r"|(?<![\w-])\+?(?:62|0)8\d{7,11}(?!\w)"  # mobile numbers
    r"|[\w.+-]+@[\w-]+\.[\w.]+"
    r"|eyJ[\w-]+\.[\w-]+\.[\w-]+"  # tokens
)


def redact(_logger: Any, _method: str, fields: dict[str, Any]) -> dict[str, Any]:
    return {name: _clean(value) for name, value in fields.items()}


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return _PERSONAL.sub("***", value)
    if isinstance(value, dict):
        return {name: _clean(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(item) for item in value]
    return value


def configure(service: str, role: str, level: str = "INFO") -> None:
    """Sends our lines and those of the libraries to standard output as JSON."""

    def add_origin(_logger: Any, _method: str, fields: dict[str, Any]) -> dict[str, Any]:
        return fields | {"service": service, "role": role}

    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        add_origin,
    ]
    last: list[Any] = [structlog.processors.format_exc_info, redact, structlog.processors.JSONRenderer()]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    logging.basicConfig(handlers=[handler], level=level, force=True)
    logging.getLogger("pika").setLevel(logging.ERROR)
    logging.getLogger("urllib3").setLevel(logging.ERROR)
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
