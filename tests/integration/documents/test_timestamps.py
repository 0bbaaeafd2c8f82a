"""Signatures with a time-stamp where an authority is named; without an answer of it nothing is signed."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from deploy.demo import certificates
from documents.signing import timestamps
from documents.usecases import signing
from tests.integration.documents.story import Case
from tests.integration.documents.test_signing import SECRET, check, content, decide, keep, sign, signed_one
from tests.support import tsa
from tests.support.services import InProcess
from tests.support.serving import serving

LIMIT = 2.0


@pytest.fixture
def signer(desk: InProcess) -> dict[str, Any]:
    who = {"sub": "lurah-with-time"}
    assert keep(desk, who, certificates.signer()).status_code == 200
    return who


@pytest.fixture
def authority(desk: InProcess, monkeypatch: pytest.MonkeyPatch) -> Iterator[tsa.StandIn]:
    with serving(tsa.StandIn()) as there:
        monkeypatch.setattr(desk.deps, "settings", replace(desk.deps.settings, tsa_url=there.url))
        monkeypatch.setattr(timestamps, "WITHIN", LIMIT)
        yield there


def signature_in(pdf: bytes) -> Any:
    [found] = PdfFileReader(BytesIO(pdf)).embedded_regular_signatures
    return found


def test_a_signature_carries_the_time_of_the_authority(
    desk: InProcess, signer: dict[str, Any], authority: tsa.StandIn, tmp_path: Path
) -> None:
    letter = decide(Case(desk).verified(), "certificate", signer)
    assert signed_one(sign(desk, signer, letter, **SECRET))["letter"]["status"] == "issued"
    pdf = content(desk, letter)
    trusting = ValidationContext(trust_roots=[authority.certificate])
    told = validate_pdf_signature(signature_in(pdf), ts_validation_context=trusting)
    assert told.intact and told.valid
    assert told.timestamp_validity.intact and told.timestamp_validity.valid and told.timestamp_validity.trusted
    file = tmp_path / "letter.pdf"
    file.write_bytes(pdf)
    said = subprocess.run(["pdfsig", str(file)], capture_output=True, text=True, timeout=60).stdout
    assert "Signature is Valid" in said, said


def test_without_an_authority_there_is_no_time_stamp(desk: InProcess, signer: dict[str, Any]) -> None:
    letter = decide(Case(desk).verified(), "certificate", signer)
    assert signed_one(sign(desk, signer, letter, **SECRET))["letter"]["status"] == "issued"
    assert validate_pdf_signature(signature_in(content(desk, letter))).timestamp_validity is None


@pytest.mark.parametrize("behave", [name for name in tsa.BEHAVIOURS if name != "stamp"])
def test_without_a_sound_answer_the_letter_stays_numbered_and_is_signed_later_with_its_number(
    desk: InProcess, signer: dict[str, Any], authority: tsa.StandIn, behave: str
) -> None:
    case = Case(desk).verified()
    letter = decide(case, "certificate", signer)
    authority.behave = behave
    started = time.monotonic()
    refused = signed_one(sign(desk, signer, letter, **SECRET))
    assert time.monotonic() - started < LIMIT + 2
    assert refused["problem"]["type"] == "urn:problem:signing-service-away" and authority.asked
    assert refused["letter"]["status"] == "numbered" and "time-stamping" in refused["letter"]["problem"]
    assert check(desk, letter).status_code == 404 and case.told("letter.issued") == []
    authority.behave = "stamp"
    done = signed_one(sign(desk, signer, letter, **SECRET))["letter"]
    assert (done["status"], done["number"], done["problem"]) == ("issued", letter["number"], None)


def test_an_authority_that_is_not_there_leaves_the_letter_numbered(
    desk: InProcess, signer: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    letter = decide(Case(desk).verified(), "certificate", signer)
    monkeypatch.setattr(desk.deps, "settings", replace(desk.deps.settings, tsa_url="http://127.0.0.1:9/"))
    assert signed_one(sign(desk, signer, letter, **SECRET))["letter"]["status"] == "numbered"


def test_of_many_letters_an_authority_that_hangs_is_waited_for_only_with_the_first(
    desk: InProcess, signer: dict[str, Any], authority: tsa.StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signing, "PATIENCE", LIMIT / 2)
    letters = [decide(Case(desk).verified(), "certificate", signer) for _ in range(3)]
    authority.behave = "hanging"
    started = time.monotonic()
    items = sign(desk, signer, *letters, **SECRET).json["items"]
    assert time.monotonic() - started < LIMIT + 2 and authority.asked == 1
    assert [item["letter"]["id"] for item in items] == [letter["id"] for letter in letters]
    assert {(item["letter"]["status"], item["problem"]["type"]) for item in items} == {
        ("numbered", "urn:problem:signing-service-away")
    }
    authority.behave = "stamp"
    again = sign(desk, signer, *letters, **SECRET).json["items"]
    assert {item["letter"]["status"] for item in again} == {"issued"}
