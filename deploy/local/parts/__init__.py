"""The parts that the services stand on, each in a file of its own and of the same shape.

A part makes its data folder if there is none, starts its programs, and says when it is truly ready.
"""

from __future__ import annotations

from typing import Protocol

from deploy.local.process import Running
from deploy.local.site import Site


class Part(Protocol):
    """One part of a stack."""

    name: str
    ready_within: float

    def __init__(self, site: Site) -> None: ...

    def prepare(self) -> None:
        """Make what has to be there before the start."""

    def start(self) -> Running:
        """Start the program."""

    def is_ready(self) -> bool:
        """Whether it does its work; called again and again until it does."""

    def finish(self) -> None:
        """What is to be done once it is ready."""
