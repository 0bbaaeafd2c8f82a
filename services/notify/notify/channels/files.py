"""The file that goes along with a message."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kit.objects import ObjectMissing, ObjectStore, StoreUnavailable
from notify.domain.failures import NotSent


def whole(objects: ObjectStore, file: Mapping[str, Any]) -> bytes:
    """All of it, for channels that take no stream. Raises NotSent."""
    try:
        with objects.get(file["bucket"], file["key"]) as stored:
            return b"".join(stored)
    except ObjectMissing as error:
        raise NotSent("wrong", "the file is gone") from error
    except StoreUnavailable as error:
        raise NotSent("retry", "the file is not at hand") from error
