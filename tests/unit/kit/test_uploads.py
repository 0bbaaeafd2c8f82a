"""One file out of a request: what is taken, what is refused, and that nothing is left behind."""

from __future__ import annotations

import hashlib
import json
import os
import socket
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import IO, Any, NamedTuple

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import EnvironBuilder, run_wsgi_app

from kit.spool import Spool, SpoolFull, prune_spool
from kit.uploads import UploadCutOff, UploadLimits, received_file
from tests.support.upload_app import LIMITS, create_app

NOTHING = {"used": 0, "names": [], "open": 0}
BOUNDARY = "garis"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    return create_app(tmp_path / "spool")


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def part(name: str, content: bytes, filename: str | None = None) -> bytes:
    file = f'; filename="{filename}"' if filename is not None else ""
    return f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'.encode() + content + b"\r\n"


def form(*parts: bytes) -> bytes:
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


def photo(size: int) -> bytes:
    return part("file", b"\r\n-" * (size // 3) + bytes(size % 3), "Foto KTP Rohana.JPG")


# What is taken


@pytest.mark.parametrize("size", [0, 1, 9_999, 10_001, 64 * 1024, LIMITS.file])
def test_a_file_arrives_whole(client: FlaskClient, size: int) -> None:
    content = os.urandom(size)
    answer = client.post("/", data={"requirement": "KTP", "file": (BytesIO(content), "Foto Rohana.JPG")})
    assert answer.get_json() == {
        "size": size,
        "sha256": hashlib.sha256(content).hexdigest(),
        "content": size,
        "field": "file",
        "filename_ext": "jpg",
        "content_type": "image/jpeg",
        "fields": {"requirement": "KTP"},
    }
    assert client.get("/left").get_json() == NOTHING


@pytest.mark.parametrize(
    ("filename", "extension"),
    [("a.HEIC", "heic"), ("tanpa", ""), ("../../etc/passwd", ""), ("a.jpg.exe", "exe"), ("a.💥", ""), (".png", "png")],
)
def test_of_the_file_name_only_a_plain_extension_is_kept(client: FlaskClient, filename: str, extension: str) -> None:
    answer = client.post("/", data={"file": (BytesIO(b"x"), filename)})
    assert answer.get_json()["filename_ext"] == extension


def test_as_many_and_as_long_fields_as_allowed_are_taken(client: FlaskClient) -> None:
    fields = {f"f{n}": "x" * LIMITS.field for n in range(LIMITS.fields)}
    answer = client.post("/", data={**fields, "file": (BytesIO(b"x"), "a.png")})
    assert answer.get_json()["fields"] == fields


# What is refused


def post(
    client: FlaskClient, body: IO[bytes], length: int | None, terminated: bool = True, path: str = "/"
) -> tuple[int, str]:
    """Hand a request to the application as a server would: `terminated` if that ends the stream by itself."""
    environ = EnvironBuilder(path, method="POST").get_environ()
    environ.update({"wsgi.input": body, "CONTENT_TYPE": MULTIPART})
    environ.pop("CONTENT_LENGTH", None)
    if length is not None:
        environ["CONTENT_LENGTH"] = str(length)
    if terminated:
        environ["wsgi.input_terminated"] = True
    answer, status, _ = run_wsgi_app(client.application, environ)
    document = json.loads(b"".join(answer))
    return int(status.split()[0]), document.get("type", "").removeprefix("urn:problem:")


REFUSED: dict[str, tuple[bytes, int, str]] = {
    "file too large": (form(photo(LIMITS.file + 1)), 413, "file-too-large"),
    "body too large": (form(photo(LIMITS.body + 1)), 413, "file-too-large"),
    "too many fields": (form(*[part(f"f{n}", b"") for n in range(9)], photo(9)), 413, "form-too-large"),
    "field too long": (form(part("f", b"x" * 1_001), photo(9)), 413, "form-too-large"),
    "field far too long": (form(part("f", b"x" * 900_000), photo(9)), 413, "form-too-large"),
    "part's header far too long": (form(part("f" * 600_000, b""), photo(9)), 413, "form-too-large"),
    "no file": (form(part("requirement", b"KTP")), 422, "file-required"),
    "an empty file input of a page": (form(part("file", b"", "")), 422, "file-required"),
    "two files": (form(photo(9), photo(9)), 422, "one-file-only"),
    "the same field twice": (form(part("f", b"1"), part("f", b"2"), photo(9)), 400, "upload-malformed"),
    "no end": (photo(99), 400, "upload-malformed"),
    "another boundary": (form(photo(99)).replace(b"garis", b"lain"), 400, "upload-malformed"),
    "no name": (form(photo(9).replace(b' name="file";', b"")), 400, "upload-malformed"),
    "no disposition": (form(b"--garis\r\nX: y\r\n\r\nz\r\n"), 400, "upload-malformed"),
    "nothing": (b"", 400, "upload-malformed"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refuses(client: FlaskClient, name: str) -> None:
    body, status, slug = REFUSED[name]
    assert post(client, BytesIO(body), len(body)) == (status, slug)
    assert client.get("/left").get_json() == NOTHING


@pytest.mark.parametrize("name", REFUSED)
def test_refuses_the_same_without_a_length(client: FlaskClient, name: str) -> None:
    """As a chunked body comes: the server ends the stream, and nobody said how long it is."""
    body, status, slug = REFUSED[name]
    assert post(client, BytesIO(body), None) == (status, slug)
    assert client.get("/left").get_json() == NOTHING


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        (MULTIPART, 200),
        ('multipart/form-data; charset=utf-8; boundary="garis"', 200),
        ("application/json", 415),
        ("image/jpeg", 415),
        ("application/x-www-form-urlencoded", 415),
        ("multipart/mixed; boundary=garis", 415),
        ("", 415),
        ("multipart/form-data", 400),
        ("multipart/form-data; boundary=" + "x" * 300, 400),
    ],
)
def test_only_a_form_with_files_is_read(client: FlaskClient, content_type: str, status: int) -> None:
    assert client.post("/", data=form(photo(9)), content_type=content_type).status_code == status


def test_an_announced_giant_is_refused_unread(client: FlaskClient) -> None:
    class Untouchable(BytesIO):
        def read(self, *_: Any) -> bytes:
            raise AssertionError("somebody read it")

    assert post(client, Untouchable(), 20_000_000_000) == (413, "file-too-large")


@pytest.mark.parametrize("terminated", [False, True])
@pytest.mark.parametrize("kept", [0, 10, 100, 50_000, -1])
def test_a_body_that_ends_early_is_cut_off(client: FlaskClient, kept: int, terminated: bool) -> None:
    body = form(photo(100_000))
    assert post(client, BytesIO(body[:kept]), len(body), terminated) == (400, "upload-cut-off")
    assert client.get("/left").get_json() == NOTHING


def test_a_body_that_was_read_before_is_our_own_mistake(app: Flask, tmp_path: Path) -> None:
    with app.test_request_context("/", method="POST", data={"file": (BytesIO(b"x"), "a.png")}):
        assert request.form is not None
        with pytest.raises(RuntimeError), received_file(request, LIMITS, Spool(tmp_path)):
            pass


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_damaged_body_never_becomes_an_accident(client: FlaskClient, data: st.DataObject) -> None:
    body = bytearray(form(part("requirement", b"KTP"), photo(300)))
    for _ in range(data.draw(st.integers(0, 5))):
        at = data.draw(st.integers(0, len(body) - 1))
        body[at : at + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=6))
    status, _ = post(client, BytesIO(body), len(body))
    assert status in (200, 400, 413, 422)
    assert client.get("/left").get_json() == NOTHING


# The spool


def test_a_full_spool_refuses_until_there_is_room(tmp_path: Path) -> None:
    app = create_app(tmp_path / "spool", spool_limit=1_000_000)
    client, spool = app.test_client(), app.extensions["spool"]
    with spool.room(900_000):
        answer = client.post("/", data=form(photo(200_000)), content_type=MULTIPART)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    body = form(photo(200_000))
    assert post(client, BytesIO(body), len(body))[0] == 200
    assert spool.used == 0


@pytest.fixture
def in_request() -> Iterator[None]:
    with Flask(__name__).test_request_context("/", method="POST", data=form(photo(99)), content_type=MULTIPART):
        yield


@pytest.mark.usefixtures("in_request")
def test_a_full_disk_is_no_fault_of_the_sender(tmp_path: Path) -> None:
    class FullDisk(Spool):
        def open(self, in_memory: int = 0) -> Any:
            return open("/dev/full", "wb", buffering=0)

    with pytest.raises(SpoolFull), received_file(request, LIMITS, FullDisk(tmp_path)):
        pass


@pytest.mark.usefixtures("in_request")
def test_what_fails_while_a_file_is_used_leaves_nothing(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    with pytest.raises(UploadCutOff), received_file(request, LIMITS, spool) as upload:
        stream = upload.stream
        raise UploadCutOff
    assert stream.closed
    assert spool.used == 0


def test_a_large_file_takes_little_memory(tmp_path: Path) -> None:
    app = create_app(tmp_path / "spool", UploadLimits())
    with (tmp_path / "body").open("w+b") as body:
        body.write(part("file", b"", "a.jpg")[:-2] + bytes(14_000_000) + form(b"\r\n"))
        length = body.tell()
        body.seek(0)
        tracemalloc.start()
        try:
            assert post(app.test_client(), body, length, path="/size")[0] == 200
            assert tracemalloc.get_traced_memory()[1] < 2_000_000
        finally:
            tracemalloc.stop()


def test_pruning_deletes_old_leftovers_of_ours_only(tmp_path: Path) -> None:
    for name, age in (("spool-old", 7200), ("spool-new", 60), ("other-old", 7200)):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (time.time() - age, time.time() - age))
    assert prune_spool(tmp_path) == 1
    assert {path.name for path in tmp_path.iterdir()} == {"spool-new", "other-old"}


def test_a_killed_process_leaves_no_file(tmp_path: Path) -> None:
    program = (
        "import os, signal, sys; from kit.spool import Spool; f = Spool(sys.argv[1]).open(); "
        "f.write(bytes(5_000_000)); f.flush(); os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=False, env=environment(), timeout=30)
    assert list(tmp_path.iterdir()) == []


# Through real servers, by hand on a socket


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}


class Server(NamedTuple):
    port: int
    name: str


@pytest.fixture(scope="module", params=["gunicorn", "werkzeug"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("server")
    (folder / "wsgi.py").write_text(
        "from tests.support.upload_app import create_app\n"
        f"app = create_app({str(folder / 'spool')!r})\n"
        "if __name__ == '__main__':\n"
        "    import sys\n"
        "    app.run('127.0.0.1', int(sys.argv[1]), threaded=True)\n"
    )
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = {
        "gunicorn": ["-m", "gunicorn", "-k", "gthread", "--threads", "4", "-b", f"127.0.0.1:{port}", "wsgi:app"],
        "werkzeug": ["wsgi.py", str(port)],
    }[request.param]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([sys.executable, *command], cwd=folder, env=environment(), stdout=log, stderr=log)
    try:
        wait_until(lambda: answers(port))
        yield Server(port, request.param)
    finally:
        process.terminate()
        process.wait(10)


def answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


def wait_until(true: Callable[[], bool], seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


@contextmanager
def connection(server: Server) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", server.port), 10) as opened:
        yield opened


def head(length: int | None, content_type: str = MULTIPART) -> bytes:
    framing = "Transfer-Encoding: chunked" if length is None else f"Content-Length: {length}"
    lines = ["POST / HTTP/1.1", "Host: contoh", f"Content-Type: {content_type}", framing, "", ""]
    return "\r\n".join(lines).encode()


def chunked(body: bytes, size: int = 50_000) -> bytes:
    pieces = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def answer_of(opened: socket.socket) -> tuple[int, dict[str, Any]]:
    reading = opened.makefile("rb")
    status = int(reading.readline().split()[1])
    length = 0
    while (line := reading.readline().strip()) != b"":
        if line.lower().startswith(b"content-length:"):
            length = int(line.split(b":")[1])
    return status, json.loads(reading.read(length))


def left(server: Server) -> dict[str, Any]:
    with connection(server) as opened:
        opened.sendall(b"GET /left HTTP/1.1\r\nHost: contoh\r\nConnection: close\r\n\r\n")
        return answer_of(opened)[1]


@pytest.mark.parametrize("with_length", [True, False])
@pytest.mark.parametrize(
    ("body", "status"),
    [
        (form(photo(300_000)), 200),
        (form(photo(LIMITS.file + 1)), 413),
        (form(photo(5_000_000)), 413),  # the client sends all of it before it looks at the answer
        (form(part("f", b"1")), 422),
        (photo(300_000), 400),
    ],
)
def test_the_answer_arrives_whatever_was_sent(server: Server, body: bytes, status: int, with_length: bool) -> None:
    with connection(server) as opened:
        opened.sendall(head(len(body) if with_length else None) + (body if with_length else chunked(body)))
        assert answer_of(opened)[0] == status
    assert left(server) == NOTHING


def test_a_wrong_type_is_answered_after_the_body_too(server: Server) -> None:
    with connection(server) as opened:
        opened.sendall(head(5_000_000, "image/jpeg") + bytes(5_000_000))
        assert answer_of(opened)[0] == 415


def test_twenty_gigabytes_are_refused_at_once(server: Server) -> None:
    with connection(server) as opened:
        opened.sendall(head(20_000_000_000))
        started = time.monotonic()
        assert answer_of(opened)[0] == 413
        assert time.monotonic() - started < 2
    assert left(server) == NOTHING


@pytest.mark.parametrize("with_length", [True, False])
def test_a_client_that_goes_away_leaves_nothing(server: Server, with_length: bool) -> None:
    body = form(photo(600_000))
    whole = head(len(body)) + body if with_length else head(None) + chunked(body)
    with connection(server) as opened:
        opened.sendall(whole[:400_000])
        wait_until(lambda: left(server)["open"] == 1)  # it is being received
    wait_until(lambda: left(server) == NOTHING)


def test_a_client_that_stops_in_the_middle_is_told(server: Server) -> None:
    body = form(photo(600_000))
    with connection(server) as opened:
        opened.sendall((head(len(body)) + body)[:400_000])
        opened.shutdown(socket.SHUT_WR)
        status, problem = answer_of(opened)
    assert (status, problem["type"]) == (400, "urn:problem:upload-cut-off")
    assert left(server) == NOTHING


def test_chunks_without_an_end_are_cut_off(server: Server) -> None:
    with connection(server) as opened:
        opened.sendall(head(None) + chunked(form(photo(600_000)))[:400_000])
        opened.shutdown(socket.SHUT_WR)
        assert answer_of(opened)[0] == 400
    assert left(server) == NOTHING
