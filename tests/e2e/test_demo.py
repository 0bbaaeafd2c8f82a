"""The whole system on real parts: four cases from photos to letters, and what strangers try meanwhile."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from deploy.local.stack import Stack
from deploy.token import token_for
from tests.support.outcome import assert_all_is_well, assert_nothing_personal, rows
from tests.support.playing import play, whole_stack


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with whole_stack("e2e") as running:
        yield running


@pytest.fixture(scope="module")
def cases(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    with pytest.MonkeyPatch.context() as patch:
        return play(stack, tmp_path_factory.mktemp("out"), patch)


def test_every_case_ends_completed_and_every_letter_is_valid(stack: Stack, cases: list[dict[str, Any]]) -> None:
    assert_all_is_well(stack, cases)


def test_the_days_are_friday_tuesday_and_wednesday_with_the_holiday_between(cases: list[dict[str, Any]]) -> None:
    for case in cases:
        days = {datetime.fromisoformat(entry["at"]).date() for entry in case["timeline"]}
        assert days == {date(2026, 8, 14), date(2026, 8, 18), date(2026, 8, 19)}


def test_the_introductions_number_names_rt_and_rw(cases: list[dict[str, Any]]) -> None:
    introductions = [
        letter["number"] for case in cases for letter in case["letters"] if letter["kind"] == "introduction"
    ]
    assert introductions == [f"{number:03d}/RT.023/RW.005/VIII/2026" for number in range(1, 5)]


def test_letters_are_files_with_the_hash_that_the_check_tells(cases: list[dict[str, Any]]) -> None:
    for letter in (letter for case in cases for letter in case["letters"]):
        assert Path(letter["file"]).read_bytes().startswith(b"%PDF-")
        assert letter["sha256"] == letter["check_sha256"]


def test_nothing_personal_is_in_a_log_or_in_the_clear_part_of_an_event(
    stack: Stack, cases: list[dict[str, Any]]
) -> None:
    assert_nothing_personal(stack)


def _upload(stack: Stack, port: int, size: int) -> tuple[socket.socket, bytes]:
    """A connection that has announced an upload, and the body that it should send."""
    token = token_for(stack.token_key_file.read_text("ascii"), "applicant")
    body = (
        b'--b\r\nContent-Disposition: form-data; name="requirement"\r\n\r\nKK\r\n--b\r\n'
        b'Content-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n'
    )
    head = (
        "POST /v1/applications/0198c0de-0000-7000-8000-000000000001/files HTTP/1.1\r\nHost: localhost\r\n"
        f"Authorization: Bearer {token}\r\nContent-Type: multipart/form-data; boundary=b\r\n"
        f"Content-Length: {size}\r\n\r\n"
    )
    connection = socket.create_connection(("127.0.0.1", port), timeout=10)
    connection.sendall(head.encode())
    return connection, body


@pytest.mark.parametrize("way", ["gateway", "direct"])
def test_forty_slow_uploads_leave_others_answered_within_a_second(stack: Stack, way: str) -> None:
    base = stack.base_url if way == "gateway" else stack.urls["intake"]
    port = urlsplit(base).port or 80
    uploads = [_upload(stack, port, 400_000) for _ in range(40)]
    slowest = 0.0
    try:
        for step in range(16):  # 40 × 20 KB/s, a piece each quarter of a second
            for connection, body in uploads:
                connection.sendall(body if step == 0 else b"x" * 5_000)
            began = time.monotonic()
            answer = requests.get(f"{base}/v1/services?kelurahan=16.71.10.1001", timeout=5)
            assert answer.status_code == 200
            slowest = max(slowest, time.monotonic() - began)
            time.sleep(max(0, 0.25 - (time.monotonic() - began)))
    finally:
        for connection, _ in uploads:
            connection.close()
    assert slowest < 1


def test_twenty_gigabytes_are_413_before_they_are_sent(stack: Stack) -> None:
    for base in (stack.base_url, stack.urls["intake"]):
        connection, _body = _upload(stack, urlsplit(base).port or 80, 20_000_000_000)
        with connection:
            assert connection.recv(4096).split(b"\r\n")[0].split()[1] == b"413"


def test_a_body_that_is_cut_off_leaves_nothing_behind(stack: Stack, cases: list[dict[str, Any]]) -> None:
    before = rows(stack, "intake", "SELECT count(*) FROM file")
    connection, body = _upload(stack, urlsplit(stack.urls["intake"]).port or 80, 100_000)
    connection.sendall(body + b"x" * 1000)
    connection.close()
    assert requests.get(f"{stack.urls['intake']}/health/ready", timeout=5).status_code == 200
    assert rows(stack, "intake", "SELECT count(*) FROM file") == before


def test_requests_at_once_through_the_gateway_are_all_answered(stack: Stack) -> None:
    url = f"{stack.base_url}/v1/services?kelurahan=16.71.10.1001"
    with ThreadPoolExecutor(20) as pool:
        statuses = list(pool.map(lambda _: requests.get(url, timeout=10).status_code, range(100)))
    assert set(statuses) == {200}


def test_what_no_service_serves_is_a_problem_document_of_the_gateway(stack: Stack) -> None:
    answer = requests.get(f"{stack.base_url}/metrics", timeout=5)
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/problem+json")
