"""What an office becomes by what the city says of it."""

from __future__ import annotations

from typing import Any

import pytest

from intake.domain import masterdata
from intake.domain.office import check_office
from intake.offices import shipped_office
from intake.schemas.offices import Office

SHIPPED = dict(shipped_office("16.71.10.1001"))
NEW: dict[str, Any] = {
    "code": "16.71.18.1006", "name": "Duku", "kecamatan": "Ilir Timur III", "kota": "Palembang",
    "province": "Sumatera Selatan", "zone": "Asia/Jakarta", "address": {"postal_code": "30111"},
}  # fmt: skip


def test_a_new_office_is_one_that_could_have_been_written_by_hand() -> None:
    made = masterdata.begun(NEW, SHIPPED)
    check_office(made)
    assert Office().validate(made) == {}
    long = masterdata.begun(NEW | {"name": "ß" * 200, "kota": "K" * 200}, SHIPPED)
    assert Office().validate(long) == {}


def test_nothing_of_the_shipped_offices_people_and_address_is_lent_to_another() -> None:
    made = str(masterdata.begun(NEW, SHIPPED))
    for official in SHIPPED["officials"]:
        assert official["name"] not in made
    assert SHIPPED["address"]["street"] not in made
    assert SHIPPED["registers"]["code"] not in made


@pytest.mark.parametrize("kota", ["Palembang", "Kota Palembang", "Kabupaten Ogan Ilir"])
def test_the_letterhead_names_the_government_once(kota: str) -> None:
    line = masterdata.begun(NEW | {"kota": kota}, SHIPPED)["letterhead"]["lines"][0]
    assert line in ("PEMERINTAH KOTA PALEMBANG", "PEMERINTAH KABUPATEN OGAN ILIR")


def test_what_is_given_is_made_up_no_more() -> None:
    made = masterdata.begun(NEW, SHIPPED)
    assert made["made_up"] == ["address", "officials"]
    assert masterdata.merged(made, {"address": {"phone": "0711 000000"}})["made_up"] == ["address", "officials"]
    real = masterdata.merged(made, {"address": {"street": "Jalan Contoh 3"}, "officials": []})
    assert real["made_up"] == []
    assert real["address"] == made["address"] | {"street": "Jalan Contoh 3"}


def test_a_document_twice_is_the_document_once() -> None:
    once = masterdata.begun(NEW, SHIPPED)
    assert masterdata.changed(once, masterdata.merged(once, NEW)) == []
    given = {"calendar": {"holidays_removed": ["2026-12-24"]}, "paper": "a4"}
    changed = masterdata.merged(once, given)
    assert masterdata.changed(once, changed) == ["calendar", "paper"]
    assert masterdata.changed(changed, masterdata.merged(changed, given)) == []
    assert once["calendar"]["holidays_removed"] == []


def test_what_a_new_office_lacks_is_named() -> None:
    assert set(masterdata.missing({"code": "16.71.18.1006", "name": "Duku"})) == {
        "kecamatan", "kota", "province", "zone", "address.postal_code",
    }  # fmt: skip
    assert masterdata.missing(NEW) == {}
