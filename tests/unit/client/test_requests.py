"""The client's requests: what is sent again and what never, tokens, and errors by their kind."""

from __future__ import annotations

import socket
import threading
import time
from typing import Any

import pytest

from pengantar_client import (
    Bearer,
    Client,
    Conflict,
    Failing,
    Invalid,
    MachineKey,
    NotFound,
    NotSignedIn,
    Patience,
    Refused,
    TooMuch,
    Unreachable,
)
from pengantar_client.patience import is_worth_repeating
from pengantar_client.transport import Request, without_secrets
from tests.support.scripted import HANGS_UP, Says, Scripted, scripted

QUICK = Patience(seconds=5, first_gap=0.01, longest_gap=0.05)
AWAY = Says(503, {"type": "urn:problem:unavailable"})
DONE = Says(201, {"id": "1"})


def client(server: Scripted, caller: Any = None, patience: Patience = QUICK) -> Client:
    return Client(server.url, caller, patience=patience)


def problem(status: int, slug: str, **more: Any) -> Says:
    return Says(status, {"type": f"urn:problem:{slug}", "title": "Judul", "detail": "Kalimat."} | more)


@pytest.mark.parametrize(
    "first", [HANGS_UP, AWAY, problem(409, "idempotency-key-in-use"), Says(201, b"{", breaks=True)]
)
def test_a_post_of_which_the_answer_was_lost_is_sent_again_with_the_same_key_and_body(first: Says | None) -> None:
    with scripted(first, DONE) as server:
        assert client(server).applications.create({"service": "KTP"}) == {"id": "1"}
    keys = {asked.headers["idempotency-key"] for asked in server.asked}
    assert len(server.asked) == 2 and len(keys) == 1
    assert {asked.body for asked in server.asked} == {b'{"service": "KTP"}'}


def test_two_posts_have_two_keys_and_a_key_of_ones_own_is_kept() -> None:
    with scripted(DONE) as server:
        for key in (None, None, "berkas-7"):
            client(server).applications.create({}, key=key)
    keys = [asked.headers["idempotency-key"] for asked in server.asked]
    assert len(set(keys)) == 3 and keys[2] == "berkas-7"


@pytest.mark.parametrize("first", [HANGS_UP, AWAY])
def test_without_a_key_nothing_is_sent_again_that_may_have_been_done(first: Says | None) -> None:
    with scripted(first, DONE) as server, pytest.raises((Unreachable, Failing)):
        client(server).api.transport.send(Request("POST", "/v1/x", body=b"{}"))
    assert len(server.asked) == 1
    assert not is_worth_repeating(503, "", repeatable=False) and is_worth_repeating(503, "", repeatable=True)


@pytest.mark.parametrize("status", [400, 403, 404, 409, 412, 422, 500])
def test_a_no_is_not_asked_again(status: int) -> None:
    with scripted(problem(status, "no")) as server, pytest.raises(Refused):
        client(server).api.get("/v1/x")
    assert len(server.asked) == 1


def test_what_is_too_much_is_asked_again_when_the_answer_says() -> None:
    with scripted(Says(429, {}, {"Retry-After": "1"}), DONE) as server:
        begun = time.monotonic()
        client(server).api.get("/v1/x")
    assert time.monotonic() - begun >= 1


def test_what_has_to_wait_longer_than_the_patience_is_said_at_once() -> None:
    said = problem(429, "quota-exceeded", **{"violated-policies": ["day"]})
    with scripted(Says(429, said.body, {"Retry-After": "3600"})) as server, pytest.raises(TooMuch) as refused:
        client(server).api.get("/v1/x")
    assert refused.value.retry_after == 3600 and refused.value.document["violated-policies"] == ["day"]
    assert len(server.asked) == 1


def test_patience_ends() -> None:
    with scripted(AWAY) as server, pytest.raises(Failing):
        client(server, patience=Patience(seconds=0.3, first_gap=0.01, longest_gap=0.05)).api.get("/v1/x")
    assert len(server.asked) > 3


def test_gaps_grow_up_to_a_longest_and_are_not_the_same_for_all() -> None:
    patience = Patience(first_gap=1, longest_gap=8)
    for repetitions, grown in enumerate((1, 2, 4, 8, 8)):
        gaps = {patience.gap(repetitions) for _ in range(20)}
        assert len(gaps) > 1 and all(grown / 2 <= gap <= grown for gap in gaps)
    assert patience.gap(10_000) <= 8


def test_nobody_there_is_an_error_of_its_own() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    with pytest.raises(Unreachable):
        Client(f"http://127.0.0.1:{port}", patience=Patience(seconds=0.1, first_gap=0.01)).api.get("/v1/x")


def test_an_error_says_what_the_problem_document_says() -> None:
    document = {
        "type": "urn:problem:incomplete", "title": "Berkas belum lengkap", "status": 422, "detail": "Masih kurang.",
        "errors": {"applicant.nik": ["Harus 16 angka."]}, "missing": ["KK"], "instance": "urn:request:7",
    }  # fmt: skip
    with scripted(Says(422, document)) as server, pytest.raises(Invalid) as refused:
        client(server).applications.submit("7")
    error = refused.value
    assert (error.slug, error.detail, error.instance) == ("incomplete", "Masih kurang.", "urn:request:7")
    assert error.errors == {"applicant.nik": ["Harus 16 angka."]} and error.document["missing"] == ["KK"]
    assert "422 incomplete" in str(error) and "applicant.nik" in str(error)


def test_an_answer_that_is_no_problem_document_is_an_error_all_the_same() -> None:
    with scripted(Says(404, b"<html>")) as server, pytest.raises(NotFound) as refused:
        client(server).api.get("/v1/x")
    assert refused.value.status == 404 and refused.value.slug == "about:blank"


def test_a_list_is_read_page_after_page() -> None:
    pages = [Says(200, {"items": [1, 2], "next_cursor": "x y"}), Says(200, {"items": [3], "next_cursor": None})]
    with scripted(*pages) as server:
        assert list(client(server).applications.list(late="true")) == [1, 2, 3]
    assert [asked.path.partition("?")[2] for asked in server.asked] == ["late=true", "late=true&cursor=x+y"]


# --- tokens ---------------------------------------------------------------------------------------------


def gives(token: str, seconds: int = 300) -> Says:
    return Says(201, {"access_token": token, "expires_in": seconds})


def test_a_machines_token_is_got_once_and_used_by_all_threads() -> None:
    with scripted(gives("satu"), Says(200, {})) as server:
        city = client(server, MachineKey("id", "rahasia", ["events.read"]))
        threads = [threading.Thread(target=city.api.get, args=["/v1/x"]) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert [asked.path for asked in server.asked].count("/v1/auth/machines") == 1
    assert {asked.headers.get("authorization") for asked in server.asked[1:]} == {"Bearer satu"}
    assert b'"scopes": ["events.read"]' in server.asked[0].body and "authorization" not in server.asked[0].headers


def test_a_token_is_renewed_before_it_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    with scripted(gives("satu"), Says(200, {}), Says(200, {}), gives("dua"), Says(200, {})) as server:
        city, begun = client(server, MachineKey("id", "rahasia")), time.monotonic()
        for later in (0, 269, 271):
            monkeypatch.setattr("pengantar_client.tokens.time.monotonic", lambda later=later: begun + later)
            city.api.get("/v1/x")
    assert [asked.headers.get("authorization") for asked in server.asked] == [
        None, "Bearer satu", "Bearer satu", None, "Bearer dua",
    ]  # fmt: skip


def test_a_token_that_is_refused_is_replaced_once_and_then_the_no_counts() -> None:
    no = problem(401, "unauthorized")
    with scripted(gives("satu"), no, gives("dua"), Says(200, {"yes": 1})) as server:
        assert client(server, MachineKey("id", "rahasia")).api.get("/v1/x") == {"yes": 1}
    with scripted(gives("satu"), no, gives("dua"), no) as server, pytest.raises(NotSignedIn):
        client(server, MachineKey("id", "rahasia")).api.get("/v1/x")
    assert len(server.asked) == 4
    with scripted(no) as server, pytest.raises(NotSignedIn):
        client(server, Bearer("tetap")).api.get("/v1/x")
    assert len(server.asked) == 1


def test_a_token_goes_to_no_other_address() -> None:
    with scripted(Says(200, b"pdf")) as ours, scripted(Says(200, b"pdf")) as other:
        city = client(ours, Bearer("rahasia"))
        city.api.download(f"{other.url}/surat.pdf")
        city.api.download(f"{ours.url}/surat.pdf")
    assert "authorization" not in other.asked[0].headers
    assert ours.asked[0].headers["authorization"] == "Bearer rahasia"


def test_neither_a_key_nor_a_links_token_is_shown() -> None:
    assert "rahasia" not in repr(Bearer("rahasia")) and "rahasia" not in repr(MachineKey("id", "rahasia"))
    for path in ("/v1/links/rahasia/decision", "https://x.example/t/rahasia", "/v1/x?phone=rahasia"):
        assert "rahasia" not in without_secrets(path)


def test_a_conflict_has_what_the_answer_says_of_it() -> None:
    with scripted(problem(409, "not-allowed-now", actions=[])) as server, pytest.raises(Conflict) as refused:
        client(server).applications.withdraw("7", "Sudah ditemukan")
    assert refused.value.slug == "not-allowed-now" and refused.value.document["actions"] == []
