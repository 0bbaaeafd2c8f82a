"""Uploads that are slow, too large or cut off, over real connections: others are answered, and nothing stays behind."""

from __future__ import annotations

import time
from contextlib import ExitStack
from uuid import uuid4

import pytest
import requests

from deploy.demo import cast
from deploy.demo.client import Person
from deploy.local.stack import Stack
from deploy.setup.buckets import BUCKETS, client
from deploy.token import token_for
from tests.support import files
from tests.support.eventually import eventually
from tests.support.outcome import assert_nothing_is_left, rows
from tests.support.slow import RawUpload

UPLOADS, RATE, STEP = 40, 20_000, 0.25
WAYS = ("gateway", "direct")


@pytest.fixture(scope="module")
def photo() -> bytes:
    """Ten seconds' worth at the slow rate."""
    return files.encoded(files.noisy(900, 700), "JPEG", quality=75)


@pytest.fixture(scope="module")
def token(stack: Stack) -> str:
    return token_for(stack.token_key_file.read_text("ascii"), "applicant")


def base(stack: Stack, way: str) -> str:
    return stack.base_url if way == "gateway" else stack.urls["intake"]


def draft(stack: Stack, token: str) -> str:
    """A new case; the path to which its files are sent."""
    story = cast.STORIES[3]
    body = {"service": story.service, "applicant": dict(story.applicant), "contact": dict(story.contact)}
    made = Person(stack.base_url, token).post("/v1/applications", body | {"intended_duplicate": True})
    return f"/v1/applications/{made['id']}/files"


def objects_at_rest(stack: Stack) -> set[str]:
    """All objects once no job is left that makes or removes one."""
    assert_nothing_is_left(stack)
    store = client(stack.s3.endpoint_url, stack.s3.access_key, stack.s3.secret_key)
    return {str(found.object_name) for found in store.list_objects(bucket_name=BUCKETS["intake"], recursive=True)}


def rows_of(stack: Stack, path: str) -> list[tuple[str, str]]:
    """The case's files in the database: the names of the original and of its viewing copy."""
    case = path.split("/")[3]
    return rows(stack, "intake", f"SELECT key, view_key FROM file WHERE application_id = '{case}'")


@pytest.mark.parametrize("way", WAYS)
def test_forty_slow_uploads_leave_others_answered_within_a_second(
    stack: Stack, token: str, photo: bytes, way: str
) -> None:
    url = f"{base(stack, way)}/v1/services?kelurahan=16.71.10.1001"
    paths = [draft(stack, token) for _ in range(UPLOADS)]
    answered = []
    with ExitStack() as opened:
        uploads = [opened.enter_context(RawUpload(base(stack, way), path, token, photo)) for path in paths]
        while uploads[0].left:
            began = time.monotonic()
            for upload in uploads:
                upload.send(int(RATE * STEP))
            asked = time.monotonic()
            assert requests.get(url, timeout=10).status_code == 200
            answered.append(time.monotonic() - asked)
            time.sleep(max(0, STEP - (time.monotonic() - began)))  # the rate of the uploads
        assert [upload.status() for upload in uploads] == [201] * UPLOADS
    assert len(answered) >= 10 / STEP
    assert max(answered) < 1


@pytest.mark.parametrize("way", WAYS)
def test_twenty_gigabytes_are_413_before_they_are_sent(stack: Stack, token: str, photo: bytes, way: str) -> None:
    path, before = draft(stack, token), objects_at_rest(stack)
    with RawUpload(base(stack, way), path, token, photo, promised=20_000_000_000) as upload:
        assert upload.status() == 413
    assert rows_of(stack, path) == []
    assert objects_at_rest(stack) == before


@pytest.mark.parametrize("way", WAYS)
def test_a_body_cut_off_midway_leaves_nothing_and_the_same_request_again_is_taken(
    stack: Stack, token: str, photo: bytes, way: str
) -> None:
    path, key, before = draft(stack, token), str(uuid4()), objects_at_rest(stack)
    with RawUpload(base(stack, way), path, token, photo, key=key) as upload:
        upload.send(len(photo) // 2)
    assert objects_at_rest(stack) == before
    assert rows_of(stack, path) == []

    def again() -> bool:
        with RawUpload(base(stack, way), path, token, photo, key=key) as whole:
            whole.send(whole.left)
            return whole.status() == 201

    eventually(again, within=20, every=0.2)
    made = objects_at_rest(stack) - before
    [kept] = rows_of(stack, path)
    assert made == set(kept)  # the original and its viewing copy
