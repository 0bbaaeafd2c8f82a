"""The keys of people's data change while requests come in, whatever it is killed at; then the old ones are gone."""

from __future__ import annotations

import hashlib
import io
import itertools
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Event, Thread
from typing import Any
from uuid import uuid4

import pika
import pytest
from flask import Flask
from flask.testing import FlaskClient
from minio import Minio

from deploy import rotate_keys
from deploy.local.stack import Stack
from deploy.rotate_keys import EVENTS, Refused
from deploy.setup.secrets import SERVICES, keyring
from kit import rotation_command
from kit.bus import dead, topology
from kit.db import EVERY_TENANT, Database
from kit.roles import make_readiness
from kit.rotation import OF_THE_PLUMBING
from kit.sealed import CannotOpen, Keyring, key_ids, key_of, looks_sealed
from kit.web import create_app
from tests.integration.documents import story as documents_story
from tests.integration.intake import cast
from tests.integration.intake.test_files import send
from tests.integration.notify.story import Story, publish
from tests.support import dump
from tests.support.files import jpeg
from tests.support.services import InProcess, in_process
from tests.support.tokens import bearer, open_gate
from tests.support.verification import ask, link_token, publish_office
from verification.store import enrolments, people

# Hashes without a key: of long random secrets, or of nothing that is anybody's.
PLAIN_HASHES = {
    "application.claim_hash", "file_link.secret_hash", "link.token_hash", "handover.code_hash", "bundle.print",
    "session.refresh_hash", "used_refresh.hash", "account.invitation_hash", "machine_key.key_hash",
    "audit.hash", "audit_head.hash", "record.link_hash", "provider_sign_in.state_hash", "provider_sign_in.nonce_hash",
    "provider_sign_in.browser_hash", "sent_code.id_hash", "sign_in_link.token_hash",
    "survey.token_hash", "leaflet.print",
}  # fmt: skip
OF_OWN_KEYS = {
    "account.known_by", "officeholder.known_by", "sign_in_code.known_by", "sign_in_code.code_hash", "rate.key",
    "sent_code.known_by", "sent_code.code_hash", "arrival.sender_mark", "shared_sender.sender_mark",
    "contact_consent.phone_mark", "contact_consent.user_mark", "announcement_recipient.mark",
}  # fmt: skip
"""Fingerprints under a key of the service's own (`kit.own_key`), which is sealed anew and stays the same."""
YUSUF = {"name": "Yusuf", "phone": "0812-7100-0099", "relation": "tetangga"}
_RUN = uuid4().hex[:8]  # what an earlier run left has other keys
BUCKETS = {name: f"keys-{name}-{_RUN}" for name in ("intake", "documents", "notify")}


class Killed(BaseException):
    """As SIGKILL would end the command: nothing of it runs afterwards."""


@dataclass
class System:
    """The four services with rings of their own; `Installation` for the change of keys."""

    folder: Path
    parts: Stack
    services: dict[str, InProcess] = field(default_factory=dict)

    def ring(self, name: str) -> Path:
        return self.folder / name

    def hand_out(self) -> None:
        """They read the files."""

    def run(self, service: str, verb: str, *, quiet: bool = False) -> tuple[int, str]:
        one = self.services[service]
        if verb == "left":
            return 0, json.dumps(rotation_command.left(one.service, one.deps, self.parts.amqp_url))
        rotation_command.seal(one.service, one.deps, self.parts.amqp_url)
        return 0, ""

    def texts(self) -> dict[str, str]:
        return {name: self.ring(name).read_text("ascii").strip() for name in (EVENTS, *SERVICES)}


@pytest.fixture(scope="module")
def system(parts: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    made = System(tmp_path_factory.mktemp("rings"), parts)
    for name in (EVENTS, *SERVICES):
        made.ring(name).write_text(keyring(), "ascii")
    with ExitStack() as stack:
        for name in SERVICES:
            own = {"EVENT_KEYS_FILE": str(made.ring(EVENTS)), "DATA_KEYS_FILE": str(made.ring(name))}
            if name in BUCKETS:  # of the test's own, where no service's key reaches
                own |= {
                    "S3_BUCKET": BUCKETS[name], "S3_ACCESS_KEY": parts.s3.access_key,
                    "S3_SECRET_KEY": parts.s3.secret_key,
                }  # fmt: skip
            service = stack.enter_context(in_process(parts, name, SAMPLE_DATA="true", **own))
            made.services[name] = service
            topology.declare(parts.amqp_url, name, service.service.handlers)
        for name in ("documents", "notify"):
            made.services[name].deps.objects.ensure_bucket(BUCKETS[name])
        _empty_queues(parts)
        yield made
        _empty_queues(parts)
        for bucket in BUCKETS.values():
            for one in list(_server(made).list_objects(bucket, recursive=True)):
                _server(made).remove_object(bucket, str(one.object_name))
            _server(made).remove_bucket(bucket)


def _empty_queues(parts: Stack) -> None:
    with pika.BlockingConnection(pika.URLParameters(parts.amqp_url)) as connection:
        channel = connection.channel()
        for name in SERVICES:
            for queue in topology.queues(name):
                channel.queue_purge(queue)


@dataclass
class Before:
    """What people did before the keys changed."""

    case: dict[str, Any]
    nik: str
    helped: dict[str, Any]
    file: dict[str, Any]
    photo: bytes
    grant: str
    request: dict[str, Any]
    answer: dict[str, Any]
    link: str
    letter: dict[str, Any]
    story: Story
    enrolment: str


@pytest.fixture(scope="module")
def before(system: System) -> Before:
    """Something in every table that is sealed, as the services write it."""
    intake, verification, notify = (system.services[name] for name in ("intake", "verification", "notify"))
    person = cast.applicant()
    case = cast.opened(intake, applicant=person)
    photo = jpeg()
    file = send(intake, case["id"], photo, "SURAT_KEHILANGAN").json
    assert intake.work() == ["look_at_file"]
    cast.put_file(intake, case["id"], "PENGANTAR_RT")
    cast.step(intake, case["id"], "submission", "applicant")
    cast.step(intake, case["id"], "receipt")
    told = [event for event in intake.told("application.received") if event["subject"] == case["id"]]
    request = cast.body()
    helped = cast.opened(intake, helper=YUSUF, who={"sub": "yusuf"})
    publish_office(verification)
    introduction = ask(verification)
    link = link_token(verification, introduction["application_id"])
    assert _grant(verification, link).status_code == 200
    documents = system.services["documents"]
    documents_story.office(documents)
    documents_story.catalogue(documents)
    letter = documents_story.Case(documents, "KTP").issued().letter()
    publish(notify)
    story = Story(notify)
    story.tell("application.opened")
    story.ask()
    notify.work()
    return Before(
        case=case, nik=person["nik"], helped=helped, file=file, photo=photo,
        grant=told[0]["data"]["person"]["grants"][file["file_id"]], request=request,
        answer=_post(intake.app.test_client(), request, "before-the-change").json, link=link, letter=letter,
        story=story, enrolment=_enrolment(verification),
    )  # fmt: skip


def _grant(verification: InProcess, token: str) -> Any:
    return verification.call("POST", f"/v1/links/{token}/decision", json={"decision": "grant"})


def _enrolment(verification: InProcess) -> str:
    holder = verification.rows("SELECT id, kelurahan FROM officeholder LIMIT 1")[0]
    keys, expires = verification.deps.data_keys, verification.clock.now() + timedelta(days=30)
    with verification.deps.db.transaction(holder["kelurahan"]) as tx:
        return enrolments.add(tx, keys, holder["kelurahan"], holder["id"], "DAFTAR-7K3M9", expires).code


def _post(client: FlaskClient, body: dict[str, Any], key: str | None, sub: str = "crowd") -> Any:
    headers = bearer("applicant", sub=sub) | ({"Idempotency-Key": key} if key else {})
    return client.post("/v1/applications", json=body, headers=headers)


# What is on the lists


@pytest.mark.parametrize("service", SERVICES)
def test_every_column_that_is_sealed_is_on_the_list_of_what_is_sealed_anew(
    system: System, before: Before, service: str
) -> None:
    holdings = system.services[service].service.holdings
    sealed = {column.name for column in (*OF_THE_PLUMBING, *holdings.columns)} | {"outbox.data"}
    indexes = {column.name for column in holdings.indexes}
    assert dump.sealed_with(system.parts, service).keys() - sealed == set()
    there = {f"{table}.{column}": kind for table, column, kind in dump.columns(system.parts, service)}
    assert (sealed | indexes) - there.keys() == set()
    of_bytes = {name for name, kind in there.items() if kind == "bytea"}
    known = sealed | indexes | PLAIN_HASHES | OF_OWN_KEYS
    assert of_bytes - known == set(), "sealed, indexed, or a hash that needs no key?"


def test_what_looks_sealed_would_be_found(system: System, before: Before) -> None:
    found = dump.sealed_with(system.parts, "intake")
    expected = {"people.sealed", "outbox.data", "idempotency.body", "idempotency.fingerprint", "service_key.sealed"}
    assert found.keys() >= expected
    assert {key for keys in found.values() for key in keys} == {"k1"}


# The change


class Crowd:
    """Callers at two processes, who never rest; every answer that is not as it should be is kept."""

    def __init__(self, system: System, before: Before) -> None:
        self.intake, self.before = system.services["intake"], before
        self.wrong: list[str] = []
        self.done = 0
        self._ended = Event()
        self._db = Database(self.intake.settings.database_url, pool_size=10)
        self.apps = [self.intake.app, self._twin()]

    def _twin(self) -> Flask:
        """Another process of the same service: it has rings of its own, and looks at their files at its own time."""
        service = self.intake.service
        deps = service.build(self.intake.settings, self._db, self.intake.clock)  # type: ignore[arg-type]
        return create_app(
            "intake", service.blueprints, deps=deps, gate=open_gate(self._db, deps.data_keys), title="", description="",
            readiness=make_readiness(service, deps, timedelta),
        )  # fmt: skip

    @contextmanager
    def at_work(self) -> Iterator[None]:
        works = (self._read, self._repeat, self._race, self._again, self._find)
        threads = [Thread(target=self._without_rest, args=(work,)) for work in works]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._ended.set()
            for thread in threads:
                thread.join()
            self._db.close()

    def _without_rest(self, work: Callable[[FlaskClient], None]) -> None:
        for app in itertools.cycle(self.apps):
            if self._ended.is_set():
                return
            try:
                work(app.test_client())
                self.done += 1
            except Exception as error:
                self.wrong.append(f"{work.__name__}: {error!r}")

    def _read(self, client: FlaskClient) -> None:
        where = f"/v1/applications/{self.before.case['id']}"
        assert client.get(where, headers=bearer("officer")).json["applicant"]["nik"]
        content = client.get(
            f"{where}/files/{self.before.file['file_id']}/content?copy=original&purpose=print",
            headers=bearer("officer"),
        )
        assert content.status_code == 200 and content.data == self.before.photo

    def _repeat(self, client: FlaskClient) -> None:
        """What was sent twice with one key is answered once, whichever key sealed the answer."""
        body, key = cast.body(), str(uuid4())
        first, second = (_post(client, body, key) for _ in range(2))
        assert (first.status_code, second.headers.get("Idempotency-Replayed")) == (201, "true"), second.json
        assert first.json == second.json

    def _race(self, _client: FlaskClient) -> None:
        """Two processes at once: a person gets one case for a service, never two."""
        body, together, answers = cast.body(), Barrier(2), list[int]()

        def apply(app: Flask) -> None:
            together.wait()
            answers.append(_post(app.test_client(), body, None, sub=str(uuid4())).status_code)

        threads = [Thread(target=apply, args=(app,)) for app in self.apps]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(answers) == [201, 409], answers

    def _again(self, client: FlaskClient) -> None:
        """Who has an open case from before the change gets no second one."""
        body = cast.body(applicant=cast.applicant(nik=self.before.nik))
        answer = _post(client, body, None)
        assert answer.status_code == 409, answer.json

    def _find(self, client: FlaskClient) -> None:
        asked = client.post("/v1/applications/search", json={"nik": self.before.nik}, headers=bearer("officer"))
        assert [one["id"] for one in asked.json["items"]] == [self.before.case["id"]], asked.json


def test_keys_change_under_load_without_a_failed_request(
    system: System, before: Before, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    old = system.texts()
    assert all(len(key_ids(ring)) == 1 for ring in old.values())
    _lying_plain(system)
    _set_aside(system)
    crowd = Crowd(system, before)
    with crowd.at_work():
        _killed_at_each_line(system, monkeypatch)
        done = crowd.done
        rotate_keys.rotate(system, print, known=1.5)
        with pytest.raises(Refused, match="may still be under way"):
            rotate_keys.retire(system, print)
        _earlier_answer(system)
        rotate_keys.rotate(system, print, known=1.5)
        with pytest.raises(Refused, match=r"(?s)ring intake is still needed.*idempotency\.fingerprint: 1"):
            rotate_keys.retire(system, print, settled=1)
        _forget_earlier_answer(system)
        rotate_keys.retire(system, print, settled=1)
        assert crowd.done > done
        Event().wait(2)
    assert sorted({one[:300] for one in crowd.wrong}) == []
    assert {name: key_ids(ring) for name, ring in system.texts().items()} == dict.fromkeys(old, ["k2"])
    rotate_keys.retire(system, print)
    assert "No ring has an old key" in capsys.readouterr().out


def _killed_at_each_line(system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    for lines in range(0, 12, 3):
        count = itertools.count()

        def say(_line: str, lines: int = lines, count: Iterator[int] = count) -> None:
            if next(count) == lines:
                raise Killed

        with monkeypatch.context() as patch, pytest.raises(Killed):
            patch.setattr(rotation_command, "_say", say)
            rotate_keys.rotate(system, print, known=1.5)


def _lying_plain(system: System) -> None:
    """An object from before objects were sealed."""
    _server(system).put_object(BUCKETS["documents"], "plain", io.BytesIO(b"NIK 1671105503550001"), 20, "text/plain")


def _server(system: System) -> Minio:
    s3 = system.parts.s3
    host = s3.endpoint_url.partition("//")[2]
    return Minio(host, s3.access_key, s3.secret_key, secure=False, region="us-east-1")


def _set_aside(system: System) -> None:
    person = system.services["intake"].deps.event_keys.seal({"name": "Masayu"}, "event:application.opened:1")
    body = {"type": "application.opened", "subject": "1", "data": {"person": person, "status": "draft"}}
    with pika.BlockingConnection(pika.URLParameters(system.parts.amqp_url)) as connection:
        properties = pika.BasicProperties(
            type="application.opened", message_id="m", headers={"x-reason": "why", "x-attempts": 3}, delivery_mode=2
        )
        channel = connection.channel()
        channel.confirm_delivery()
        channel.basic_publish("", topology.dead_queue("documents"), json.dumps(body).encode(), properties)


def _earlier_answer(system: System) -> None:
    """As the release before kept it, with a bare keyed hash."""
    intake = system.services["intake"]
    with intake.deps.db.transaction(EVERY_TENANT) as tx:
        tx.execute(
            "INSERT INTO idempotency (caller, route, key, fingerprint, status, headers, body)"
            " VALUES ('earlier', 'POST /', 'k', %s, 201, '{}', %s)",
            [bytes(range(32)), intake.deps.data_keys.seal("{}", "answer")],
        )


def _forget_earlier_answer(system: System) -> None:
    with system.services["intake"].deps.db.transaction(EVERY_TENANT) as tx:
        tx.execute("DELETE FROM idempotency WHERE caller = 'earlier'")


# Afterwards


@pytest.mark.parametrize("service", SERVICES)
def test_afterwards_nothing_is_sealed_with_an_old_key(system: System, before: Before, service: str) -> None:
    found = dump.sealed_with(system.parts, service)
    assert found and {key for keys in found.values() for key in keys} == {"k2"}


def test_afterwards_all_objects_open_with_the_new_key_alone(system: System, before: Before) -> None:
    ring = Keyring(system.texts()[EVENTS])
    stolen = Keyring(keyring())
    count = 0
    for bucket in BUCKETS.values():
        for one in dump.objects(system.parts, [bucket]):
            sealed = one.sealed
            assert sealed is not None and key_of(sealed) == "k2", one.name
            assert ring.open(sealed, f"object:{one.bucket}/{one.name}")["size"]
            with pytest.raises(CannotOpen):
                stolen.open(sealed, f"object:{one.bucket}/{one.name}")
            assert b"1671105503550001" not in one.content
            count += 1
    assert count >= 5  # a photo, its viewing copy, a letter, a form, and the one that lay there plain
    with system.services["documents"].deps.objects.get(BUCKETS["documents"], "plain") as opened:
        assert b"".join(opened) == b"NIK 1671105503550001"


def test_afterwards_what_was_set_aside_opens_with_the_new_key(system: System, before: Before) -> None:
    [letter] = dead.letters(system.parts.amqp_url, "documents")
    assert (letter.message_id, letter.reason, letter.attempts) == ("m", "why", 3)
    person = letter.body["data"].pop("person")
    assert letter.body["data"] == {"status": "draft"}
    assert Keyring(system.texts()[EVENTS]).open(person, "event:application.opened:1") == {"name": "Masayu"}


def test_afterwards_everybody_goes_on_where_he_was(system: System, before: Before) -> None:
    intake, verification, notify = (system.services[name] for name in ("intake", "verification", "notify"))
    again = _post(intake.app.test_client(), before.request, "before-the-change")
    assert (again.headers.get("Idempotency-Replayed"), again.json) == ("true", before.answer)
    other = _post(intake.app.test_client(), cast.body(), "before-the-change")
    assert other.status_code == 422
    found = intake.call("POST", "/v1/applications/search", "officer", json={"nik": before.nik})
    assert [one["id"] for one in found.json["items"]] == [before.case["id"]]
    where = f"/v1/applications/{before.case['id']}/files/{before.file['file_id']}/content"
    assert intake.call("GET", f"{where}?copy=view&grant={before.grant}").status_code == 200
    assert intake.call("GET", f"{where}?copy=view&grant=A{before.grant[1:]}").status_code == 404
    cast.opened(intake, helper=YUSUF, who={"sub": "yusuf"})
    assert [row["cases"] for row in intake.rows("SELECT cases FROM helper")] == [2], "the helper is still the same one"
    with verification.deps.db.transaction("16.71.10.1001") as tx:
        keys = verification.deps.data_keys
        assert enrolments.whose(tx, keys, before.enrolment, verification.clock.now()) is not None
        assert people.phone_indexes(keys, "x") == [people.phone_index(keys, "x")]
    assert _grant(verification, before.link).status_code == 200, "the same decision again changes nothing"
    other = verification.call(
        "POST", f"/v1/links/{before.link}/decision", json={"decision": "refuse", "reason": "not_resident"}
    )
    assert other.status_code == 409
    letter = system.services["documents"].call("GET", f"/v1/letters/{before.letter['id']}/content", "lurah")
    assert hashlib.sha256(letter.data).hexdigest() == before.letter["sha256"]
    assert before.story.sent()
    phone = notify.deps.data_keys.blind_index(_phone(notify), "phone")
    assert notify.rows("SELECT true FROM people WHERE phone_index = %s", [phone])


def _phone(notify: InProcess) -> str:
    row = notify.rows("SELECT p.id, p.sealed FROM message m JOIN people p ON p.id = m.person_id LIMIT 1")[0]
    return str(notify.deps.data_keys.open(row["sealed"], f"person:{row['id']}")["phone"])


def test_a_stolen_old_key_opens_nothing_of_a_dump_made_afterwards(system: System, before: Before) -> None:
    for service in SERVICES:
        thief = Keyring(keyring())
        for row in system.services[service].rows("SELECT id, sealed FROM people"):
            assert looks_sealed(row["sealed"])
            with pytest.raises(CannotOpen):
                thief.open(row["sealed"], f"person:{row['id']}")
