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
from minio import Minio
from minio.commonconfig import CopySource

from deploy.local.stack import Stack
from kit.errors import Permanent, Retryable
from kit.objects import ObjectMissing, ObjectStore, StoreUnavailable
from kit.sealed import CannotOpen, Keyring, new_key
from kit.stream import CHUNK, MAGIC, Damaged

BUCKET = "intake-files"
CONNECT, READ = 1.0, 1.5
OLD, NEW = new_key("k1"), new_key("k2")
CONTENT = os.urandom(300_000)
LARGE = os.urandom(15_000_000)


def a_store(parts: Stack, ring: str = OLD, **changed: str) -> ObjectStore:
    s3 = parts.s3
    keys = {"access_key": s3.access_key, "secret_key": s3.secret_key, "endpoint_url": s3.endpoint_url} | changed
    return ObjectStore(**keys, keys=Keyring(ring), connect_timeout=CONNECT, read_timeout=READ)


def the_server(parts: Stack) -> Minio:
    """The store as whoever stole its credentials sees it."""
    s3 = parts.s3
    return Minio(s3.endpoint_url.partition("//")[2], s3.access_key, s3.secret_key, secure=False, region="us-east-1")


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


@pytest.mark.parametrize(
    "content",
    [b"", b"x", LARGE[:CHUNK], LARGE[: CHUNK + 1], CONTENT, LARGE],
    ids=["empty", "byte", "chunk", "more than a chunk", "photo", "largest"],
)
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


# The store is stolen, or written to by somebody else


def test_the_store_sees_nothing_of_what_is_put(parts: Stack, store: ObjectStore, key: str) -> None:
    secret = b"NIK 1671104203660006"
    digest = put(store, key, CONTENT + secret)
    lies = the_server(parts).get_object(BUCKET, key)
    stolen = lies.read()
    assert stolen.startswith(MAGIC) and len(stolen) > len(CONTENT)
    assert secret not in stolen and CONTENT[:64] not in stolen
    assert digest not in str(lies.headers)
    with store.get(BUCKET, key) as found:
        assert secret in b"".join(found), "the search would find it"


def test_the_same_content_twice_looks_different(parts: Stack, store: ObjectStore, key: str) -> None:
    put(store, key)
    first = the_server(parts).get_object(BUCKET, key).read()
    put(store, key)
    assert the_server(parts).get_object(BUCKET, key).read() != first


def test_who_has_another_ring_opens_nothing(parts: Stack, store: ObjectStore, key: str) -> None:
    put(store, key)
    for stranger in (a_store(parts, NEW), a_store(parts, new_key("k1"))):
        for ask in (stranger.get, stranger.stat):
            with pytest.raises(CannotOpen):
                ask(BUCKET, key)


def a_frame(number: int) -> slice:
    begin = len(MAGIC) + number * (CHUNK + 16)
    return slice(begin, begin + CHUNK + 16)


def without_a_frame(sealed: bytes) -> bytes:
    return sealed[: a_frame(1).start] + sealed[a_frame(2).start :]


def swapped(sealed: bytes) -> bytes:
    return sealed[: a_frame(0).start] + sealed[a_frame(1)] + sealed[a_frame(0)] + sealed[a_frame(2).start :]


def one_bit(sealed: bytes) -> bytes:
    return sealed[:-1] + bytes([sealed[-1] ^ 1])


@pytest.mark.parametrize("change", [without_a_frame, swapped, one_bit, lambda sealed: sealed[:-20]])
def test_what_was_changed_in_the_store_is_noticed(
    parts: Stack, store: ObjectStore, key: str, change: Callable[[bytes], bytes]
) -> None:
    put(store, key)
    server = the_server(parts)
    lies = server.get_object(BUCKET, key)
    other = change(lies.read())
    kept = {"sealed": lies.headers["x-amz-meta-sealed"]}
    server.put_object(BUCKET, key, BytesIO(other), len(other), metadata=kept)
    with pytest.raises(Damaged):
        store.download(BUCKET, key, BytesIO())


def test_an_object_in_the_place_of_another_does_not_open(parts: Stack, store: ObjectStore, key: str) -> None:
    put(store, key)
    server = the_server(parts)
    server.copy_object(BUCKET, f"{key}-2", CopySource(BUCKET, key))
    with pytest.raises(CannotOpen):
        store.get(BUCKET, f"{key}-2")
    store.delete(BUCKET, f"{key}-2")


def test_a_sealed_object_without_its_data_key_never_passes_for_a_plain_one(
    parts: Stack, store: ObjectStore, key: str
) -> None:
    put(store, key)
    server = the_server(parts)
    lies = server.get_object(BUCKET, key).read()
    server.put_object(BUCKET, key, BytesIO(lies), len(lies))
    with pytest.raises(Damaged):
        store.download(BUCKET, key, BytesIO())


# The keys change


def lying_plain(parts: Stack, key: str) -> None:
    """As objects were stored before they were sealed."""
    told = {"sha256": hashlib.sha256(CONTENT).hexdigest()}
    the_server(parts).put_object(BUCKET, key, BytesIO(CONTENT), len(CONTENT), "image/jpeg", told)


def test_an_object_from_before_is_read_and_sealed_by_the_rotation(parts: Stack, store: ObjectStore, key: str) -> None:
    lying_plain(parts, key)
    before = store.stat(BUCKET, key)
    assert (before.size, before.sealed_with) == (len(CONTENT), None)
    assert store.download(BUCKET, key, BytesIO()) == hashlib.sha256(CONTENT).hexdigest()
    assert store.reseal(BUCKET, key, BytesIO(b"of the one before"))
    after = store.stat(BUCKET, key)
    assert (after.size, after.sha256, after.content_type) == (before.size, before.sha256, before.content_type)
    assert after.sealed_with == "k1"
    assert CONTENT[:64] not in the_server(parts).get_object(BUCKET, key).read()
    assert not store.reseal(BUCKET, key, BytesIO()), "there is nothing left to do"


def test_a_changed_ring_seals_the_data_key_anew_and_leaves_the_content(
    parts: Stack, store: ObjectStore, key: str
) -> None:
    digest = put(store, key, LARGE)
    lay = the_server(parts).get_object(BUCKET, key).read()
    both = a_store(parts, f"{NEW},{OLD}")
    assert both.reseal(BUCKET, key, BytesIO())
    assert not both.reseal(BUCKET, key, BytesIO())
    assert the_server(parts).get_object(BUCKET, key).read() == lay
    retired = a_store(parts, NEW)
    assert retired.stat(BUCKET, key).sealed_with == "k2"
    assert retired.stat(BUCKET, key).content_type == "image/jpeg"
    assert retired.download(BUCKET, key, BytesIO()) == digest
    with pytest.raises(CannotOpen):
        store.get(BUCKET, key)


def test_what_is_gone_or_written_anew_is_left_alone(parts: Stack, store: ObjectStore, key: str) -> None:
    both = a_store(parts, f"{NEW},{OLD}")
    assert not both.reseal(BUCKET, key, BytesIO())
    assert not store.exists(BUCKET, key)
    put(both, key)
    assert not both.reseal(BUCKET, key, BytesIO())


def test_all_names_of_a_bucket_come_in_pages(store: ObjectStore, key: str) -> None:
    names = [f"{key}/{number}" for number in range(5)]
    for name in names:
        put(store, name, b"x")
    first = store.keys_after(BUCKET, f"{key}/", 3)
    assert first == names[:3]
    assert store.keys_after(BUCKET, first[-1], 2) == names[3:]
    for name in names:
        store.delete(BUCKET, name)


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
