"""The file of an office, as it is read before anybody is asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from deploy.offices.__main__ import PALEMBANG
from deploy.offices.__main__ import read as read_offices
from deploy.onboarding.reading import Mistake, read
from deploy.onboarding.steps import mistakes_of_staff

EXAMPLE = Path("deploy/onboarding/contoh.yaml")


def written(folder: Path, text: str) -> Path:
    path = folder / "kantor.yaml"
    path.write_text(text, "utf-8")
    return path


def test_the_example_is_read_and_nothing_is_wrong_about_its_people() -> None:
    file = read(EXAMPLE)
    assert file.code == "16.71.10.1002"
    assert mistakes_of_staff(file) == []


def test_texts_that_look_like_numbers_times_and_days_stay_texts(tmp_path: Path) -> None:
    file = read(written(tmp_path, "office: {code: 16.71.10.1002, address: {postal_code: 30114}, day: 2026-08-17}\n"
                                  "registers: {office: 7}\nneighbourhoods: [{rt: 023, at: 16:00}]\n"))  # fmt: skip
    assert file.part("office") == {"code": "16.71.10.1002", "address": {"postal_code": "30114"}, "day": "2026-08-17"}
    assert file.part("registers") == {"office": 7}
    assert file.part("neighbourhoods") == [{"rt": "023", "at": "16:00"}]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("office:\n  name: Duku\n", "line 1: office: its `code`"),
        ("office: {code: 16.71.10.1002}\nstaf: []\n", "line 2: staf: is none of"),
        ("office: {code: 16.71.10.1002}\nregisters:\n  office: banyak\n", "line 3: registers.office: has to be a num"),
        ("office: {code: 16.71.10.1002}\nstaff:\n  - halimah\n", "line 3: staff.0: has to have fields"),
        ("office:\n  code: 16.71.10.1002\n  code: 16.71.10.1003\n", "line 3: code: is there twice"),
        ("office: [\n", "line 2:"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(Mistake) as caught:
        read(written(tmp_path, text))
    assert said in str(caught.value)


def test_wrong_people_are_named_with_their_line_before_anybody_is_invited(tmp_path: Path) -> None:
    text = "office: {code: 16.71.10.1002}\nstaff:\n  - {name: Cek, username: c k, roles: [raja]}\n"
    said = mistakes_of_staff(read(written(tmp_path, text)))
    assert len(said) == 2
    assert all("line 3" in one for one in said)


def test_palembang_has_107_kelurahan_in_18_kecamatan() -> None:
    offices = read_offices(PALEMBANG, kota="Palembang", province="Sumatera Selatan", zone="Asia/Jakarta")
    assert len({office["code"] for office in offices}) == len(offices) == 107
    kecamatan = {(office["code"][:8], office["kecamatan"]) for office in offices}
    assert len(kecamatan) == len({code for code, _ in kecamatan}) == 18
    [ours] = [office for office in offices if office["code"] == "16.71.10.1001"]
    assert (ours["name"], ours["kecamatan"], ours["address"]) == (
        "Bukit Sangkal", "Kalidoni", {"postal_code": "30114"},
    )  # fmt: skip


def test_a_table_of_offices_with_a_gap_names_the_line(tmp_path: Path) -> None:
    path = tmp_path / "kota.csv"
    path.write_text("code,name,kecamatan,postal_code\n16.71.10.1001,Bukit Sangkal,,30114\n", "utf-8")
    with pytest.raises(ValueError, match="line 2: kecamatan missing"):
        read_offices(path)
