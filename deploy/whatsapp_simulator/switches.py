"""What goes wrong on purpose. Everything is off at first: the world as it should be."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from deploy.whatsapp_simulator.errors import TITLES

MOST = {"latency": 60.0, "duplicates": 10, "batch": 50, "per_second": 10_000, "fail_times": 100_000,
        "unanswered": 1000, "hang": 120.0, "first_retry": 60.0, "read_after": 3600.0}  # fmt: skip
"""How far each number goes; the least is 0."""


class WrongSwitch(Exception):
    """There is no such switch, or it has no such position; the text says which there are."""


@dataclass
class Switches:
    """latency     seconds, at the most, by which answers and webhooks are late
    duplicates  how often each webhook comes besides
    reorder     webhooks come in any order
    batch       as many events in one webhook, at the most (0 and 1: one)
    fail_code   the next `fail_times` messages meet this error; at once, or in a receipt where `fail_late`
    unanswered  the next so many messages are taken, and the answer takes `hang` seconds
    pair_rate   one message per six seconds to one user (131056)
    per_second  messages of a number in a second, at the most (130429); 0: any number
    late_window 131047 comes in a receipt instead of at once
    outage      nothing is answered with anything but 503, and no webhook leaves
    media_gone  what people sent cannot be fetched any more; media_damaged: other bytes come than were announced
    reads       people read what they are sent, `read_after` seconds later
    known_templates_only  a template that was not handed in is refused (132001)
    first_retry seconds until a webhook that was not taken comes again; then twice as long each time"""

    latency: float = 0.0
    duplicates: int = 0
    reorder: bool = False
    batch: int = 1
    fail_code: int = 0
    fail_times: int = 0
    fail_late: bool = False
    unanswered: int = 0
    hang: float = 40.0
    pair_rate: bool = False
    per_second: int = 0
    late_window: bool = False
    outage: bool = False
    media_gone: bool = False
    media_damaged: bool = False
    reads: bool = True
    read_after: float = 0.2
    known_templates_only: bool = False
    first_retry: float = 0.5

    def turn(self, changes: Mapping[str, Any]) -> None:
        """Sets those that are named, all or none. Raises WrongSwitch."""
        checked = {name: self._checked(name, value) for name, value in changes.items()}
        for name, value in checked.items():
            setattr(self, name, value)

    def shown(self) -> dict[str, Any]:
        """All of them."""
        return dataclasses.asdict(self)

    def _checked(self, name: str, value: Any) -> Any:
        kinds: dict[str, type] = {name: type(now) for name, now in self.shown().items()}
        if name not in kinds:
            raise WrongSwitch(f"{name}: there are {', '.join(kinds)}")
        if kinds[name] is bool:
            if not isinstance(value, bool):
                raise WrongSwitch(f"{name}: true or false")
            return value
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise WrongSwitch(f"{name}: a number")
        if name == "fail_code":
            if value and int(value) not in TITLES:
                raise WrongSwitch(f"fail_code: 0, {', '.join(map(str, TITLES))}")
        elif not 0 <= value <= MOST[name]:
            raise WrongSwitch(f"{name}: 0 to {MOST[name]:g}")
        return kinds[name](value)
