"""Who signs on a letter's date, and what stands above the name."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from documents.domain.composing import compose
from documents.domain.errors import Incomplete
from documents.domain.required import incomplete
from documents.domain.signers import has_terms, signer_of, signing_official
from tests.unit.documents.test_domain_composing import OFFICE, case

HEAD = {"role": "lurah", "name": "Hj. Rusmala Dewi, S.Sos., M.Si.", "position": "Lurah Bukit Sangkal",
        "rank": "Pembina (IV/a)", "nip": "197800002005002001"}  # fmt: skip
NEXT = HEAD | {"name": "Drs. Zainal Arifin", "nip": "197500002000001001"}
SECRETARY = {"role": "secretary", "name": "Nyayu Fatimah, S.IP.", "position": "Sekretaris", "rank": "Penata (III/c)",
             "nip": "198200002006002001"}  # fmt: skip
SECTION = {"role": "section_head", "name": "Kemas Fauzi, S.E.", "position": "Kepala Seksi Pemerintahan",
           "rank": "Penata Muda (III/a)", "nip": "198500002010001001"}  # fmt: skip
CLERK = {"role": "officer", "name": "Nyayu Halimah", "position": "Petugas Loket", "rank": None, "nip": None}


def office(*officials: dict[str, Any]) -> dict[str, Any]:
    return OFFICE | {"officials": list(officials)}


def signs(day: str, *officials: dict[str, Any]) -> str:
    return signer_of(office(*officials), date.fromisoformat(day)).name


def lines(day: str, *officials: dict[str, Any]) -> tuple[str, ...]:
    return signer_of(office(*officials), date.fromisoformat(day)).lines


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ("2026-06-29", HEAD["name"]),
        ("2026-06-30", HEAD["name"]),
        ("2026-07-01", NEXT["name"]),
        ("2029-12-31", NEXT["name"]),
        ("2026-01-01", HEAD["name"]),
        ("2025-12-31", ""),
    ],
)
def test_the_one_whose_term_has_the_letters_date_signs_to_the_last_day(day: str, name: str) -> None:
    assert signs(day, NEXT | {"from": "2026-07-01"}, HEAD | {"from": "2026-01-01", "to": "2026-06-30"}) == name


def test_the_lurah_is_printed_with_rank_and_nip() -> None:
    signer = signer_of(office(HEAD), date(2026, 8, 19))
    assert (signer.position, signer.lines) == ("Lurah Bukit Sangkal", ("Lurah Bukit Sangkal,",))
    assert (signer.rank, signer.nip) == ("Pembina (IV/a)", "197800002005002001")


def test_who_acts_while_the_lurah_is_away_signs_in_these_days_only() -> None:
    acting = SECRETARY | {"role": "lurah", "position": "Lurah Bukit Sangkal", "acting": "plh", "from": "2026-08-10",
                          "to": "2026-08-14"}  # fmt: skip
    both = (HEAD, acting)
    assert [signs(f"2026-08-{day:02}", *both) for day in (9, 10, 14, 15)] == [
        HEAD["name"], SECRETARY["name"], SECRETARY["name"], HEAD["name"],
    ]  # fmt: skip
    assert lines("2026-08-12", *both) == ("Plh. Lurah Bukit Sangkal,",)


@pytest.mark.parametrize("position", ["Lurah Bukit Sangkal", "Plt. Lurah Bukit Sangkal"])
def test_who_acts_in_a_vacant_post_is_plt_once(position: str) -> None:
    acting = SECTION | {"role": "lurah", "position": position, "acting": "plt"}
    signer = signer_of(office(HEAD | {"to": "2026-07-31"}, acting), date(2026, 8, 19))
    assert (signer.position, signer.lines) == ("Plt. Lurah Bukit Sangkal", ("Plt. Lurah Bukit Sangkal,",))


def test_the_secretary_signs_in_the_lurahs_name_when_no_lurah_is_there() -> None:
    known = (CLERK, SECRETARY, HEAD | {"to": "2026-07-31"})
    assert signs("2026-07-31", *known) == HEAD["name"]
    assert lines("2026-08-01", *known) == ("a.n. Lurah Bukit Sangkal", "Sekretaris,")
    assert signer_of(office(*known), date(2026, 8, 1)).position == "Sekretaris Kelurahan Bukit Sangkal"


@pytest.mark.parametrize("told", ["Sekretaris", "Sekretaris Kelurahan", "Sekretaris Kelurahan Bukit Sangkal"])
def test_a_letter_opens_with_the_position_in_full(told: str) -> None:
    signer = signer_of(office(SECRETARY | {"position": told}), date(2026, 8, 1))
    assert signer.position == "Sekretaris Kelurahan Bukit Sangkal" and signer.lines[1] == f"{told},"


def test_a_head_of_section_signs_under_the_secretary() -> None:
    known = (HEAD | {"to": "2026-07-31"}, SECRETARY | {"to": "2026-08-02"}, SECTION)
    assert signs("2026-08-02", *known) == SECRETARY["name"]
    assert signs("2026-08-03", *known) == SECTION["name"]
    assert lines("2026-08-03", *known) == (
        "a.n. Lurah Bukit Sangkal", "Sekretaris", "u.b.", "Kepala Seksi Pemerintahan,",
    )  # fmt: skip
    assert lines("2026-08-03", SECTION)[1] == "Sekretaris Kelurahan"


def test_who_works_at_the_counter_never_signs() -> None:
    assert signing_official(office(CLERK), date(2026, 8, 19)) is None
    assert signing_official(office(), date(2026, 8, 19)) is None


def test_a_day_without_a_signer_keeps_a_letter_from_being_signed_and_says_what_to_do() -> None:
    kk = case("KK", office=office(HEAD | {"from": "2026-08-20"}))
    assert kk.today == date(2026, 8, 19)
    assert incomplete("kk_introduction", kk) == ["office.lurah"]
    assert incomplete("kk_introduction", replace(kk, today=date(2026, 8, 20))) == []
    assert "Plt." in Incomplete(["office.lurah"]).detail.id
    assert "Plt." not in Incomplete(["office.lurah", "applicant.nik"]).detail.id


def test_a_letter_names_who_signs_on_its_date() -> None:
    kk = case("KK", office=office(HEAD | {"to": "2026-08-18"}, NEXT | {"from": "2026-08-19"}))
    assert compose("kk_introduction", kk).to_json()["signer"]["name"] == NEXT["name"]


def test_only_terms_make_it_a_question_of_the_day() -> None:
    assert not has_terms(office(HEAD, SECRETARY | {"from": None, "to": None}))
    assert has_terms(office(HEAD | {"to": "2026-08-18"}))
