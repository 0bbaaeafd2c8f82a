"""Getting the files that people send from the channel's server, in time and whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from kit.errors import Retryable

MOST = 16 * 1024 * 1024
"""Bytes of one file. WhatsApp takes photos up to 5 MB, sound and video up to 16, documents up to 100."""


class NotHere(Exception):
    """The file cannot be had: `problem` is one of contracts.messages.PROBLEMS. `again` is whether it may still come, by
    asking politely some more times."""

    def __init__(self, problem: str, *, again: bool) -> None:
        super().__init__(problem)
        self.problem, self.again = problem, again


class NotLetIn(Retryable):
    """The server lets us have nothing at all, whatever file it is: somebody has to see to the token."""


@dataclass(frozen=True)
class Got:
    """A file, as large and with the hash that was announced."""

    content: bytes = field(repr=False)
    type: str
    sha256: str


class Fetcher(Protocol):
    """How a channel's files are got."""

    def fetch(self, media: Mapping[str, Any]) -> Got:
        """`media` is `notify.domain.incoming.Media`, as it was kept. Raises NotHere; NotLetIn when nothing is had
        from there; kit.errors.Retryable when the server does not answer, or not sensibly."""
        ...
