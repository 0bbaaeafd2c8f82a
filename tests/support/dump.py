"""What lies in the databases, the store and the broker of a stack, as a thief would have it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import psycopg2
from minio import Minio
from psycopg2 import sql

from deploy.local.stack import Stack
from deploy.setup.buckets import BUCKETS

SEALED = re.compile(r"(?<![\w.-])(k\d+)\.[A-Za-z0-9_-]{38,}")


@dataclass(frozen=True)
class Object:
    """An object as it lies in the store: its name, its metadata, its bytes."""

    bucket: str
    name: str
    metadata: str
    content: bytes
    sealed: str | None
    """What its data key lies sealed in."""


def columns(stack: Stack, service: str) -> Iterator[tuple[str, str, str]]:
    """(table, column, type) of a service's database."""
    with psycopg2.connect(stack.superuser_url(service)) as connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'public'"
            " ORDER BY 1, 2"
        )
        yield from cursor.fetchall()


def values(stack: Stack, service: str, table: str, column: str) -> Iterator[str]:
    """A column's values as text; bytes as what they say in ASCII."""
    with psycopg2.connect(stack.superuser_url(service)) as connection, connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("SELECT {0} FROM {1} WHERE {0} IS NOT NULL").format(*map(sql.Identifier, (column, table)))
        )
        for (value,) in cursor:
            yield bytes(value).decode("ascii", errors="replace") if isinstance(value, memoryview) else str(value)


def sealed_with(stack: Stack, service: str) -> dict[str, set[str]]:
    """The ids of the keys that values of each column are sealed with, for the columns where any are."""
    found: dict[str, set[str]] = {}
    for table, column, _ in columns(stack, service):
        keys = {match for value in values(stack, service, table, column) for match in SEALED.findall(value)}
        if keys:
            found[f"{table}.{column}"] = keys
    return found


def objects(stack: Stack, buckets: Iterable[str] = tuple(BUCKETS.values())) -> Iterator[Object]:
    """Every object of these buckets, the services' own unless others are named."""
    s3 = stack.s3
    server = Minio(s3.endpoint_url.partition("//")[2], s3.access_key, s3.secret_key, secure=False, region="us-east-1")
    for bucket in buckets:
        for one in server.list_objects(bucket, recursive=True):
            answer = server.get_object(bucket, str(one.object_name))
            try:
                sealed = answer.headers.get("x-amz-meta-sealed")
                yield Object(bucket, str(one.object_name), str(dict(answer.headers)), answer.read(), sealed)
            finally:
                answer.close()
                answer.release_conn()
