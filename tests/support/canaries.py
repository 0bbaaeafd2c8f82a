"""What must not be found where personal data have no business: the demo's people, looked for in logs and events."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from deploy.demo import cast
from deploy.local.stack import Stack
from tests.support.outcome import SERVICES, rows

_TELLING = ("name", "nik", "phone", "address", "kk_number", "head_of_family", "lineage", "received_by")


def canaries() -> set[str]:
    """Names, identity and family card numbers, addresses and phones of everybody in the demo, in each spelling."""
    found = set[str]()
    for story in cast.STORIES:
        own = {"phone": story.own_phone} if story.own_phone else {}
        for part in (story.applicant, story.contact, story.details, story.helper or {}, story.hand_over, own):
            found |= _of(part)
    return found


def leaks(text: str) -> list[str]:
    """The canaries in a text."""
    folded = text.casefold()
    return sorted(canary for canary in canaries() if canary.casefold() in folded)


def assert_nothing_personal(stack: Stack, cases: list[dict[str, Any]]) -> None:
    """No canary and nothing that opens a door in a log of a service or a part, nor in the clear part of an event."""
    secrets = opening(cases)
    logs = sorted(stack.log("intake-web").parent.glob("*.log"))
    assert {log.stem for log in logs} >= set(stack.processes())
    for log in logs:
        text = log.read_text("utf-8", errors="replace")
        assert leaks(text) == [], log.name
        assert "/t/" not in text, log.name
        assert [secret for secret in secrets if secret in text] == [], log.name
    for service in SERVICES:
        told = rows(stack, service, "SELECT type, data FROM outbox")
        assert told, service
        assert [(kind, leaks(data)) for kind, data in told if leaks(data)] == []
        assert [kind for kind, data in told if any(secret in data for secret in secrets)] == []


def opening(cases: list[dict[str, Any]]) -> set[str]:
    """The tokens and codes of the messages that went out: whoever has one may open or take over something."""
    texts = "\n".join(text for case in cases for text in case["messages"])
    links = set(re.findall(r"/t/([\w-]+)", texts))
    codes = set(re.findall(r"Kode ambil: *(\S+)", texts))
    assert len(links) >= len(cases)
    assert codes
    return links | codes


def _of(part: Mapping[str, Any]) -> set[str]:
    """The values of a part of a story that tell who somebody is."""
    found = {str(value) for key, value in part.items() if key.endswith(_TELLING)}
    phones = {str(value) for key, value in part.items() if key == "phone"}
    bare = {"".join(sign for sign in phone if sign.isdigit()).removeprefix("62").lstrip("0") for phone in phones}
    return found | bare
