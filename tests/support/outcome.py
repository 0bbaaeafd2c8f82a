"""What has to hold after the demo has run, whatever was done to the system meanwhile."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import psycopg2

from deploy.demo import cast
from deploy.demo.report import failures
from deploy.local.stack import Stack
from kit.bus import dead
from tests.support.eventually import eventually

SERVICES = ("intake", "verification", "documents", "notify")


def rows(stack: Stack, service: str, sql: str) -> list[tuple[Any, ...]]:
    """Rows of a service's database, as the superuser sees them."""
    connection = psycopg2.connect(stack.superuser_url(service))
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(sql)
            return list(cursor.fetchall())
    finally:
        connection.close()


def assert_all_is_well(stack: Stack, cases: list[dict[str, Any]]) -> None:
    """Every case completed, every letter valid, nothing twice, nothing set aside, nothing left to send."""
    assert failures(cases) == []
    numbers = [letter["number"] for case in cases for letter in case["letters"]]
    assert len(numbers) == len(set(numbers)) == 2 * len(cases)
    told = rows(stack, "intake", "SELECT subject, type FROM outbox WHERE type LIKE 'application.%'")
    once = Counter(pair for pair in told if pair[1] != "application.changed")
    assert set(once.values()) == {1}, [pair for pair, count in once.items() if count > 1]
    agenda = [row[0] for row in rows(stack, "intake", "SELECT agenda_number FROM application ORDER BY agenda_number")]
    assert agenda == [f"{number:04d}/2026" for number in range(1, len(cases) + 1)]
    for service in SERVICES:
        sql = "SELECT count(*) FROM outbox WHERE published_at IS NULL"
        eventually(lambda service=service, sql=sql: rows(stack, service, sql) == [(0,)], within=60)  # type: ignore[misc]
        assert rows(stack, service, "SELECT kind, last_error FROM job WHERE state = 'dead'") == []
        assert [letter.reason for letter in dead.letters(stack.amqp_url, service)] == []


def assert_nothing_personal(stack: Stack) -> None:
    """No identity number, phone, name or link token of the cast in a log, nor in an event's clear part."""
    secrets = [canary for story in cast.STORIES for canary in _canaries(story)]
    for log in Path(stack.log("intake-web")).parent.glob("*.log"):
        text = log.read_text("utf-8", errors="ignore")
        assert [canary for canary in secrets if canary in text] == [], log.name
        assert "/t/" not in text, log.name
    for service in SERVICES:
        for (data,) in rows(stack, service, "SELECT data FROM outbox"):
            assert [canary for canary in secrets if canary in data] == []


def _canaries(story: Any) -> list[str]:
    digits = "".join(sign for sign in story.contact["phone"] if sign.isdigit()).removeprefix("62").lstrip("0")
    return [story.applicant["nik"], story.applicant["name"], story.applicant["address"], digits]
