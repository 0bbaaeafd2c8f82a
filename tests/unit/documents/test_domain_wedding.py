"""Which letters and forms a marriage needs, and who is named on them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from contracts.derived import derived
from documents.domain.composing import compose
from documents.domain.letters import wanted
from documents.domain.required import incomplete
from intake.catalogue import shipped_catalogue
from tests.integration.documents.story import ROHANA
from tests.unit.documents.test_domain_composing import case

NIKAH = next(sop for sop in shipped_catalogue() if sop["service"] == "NIKAH")
TODAY = date(2026, 8, 19)
YOUNG = ROHANA | {"birth_date": "2006-03-15", "marital_status": "Belum kawin"}
DETAILS = {
    "father_name": "H. Cek Mat", "father_lineage": "Umar", "mother_name": "Nur'aini",
    "partner_name": "M. Yusuf Effendi", "partner_lineage": "Effendi",
    "partner_nik": "1671101708990003", "partner_birth_date": "1999-08-17",
    "partner_nationality": "WNI", "former_spouse": "Zainuddin", "former_spouse_died_on": "2021-02-02",
}  # fmt: skip


def asked(applicant: dict[str, Any], **details: Any) -> set[str]:
    """The letters and forms of the shipped service for this applicant."""
    given = case("NIKAH", applicant=applicant, details=details).application.given
    return {one.kind for one in wanted(NIKAH, None, given)}


def test_who_is_widowed_has_the_death_of_the_spouse_stated_and_who_is_not_has_not() -> None:
    assert asked(ROHANA) == {"n1", "n6", "n2", "n4"}
    for status in ("Belum kawin", "Cerai hidup", "Kawin"):
        assert asked(ROHANA | {"marital_status": status}) == {"n1", "n2", "n4"}


@pytest.mark.parametrize(
    ("born", "wedding", "permitted"),
    [("2005-08-20", None, True), ("2005-08-19", None, False), ("2005-09-05", "2026-09-05", False),
     ("2005-09-06", "2026-09-05", True), ("", None, False)],
)  # fmt: skip
def test_the_parents_permit_who_is_under_21_on_the_day_of_the_wedding(
    born: str, wedding: str | None, permitted: bool
) -> None:
    assert ("n5" in asked(ROHANA | {"birth_date": born}, wedding_date=wedding)) is permitted


def test_what_follows_from_a_case_that_says_nothing_is_unknown() -> None:
    assert derived({}, TODAY) == dict.fromkeys(("islam", "widowed", "under_21", "under_19"), "unknown")
    assert derived({"religion": "  ISLAM ", "marital_status": "CERAI  MATI"}, TODAY) == {
        "islam": "yes", "widowed": "yes", "under_21": "unknown", "under_19": "unknown",
    }  # fmt: skip


def test_under_19_is_asked_of_both() -> None:
    both = {"birth_date": "1999-08-17", "partner_birth_date": "2008-01-01"}
    found = derived(both, TODAY)
    assert (found["under_19"], found["under_21"]) == ("yes", "no")
    assert derived(both | {"wedding_date": "2027-01-01"}, TODAY)["under_19"] == "no"


def test_n6_speaks_of_the_dead_and_of_the_survivor() -> None:
    data = compose("n6", case("NIKAH", details=DETAILS)).to_json()
    assert (data["role"], data["deceased"]["name"], data["died_on"]) == ("suami", "Zainuddin", "2 Februari 2021")
    assert (data["deceased"]["binding"], data["survivor"]["binding"]) == ("Bin", "Binti")
    survivor = data["survivor"]
    assert (survivor["name"], survivor["lineage"], survivor["nik"]) == ("Rohana", "H. Cek Mat", ROHANA["nik"])
    assert survivor["address"] == (
        "Jalan Sukabangun Lorong Melati Nomor 12, RT 023 RW 005, Kelurahan Bukit Sangkal, Kecamatan Kalidoni, "
        "Kota Palembang"
    )
    man = compose("n6", case("NIKAH", applicant=ROHANA | {"sex": "L"}, details=DETAILS)).to_json()
    assert (man["role"], man["deceased"]["binding"]) == ("istri", "Binti")


def test_n6_cannot_be_signed_without_the_day_of_death() -> None:
    known = {name: value for name, value in DETAILS.items() if name != "former_spouse_died_on"}
    assert incomplete("n6", case("NIKAH", details=known)) == ["details.former_spouse_died_on"]
    assert incomplete("n6", case("NIKAH", details=DETAILS)) == []


def test_n4_names_both_by_the_same_rows() -> None:
    data = compose("n4", case("NIKAH", details=DETAILS)).to_json()
    groom, bride = data["groom"], data["bride"]
    assert (groom["name"], groom["lineage"], groom["birth_date"]) == ("M. Yusuf Effendi", "Effendi", "17 Agustus 1999")
    assert (bride["name"], bride["lineage"], bride["nationality"]) == ("Rohana", "H. Cek Mat", "Indonesia")
    swapped = compose("n4", case("NIKAH", applicant=ROHANA | {"sex": "L"}, details=DETAILS)).to_json()
    assert swapped["groom"]["name"] == "Rohana" and swapped["bride"]["name"] == "M. Yusuf Effendi"


def test_n5_is_from_the_parents_about_their_child_and_the_partner() -> None:
    data = compose("n5", case("NIKAH", applicant=YOUNG, details=DETAILS)).to_json()
    assert [data[who]["name"] for who in ("father", "mother", "child", "partner")] == [
        "H. Cek Mat", "Nur'aini", "Rohana", "M. Yusuf Effendi",
    ]  # fmt: skip
    assert (data["father"]["lineage"], data["child"]["binding"]) == ("Umar", "Binti")


def test_who_is_no_muslim_has_a_statement_for_disdukcapil_and_none_of_the_kuas_forms() -> None:
    assert asked(ROHANA | {"religion": "Katolik", "birth_date": "2006-03-15"}) == {"marriage_statement"}
    assert asked(ROHANA | {"religion": "ISLAM", "birth_date": "2006-03-15"}) == {"n1", "n6", "n2", "n4", "n5"}
    assert "n1" in asked(ROHANA | {"religion": ""})


def test_the_statement_is_addressed_to_disdukcapil_and_names_the_partner() -> None:
    details = DETAILS | {"wedding_date": "2026-09-05", "wedding_place": "Gereja Contoh", "partner_religion": "Katolik"}
    data = compose("marriage_statement", case("NIKAH", details=details)).to_json()
    assert data["destination"] == "Dinas Kependudukan dan Pencatatan Sipil Kota Palembang"
    assert (data["partner"]["name"], data["partner"]["religion"]) == ("M. Yusuf Effendi", "Katolik")
    assert (data["father"], data["day"], data["venue"]) == ("H. Cek Mat", "Sabtu, 5 September 2026", "Gereja Contoh")
    assert data["dispensation"] is False


@pytest.mark.parametrize("kind", ["n1", "marriage_statement"])
@pytest.mark.parametrize(
    ("own", "partner", "noted"),
    [("2007-09-06", "1999-08-17", True), ("2007-09-05", "1999-08-17", False), ("1999-08-17", "2007-09-06", True),
     ("1999-08-17", None, False)],
)  # fmt: skip
def test_a_court_has_to_allow_it_where_one_of_the_couple_is_under_19(
    kind: str, own: str, partner: str | None, noted: bool
) -> None:
    details = DETAILS | {"wedding_date": "2026-09-05", "partner_birth_date": partner}
    data = compose(kind, case("NIKAH", applicant=ROHANA | {"birth_date": own}, details=details)).to_json()
    assert data["dispensation"] is noted
