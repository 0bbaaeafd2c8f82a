"""The local stack keeps its promises: private, complete, and gone when it is stopped."""

from __future__ import annotations

import contextlib
import io
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pika
import pika.exceptions
import psutil
import psycopg2
import pytest
import requests
from minio import Minio
from minio.error import S3Error

from deploy.local.ledger import StackBusyError
from deploy.local.places import CHECKOUT
from deploy.local.process import MARK
from deploy.local.site import LOOPBACK
from deploy.local.stack import Stack
from deploy.setup.buckets import BUCKETS, client
from tests.support.eventually import eventually


def test_every_port_is_on_the_loopback_address_alone(parts: Stack) -> None:
    ours = {each.pid for running in parts.processes().values() for each in running.tree()}
    listening = {
        (found.laddr.ip, found.laddr.port)
        for found in psutil.net_connections("inet")
        if found.pid in ours and found.laddr and found.status == psutil.CONN_LISTEN
    }
    assert {port for _, port in listening} <= set(parts.site.ports.values())
    assert {address for address, _ in listening} <= {LOOPBACK, "::1"}


@pytest.mark.parametrize("role", ["runtime", "owner"])
def test_a_role_reaches_its_own_database_alone(parts: Stack, role: str) -> None:
    psycopg2.connect(parts.database_url("intake", role)).close()
    for elsewhere in ("notify", "postgres", "template1"):
        with pytest.raises(psycopg2.OperationalError, match="permission denied"):
            psycopg2.connect(parts.database_url("intake", role), dbname=elsewhere)


def test_what_the_owner_makes_the_runtime_may_use_and_not_change(parts: Stack) -> None:
    owner, runtime = (psycopg2.connect(parts.database_url("intake", role)) for role in ("owner", "runtime"))
    try:
        with owner, owner.cursor() as cursor:
            cursor.execute("CREATE TABLE tried (id serial, word text)")
        with runtime, runtime.cursor() as cursor:
            cursor.execute("INSERT INTO tried (word) VALUES ('a'); UPDATE tried SET word = 'b'; DELETE FROM tried")
        for refused in ("DROP TABLE tried", "TRUNCATE tried", "CREATE TABLE mine (id int)"):
            with pytest.raises(psycopg2.errors.InsufficientPrivilege), runtime, runtime.cursor() as cursor:
                cursor.execute(refused)
    finally:
        with owner, owner.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS tried")
        owner.close()
        runtime.close()


def test_no_role_of_a_service_can_step_around_row_level_security(parts: Stack) -> None:
    with psycopg2.connect(parts.superuser_url()) as connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), bool_or(rolsuper OR rolbypassrls OR rolcreatedb OR rolcreaterole)"
            " FROM pg_roles WHERE rolname ~ '_(owner|runtime)$' AND rolname !~ '^pg_'"
        )
        assert cursor.fetchone() == (8, False)
    connection.close()


def test_the_broker_knows_its_own_account_and_no_guest(parts: Stack) -> None:
    address = {"host": LOOPBACK, "port": parts.site.ports["rabbitmq"]}
    guest = pika.ConnectionParameters(**address, credentials=pika.PlainCredentials("guest", "guest"))
    with pytest.raises(pika.exceptions.ProbableAuthenticationError):
        pika.BlockingConnection(guest)
    pika.BlockingConnection(pika.URLParameters(parts.amqp_url)).close()


def test_the_store_keeps_objects_in_its_buckets_and_makes_no_others(parts: Stack) -> None:
    store = _store(parts)
    for bucket in BUCKETS.values():
        store.put_object(bucket_name=bucket, object_name="tried", data=io.BytesIO(b"abc"), length=3)
        assert store.get_object(bucket_name=bucket, object_name="tried").data == b"abc"
        store.remove_object(bucket_name=bucket, object_name="tried")
    with pytest.raises(S3Error):
        store.put_object(bucket_name="not-there", object_name="tried", data=io.BytesIO(b"abc"), length=3)
    stranger = client(parts.s3.endpoint_url, parts.s3.access_key, "wrong")
    with pytest.raises(S3Error):
        list(stranger.list_objects(bucket_name="intake-files"))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give each part an account of its own")
def test_no_part_runs_as_root(parts: Stack) -> None:
    users = {each.username() for running in parts.processes().values() for each in running.tree()}
    assert users == {"postgres", "rabbitmq", "nobody"}


def test_what_was_stored_is_there_after_a_sudden_end(parts: Stack) -> None:
    store, bucket = _store(parts), "intake-files"
    connection = pika.BlockingConnection(pika.URLParameters(parts.amqp_url))
    channel = connection.channel()
    channel.confirm_delivery()
    channel.queue_declare("tried", durable=True)
    channel.basic_publish("", "tried", b"x", pika.BasicProperties(delivery_mode=2), mandatory=True)
    store.put_object(bucket_name=bucket, object_name="kept", data=io.BytesIO(b"abc"), length=3)
    time.sleep(3)  # RabbitMQ writes down up to two seconds later that there is a new queue
    for part in ("postgres", "rabbitmq", "objects"):
        parts.kill_part(part)
        assert part not in parts.processes()
        parts.start_part(part)
    with pika.BlockingConnection(pika.URLParameters(parts.amqp_url)) as again:
        assert again.channel().basic_get("tried", auto_ack=True)[2] == b"x"
        again.channel().queue_delete("tried")
    assert store.get_object(bucket_name=bucket, object_name="kept").data == b"abc"
    store.remove_object(bucket_name=bucket, object_name="kept")


def test_a_frozen_part_hangs_and_goes_on(parts: Stack) -> None:
    connection = psycopg2.connect(parts.superuser_url())
    parts.freeze("postgres")
    try:
        assert {each.status() for each in parts.processes()["postgres"].tree()} == {psutil.STATUS_STOPPED}
    finally:
        parts.thaw("postgres")
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    connection.close()


def test_the_stack_that_runs_cannot_be_started_a_second_time(parts: Stack) -> None:
    with pytest.raises(StackBusyError, match=str(os.getpid())), Stack(parts.name, services=False, quiet=True):
        pass


def test_after_kill_9_of_its_starter_a_new_start_sweeps_up(parts: Stack) -> None:
    code = (
        "import os, signal; from deploy.local.stack import Stack\n"
        "with Stack('test_swept', services=False, quiet=True): os.kill(os.getpid(), signal.SIGKILL)"
    )
    died = subprocess.run([sys.executable, "-c", code], cwd=CHECKOUT, env=_environment(), check=False, timeout=120)
    assert died.returncode == -signal.SIGKILL
    folder = parts.site.folder.parent / "test_swept"
    left = _marked(str(folder))
    assert left
    with Stack("test_swept", services=False, quiet=True) as stack:
        assert not any(process.is_running() for process in left)
        psycopg2.connect(stack.superuser_url()).close()
    assert not _marked(str(folder))
    assert not (folder / "data").exists()


class _Names(BaseHTTPRequestHandler):
    """Says who asks by the header, and by the body."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        said = f"{self.headers['X-Who']} {body[:6].decode()}".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


class TestGateway:
    """In front of a service that answers with what it was asked."""

    @pytest.fixture(scope="class")
    def base_url(self, parts: Stack) -> Iterator[str]:
        upstream = ThreadingHTTPServer((LOOPBACK, parts.site.ports["intake_web"]), _Echo)
        threading.Thread(target=upstream.serve_forever, args=(0.02,), daemon=True).start()
        parts.start_part("gateway")
        yield parts.base_url
        parts.stop_part("gateway")
        upstream.shutdown()
        upstream.server_close()

    @pytest.mark.parametrize("path", ["/v1/applications", "/v1/applications/1/files", "/lacak/ABC", "/intake/docs"])
    def test_a_path_reaches_its_service_unchanged(self, base_url: str, path: str) -> None:
        assert requests.get(base_url + path, timeout=10).json()["path"] == path

    def test_what_a_client_says_about_its_address_is_not_believed(self, base_url: str) -> None:
        told = {"X-Forwarded-For": "6.6.6.6", "X-Forwarded-Proto": "https", "Forwarded": "for=6.6.6.6"}
        seen = requests.get(f"{base_url}/v1/offices", headers=told, timeout=10).json()["headers"]
        assert seen["X-Forwarded-For"] == LOOPBACK
        assert seen["X-Forwarded-Proto"] == "http"
        assert "Forwarded" not in seen

    @pytest.mark.parametrize(
        "path", ["/nothing", "/masukx", "/v1/nothing", "/v1/applicationsx", "/metrics", "/health/ready"]
    )
    def test_an_unknown_path_is_a_problem_document(self, base_url: str, path: str) -> None:
        answer = requests.get(base_url + path, headers={"X-Request-Id": "abc"}, timeout=10)
        assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/problem+json")
        assert (answer.json()["type"], answer.json()["title"]) == ("urn:problem:not-found", "Tidak ditemukan")
        assert answer.headers["X-Request-Id"] == "abc"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"

    def test_problems_are_told_in_english_to_those_who_ask(self, base_url: str) -> None:
        answer = requests.get(f"{base_url}/nothing", headers={"Accept-Language": "en-GB"}, timeout=10)
        assert answer.json()["title"] == "Not found"

    @pytest.mark.parametrize("path", ["/intake/metrics", "/intake/health/live"])
    def test_what_operators_ask_is_not_answered_outside(self, base_url: str, path: str) -> None:
        assert requests.get(base_url + path, timeout=10).status_code == 404
        assert requests.get(f"{base_url}/intake/health/ready", timeout=10).ok

    def test_too_large_a_body_is_refused_whether_it_says_so_or_not(self, base_url: str) -> None:
        url = f"{base_url}/v1/applications"
        announced = HTTPConnection(base_url.removeprefix("http://"), timeout=10)
        announced.request("POST", "/v1/applications", body=b"x", headers={"Content-Length": str(20 * 10**9)})
        assert announced.getresponse().status == 413
        announced.close()
        hidden = requests.post(url, data=iter([bytes(1_000_000)] * 31), timeout=30)
        assert (hidden.status_code, hidden.json()["type"]) == (413, "urn:problem:too-large")
        assert requests.post(url, data=bytes(29_000_000), timeout=30).json()["size"] == 29_000_000

    def test_too_large_a_head_is_refused(self, base_url: str) -> None:
        def status(size: int) -> int:
            return requests.get(f"{base_url}/v1/offices", headers={"X-Long": "x" * size}, timeout=10).status_code

        assert (status(20_000), status(60_000)) == (200, 431)

    def test_who_never_ends_his_head_is_cut_off(self, base_url: str) -> None:
        """Fifteen seconds, however steadily a byte comes now and then."""
        host, _, port = base_url.removeprefix("http://").partition(":")
        began = time.monotonic()
        with socket.create_connection((host, int(port)), timeout=30) as line:
            line.sendall(b"GET /v1/offices HTTP/1.1\r\nHost: x\r\nX-Slow: ")
            with contextlib.suppress(ConnectionError):
                while time.monotonic() < began + 25 and not select.select([line], [], [], 0.5)[0]:
                    line.sendall(b"x")
                assert b" 200 " not in line.recv(1000)
        assert 10 < time.monotonic() - began < 20

    def test_a_service_that_is_away_is_a_503_that_says_when_to_come_back(self, base_url: str) -> None:
        answer = requests.get(f"{base_url}/v1/messages", timeout=20)
        assert (answer.status_code, answer.json()["status"]) == (503, 503)
        assert answer.headers["Retry-After"]

    def test_no_request_ever_carries_the_body_of_another_while_its_service_comes_and_goes(
        self, base_url: str, parts: Stack
    ) -> None:
        port, over, mixed = parts.site.ports["documents_web"], threading.Event(), []

        def come_and_go() -> None:
            while not over.is_set():
                upstream = ThreadingHTTPServer((LOOPBACK, port), _Names)
                threading.Thread(target=upstream.serve_forever, args=(0.01,), daemon=True).start()
                over.wait(0.2)
                upstream.shutdown()
                upstream.server_close()
                over.wait(0.2)

        def ask(who: int) -> int:
            answered = 0
            for _ in range(60):
                answer = requests.post(
                    f"{base_url}/v1/signatures", data=f"{who:06d}" * 200, headers={"X-Who": f"{who:06d}"}, timeout=20
                )
                if answer.status_code == 200:
                    answered += 1
                    mixed.extend([answer.text] if answer.text != f"{who:06d} {who:06d}" else [])
            return answered

        service = threading.Thread(target=come_and_go)
        service.start()
        with ThreadPoolExecutor(20) as pool:
            answered = sum(pool.map(ask, range(20)))
        over.set()
        service.join()
        assert answered > 100
        assert mixed == []

    def test_no_token_is_written_down(self, base_url: str, parts: Stack) -> None:
        marks = ("sekretpath", "sekretquery", "sekretheader")
        headers = {"Authorization": f"Bearer {marks[2]}"}
        requests.get(f"{base_url}/t/{marks[0]}?token={marks[1]}", headers=headers, timeout=20)  # refused upstream
        requests.get(f"{base_url}/v1/offices/seen?token={marks[1]}", headers=headers, timeout=20)
        eventually(lambda: "/v1/offices/seen" in parts.log("gateway").read_text())
        assert not any(mark in parts.log("gateway").read_text() for mark in marks)


class _Echo(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer(0)

    def do_POST(self) -> None:
        size = int(self.headers.get("Content-Length", 0))
        if size:
            self._answer(len(self.rfile.read(size)))
            return
        while chunk := int(self.rfile.readline(), 16):
            size += len(self.rfile.read(chunk + 2)) - 2
        self._answer(size)

    def _answer(self, size: int) -> None:
        body = json.dumps({"path": self.path, "headers": dict(self.headers), "size": size}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


def _store(parts: Stack) -> Minio:
    return client(parts.s3.endpoint_url, parts.s3.access_key, parts.s3.secret_key)


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != MARK}


def _marked(stack: str) -> list[psutil.Process]:
    found = []
    for each in psutil.process_iter():
        try:
            if each.environ().get(MARK) == stack:
                found.append(each)
        except (psutil.Error, OSError):
            continue
    return found
