"""Commands for operators: what was set aside, and what to do with it. Personal data stay sealed in what is shown."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

from kit import jobs
from kit.bus import dead
from kit.bus.dead import DeadLetter
from kit.db import EVERY_TENANT, Database
from kit.settings import Settings

SHOWN = 1000
"""Dead letters of a list."""


def dead_letters(service: Any, settings: Settings, arguments: list[str]) -> int:
    """`dlq list|show ID|replay ID…|drop ID…`; `all` stands for every one."""
    try:
        return _dead_letters(service, settings, arguments)
    except dead.SomebodyLooks as error:
        _say(f"{error.reason}: again in a moment")
        return 1


def _dead_letters(service: Any, settings: Settings, arguments: list[str]) -> int:
    verb, chosen = (arguments[1:2] or ["list"])[0], arguments[2:]
    url, queue = settings.amqp_url, service.name
    if verb in ("replay", "drop") and chosen:
        act = dead.replay if verb == "replay" else dead.drop
        _say(f"{act(url, queue, _among(chosen))} {'replayed' if verb == 'replay' else 'dropped'}")
        return 0
    if verb == "show" and chosen:
        for letter in filter(_among(chosen), dead.letters(url, queue, dead.MOST)):
            _say(json.dumps({"reason": letter.reason, "attempts": letter.attempts, "event": letter.body}, indent=2))
        return 0
    if verb == "list":
        found = dead.letters(url, queue, SHOWN)
        for letter in found:
            _say(f"{letter.position:4} {letter.message_id} {letter.type:28} x{letter.attempts} {letter.reason}")
        _say(f"{len(found)} dead letters")
        return 0
    _say("dlq list | show ID… | replay ID… | drop ID…   (all: every one)")
    return 2


def dead_jobs(_service: Any, settings: Settings, arguments: list[str]) -> int:
    """`jobs-dead list|revive ID…`."""
    verb, chosen = (arguments[1:2] or ["list"])[0], arguments[2:]
    with Database(settings.database_url, pool_size=1).transaction(EVERY_TENANT) as tx:
        if verb == "revive":
            _say(f"{sum(jobs.revive(tx, UUID(job_id)) for job_id in chosen)} revived")
            return 0
        for row in jobs.dead(tx):
            _say(f"{row['id']} {row['kind']:20} x{row['attempts']} {row['last_error']}")
    return 0


def _among(chosen: list[str]) -> Callable[[DeadLetter], bool]:
    return lambda letter: chosen == ["all"] or letter.message_id in chosen


def _say(line: str) -> None:
    print(line)  # noqa: T201
