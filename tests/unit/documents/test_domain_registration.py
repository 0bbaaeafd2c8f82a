"""Disdukcapil's forms are filled in from the case, and leave room for what nobody knows."""

from __future__ import annotations

from typing import Any

import pytest

from documents.domain.composing import compose
from documents.domain.letters import wanted
from intake.catalogue import shipped_catalogue
from tests.integration.documents.story import CONTACT, ROHANA
from tests.unit.documents.test_domain_composing import case

KK = next(sop for sop in shipped_catalogue() if sop["service"] == "KK")
FAUZAN = {"nik": "1671100911100004", "name": "Ahmad Fauzan", "relation": "Cucu", "birth_date": "2010-11-09", "sex": "L"}


@pytest.mark.parametrize(
    ("reason", "forms"),
    [("new", {"f102", "f101"}), ("moved_in", {"f102", "f101"}), ("changed", {"f102", "f106"}), ("lost", {"f102"})],
)
def test_a_reason_has_its_forms(reason: str, forms: set[str]) -> None:
    assert {one.kind for one in wanted(KK, reason, {}) if one.form} == forms


def members(*rows: Any) -> list[dict[str, Any]]:
    data = compose("f101", case(details={"family_members": list(rows)})).to_json()
    return list(data["members"])


def test_f101_knows_of_the_applicant_what_the_case_knows() -> None:
    own, grandson = members({"nik": ROHANA["nik"], "name": "Rohana", "relation": "Kepala keluarga"}, FAUZAN)
    assert (own["birth_date"], own["sex"], own["religion"]) == ("15 Maret 1955", "Perempuan", "Islam")
    assert (grandson["birth_date"], grandson["sex"], grandson["religion"]) == ("9 November 2010", "Laki-laki", "")


def test_what_the_table_says_of_the_applicant_goes_before() -> None:
    (own,) = members({"nik": ROHANA["nik"], "name": "Hj. Rohana", "religion": "ISLAM"})
    assert (own["name"], own["religion"]) == ("Hj. Rohana", "ISLAM")


def test_f101_names_the_area_with_its_codes() -> None:
    data = compose("f101", case()).to_json()
    assert [(one["code"], one["name"]) for one in data["areas"]] == [
        ("16", "Sumatera Selatan"), ("71", "Palembang"), ("10", "Kalidoni"), ("1001", "Bukit Sangkal"),
    ]  # fmt: skip
    assert data["members"] == [] and data["postal_code"] == "30114" and data["phone"] == "081200000071"
    assert compose("f101", case(helper=CONTACT)).to_json()["phone"] == ""


def test_f106_says_whose_data_change_and_how() -> None:
    changes = [
        {"nik": FAUZAN["nik"], "element": "Pendidikan", "before": "SD", "after": "SLTP", "basis": "Ijazah"},
        {"element": "Pekerjaan", "after": "Wiraswasta"},
        {"nik": FAUZAN["nik"], "element": "Pekerjaan", "after": "Pelajar"},
    ]
    data = compose("f106", case(reason="changed", details={"family_members": [FAUZAN], "changes": changes})).to_json()
    assert [(one["name"], one["relation"]) for one in data["people"]] == [("Ahmad Fauzan", "Cucu"), ("Rohana", "")]
    assert [(one["number"], one["element"], one["after"]) for one in data["changes"]] == [
        ("1", "Pendidikan", "SLTP"), ("2", "Pekerjaan", "Wiraswasta"), ("1", "Pekerjaan", "Pelajar"),
    ]  # fmt: skip


def test_f106_without_changes_is_there_to_be_filled_in() -> None:
    data = compose("f106", case(reason="changed", details={})).to_json()
    assert data["people"] == [] and data["changes"] == []
