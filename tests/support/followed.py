"""A consumer of the feed beside whatever is done to a stack: in the end it knows what the databases have."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from clients.python.examples.mirror import Mirror
from deploy.local.stack import Stack
from deploy.token import token_for
from tests.support.eventually import eventually
from tests.support.follower import Follower, killed_at_random
from tests.support.outcome import rows

CITY = "16.71"
_CASES = "SELECT id::text, status, service, submitted_at, received_at, promised_at FROM application"
_LETTERS = "SELECT id::text, status, number FROM letter WHERE number IS NOT NULL AND issued_at IS NOT NULL AND NOT form"


@contextmanager
def followed(stack: Stack, folder: Path) -> Iterator[None]:
    """Within, a consumer follows and is killed at random; afterwards it reads on, and has to know all there is."""
    token = token_for(stack.token_key_file.read_text("ascii"), "events.read", kelurahan=CITY)
    with killed_at_random(stack.base_url, token, folder) as kept:
        yield
    follower, another = Follower(stack.base_url, token, kept), Follower(stack.base_url, token, folder / "new.db")
    for reader in (follower, another):
        eventually(lambda reader=reader: _knows_all(stack, reader), within=60, every=0.2, what="the feed is read")  # type: ignore[misc]
        assert cases_of(reader) == _cases(stack)
        assert letters_of(reader) == _letters(stack)
        assert_in_order(reader)
    assert another.seen() == follower.seen(), "whoever begins from nothing is told the same"


def assert_in_order(follower: Follower) -> None:
    """Each position once and none left out; each subject's events in their order."""
    seen, reached = follower.seen(), dict[tuple[str, str], int]()
    assert [position for position, *_ in seen] == list(range(1, len(seen) + 1))
    for _position, source, subject, sequence in seen:
        assert sequence > reached.get((source, subject), 0), (source, subject)
        reached[source, subject] = sequence


def _knows_all(stack: Stack, follower: Follower) -> bool:
    follower.step(wait=0)
    [(newest,)] = rows(stack, "notify", "SELECT position FROM feed_head")
    [(waiting,)] = rows(stack, "notify", "SELECT count(*) FROM feed_arrival")
    return bool(follower.position == newest > 0 and not waiting)


def cases_of(mirror: Mirror) -> dict[str, tuple[Any, ...]]:
    """What it knows of cases."""
    times = ("submitted_at", "received_at", "promised_at")
    return {
        case: (told["status"], told["service"], *(_instant(told[name]) for name in times))
        for case, told in mirror.state("application").items()
    }


def letters_of(mirror: Mirror) -> dict[str, tuple[str, str]]:
    """What it knows of letters: status and number."""
    status = {"letter.issued": "issued", "letter.voided": "void"}
    return {id_: (status[told["told_by"]], told["number"]) for id_, told in mirror.state("letter").items()}


def _cases(stack: Stack) -> dict[str, tuple[Any, ...]]:
    return {case: tuple(of_it) for case, *of_it in rows(stack, "intake", _CASES)}


def _letters(stack: Stack) -> dict[str, tuple[Any, ...]]:
    return {letter: tuple(of_it) for letter, *of_it in rows(stack, "documents", _LETTERS)}


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
