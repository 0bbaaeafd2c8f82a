"""Messages stay here and are read over HTTP: for trying the system, not for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from contracts.messages import Rules
from notify.channels import Capability, Channel, Outgoing, Receipt


class Mailbox(Channel):
    """Every message is delivered at once: its row is the mailbox."""

    name = "mailbox"
    capabilities: frozenset[Capability] = frozenset({"text", "readable", "repeatable"})

    def __init__(self, rules: Rules) -> None:
        self.rules = rules

    def reaches(self, person: Mapping[str, Any]) -> bool:
        """Everybody, by whatever he is called."""
        return True

    def send(self, message: Outgoing) -> Receipt:
        return Receipt("delivered")
