"""A stranger sends a PDF: is it ours, changed, somebody else's with our code, or nothing of ours?"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from io import BytesIO
from typing import Any

import pytest

from documents.inspection import Inspector
from tests.integration.documents.story import Case
from tests.support import strangers
from tests.support.services import InProcess


@pytest.fixture(scope="module")
def letter(desk: InProcess) -> dict[str, Any]:
    """A letter as its office has it, with its bytes and its code."""
    return with_bytes(desk, Case(desk).issued().letter())


def with_bytes(desk: InProcess, letter: dict[str, Any]) -> dict[str, Any]:
    pdf = desk.call("GET", f"/v1/letters/{letter['id']}/content", "officer").data
    assert sha256(pdf).hexdigest() == letter["sha256"]
    return letter | {"pdf": pdf, "token": letter["check_url"].rsplit("/", 1)[1]}


def send(desk: InProcess, content: bytes) -> Any:
    return desk.call("POST", "/v1/checks", data={"file": (BytesIO(content), "surat.pdf")})


def test_exactly_our_bytes_are_genuine_whichever_way_they_are_sent(desk: InProcess, letter: dict[str, Any]) -> None:
    answer = send(desk, letter["pdf"])
    assert answer.status_code == 200, answer.text
    told = answer.json
    assert (told["result"], told["found"], told["sha256"]) == ("genuine", ["our_bytes"], letter["sha256"])
    assert told["letter"] == desk.call("GET", f"/v1/checks/{letter['token']}").json
    assert told["letter"]["statement"] in told["statement"] and "Rohana" not in answer.text
    plain = desk.call("POST", "/v1/checks", data=letter["pdf"], headers={"Content-Type": "application/pdf"})
    assert plain.json == told


def test_a_letter_with_more_after_its_end_is_changed(desk: InProcess, letter: dict[str, Any]) -> None:
    for content in (letter["pdf"] + b"\n", letter["pdf"] + b"x", strangers.appended(letter["pdf"])):
        told = send(desk, content).json
        assert (told["result"], told["found"]) == ("changed", ["our_bytes"])
        assert told["letter"]["number"] == letter["number"] and "SUDAH BERUBAH" in told["statement"]


def test_a_letter_that_was_saved_again_is_changed(desk: InProcess, letter: dict[str, Any]) -> None:
    told = send(desk, strangers.saved_again(letter["pdf"])).json
    assert (told["result"], told["found"]) == ("changed", ["our_code", "our_number"])
    assert told["letter"]["sha256"] == letter["sha256"] != told["sha256"]


def test_our_code_without_the_letters_number_is_a_foreign_file(desk: InProcess, letter: dict[str, Any]) -> None:
    for content in (
        strangers.sheet_with_code(letter["check_url"]),
        strangers.photographed(letter["pdf"]),
        strangers.written("Surat lain, lihat", letter["check_url"]),
    ):
        told = send(desk, content).json
        assert told["result"] == "foreign_file_with_our_code" and "BUKAN berkas" in told["statement"]
        assert told["letter"]["number"] == letter["number"]


def test_somebody_elses_file_is_unknown(desk: InProcess, letter: dict[str, Any]) -> None:
    host = desk.settings.public_url
    for content in (
        strangers.written("Surat dari kantor lain", letter["number"]),
        strangers.sheet_with_code(f"https://bukan-kami.example/periksa/{letter['token']}"),
        strangers.sheet_with_code(f"{host}/lacak/{letter['token']}"),
    ):
        told = send(desk, content).json
        assert (told["result"], told["found"], told["letter"]) == ("unknown", [], None)
        assert "alamat pemeriksaan kami" not in told["statement"]
    invented = send(desk, strangers.sheet_with_code(f"{host}/periksa/7K3MQ9X2VZ5TB8RDW4HC0N1PJS")).json
    assert invented["result"] == "unknown" and "TIDAK ADA surat dengan kode itu" in invented["statement"]


def test_the_file_of_a_letter_that_is_not_issued_yet_is_unknown(desk: InProcess) -> None:
    case = Case(desk).verified()
    draft = desk.call("GET", f"/v1/letters/{case.letter()['id']}/preview", "officer")
    assert draft.status_code == 200 and send(desk, draft.data).json["result"] == "unknown"


def test_the_file_of_a_void_letter_is_genuine_and_void(desk: InProcess) -> None:
    letter = with_bytes(desk, Case(desk).issued().letter())
    voided = desk.call("POST", f"/v1/letters/{letter['id']}/void", "lurah", json={"reason": "Salah nama ayah"})
    assert voided.status_code == 200, voided.text
    told = send(desk, letter["pdf"]).json
    assert (told["result"], told["letter"]["result"]) == ("genuine", "void") and "DIBATALKAN" in told["statement"]


@pytest.mark.parametrize(
    ("content", "slug", "status"),
    [
        (b"Ini bukan PDF.", "not-a-pdf", 422),
        (b"", "not-a-pdf", 422),
        (b"%PDF-1.7\n" + b"\0" * 5000, "not-a-pdf", 422),
        (strangers.locked(strangers.written("rahasia")), "pdf-locked", 422),
        (strangers.written("panjang", pages=10_000), "too-many-pages", 422),
        (b"%PDF-1.7\n" + bytes(11_000_000), "file-too-large", 413),
    ],
    ids=["text", "empty", "broken", "locked", "10000 pages", "11 MB"],
)
def test_what_cannot_be_examined_is_refused_with_the_reason(
    desk: InProcess, letter: dict[str, Any], content: bytes, slug: str, status: int
) -> None:
    answer = send(desk, content)
    assert (answer.status_code, answer.json["type"]) == (status, f"urn:problem:{slug}")
    assert answer.mimetype == "application/problem+json"
    assert send(desk, letter["pdf"]).json["result"] == "genuine"  # the next one is served
    assert desk.deps.spool.used == 0


def test_a_body_without_an_end_is_cut_at_the_limit(desk: InProcess) -> None:
    answer = desk.call(
        "POST", "/v1/checks", headers={"Content-Type": "application/pdf"},
        environ_overrides={"wsgi.input": Endless(), "wsgi.input_terminated": True, "CONTENT_LENGTH": ""},
    )  # fmt: skip
    assert (answer.status_code, answer.json["type"]) == (413, "urn:problem:file-too-large")


class Endless:
    """A client that never stops, and does not say how much it will send."""

    def read(self, size: int = -1) -> bytes:
        assert size > 0
        return b"x" * size

    readline = read

    def close(self) -> None:
        """Nothing to be closed."""


@contextmanager
def looked_at_by(desk: InProcess, inspector: Inspector) -> Iterator[None]:
    before, desk.deps.inspector = desk.deps.inspector, inspector
    try:
        yield
    finally:
        desk.deps.inspector = before


def test_a_file_that_never_ends_being_drawn_is_given_up_and_the_next_is_served(
    desk: InProcess, letter: dict[str, Any]
) -> None:
    with looked_at_by(desk, Inspector(timeout=1.5)):
        answer = send(desk, strangers.endless())
        assert (answer.status_code, answer.json["type"]) == (422, "urn:problem:file-not-readable")
        assert send(desk, strangers.saved_again(letter["pdf"])).json["result"] == "changed"


def test_one_file_and_no_fields(desk: InProcess) -> None:
    pdf = strangers.written("dua")
    two = {"file": (BytesIO(pdf), "a.pdf"), "other": (BytesIO(pdf), "b.pdf")}
    assert desk.call("POST", "/v1/checks", data=two).json["type"] == "urn:problem:one-file-only"
    field = {"file": (BytesIO(pdf), "a.pdf"), "nik": "1671105503550001"}
    assert desk.call("POST", "/v1/checks", data=field).status_code == 422
    assert desk.call("POST", "/v1/checks", json={}).status_code == 415


def test_nothing_of_the_file_is_kept_or_logged(
    desk: InProcess, letter: dict[str, Any], caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    tables = "SELECT sum(n_live_tup) AS n FROM pg_stat_user_tables"
    before = desk.rows("SELECT id, version FROM letter ORDER BY id"), desk.rows(tables)
    with caplog.at_level(logging.DEBUG):
        assert send(desk, strangers.saved_again(letter["pdf"])).json["result"] == "changed"
    assert (desk.rows("SELECT id, version FROM letter ORDER BY id"), desk.rows(tables)) == before
    out = caplog.text + "".join(capfd.readouterr())
    assert letter["token"] not in out and letter["number"] not in out
