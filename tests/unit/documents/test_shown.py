"""What the applicant is shown before signing is what the letter prints, in the letter's own words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from documents.domain.letters import Letter, to_be_shown
from documents.domain.shown import SHOWN, shown
from documents.render import KINDS, RenderPool
from documents.render.data import OfficeLetter, Texts
from kit.ids import new_id
from tests.unit.documents.pdf import squashed, text_of
from tests.unit.documents.samples import (
    BUSINESS_PLACE,
    DOCUMENT_DATE,
    FAMILY_CARD,
    IDENTITY_CARD,
    MARRIAGE,
    ROHANA,
    SAMPLES,
)

DRAFTS = [replace(letter, draft=True, sample=False) for letter in SAMPLES.values() if isinstance(letter, OfficeLetter)]
# What the office itself puts there, or what is known only when the letter is issued.
OF_THE_OFFICE = ("office", "signer", "reference", "approval", "check", "signature", "title", "place", "date", "number",
                 "valid_until", "paper", "copies", "draft", "sample")  # fmt: skip


@pytest.fixture(scope="module")
def pool() -> Iterator[RenderPool]:
    with RenderPool(1) as pool:
        yield pool


def bare(text: str) -> str:
    return squashed(text).replace(":", "").replace(",", "").replace("(", "").replace(")", "")


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from texts(one)
    elif isinstance(value, str) and value:
        yield value


def test_every_letter_of_the_office_can_be_shown() -> None:
    assert set(SHOWN) == {kind for kind, letter in KINDS.items() if issubclass(letter, OfficeLetter)}


@pytest.mark.parametrize("letter", DRAFTS, ids=lambda letter: letter.kind)
def test_each_row_stands_on_the_letter_as_it_is_shown(pool: RenderPool, letter: OfficeLetter) -> None:
    printed = bare(text_of(pool.render(letter.kind, letter.to_json(), document_date=DOCUMENT_DATE)))
    at = 0
    for row in shown(letter.kind, letter.to_json()):
        if row.label == "Surat ini adalah pengantar kepada":
            at = 0  # in a sentence, wherever the layout has it
        found = printed.find(bare(row.label + row.value), at)
        assert found >= 0, f"{row.label}: {row.value} is not there, or not in this order"
        at = found + 1


@pytest.mark.parametrize("letter", DRAFTS, ids=lambda letter: letter.kind)
def test_all_that_people_said_is_shown(letter: OfficeLetter) -> None:
    frozen = letter.to_json()
    rows = shown(letter.kind, frozen)
    everything = " ".join(f"{row.label} {row.value}" for row in rows)
    brief = letter.kind in ("business_place", "keterangan", "n1")
    of_disdukcapil = {"family_card", "family_head"} | (
        {"education", "marital_status"} if letter.kind != "n1" else set()
    )
    person = {name: value for name, value in frozen["person"].items() if not (brief and name in of_disdukcapil)}
    if letter.kind == "n1":
        person.pop("age")
    said = {name: value for name, value in frozen.items() if name not in OF_THE_OFFICE} | {"person": person}
    if letter.kind == "n6":
        said.pop("person")  # the survivor's rows are the applicant's
    if letter.kind == "marriage_statement":
        said["partner"] = {name: text for name, text in said["partner"].items() if name not in ("lineage", "binding")}
    assert [text for text in texts(said) if text not in everything] == []


def test_an_empty_row_is_left_out_as_on_the_letter_and_model_n1_has_a_dash() -> None:
    unknown = replace(ROHANA, religion="", education="", birth_place="", age="")
    labels = {row.label: row.value for row in shown("kk_introduction", replace(FAMILY_CARD, person=unknown).to_json())}
    assert "Agama" not in labels and "Pendidikan" not in labels
    assert labels["Tempat, tanggal lahir"] == "15 Maret 1955"
    rows = {row.label: row.value for row in shown("n1", replace(MARRIAGE, former_spouse="").to_json())}
    assert rows["Nama istri/suami terdahulu"] == "-"
    without = shown("business_place", replace(BUSINESS_PLACE, neighbours=()).to_json())
    assert "Pernyataan tetangga di sekitar tempat usaha" not in [row.label for row in without]


def test_an_offices_own_rows_and_clauses_and_an_officers_paragraph_are_shown() -> None:
    texts = Texts(clauses=("Berkelakuan baik.",), paragraph="Sedang merantau.", rows=("nik", "name"))
    rows = shown("ktp_introduction", replace(IDENTITY_CARD, texts=texts).to_json())
    assert [row.label for row in rows][:2] == ["NIK", "Nama lengkap"] and "Agama" not in [row.label for row in rows]
    assert [row.value for row in rows if row.label == ""] == ["Berkelakuan baik.", "Sedang merantau."]


def a_letter(status: str, **more: Any) -> Letter:
    return Letter(new_id(), "16.71.10.1001", "n1", status, "005", "023", DOCUMENT_DATE, **more)


@pytest.mark.parametrize(
    ("statuses", "how_many"),
    [
        (["drafted"], 1),
        (["drafted", "drafted"], 2),
        (["drafted", "drafting"], 0),
        (["drafted", "sent_back"], 0),
        (["drafted", "issued"], 1),
        (["drafted", "void", "cancelled"], 1),
        (["numbered"], 0),
        ([], 0),
    ],
)
def test_drafts_are_shown_when_no_letter_is_still_to_be_drawn_up(statuses: list[str], how_many: int) -> None:
    assert len(to_be_shown([a_letter(status) for status in statuses])) == how_many


def test_forms_are_not_waited_for_and_a_draft_that_lacks_something_is() -> None:
    letter = a_letter("drafted")
    assert to_be_shown([letter, a_letter("drafting", form=True), a_letter("drafted", form=True)]) == [letter]
    assert to_be_shown([letter, a_letter("drafted", incomplete=["details.father_name"])]) == []
