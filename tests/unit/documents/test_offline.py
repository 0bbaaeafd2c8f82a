"""A signed letter against the office's certificate, without any network."""

from __future__ import annotations

import os
import random
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from documents.offline import INVALID, UNUSABLE, VALID, check, main
from documents.render import RenderPool
from tests.support.signing import Identity, identity
from tests.support.strangers import appended, saved_again
from tests.unit.documents.samples import DOCUMENT_DATE, SAMPLES

NAME = "Hj. Rusmala Dewi, S.Sos., M.Si."


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("it reached for the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.fixture(scope="module")
def letter() -> bytes:
    """A letter as our own layouts draw it."""
    with RenderPool(1) as pool:
        return pool.render("n1", SAMPLES["n1"].to_json(), document_date=DOCUMENT_DATE)


@pytest.fixture(scope="module")
def office() -> Identity:
    return identity(NAME)


@pytest.fixture(scope="module")
def signed(letter: bytes, office: Identity) -> bytes:
    return office.sign(letter)


def verdict(pdf: bytes, certificate: Identity) -> str:
    return check(pdf, certificate.pem).verdict


def test_a_letter_signed_with_the_certificate_is_valid(signed: bytes, office: Identity) -> None:
    found = check(signed, office.pem)
    assert found.verdict == "valid" and NAME.split(",")[0] in (found.signer or "")
    assert found.at is not None and found.at.utcoffset() is not None


def test_a_certificate_that_somebody_else_issued_is_enough_by_itself(letter: bytes) -> None:
    head = identity(NAME, issuer=identity("PSrE Contoh"))
    assert verdict(head.sign(letter), head) == "valid"


def test_one_byte_changed_anywhere_is_never_valid(signed: bytes, office: Identity) -> None:
    gap = re.search(rb"/Contents\s*<[0-9a-fA-F]+>", signed)
    assert gap is not None  # the signature itself is not what it signs
    chosen = random.Random(7)
    for place in [len(signed) // 4, *(chosen.randrange(len(signed)) for _ in range(40))]:
        if not gap.start() <= place < gap.end():
            changed = signed[:place] + bytes([signed[place] ^ 1]) + signed[place + 1 :]
            assert main_code(changed, office) != VALID, place
    content = signed.index(b"stream") + 40
    assert verdict(signed[:content] + bytes([signed[content] ^ 1]) + signed[content + 1 :], office) == "changed"


def main_code(pdf: bytes, office: Identity) -> int:
    from documents.offline import VERDICTS, Unusable

    try:
        return VERDICTS[verdict(pdf, office)][0]
    except Unusable as problem:
        return VERDICTS[str(problem)][0]


def test_a_broken_signature_is_a_change(signed: bytes, office: Identity) -> None:
    place = signed.index(b"/Contents <") + 400
    digit = b"0" if signed[place : place + 1] != b"0" else b"1"
    assert verdict(signed[:place] + digit + signed[place + 1 :], office) == "changed"


def test_another_certificate_is_not_believed_even_with_the_same_name(signed: bytes, letter: bytes) -> None:
    assert verdict(signed, identity(NAME)) == "other"
    forged = identity(NAME).sign(letter)
    assert verdict(forged, identity(NAME)) == "other"


def test_an_issuer_is_not_taken_for_the_office(letter: bytes) -> None:
    issuer = identity("PSrE Contoh")
    assert verdict(identity(NAME, issuer=issuer).sign(letter), issuer) == "other"


def test_unsigned_says_so(letter: bytes, signed: bytes, office: Identity) -> None:
    assert verdict(letter, office) == "unsigned"
    assert verdict(saved_again(letter), office) == "unsigned"


def test_what_was_added_after_the_signature_is_told(signed: bytes, office: Identity) -> None:
    assert verdict(identity("Orang lain").sign(signed, "Lain"), office) == "added"
    assert verdict(appended(signed), office) == "added"


def test_two_signatures_the_last_of_which_is_the_offices_are_valid(letter: bytes, office: Identity) -> None:
    assert verdict(office.sign(identity("Sekretaris").sign(letter, "Paraf")), office) == "valid"


def test_a_certificate_that_had_ended_when_it_was_used_is_told(letter: bytes) -> None:
    ended, coming = identity(NAME, days=(-30, -1)), identity(NAME, days=(1, 30))
    assert verdict(ended.sign(letter), ended) == verdict(coming.sign(letter), coming) == "untimely"


@pytest.mark.parametrize(
    ("pdf", "pem", "said"),
    [
        (b"tidak ada PDF", None, "bukan PDF"), (b"", None, "bukan PDF"), (b"%PDF-1.7\n%%EOF", None, "bukan PDF"),
        (None, b"tidak ada", "tepat satu sertifikat"), (None, b"", "tepat satu sertifikat"),
        (None, "two", "tepat satu sertifikat"),
    ],
)  # fmt: skip
def test_what_cannot_be_checked_ends_with_2(
    tmp_path: Path, signed: bytes, office: Identity, pdf: bytes | None, pem: bytes | str | None, said: str,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    certificate = office.pem + identity("Lain").pem if pem == "two" else pem if isinstance(pem, bytes) else office.pem
    (tmp_path / "surat.pdf").write_bytes(signed if pdf is None else pdf)
    (tmp_path / "kantor.pem").write_bytes(certificate)
    assert main([str(tmp_path / "surat.pdf"), "--certificate", str(tmp_path / "kantor.pem")]) == UNUSABLE
    assert said in capsys.readouterr().out
    missing = main([str(tmp_path / "tidak-ada.pdf"), "--certificate", str(tmp_path / "kantor.pem")])
    assert missing == UNUSABLE


def test_as_a_command_it_needs_no_settings_and_says_it_in_both_languages(
    tmp_path: Path, letter: bytes, signed: bytes, office: Identity
) -> None:
    (tmp_path / "kantor.pem").write_bytes(office.pem)
    for pdf, code, words in (
        (signed, VALID, ("SAH", "VALID", "Rusmala")),
        (letter, INVALID, ("TIDAK BERTANDA", "NOT")),
    ):
        (tmp_path / "surat.pdf").write_bytes(pdf)
        command = [sys.executable, "-m", "documents", "check-letter", "surat.pdf", "--certificate", "kantor.pem"]
        paths = os.pathsep.join(path for path in sys.path if path)
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, env={"PYTHONPATH": paths})
        assert (done.returncode, done.stderr) == (code, "") and all(word in done.stdout for word in words)
