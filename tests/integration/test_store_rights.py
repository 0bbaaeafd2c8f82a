"""Each service's key at the store opens its own bucket and what is handed to it, and nothing else."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from functools import partial
from uuid import uuid4

import pytest
from minio import Minio
from minio.error import S3Error

from deploy.local.stack import Stack
from deploy.setup.buckets import BUCKETS, client
from deploy.setup.secrets import SERVICES, WITH_FILES
from deploy.store import setup
from deploy.store.minio_users import NoUsers, administration, make_users
from deploy.store.rights import HANDED_TO, Keys, service_keys
from kit.objects import ObjectMissing, ObjectStore
from kit.sealed import Keyring

WITHOUT_FILES = set(SERVICES) - set(WITH_FILES)
DENIED = {"AccessDenied", "AllAccessDisabled"}


@pytest.fixture(scope="module")
def key_of(parts: Stack) -> Callable[[str], Keys]:
    return service_keys(parts.site.secrets.read).__getitem__


@pytest.fixture
def stored(parts: Stack) -> Iterator[str]:
    """The name of an object that lies in every bucket."""
    root, name = client(parts.s3.endpoint_url, parts.s3.access_key, parts.s3.secret_key), f"rights/{uuid4()}"
    for bucket in BUCKETS.values():
        root.put_object(bucket_name=bucket, object_name=name, data=io.BytesIO(b"abc"), length=3)
    yield name
    for bucket in BUCKETS.values():
        root.remove_object(bucket_name=bucket, object_name=name)


@pytest.fixture
def of(parts: Stack, key_of: Callable[[str], Keys]) -> Callable[[str], Minio]:
    return lambda service: client(parts.s3.endpoint_url, key_of(service).access, key_of(service).secret)


def denied(act: Callable[[], object]) -> bool:
    try:
        act()
    except S3Error as error:
        assert error.code in DENIED, error.code
        return True
    return False


def put(store: Minio, bucket: str, name: str) -> None:
    store.put_object(bucket_name=bucket, object_name=name, data=io.BytesIO(b"new"), length=3)


@pytest.mark.parametrize("service", WITH_FILES)
def test_a_service_writes_reads_and_removes_in_its_own_bucket(
    of: Callable[[str], Minio], stored: str, service: str
) -> None:
    store, bucket = of(service), BUCKETS[service]
    put(store, bucket, stored)
    assert store.get_object(bucket_name=bucket, object_name=stored).data == b"new"
    store.remove_object(bucket_name=bucket, object_name=stored)
    assert store.bucket_exists(bucket_name=bucket)


@pytest.mark.parametrize("service", WITH_FILES)
@pytest.mark.parametrize("act", ["put", "remove"])
def test_a_service_writes_and_removes_nothing_in_another_bucket(
    of: Callable[[str], Minio], stored: str, service: str, act: str
) -> None:
    store = of(service)
    for other in set(BUCKETS.values()) - {BUCKETS[service]}:
        if act == "put":
            assert denied(partial(put, store, other, stored))
            assert denied(partial(put, store, other, f"{stored}-new"))
        else:
            assert denied(partial(store.remove_object, bucket_name=other, object_name=stored))


@pytest.mark.parametrize("service", WITH_FILES)
def test_a_service_reads_what_is_handed_to_it_and_no_more(
    of: Callable[[str], Minio], stored: str, service: str
) -> None:
    for owner in set(WITH_FILES) - {service}:
        reads = not denied(lambda owner=owner: of(service).get_object(bucket_name=BUCKETS[owner], object_name=stored))  # type: ignore[misc]
        assert reads == (owner in HANDED_TO.get(service, ()))


def test_a_file_that_is_gone_is_told_as_gone_to_who_was_handed_it(parts: Stack, key_of: Callable[[str], Keys]) -> None:
    keys = key_of("documents")
    ring = Keyring(parts.site.secrets.read("event_keys"))
    store = ObjectStore(parts.s3.endpoint_url, keys.access, keys.secret, keys=ring)
    with pytest.raises(ObjectMissing):
        store.get(BUCKETS["intake"], "never/there")


@pytest.mark.parametrize("service", WITH_FILES)
def test_a_service_makes_no_bucket_and_administers_nothing(
    parts: Stack, of: Callable[[str], Minio], key_of: Callable[[str], Keys], service: str
) -> None:
    assert denied(lambda: of(service).make_bucket(bucket_name=f"own-{service}"))
    with pytest.raises(NoUsers):
        make_users(administration(parts.s3.endpoint_url, key_of(service)), {})


def test_services_without_files_have_no_key(parts: Stack) -> None:
    assert {"verification"} == WITHOUT_FILES
    for name in SERVICES:
        given = {key for key in parts.env(name) if key.startswith("S3_")}
        assert bool(given) == (name in WITH_FILES)
        told = str(parts.env(name))
        assert [other for other in WITH_FILES if other != name and f"{other}_s3_" in told] == []
        assert "/s3_secret_key" not in told


def test_the_set_up_may_run_again_and_changes_a_key(
    parts: Stack, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in (("S3_ENDPOINT_URL", parts.s3.endpoint_url), ("SECRETS_DIR", str(parts.site.secrets.folder))):
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("S3_ACCESS_KEY", parts.s3.access_key)
    monkeypatch.setenv("S3_SECRET_KEY", parts.s3.secret_key)
    assert [setup.main(), setup.main()] == [0, 0]
    said = capsys.readouterr().out
    if "no users that could be made" in said:
        pytest.skip("SeaweedFS reads its users from a file: none is made over its administration")
    assert "users ready: intake, documents, notify" in said
    root = Keys(parts.s3.access_key, parts.s3.secret_key)
    own = service_keys(parts.site.secrets.read)["intake"]
    make_users(administration(parts.s3.endpoint_url, root), {"intake": Keys(own.access, "another-secret-0123456789")})
    try:
        assert not client(parts.s3.endpoint_url, own.access, own.secret).bucket_exists(bucket_name="intake-files")
    except S3Error as error:
        assert error.code in {"SignatureDoesNotMatch", "AccessDenied"}
    finally:
        make_users(administration(parts.s3.endpoint_url, root), {"intake": own})
    assert client(parts.s3.endpoint_url, own.access, own.secret).bucket_exists(bucket_name="intake-files")
