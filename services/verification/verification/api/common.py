"""What several resources share."""

from __future__ import annotations

from typing import cast

from kit import answers
from verification.deps import Deps


def deps() -> Deps:
    """The parts of this service."""
    return cast(Deps, answers.deps())
