"""Files that people send are fetched at once and checked; whatever becomes of them, the service is told once."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from collections.abc import Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from kit import jobs
from kit.errors import Retryable
from kit.outgoing import Outgoing
from kit.worker import Worker
from notify.media import MOST, NotHere, NotLetIn
from notify.media.cloud_api import CloudApi
from notify.usecases import erasing, incoming, media
from tests.integration.notify.story import KELURAHAN, PHONE, Story
from tests.integration.notify.whatsapp import deliver, heard, receive
from tests.support import whatsapp
from tests.support.erasure import ask
from tests.support.eventually import eventually
from tests.support.services import InProcess
from tests.support.whatsapp import change, message, payload

PHOTO = b"\xff\xd8foto KK"


@pytest.fixture
def files(notify: InProcess) -> Iterator[whatsapp.Files]:
    before = notify.deps.fetchers["whatsapp"]
    notify.deps.fetchers["whatsapp"] = found = whatsapp.Files({"m1": PHOTO})
    yield found
    notify.deps.fetchers["whatsapp"] = before


@pytest.fixture
def since(notify: InProcess) -> int:
    notify.work(most=1000)
    return len(heard(notify))


def photo(**more: Any) -> dict[str, Any]:
    told = {"id": "m1", "mime_type": "image/jpeg", "sha256": hashlib.sha256(PHOTO).hexdigest(), "caption": "KK lama"}
    return message("image", told | more)


def tried(notify: InProcess, times: int) -> None:
    """The jobs there are, tried so often as a worker would, without the waiting."""
    for _ in range(times):
        job = jobs.claim(notify.deps.db, notify.service.jobs)
        if job is None:
            return
        try:
            notify.service.jobs[job.kind].work(notify.deps, job)
        except Retryable as error:
            jobs.put_back(notify.deps.db, job, error.reason)
            notify.rows("UPDATE job SET run_at = clock_timestamp() RETURNING id")


def kept(notify: InProcess) -> set[str]:
    return set(notify.deps.objects.keys_after(notify.deps.settings.s3_bucket, None, 1000))


def test_a_photo_is_told_once_it_is_here_with_its_place_and_hash(
    notify: InProcess, files: whatsapp.Files, since: int
) -> None:
    told = payload(change(photo()))
    for _ in range(3):
        deliver(notify, told)
    assert heard(notify, since) == []
    notify.work()
    [data] = heard(notify, since)
    assert (data["kind"], data["person"]["text"], data["problem"]) == ("photo", "KK lama", None)
    file = data["file"]
    assert (file["bucket"], file["size"], file["type"]) == ("notify-media", len(PHOTO), "image/jpeg")
    assert file["sha256"] == hashlib.sha256(PHOTO).hexdigest() and files.asked == 1
    assert file["key"] == f"incoming/{data['message_id']}", "names nobody"
    with notify.deps.objects.get(file["bucket"], file["key"]) as stored:
        assert b"".join(stored) == PHOTO


def test_an_album_is_told_file_by_file(notify: InProcess, files: whatsapp.Files, since: int) -> None:
    files.kept |= {f"media-{number}": f"foto {number}".encode() for number in range(6)}
    receive(notify, *whatsapp.photos(6))
    assert len({data["file"]["key"] for data in heard(notify, since)}) == 6


@pytest.mark.parametrize(
    ("more", "fails", "problem"),
    [
        ({"id": "away"}, [], "gone"),
        ({"sha256": "0" * 64}, [], "damaged"),
        ({"file_size": 3}, [], "damaged"),
        ({}, [NotHere("too_large", again=False)], "too_large"),
        ({"mime_type": "image/webp"}, [], "not_taken"),
        ({}, [NotHere("gone", again=True)] * 3, None),
        ({}, [NotHere("damaged", again=True)] * 3, None),
        ({}, [Retryable("away")] * 8, None),
    ],
)
def test_what_is_not_there_is_asked_for_again_and_told_in_every_case(
    notify: InProcess, files: whatsapp.Files, since: int, more: dict[str, Any], fails: list[Exception],
    problem: str | None,
) -> None:  # fmt: skip
    files.fails = list(fails)
    deliver(notify, payload(change(photo(**more))))
    tried(notify, 12)
    [data] = heard(notify, since)
    assert data["problem"] == problem
    assert (data["file"] is None) == (problem is not None)
    assert files.asked <= media.ASKED_AGAIN or problem is None


def test_a_file_whose_server_never_answers_is_told_as_gone(
    notify: InProcess, files: whatsapp.Files, since: int
) -> None:
    files.fails = [Retryable("away")] * 99
    deliver(notify, payload(change(photo())))
    tried(notify, 1)
    job = jobs.claim(notify.deps.db, notify.service.jobs)
    assert job is not None
    with notify.deps.db.transaction(job.tenant) as tx:
        jobs.set_aside(tx, job, "after 10 attempts")
        media.give_up(notify.deps, tx, job, "after 10 attempts")
    assert [data["problem"] for data in heard(notify, since)] == ["gone"]


def test_files_go_with_the_case_of_who_sent_them(notify: InProcess, files: whatsapp.Files, story: Story) -> None:
    story.tell("application.opened")
    receive(notify, photo())
    place = heard(notify)[-1]["file"]["key"]
    assert place in kept(notify)
    ask(notify, story.case)
    notify.work(most=1000)
    assert place not in kept(notify)
    for table in ("incoming", "webhook", "arrival"):
        assert notify.rows(f"SELECT * FROM {table}") == [], table
    again = notify.rows("SELECT payload FROM job WHERE kind = 'sweep_erased'")
    assert [place in row["payload"]["under"] for row in again] == [True] * 2, "what came late is looked for"
    assert PHONE not in str(notify.rows("SELECT * FROM job"))


def test_a_file_that_is_fetched_while_its_message_is_erased_is_not_kept(
    notify: InProcess, files: whatsapp.Files, since: int
) -> None:
    before = kept(notify)
    deliver(notify, payload(change(photo())))
    tried(notify, 1)
    whole = notify.deps.objects.put

    def put(*arguments: Any) -> None:
        whole(*arguments)
        notify.rows("DELETE FROM incoming RETURNING id")

    notify.deps.objects.put = put  # type: ignore[method-assign]
    try:
        notify.work()
    finally:
        notify.deps.objects.put = whole  # type: ignore[method-assign]
    assert heard(notify, since) == [] and kept(notify) == before


def test_old_files_go_with_what_was_written(notify: InProcess, files: whatsapp.Files) -> None:
    before = kept(notify)
    receive(notify, photo())
    assert len(kept(notify) - before) == 1
    notify.rows("UPDATE incoming SET received_at = received_at - interval '91 days' RETURNING id")
    assert erasing.erase_old(notify.deps) >= 1
    assert kept(notify) == before
    assert notify.rows("SELECT id FROM incoming WHERE kelurahan = %s", [KELURAHAN]) == []


def test_what_waits_for_a_silent_server_holds_up_nobody_who_writes(
    notify: InProcess, files: whatsapp.Files, since: int
) -> None:
    """With as many files under way as a worker has threads for that."""
    threads = notify.service.jobs[incoming.FETCH].threads
    silent, whole = threading.Event(), files.fetch

    def fetch(media: Any) -> Any:
        silent.wait(60)
        return whole(media)

    files.fetch = fetch  # type: ignore[method-assign]
    worker = Worker(notify.service, notify.settings, "jobs")
    worker.deps.fetchers = {"whatsapp": files}
    worker.start()
    try:
        many = (f"62812710000{number}" for number in range(10, 16))
        deliver(notify, payload(change(*(message("image", {"id": "m1"}, phone) for phone in many))))
        eventually(lambda: len(notify.rows("SELECT id FROM job WHERE state = 'running'")) == threads, within=60)
        deliver(notify, payload(change(whatsapp.text("Halo"))))
        eventually(lambda: [data["person"]["text"] for data in heard(notify, since)] == ["Halo"], within=60)
        silent.set()
        eventually(lambda: len(heard(notify, since)) == 7, within=60)
    finally:
        silent.set()
        worker.stop()


# The client


class Server:
    """Graph and its store of files: `answers` by path, and what was asked with which headers."""

    def __init__(self) -> None:
        self.answers: dict[str, tuple[int, bytes]] = {}
        self.asked: list[tuple[str, str | None, str | None]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.asked.append((self.path, self.headers["Authorization"], self.headers["D360-API-KEY"]))
                status, body = outer.answers.get(self.path, (404, b"{}"))
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_port}"
        threading.Thread(target=self.http.serve_forever, args=(0.02,), daemon=True).start()

    def put(self, content: bytes, **told: Any) -> None:
        answer = {"messaging_product": "whatsapp", "url": f"{self.url}/file?x=1", "mime_type": "image/jpeg"} | told
        self.answers |= {"/v26.0/m1": (200, json.dumps(answer).encode()), "/file?x=1": (200, content)}

    def client(self, header: str = "Authorization", hosts: Sequence[str] = ()) -> CloudApi:
        return CloudApi(Outgoing("", self.url), f"{self.url}/v26.0", "token", header, hosts)


@pytest.fixture
def server() -> Iterator[Server]:
    found = Server()
    yield found
    found.http.shutdown()
    found.http.server_close()


MEDIA = {"id": "m1", "type": "image/jpeg; charset=x", "sha256": None, "size": None, "name": "", "url": None}


def test_a_file_is_asked_for_in_two_steps_with_the_same_header(server: Server) -> None:
    digest = hashlib.sha256(PHOTO)
    for announced in (digest.hexdigest(), base64.b64encode(digest.digest()).decode(), None):
        server.put(PHOTO, sha256=announced, file_size=len(PHOTO))
        got = server.client().fetch(MEDIA)
        assert (got.content, got.type, got.sha256) == (PHOTO, "image/jpeg", digest.hexdigest())
    assert set(server.asked) == {("/v26.0/m1", "Bearer token", None), ("/file?x=1", "Bearer token", None)}
    server.asked.clear()
    server.client("D360-API-KEY").fetch(MEDIA)
    assert {(auth, key) for _path, auth, key in server.asked} == {(None, "token")}


def test_what_is_wrong_with_a_file_is_named(server: Server) -> None:
    def problem(content: bytes = PHOTO, announced: dict[str, Any] = MEDIA, **told: Any) -> tuple[str, bool]:
        server.put(content, **told)
        with pytest.raises(NotHere) as found:
            server.client().fetch(announced)
        return found.value.problem, found.value.again

    assert problem(sha256="0" * 64) == ("damaged", True)
    assert problem(announced=MEDIA | {"sha256": "0" * 64}) == ("damaged", True)
    assert problem(file_size=99) == ("damaged", True)
    assert problem(b"") == ("damaged", True)
    assert problem(file_size=MOST + 1) == ("too_large", False)
    assert problem(b"x" * (MOST + 1)) == ("too_large", False)
    assert problem(announced=MEDIA | {"id": "../m2"}) == ("gone", True)
    assert problem(url=None) == ("gone", True)
    server.put(PHOTO)
    server.answers["/file?x=1"] = (404, b"")
    with pytest.raises(NotHere, match="gone"):
        server.client().fetch(MEDIA)


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [(400, 190, NotLetIn), (403, 10, NotLetIn), (400, 200, NotLetIn), (401, None, NotLetIn), (400, 4, Retryable),
     (400, 80007, Retryable), (403, 130429, Retryable), (400, 100, NotHere), (403, None, NotHere)],
)  # fmt: skip
def test_the_code_says_whether_it_is_the_file_or_we(
    server: Server, status: int, code: int | None, expected: type[Exception]
) -> None:
    for path in ("/v26.0/m1", "/file?x=1"):
        server.put(PHOTO)
        server.answers[path] = (status, json.dumps({"error": {"code": code}} if code else {}).encode())
        with pytest.raises(expected) as found:
            server.client().fetch(MEDIA)
        assert type(found.value) is expected


def test_while_we_are_not_let_in_a_file_is_tried_for_days_with_one_alarm_and_none_is_told_as_gone(
    notify: InProcess, files: whatsapp.Files, since: int, capsys: pytest.CaptureFixture[str]
) -> None:
    notify.rows("DELETE FROM outage RETURNING 1")
    files.fails = [NotLetIn("the file's server answered 400, 190")] * 30
    deliver(notify, payload(change(photo())))
    tried(notify, 1)
    gaps = []
    for _ in range(30):
        job = jobs.claim(notify.deps.db, notify.service.jobs)
        assert job is not None
        with pytest.raises(NotLetIn) as found:
            media.fetch(notify.deps, job)
        gaps.append(found.value.after or 0)
        jobs.put_back(notify.deps.db, job, found.value.reason, after=found.value.after)
        assert media.soon(notify.deps) == 1, "`take-again` waits for no gap"
    assert heard(notify, since) == [] and capsys.readouterr().out.count("messages do not go out") == 1
    assert max(gaps) > 3600 and media.ATTEMPTS * media.LONGEST_GAP > 3 * 86400
    notify.rows("DELETE FROM outage RETURNING 1")
    notify.work()
    assert [data["file"] is not None for data in heard(notify, since)] == [True]


@pytest.mark.parametrize("status", [401, 429, 500, 503])
def test_a_server_that_does_not_answer_well_is_asked_later(server: Server, status: int) -> None:
    server.answers["/v26.0/m1"] = (status, b"{}")
    with pytest.raises(Retryable):
        server.client().fetch(MEDIA)
    server.answers["/v26.0/m1"] = (200, b"<html>")
    with pytest.raises(Retryable):
        server.client().fetch(MEDIA)


def test_an_address_inside_our_own_network_is_not_followed(server: Server) -> None:
    server.put(PHOTO, url="https://lookaside.example/admin")
    with pytest.raises(Retryable, match=r"the file's (address|server)"):
        server.client(hosts=["lookaside.example"]).fetch(MEDIA)


def test_the_token_goes_to_the_provider_and_the_hosts_that_are_named_only(server: Server) -> None:
    other = Server()
    try:
        other.put(PHOTO)
        away = f"{other.url}/file?x=1"
        port = server.url.rpartition(":")[2]
        for place in (away, "http://lookaside.fbsbx.com/x", "https://files.example/x", f"http://localhost:{port}/x"):
            for asked in (MEDIA, MEDIA | {"id": None, "url": place}):
                server.put(PHOTO, url=place)
                with pytest.raises(NotLetIn, match="WHATSAPP_MEDIA_HOSTS"):
                    server.client(hosts=["lookaside.fbsbx.com"]).fetch(asked)
        assert other.asked == []
    finally:
        other.http.shutdown()
        other.http.server_close()
