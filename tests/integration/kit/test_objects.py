"""The object store, on the S3 server of the stack: what it keeps, and what happens while it is frozen or gone."""

from __future__ import annotations

import hashlib
import os
import socket
import time
from collections.abc import Callable, Iterator
from io import BytesIO
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from flask import Flask

from deploy.local.stack import Stack
from kit.errors import Permanent, Retryable
from kit.objects import ObjectMissing, ObjectStore, StoreUnavailable

BUCKET = "intake-files"
CONNECT, READ = 1.0, 1.5
CONTENT = os.urandom(300_000)
LARGE = os.urandom(15_000_000)


def a_store(parts: Stack, **changed: str) -> ObjectStore:
    s3 = parts.s3
    keys = {"access_key": s3.access_key, "secret_key": s3.secret_key, "endpoint_url": s3.endpoint_url} | changed
    return ObjectStore(**keys, connect_timeout=CONNECT, read_timeout=READ)


@pytest.fixture(scope="module")
def store(parts: Stack) -> ObjectStore:
    return a_store(parts)


@pytest.fixture
def key(store: ObjectStore) -> Iterator[str]:
    key = f"test/{uuid4()}"
    yield key
    store.delete(BUCKET, key)


def put(store: ObjectStore, key: str, content: bytes = CONTENT, content_type: str = "image/jpeg") -> str:
    digest = hashlib.sha256(content).hexdigest()
    store.put(BUCKET, key, BytesIO(content), len(content), content_type, digest)
    return digest


@pytest.mark.parametrize("content", [b"", b"x", CONTENT, LARGE], ids=["empty", "byte", "photo", "largest"])
def test_what_was_put_comes_back(store: ObjectStore, key: str, content: bytes) -> None:
    digest = put(store, key, content)
    with store.get(BUCKET, key) as found:
        assert b"".join(found) == content
        assert (found.stat.size, found.stat.sha256) == (len(content), digest)
    stat = store.stat(BUCKET, key)
    assert (stat.size, stat.content_type, stat.sha256) == (len(content), "image/jpeg", digest)
    assert stat == found.stat
    assert store.exists(BUCKET, key)
    target = BytesIO()
    assert store.download(BUCKET, key, target) == digest
    assert target.getvalue() == content


def test_what_is_put_again_replaces_the_former(store: ObjectStore, key: str) -> None:
    put(store, key, b"lama")
    put(store, key, b"baru", "image/png")
    with store.get(BUCKET, key) as found:
        assert (b"".join(found), found.stat.content_type) == (b"baru", "image/png")


def test_what_is_missing_says_so_for_good(store: ObjectStore, key: str) -> None:
    for ask in (store.get, store.stat):
        with pytest.raises(ObjectMissing) as raised:
            ask(BUCKET, key)
        assert isinstance(raised.value, Permanent)
        assert raised.value.status == 404
    assert not store.exists(BUCKET, key)
    store.delete(BUCKET, key)


def test_a_missing_bucket_is_no_missing_object(store: ObjectStore) -> None:
    """It may be made yet: a file must not be given up because the store was set up late."""
    bucket = f"tidak-ada-{uuid4().hex[:8]}"
    for ask in (store.get, store.stat):
        with pytest.raises(StoreUnavailable):
            ask(bucket, "x")
    with pytest.raises(StoreUnavailable):
        store.check(bucket)
    store.check(BUCKET)


def test_a_bucket_is_made_once(parts: Stack) -> None:
    bucket, together, failed = f"test-{uuid4().hex[:8]}", Barrier(4), []

    def make() -> None:
        together.wait()
        try:
            a_store(parts).ensure_bucket(bucket)
        except StoreUnavailable as error:
            failed.append(error)

    threads = [Thread(target=make) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    a_store(parts).check(bucket)


def test_a_wrong_key_is_the_operators_matter(parts: Stack, store: ObjectStore, key: str) -> None:
    put(store, key)
    stranger = a_store(parts, secret_key="salah-salah-salah")
    for ask in (stranger.get, stranger.stat):
        with pytest.raises(StoreUnavailable):
            ask(BUCKET, key)


def test_flask_streams_an_object_and_gives_the_connection_back(store: ObjectStore, key: str) -> None:
    put(store, key, LARGE)
    app = Flask(__name__)
    app.add_url_rule("/", view_func=lambda: app.response_class(store.get(BUCKET, key)))
    for _ in range(20):
        answer = app.test_client().get("/", buffered=False)
        assert len(next(answer.iter_encoded())) > 0
        answer.close()  # the reader went away after the first chunk
    answer = app.test_client().get("/")
    assert answer.data == LARGE


def test_a_forked_process_talks_to_the_store_by_itself(store: ObjectStore, key: str) -> None:
    digest = put(store, key)
    if (child := os.fork()) == 0:
        same = all(store.stat(BUCKET, key).sha256 == digest for _ in range(20))
        os._exit(0 if same else 1)
    assert all(store.stat(BUCKET, key).sha256 == digest for _ in range(20))
    assert os.waitpid(child, 0)[1] == 0


# The store is away


def fails_within(seconds: float, call: Callable[[], object]) -> None:
    started = time.monotonic()
    with pytest.raises(StoreUnavailable) as raised:
        call()
    assert isinstance(raised.value, Retryable)
    assert raised.value.status == 503
    assert time.monotonic() - started < seconds


@pytest.fixture
def frozen(parts: Stack, store: ObjectStore, key: str) -> Iterator[str]:
    """A key that is there, in a store that was just stopped in its tracks, a connection to it still open."""
    put(store, key)
    parts.freeze("objects")
    yield key
    parts.thaw("objects")


def test_a_frozen_store_costs_the_time_outs_and_no_more(parts: Stack, store: ObjectStore, frozen: str) -> None:
    bound = CONNECT + READ + 1
    fails_within(bound, lambda: put(store, frozen))
    fails_within(bound, lambda: put(store, frozen, LARGE))
    fails_within(bound, lambda: store.stat(BUCKET, frozen))
    fails_within(bound, lambda: store.get(BUCKET, frozen))
    fails_within(bound, lambda: store.delete(BUCKET, frozen))
    fails_within(bound, lambda: a_store(parts).check(BUCKET))
    parts.thaw("objects")
    after = f"{frozen}-after"  # the delete that nobody waited for may yet be done
    assert put(store, after) == store.stat(BUCKET, after).sha256


def test_a_store_that_freezes_while_it_sends_is_given_up(parts: Stack, store: ObjectStore, key: str) -> None:
    put(store, key, LARGE)
    with store.get(BUCKET, key) as found:
        chunks = iter(found)
        next(chunks)
        parts.freeze("objects")
        try:
            fails_within(READ + 1, lambda: list(chunks))
        finally:
            parts.thaw("objects")
    assert store.download(BUCKET, key, BytesIO()) == hashlib.sha256(LARGE).hexdigest()


def test_a_store_that_was_killed_serves_again_when_it_is_back(parts: Stack, store: ObjectStore, key: str) -> None:
    digest = put(store, key)
    parts.kill_part("objects")
    try:
        fails_within(CONNECT + READ + 1, lambda: put(store, key))
        fails_within(CONNECT + READ + 1, lambda: store.get(BUCKET, key))
    finally:
        parts.start_part("objects")
    assert store.stat(BUCKET, key).sha256 == digest, "what was acknowledged is still there"
    assert put(store, key) == digest


def test_a_server_that_takes_connections_and_says_nothing_is_given_up(parts: Stack) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        store = a_store(parts, endpoint_url=f"http://127.0.0.1:{silent.getsockname()[1]}")
        fails_within(CONNECT + READ + 1, lambda: store.stat(BUCKET, "x"))
        fails_within(CONNECT + READ + 1, lambda: put(store, "x", LARGE))


def test_making_a_client_connects_to_nothing(parts: Stack) -> None:
    a_store(parts, endpoint_url="http://127.0.0.1:1")
    for address in ("127.0.0.1:9000", "ftp://127.0.0.1", "http://127.0.0.1/path", "http://"):
        with pytest.raises(ValueError, match="endpoint_url"):
            a_store(parts, endpoint_url=address)
