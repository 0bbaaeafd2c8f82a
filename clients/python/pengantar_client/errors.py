"""What can go wrong, by what there is to do about it.

PengantarError
├── Unreachable          no answer within the patience: the network, or the system, is away
├── WebhookRefused       a request that says it is a webhook, and is not signed for us
└── Refused              the system answered no: a problem document (RFC 9457)
    ├── NotSignedIn 401, NotAllowed 403, NotFound 404       do not repeat
    ├── Conflict 409     its state is another by now: load it again
    │   └── PositionUnknown      of the feed: the system was restored, fetch all once more
    ├── PositionGone 410         of the feed: not kept any more, fetch all once more
    ├── ChangedMeanwhile 412     somebody was faster: load it again, repeat the change
    ├── Invalid 400, 413, 415, 422       `errors` says which field, and why
    ├── TooMuch 429      `retry_after` says when to ask again
    └── Failing 5xx      the same request again, later, with the same key
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class PengantarError(Exception):
    """Base of all errors of this package."""


class Unreachable(PengantarError):
    """No answer within the patience. Whether a change was made is not known: the same key again tells."""


class WebhookRefused(PengantarError):
    """Not signed by a secret of ours, altered, or too old. Answer 401."""


class Refused(PengantarError):
    """The system's no. `slug` is the stable name of the problem; `detail` is a sentence for people."""

    def __init__(self, status: int, document: Mapping[str, Any], retry_after: float | None = None) -> None:
        self.status = status
        self.type = str(document.get("type", "about:blank"))
        self.slug = self.type.removeprefix("urn:problem:")
        self.title = str(document.get("title", ""))
        self.detail = str(document.get("detail", ""))
        self.errors: Mapping[str, Any] = document.get("errors") or {}
        """What is wrong, by the place of the field."""
        self.instance = document.get("instance")
        """Under this name the request stands in the system's logs."""
        self.document = document
        """All of it, with the members that only this problem has."""
        self.retry_after = retry_after
        """Seconds."""
        said = ". ".join(part.rstrip(".") for part in (self.title, self.detail) if part)
        super().__init__(f"{status} {self.slug}: {said}" + (f" {dict(self.errors)}" if self.errors else ""))


class NotSignedIn(Refused):
    """No token, or one that holds no more; a key that is not the machine's."""


class NotAllowed(Refused):
    """Not with this role or scope."""


class NotFound(Refused):
    """Not there, or not yours."""


class Conflict(Refused):
    """The state does not allow it."""


class PositionLost(Refused):
    """The feed cannot go on from there. Note `newest`, fetch all once more, follow on from what you noted."""

    @property
    def oldest(self) -> int:
        """The first position that is kept."""
        return int(self.document["oldest"])

    @property
    def newest(self) -> int:
        """The last one that was given."""
        return int(self.document["newest"])


class PositionUnknown(PositionLost, Conflict):
    """There is no such position yet: the system was put back to an earlier state."""


class PositionGone(PositionLost):
    """It is not kept any more."""


class ChangedMeanwhile(Refused):
    """Somebody else changed it since you loaded it."""


class Invalid(Refused):
    """The request is wrong: `errors` says where."""


class TooMuch(Refused):
    """More than is allowed, of requests or of bytes."""


class Failing(Refused):
    """The system, or a part of it, is away or has an error of its own."""


_BY_SLUG: Mapping[str, type[Refused]] = {
    "feed-position-gone": PositionGone, "feed-position-unknown": PositionUnknown,
}  # fmt: skip
_BY_STATUS: Mapping[int, type[Refused]] = {
    400: Invalid, 401: NotSignedIn, 403: NotAllowed, 404: NotFound, 409: Conflict, 412: ChangedMeanwhile,
    413: Invalid, 415: Invalid, 422: Invalid, 429: TooMuch,
}  # fmt: skip


def refusal(status: int, document: Mapping[str, Any], retry_after: float | None) -> Refused:
    """The error of an answer that is none of 2xx."""
    slug = str(document.get("type", "")).removeprefix("urn:problem:")
    kind = _BY_SLUG.get(slug) or _BY_STATUS.get(status) or (Failing if status >= 500 else Refused)
    return kind(status, document, retry_after)
