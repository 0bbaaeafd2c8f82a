"""The file that goes along with a message."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import structlog

from kit.objects import ObjectMissing, ObjectStore, StoreUnavailable
from notify.channels import Outgoing
from notify.domain.failures import NotSent

log = structlog.get_logger()


def as_can_be(objects: ObjectStore, message: Outgoing) -> Outgoing:
    """The message, without a picture that only explains its words (`beside`) and is not at hand: nobody waits for an
    answer because of that."""
    if message.kind != "file" or message.file is None or not message.file.get("beside"):
        return message
    try:
        if objects.exists(message.file["bucket"], message.file["key"]):
            return message
    except StoreUnavailable as error:
        log.warning("a picture is left out", reason=error.reason)
    else:
        log.error("a picture is gone", template=message.template)
    return replace(message, kind="text", file=None)


def whole(objects: ObjectStore, file: Mapping[str, Any]) -> bytes:
    """All of it, for channels that take no stream. Raises NotSent."""
    try:
        with objects.get(file["bucket"], file["key"]) as stored:
            return b"".join(stored)
    except ObjectMissing as error:
        raise NotSent("wrong", "the file is gone") from error
    except StoreUnavailable as error:
        raise NotSent("retry", "the file is not at hand") from error
