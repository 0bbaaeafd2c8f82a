"""The command that explains a case's clock, as an operator calls it."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from intake.explain_clock import main

OFFICE = ["--office", "16.71.10.1001"]


def explain(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    assert main([*OFFICE, *arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    return capsys.readouterr().err


def test_json_has_three_deadlines_in_the_offices_offset_and_each_day(
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = explain(capsys, "--submitted", "2026-08-14T09:00+07:00")
    assert found == {
        "deadlines": ["2026-08-14T16:30:00+07:00", "2026-08-18T16:00:00+07:00", "2026-08-19T16:00:00+07:00"],
        "days": [
            {"date": "2026-08-14", "counted": True, "step": 1, "reason": "working_day"},
            {"date": "2026-08-15", "counted": False, "step": None, "reason": "weekend"},
            {"date": "2026-08-16", "counted": False, "step": None, "reason": "weekend"},
            {
                "date": "2026-08-17",
                "counted": False,
                "step": None,
                "reason": "holiday: Hari Kemerdekaan Republik Indonesia",
            },
            {"date": "2026-08-18", "counted": True, "step": 2, "reason": "working_day"},
            {"date": "2026-08-19", "counted": True, "step": 3, "reason": "working_day"},
        ],
    }


@pytest.mark.parametrize(
    "submitted",
    [
        "2026-08-14T16:30+07:00",
        "2026-08-14T16:30:00+07:00",
        "2026-08-14T09:30:00.000Z",
        "2026-08-14t09:30:00z",
        "2026-08-14 18:30:00+09:00",
    ],
)
def test_the_same_instant_in_any_offset_gives_the_same_answer(
    capsys: pytest.CaptureFixture[str], submitted: str
) -> None:
    assert explain(capsys, "--submitted", submitted)["deadlines"] == [
        "2026-08-18T16:00:00+07:00",
        "2026-08-19T16:00:00+07:00",
        "2026-08-20T16:00:00+07:00",
    ]


def test_pauses_are_given_several_times(capsys: pytest.CaptureFixture[str]) -> None:
    found = explain(
        capsys,
        "--submitted=2026-11-23T09:00+07:00",
        "--pause=2026-11-23T10:00+07:00/2026-11-24T09:00+07:00",
        "--pause=2026-11-25T10:00+07:00/2026-11-26T09:00+07:00",
    )
    assert [day["date"] for day in found["days"] if day["counted"]] == [
        "2026-11-24",
        "2026-11-26",
        "2026-11-27",
    ]


def test_an_open_pause_leaves_later_deadlines_null(capsys: pytest.CaptureFixture[str]) -> None:
    found = explain(capsys, "--submitted", "2026-11-23T09:00+07:00", "--pause", "2026-11-24T10:00+07:00/")
    assert found["deadlines"] == ["2026-11-23T16:00:00+07:00", None, None]
    assert found["days"][-1] == {"date": "2026-11-24", "counted": False, "step": None, "reason": "returned"}


def test_the_table_tells_each_day_with_its_reason_and_the_deadlines(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main([*OFFICE, "--submitted", "2026-08-14T16:30+07:00"]) == 0
    shown = capsys.readouterr()
    assert "2026-08-14  Jumat" in shown.out
    assert "setelah batas jam" in shown.out
    assert "hari libur: Hari Kemerdekaan Republik Indonesia" in shown.out
    assert "Batas langkah 3 (terbitkan): 2026-08-20T16:00+07:00" in shown.out
    assert shown.err == ""


def test_a_year_without_cuti_bersama_warns_on_stderr_only(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*OFFICE, "--submitted", "2028-08-14T09:00+07:00", "--json"]) == 0
    shown = capsys.readouterr()
    assert json.loads(shown.out)["deadlines"][2]
    assert "Cuti bersama 2028" in shown.err


@pytest.mark.parametrize(
    "submitted",
    [
        "2026-08-14T16:30",
        "2026-08-14",
        "20260814T163000+0700",
        "2026-13-14T16:30+07:00",
        "2026-08-14T24:30+07:00",
        "٢٠٢٦-08-14T16:30+07:00",
        "besok",
        "",
    ],
)
def test_what_is_no_rfc_3339_time_is_refused(capsys: pytest.CaptureFixture[str], submitted: str) -> None:
    assert "--submitted" in refused(capsys, *OFFICE, "--submitted", submitted)


@pytest.mark.parametrize("pause", ["2026-08-18T10:00+07:00", "/2026-08-18T10:00+07:00", "a/b", "/"])
def test_what_is_no_pause_is_refused(capsys: pytest.CaptureFixture[str], pause: str) -> None:
    assert "--pause" in refused(capsys, *OFFICE, "--submitted=2026-08-14T09:00+07:00", f"--pause={pause}")


@pytest.mark.parametrize(
    ("pause", "sentence"),
    [
        ("2026-08-14T08:00+07:00/", "begins before the submission"),
        ("2026-08-18T10:00+07:00/2026-08-18T09:00+07:00", "ends before it begins"),
        ("2999-08-18T10:00+07:00/", "out of range"),
    ],
)
def test_a_case_that_cannot_be_is_2_with_a_sentence(
    capsys: pytest.CaptureFixture[str], pause: str, sentence: str
) -> None:
    assert main([*OFFICE, "--submitted", "2026-08-14T09:00+07:00", "--pause", pause]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert sentence in shown.err


def test_an_office_that_does_not_ship_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    refusal = refused(capsys, "--office", "99.99.99.9999", "--submitted", "2026-08-14T09:00+07:00")
    assert "16.71.10.1001" in refusal


def test_it_runs_as_a_module() -> None:
    command = [
        sys.executable,
        "-m",
        "intake.explain_clock",
        *OFFICE,
        "--submitted=2026-08-14T09:00+07:00",
        "--json",
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True)
    assert json.loads(done.stdout)["deadlines"][0] == "2026-08-14T16:30:00+07:00"
