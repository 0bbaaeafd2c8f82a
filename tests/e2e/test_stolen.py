"""What a thief finds in what he may get hold of: dumps, buckets, the broker's disk, metrics, headers: nobody."""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pika
import psycopg2
import pytest
import requests
from minio import Minio

from deploy.local.parts.postgres import programs
from deploy.local.stack import Stack
from deploy.setup.buckets import BUCKETS
from deploy.setup.secrets import SERVICES
from kit.objects import ObjectStore
from kit.sealed import Keyring
from kit.stream import MAGIC
from tests.support import dump
from tests.support.canaries import leaks, opening
from tests.support.eventually import eventually
from tests.support.outcome import rows


@pytest.fixture
def secrets(cases: list[dict[str, Any]]) -> set[str]:
    """What opens a door, long enough not to be met by chance."""
    return {secret for secret in opening(cases) if len(secret) >= 12}


def found_in(text: str, secrets: set[str]) -> list[str]:
    return leaks(text) + sorted(secret for secret in secrets if secret in text)


# Databases


def dumped(stack: Stack, service: str) -> str:
    command = [str(programs() / "pg_dump"), "--inserts", stack.superuser_url(service)]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout


@pytest.mark.parametrize("service", SERVICES)
def test_a_dump_of_a_database_names_nobody(stack: Stack, cases: Any, secrets: set[str], service: str) -> None:
    text = dumped(stack, service)
    assert "INSERT INTO public.people" in text
    assert found_in(text, secrets) == []


@pytest.mark.parametrize("service", SERVICES)
def test_the_same_dump_with_its_key_names_people(stack: Stack, cases: Any, service: str) -> None:
    """The search would find them: they are there, sealed."""
    keys = Keyring(stack.secrets.read(f"{service}_data_keys"))
    opened = [
        keys.open(sealed, f"person:{one}") for one, sealed in rows(stack, service, "SELECT id, sealed FROM people")
    ]
    assert len(leaks(json.dumps(opened, ensure_ascii=False))) > 5


def test_a_value_that_was_kept_in_the_clear_would_be_found_in_a_dump(
    stack: Stack, cases: Any, secrets: set[str]
) -> None:
    with psycopg2.connect(stack.superuser_url("notify")) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE forgotten (said text)")
        cursor.execute("INSERT INTO forgotten VALUES ('kepada Hj. Masayu Fatimah')")
    try:
        assert found_in(dumped(stack, "notify"), secrets) == ["Hj. Masayu Fatimah"]
    finally:
        with psycopg2.connect(stack.superuser_url("notify")) as connection, connection.cursor() as cursor:
            cursor.execute("DROP TABLE forgotten")


# The object store


def test_the_buckets_hold_sealed_bytes_under_names_that_name_nobody(
    stack: Stack, cases: Any, secrets: set[str]
) -> None:
    found = list(dump.objects(stack))
    assert len(found) > 20
    for one in found:
        assert one.content.startswith(MAGIC), one.name
        for text in (one.name, one.metadata, one.content.decode("latin-1")):
            assert found_in(text, secrets) == [], one.name


def test_an_object_that_was_stored_in_the_clear_would_be_found(stack: Stack, cases: Any, secrets: set[str]) -> None:
    name, content = f"test/{uuid4()}", b"surat untuk Hj. Masayu Fatimah"
    s3 = stack.s3
    server = Minio(s3.endpoint_url.partition("//")[2], s3.access_key, s3.secret_key, secure=False, region="us-east-1")
    bucket = BUCKETS["documents"]
    ring = Keyring(stack.secrets.read("event_keys"))
    ours = ObjectStore(s3.endpoint_url, s3.access_key, s3.secret_key, keys=ring)

    def lies() -> str:
        return next(one.content for one in dump.objects(stack, [bucket]) if one.name == name).decode("latin-1")

    try:
        server.put_object(bucket, name, io.BytesIO(content), len(content))
        assert found_in(lies(), secrets) == ["Hj. Masayu Fatimah"]
        ours.put(bucket, name, io.BytesIO(content), len(content), "text/plain", hashlib.sha256(content).hexdigest())
        assert found_in(lies(), secrets) == []
        with ours.get(bucket, name) as opened:
            assert b"".join(opened) == content
    finally:
        ours.delete(bucket, name)


# The broker


def on_disk(stack: Stack) -> Iterator[tuple[str, str]]:
    """Every file of the broker's data: queues, their logs, what was not delivered."""
    for path in sorted(Path(stack.site.data, "rabbitmq").rglob("*")):
        if path.is_file():
            yield path.name, path.read_bytes().decode("latin-1")


def test_the_brokers_disk_names_nobody(stack: Stack, cases: Any, secrets: set[str]) -> None:
    files = list(on_disk(stack))
    assert any('"application.received"' in text for _, text in files), "events have been there"
    assert [(name, found) for name, text in files if (found := found_in(text, secrets))] == []


def test_a_message_in_the_clear_would_be_found_on_the_brokers_disk(stack: Stack, cases: Any, secrets: set[str]) -> None:
    queue = f"test-{uuid4().hex[:8]}"
    with pika.BlockingConnection(pika.URLParameters(stack.amqp_url)) as connection:
        channel = connection.channel()
        channel.queue_declare(queue, durable=True, arguments={"x-queue-type": "quorum"})
        channel.confirm_delivery()
        channel.basic_publish("", queue, b"kepada Hj. Masayu Fatimah", pika.BasicProperties(delivery_mode=2))
        try:
            eventually(lambda: any(found_in(text, secrets) for _, text in on_disk(stack)), what="the message on disk")
        finally:
            channel.queue_delete(queue)


def test_nothing_personal_travels_in_a_messages_headers(stack: Stack, cases: Any, secrets: set[str]) -> None:
    """A queue of our own hears everything that is told again."""
    queue = f"test-{uuid4().hex[:8]}"
    with pika.BlockingConnection(pika.URLParameters(stack.amqp_url)) as connection:
        channel = connection.channel()
        channel.queue_declare(queue, exclusive=True)
        channel.queue_bind(queue, "events", "#")
        _republish(stack)
        seen = list[str]()

        def look() -> bool:
            while True:
                method, properties, body = channel.basic_get(queue, auto_ack=True)
                if method is None:
                    return sum('"application.changed"' in event for event in seen) >= len(cases)
                seen.append(body.decode())
                assert found_in(f"{method.routing_key} {properties}", secrets) == []
                assert found_in(body.decode(), secrets) == []

        eventually(look, within=60, what="every case, told again")


def _republish(stack: Stack) -> None:
    command = [sys.executable, "-m", "intake", "republish"]
    subprocess.run(command, check=True, env=stack.env("intake"), capture_output=True, timeout=60)


# What an operator looks at


def test_metrics_and_errors_name_nobody(stack: Stack, cases: Any, secrets: set[str]) -> None:
    for url in [*stack.urls.values(), *stack.worker_urls.values()]:
        metrics = requests.get(f"{url}/metrics", timeout=10).text
        assert "# HELP" in metrics
        assert found_in(metrics, secrets) == []
    body = {"applicant": {"name": "Hj. Masayu Fatimah", "nik": "1671104203660006", "umur": 60}}
    refused = requests.post(f"{stack.base_url}/v1/offices", json=body, timeout=10)
    assert refused.status_code >= 400
    assert found_in(refused.text, secrets) == []
