"""What changes in a SOP is told by the names that people know its parts by."""

from __future__ import annotations

import pytest
from flask import Flask

from contracts.sop import FORMS, LETTERS, STEPS
from intake.domain.sop_words import ITEMS, PARTS, VALUES, item_of, key, named, place, value
from intake.domain.sops import LISTS, WHOLE, compare
from intake.pages.administration.sop_form import said
from intake.schemas.sops import FieldIn, LetterIn, RequirementIn, SopIn, WitnessesIn

CARD = {"code": "KK", "kind": "file", "name": {"id": "Kartu Keluarga", "en": "Family card"}}


def test_every_part_of_a_sop_has_a_name() -> None:
    assert set(PARTS) == {*WHOLE, *LISTS} == {one.removesuffix("_") for one in SopIn().fields}


def test_every_value_of_an_item_has_a_name() -> None:
    inside = {name for kind in (RequirementIn, FieldIn, LetterIn, WitnessesIn) for name in kind().fields}
    assert inside == set(ITEMS)
    assert {code for name, code in VALUES if name == "kind"} == {"file", "introduction", *LETTERS, *FORMS}
    assert {code for name, code in VALUES if name == "steps"} == set(STEPS)


@pytest.mark.parametrize(
    ("part", "code", "item", "words"),
    [
        ("days", None, None, "Hari kerja"),
        ("requirements", "KK", CARD, "Syarat “Kartu Keluarga”"),
        ("requirements", "KK", None, "Syarat “KK”"),
        ("letters", "ktp_introduction", {"kind": "ktp_introduction"}, "Surat “surat pengantar KTP-el”"),
        ("letters", "n1 (new, lost)", {"kind": "n1"}, "Surat “surat pengantar nikah (N1) (new, lost)”"),
    ],
)
def test_a_part_is_called_what_people_call_it(part: str, code: str | None, item: object, words: str) -> None:
    assert named(part, code, item).id == words


def test_an_item_is_found_in_its_sop() -> None:
    sop = {"requirements": [CARD]}
    assert item_of(sop, "requirements", "KK").en == "Requirement “Family card”"
    assert place("requirements.KK", sop).id == "Syarat “Kartu Keluarga”"
    assert place("steps", sop).id == "Langkah pemeriksaan"


def test_a_difference_has_no_word_of_the_api() -> None:
    [changed, gone] = compare({"days": 3, "requirements": [CARD]}, {"days": 2, "requirements": []})
    assert (changed.words.id, gone.words.id) == ("Hari kerja diubah.", "Syarat “Kartu Keluarga” dihapus.")
    with Flask(__name__).test_request_context(headers={"Accept-Language": "id"}):
        shown = said(CARD)
    assert shown == ["Kode: KK", "Macam: berkas", "Nama: Kartu Keluarga / Family card"]
    assert (key("own").id, value("kind", "own").id) == ("own", "own")
