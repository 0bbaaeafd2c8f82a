"""An office, set up from one file on a whole system, again, changed, and wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
import requests

from deploy.local.stack import Stack
from deploy.offices import __main__ as offices
from deploy.onboarding import __main__ as onboarding

EXAMPLE = Path("deploy/onboarding/contoh.yaml").read_text("utf-8")
CODE = "16.72.01.1001"


@pytest.fixture(autouse=True)
def named(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BASE_URL", stack.base_url)
    monkeypatch.setenv("TOKEN_KEY_FILE", str(stack.token_key_file))


def sent(folder: Path, *changes: tuple[str, str], dry_run: bool = False) -> int:
    text = EXAMPLE.replace("16.71.10.1002", CODE).replace(".kalidoni", ".pagaralam")
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    path = folder / "kantor.yaml"
    path.write_text(text, "utf-8")
    return onboarding.main([str(path), *(["--dry-run"] if dry_run else [])])


def test_an_office_is_set_up_from_one_file_and_again_nothing_changes(
    stack: Stack, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    office = f"{stack.base_url}/v1/offices/{CODE}"
    assert sent(tmp_path, ("opens: 07:30", "opens: 7.30")) == 1
    assert "line 31: office.calendar.hours.monday.opens" in capsys.readouterr().err
    assert sent(tmp_path, dry_run=True) == 0
    assert requests.get(office, timeout=10).status_code == 404

    assert sent(tmp_path) == 0
    said = capsys.readouterr().out
    assert said.count("is invited until") == 3
    assert "2026 goes on after 122" in said or "goes on after 122" in said
    known = requests.get(office, timeout=10)
    assert known.json()["officials"][0]["name"] == "Kgs. Contoh, S.Sos."

    assert sent(tmp_path) == 0
    assert f"{CODE} is as the file says; nothing was changed" in capsys.readouterr().out
    assert requests.get(office, timeout=10).headers["ETag"] == known.headers["ETag"]

    assert sent(tmp_path, ("[KK, KTP, NIKAH, SITU]", "[KK, KTP, NIKAH]"), ("office: 122", "office: 125")) == 0
    said = capsys.readouterr().out
    assert "office: as it was" in said and "staff: as it was" in said
    assert "SITU is offered no more" in said and "goes on after 125" in said


def test_a_mistake_that_only_a_service_can_see_is_named_with_its_line_and_nothing_is_done(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    services = ("[KK, KTP, NIKAH, SITU]", "[KK, KTP, NIKAH]")
    assert sent(tmp_path, services) == 0
    capsys.readouterr()
    assert sent(tmp_path, services, ("name: Nyimas Contoh", "name: Orang Lain"), ("office: 122", "office: 140")) == 1
    said = capsys.readouterr()
    assert "line 46: neighbourhoods.0.name: Somebody else is on record" in said.err
    assert "goes on after" not in said.out


def test_a_table_of_offices_is_sent_by_the_command(
    stack: Stack, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "kota.csv"
    path.write_text("code,name,kecamatan,postal_code\n16.72.02.1003,Sidorejo,Pagar Alam Selatan,31581\n", "utf-8")
    arguments = [str(path), "--kota", "Pagar Alam"]
    assert offices.main(arguments) == 0
    assert "1 added" in capsys.readouterr().out
    assert offices.main(arguments) == 0
    assert "1 unchanged" in capsys.readouterr().out
    lines = requests.get(f"{stack.base_url}/v1/offices/16.72.02.1003", timeout=10).json()["letterhead"]["lines"]
    assert lines[0] == "PEMERINTAH KOTA PAGAR ALAM"
