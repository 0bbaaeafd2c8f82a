"""Many verified cases in the queue of documents, and many officers who sign their letters while processes die."""

from __future__ import annotations

import base64
import hashlib
import json
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from threading import Event, Thread
from typing import Any
from uuid import uuid4

import pika
import pypdfium2

from contracts import contract
from deploy.demo import certificates
from deploy.demo.client import Person
from deploy.local.stack import Stack
from deploy.token import token_for
from kit.bus import dead, envelope, topology
from kit.sealed import Keyring
from tests.integration.documents import story
from tests.integration.documents.story import Case
from tests.support.eventually import eventually
from tests.support.outcome import rows
from tests.support.services import StoppedClock

TENANT = "16.71.10.1077"
KINDS = ("business_place", "kk_introduction", "ktp_introduction", "n1")
OFFICERS = 50
BATCH = 10
LETTERS = f"FROM letter WHERE kelurahan = '{TENANT}' AND NOT form"


@dataclass
class Queue:
    """The queue of documents on a stack. Events are put straight into it, so that nobody else hears of them."""

    stack: Stack
    clock: StoppedClock = field(default_factory=StoppedClock)

    def __post_init__(self) -> None:
        environment = self.stack.env("documents")
        self._keys = Keyring(Path(environment["EVENT_KEYS_FILE"]).read_text("ascii").strip())
        self._connection = pika.BlockingConnection(topology.parameters(self.stack.amqp_url, "crowd"))
        self._channel = self._connection.channel()
        self._channel.confirm_delivery()

    def feed(self, event_type: str, data: dict[str, Any], *, subject: Any, tenant: str = TENANT) -> None:
        """Puts one event there, as its producer tells it; each subject's first."""
        kind = contract(event_type)
        if isinstance(data.get("person"), dict):
            data = data | {"person": self._keys.seal(data["person"], f"event:{event_type}:{subject}")}
        row = {
            "event_id": uuid4(), "type": event_type, "version": kind.version, "subject": str(subject), "sequence": 1,
            "tenant": tenant, "time": datetime.now(UTC), "trace": None,
            "data": json.dumps(kind.schema().dump(kind.schema().load(data)), default=str),
        }  # fmt: skip
        properties = pika.BasicProperties(
            message_id=str(row["event_id"]), type=event_type, delivery_mode=2, content_type=envelope.CONTENT_TYPE
        )
        self._channel.basic_publish("", "documents", envelope.encode(kind.producers[0], row), properties, True)

    @property
    def waiting(self) -> int:
        found: int = self._channel.queue_declare("documents", passive=True).method.message_count
        return found


@contextmanager
def documents_alone(stack: Stack) -> Iterator[Queue]:
    """The others are stopped: what documents tells waits in their queues."""
    for service in ("intake", "verification", "notify"):
        for role in ("web", "worker"):
            stack.stop(service, role)
    yield Queue(stack)


def queue_verified(queue: Queue, many: int) -> None:
    """An office, its four services, and so many verified cases, KK, KTP, NIKAH and SITU in turn."""
    story.office(queue, TENANT)  # type: ignore[arg-type]
    story.catalogue(queue, TENANT)  # type: ignore[arg-type]
    for i in range(many):
        Case(queue, tuple(story.SOPS)[i % 4], tenant=TENANT).tell("verified")  # type: ignore[arg-type]


def assert_each_case_is_drafted_once(stack: Stack, many: int, *, within: float) -> None:
    """Letters and forms of each case, once."""
    eventually(lambda: _drafted(stack) >= many, within=within, every=0.5, what=f"{many} letters drafted")
    kinds = rows(stack, "documents", f"SELECT application_id, kind, status {LETTERS}")
    assert Counter(kind for _, kind, _ in kinds) == dict.fromkeys(KINDS, many // 4)
    assert len({case for case, *_ in kinds}) == many and {status for *_, status in kinds} == {"drafted"}
    forms = rows(
        stack, "documents", f"SELECT kind, count(*) FROM letter WHERE kelurahan = '{TENANT}' AND form GROUP BY 1"
    )
    assert dict(forms) == {"f102": many // 2, "n2": many // 4}


def _drafted(stack: Stack) -> int:
    return int(rows(stack, "documents", f"SELECT count(*) {LETTERS} AND status = 'drafted'")[0][0])


@contextmanager
def killing_at_random(stack: Stack, roles: tuple[str, ...], seed: str) -> Iterator[Counter[str]]:
    """A process of documents dies every few seconds, and is started again; how often each did."""
    chance, over, died = random.Random(seed), Event(), Counter[str]()

    def trouble() -> None:
        while not over.wait(chance.uniform(4, 10)):
            role = chance.choice(roles)
            stack.kill("documents", role)
            died[role] += 1
            time.sleep(chance.uniform(0, 1))  # it is away so long
            stack.start("documents", role)

    thread = Thread(target=trouble)
    thread.start()
    try:
        yield died
    finally:
        over.set()
        thread.join()


@dataclass
class Crowd:
    """Officers, each a lurah of the same office: some sign with a certificate, many at once; others decide."""

    stack: Stack

    def __post_init__(self) -> None:
        key = self.stack.token_key_file.read_text("ascii")
        self._token: Callable[[str, str], str] = lambda role, sub: token_for(key, role, sub=sub, kelurahan=TENANT)

    def person(self, role: str, sub: str) -> Person:
        return Person(self.stack.base_url, self._token(role, sub))

    def sign_all(self) -> None:
        """Each takes a share of the drafts. Returns when all have had their answers."""
        found = rows(self.stack, "documents", f"SELECT id, preview_sha256 {LETTERS} ORDER BY id")
        drafts = [{"letter_id": str(letter_id), "preview_sha256": read} for letter_id, read in found]
        with ThreadPoolExecutor(OFFICERS) as pool:
            list(pool.map(self._work, range(OFFICERS), (drafts[i::OFFICERS] for i in range(OFFICERS))))

    def _work(self, n: int, drafts: list[dict[str, str]]) -> None:
        who = self.person("lurah", f"lurah:{n}")
        if n % 2:
            self._sign(who, drafts)
        else:
            for draft in drafts:
                body = {"decision": "issue", "preview_sha256": draft["preview_sha256"], "method": "approval"}
                who.post(f"/v1/letters/{draft['letter_id']}/decision", body)

    def _sign(self, who: Person, drafts: list[dict[str, str]]) -> None:
        pkcs12 = base64.b64encode(certificates.signer("Lurah Contoh", days=(-3650, 3650))).decode()
        who.put("/v1/signatures/certificate", {"pkcs12": pkcs12, "passphrase": certificates.PASSPHRASE})
        for first in range(0, len(drafts), BATCH):
            wanted = drafts[first : first + BATCH]
            body = {"letters": wanted, "method": "certificate", "passphrase": certificates.PASSPHRASE}
            answer = who.post_until("/v1/signatures", body, _all_issued)
            assert [one["letter"]["id"] for one in answer["items"]] == [one["letter_id"] for one in wanted]

    def void(self, many: int) -> list[str]:
        """A lurah voids some issued letters."""
        found = rows(self.stack, "documents", f"SELECT id {LETTERS} AND status = 'issued' ORDER BY number LIMIT {many}")
        who = self.person("lurah", "lurah:voids")
        for (letter_id,) in found:
            who.post(f"/v1/letters/{letter_id}/void", {"reason": "Salah ketik"})
        return [str(letter_id) for (letter_id,) in found]

    def book(self) -> list[dict[str, Any]]:
        """The year's book, as an officer pages through it."""
        who, lines, more = self.person("officer", "officer:book"), [], {}
        while True:
            page = who.get("/v1/registers/2026", limit=200, **more)
            lines += page["items"]
            if page["next_cursor"] is None:
                return lines
            more = {"cursor": page["next_cursor"]}


def _all_issued(answer: dict[str, Any]) -> bool:
    refused = [one["problem"]["type"] for one in answer["items"] if one["problem"]]
    assert set(refused) <= {"urn:problem:not-prepared"}, refused
    return all(one["letter"]["status"] == "issued" for one in answer["items"])


def assert_the_book_is_whole(crowd: Crowd, many: int, *, within: float) -> None:
    """Numbers are consecutive, each letter has one, each is one letter's; each is told and stored once."""
    stack = crowd.stack
    issued = f"SELECT count(*) {LETTERS} AND status = 'issued'"
    eventually(lambda: rows(stack, "documents", issued) == [(many,)], within=within, every=0.5, what="all are issued")
    lines = crowd.book()
    assert [line["n"] for line in lines] == list(range(1, many + 1)), "consecutive, without a hole or a double"
    assert len({line["number"] for line in lines}) == len({line["letter_id"] for line in lines}) == many
    letters = rows(stack, "documents", f"SELECT id::text, number {LETTERS}")
    assert {line["letter_id"]: line["number"] for line in lines} == dict(letters)
    told = rows(stack, "documents", "SELECT data::json->>'letter_id' FROM outbox WHERE type = 'letter.issued'")
    assert sorted(letter for (letter,) in told) == sorted(letter for letter, _ in letters)
    assert rows(stack, "documents", "SELECT kind, last_error FROM job WHERE state = 'dead'") == []
    assert dead.letters(stack.amqp_url, "documents") == []


def assert_letters_are_what_their_checks_say(crowd: Crowd, seed: str, many: int = 20) -> None:
    """Some of them, drawn at random: the bytes have the hash of the check, and print their own number."""
    officer, anyone = crowd.person("officer", "officer:looks"), Person(crowd.stack.base_url)
    lines = crowd.book()
    for line in random.Random(seed).sample(lines, many):
        letter = officer.get(f"/v1/letters/{line['letter_id']}")
        content = officer.download(f"/v1/letters/{letter['id']}/content")
        check = anyone.get(letter["check_url"])
        assert check["result"] == "valid" and check["number"] == line["number"]
        assert check["sha256"] == hashlib.sha256(content).hexdigest()
        text = pypdfium2.PdfDocument(BytesIO(content))[0].get_textpage().get_text_range()
        assert line["number"] in "".join(text.split())
