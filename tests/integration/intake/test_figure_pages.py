"""Figures on pages: the same as the API's, for the same people; offices side by side for whoever is above them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from intake.usecases import figures
from intake.usecases.reports import moved
from tests.integration.intake import cast
from tests.integration.intake.by_page import at_desk
from tests.integration.intake.test_reports import a_case, at, later, monday, year  # noqa: F401
from tests.support.services import InProcess
from tests.support.tokens import BUKIT_SANGKAL, KALIDONI

KECAMATAN, CITY = "16.71.10", "16.71"


@pytest.fixture
def month(intake: InProcess, year: int) -> Iterator[str]:  # noqa: F811
    """A month with one case that was in time and one that is late."""
    day = monday(year)
    a_case(intake, day)
    intake.clock.at = later(day, 2, "13:00")
    cast.submitted(intake)
    intake.clock.at = at(f"{moved(at(f'{day}T00:00').date().replace(day=1), 1)}T09:00")
    figures.roll_up(intake.deps)
    yield day[:7]


def rows(text: str) -> list[list[str]]:
    """What the cells of the tables say."""
    found = re.findall(r"<tr.*?</tr>", text, re.DOTALL)
    return [
        [" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)]
        for row in found
    ]


def test_a_month_of_the_office_is_a_table_and_plots_with_the_same_figures(intake: InProcess, month: str) -> None:
    shown = at_desk(intake, "lurah").open(f"/intake/laporan/{month}")
    assert shown.status_code == 200
    assert ["Semua", "2", "1", "0", "0", "0", "100 %"] in rows(shown.text)
    assert ["Memeriksa", "1", "6", "6"] in rows(shown.text)
    assert shown.text.count('role="img"') == 4 and shown.text.count("<title id=") == 4
    assert "style=" not in shown.text


def test_who_reads_what_is_late_sees_the_queue_where_he_has_one(intake: InProcess, month: str) -> None:
    link = "/intake/antrean?late=true&amp;waiting_for=officer"
    assert link in at_desk(intake, "lurah").open(f"/intake/laporan/{month}").text
    administrator = at_desk(intake, "administrator").open(f"/intake/laporan/{month}").text
    assert link not in administrator and 'href="/lacak/PGT-' in administrator


def test_offices_of_a_kecamatan_stand_side_by_side(intake: InProcess, month: str) -> None:
    shown = at_desk(intake, "camat", tenant=KECAMATAN).open(f"/intake/laporan/{month}")
    names = {row[0]: row for row in rows(shown.text) if len(row) == 6}
    assert names["Bukit Sangkal"][1:4] == ["2", "1", "100 %"] and "Petugas" in names["Bukit Sangkal"][5]
    assert f"/intake/laporan/{month}?kelurahan={BUKIT_SANGKAL}#terlambat" in shown.text
    of_city = at_desk(intake, "city", tenant=CITY).open(f"/intake/laporan/{month}")
    assert ["Bukit Sangkal", "Kalidoni", "2", "1", "100 %"] in [row[:5] for row in rows(of_city.text)]


def test_a_camat_looks_into_an_office_of_his_and_into_no_other(intake: InProcess, month: str) -> None:
    where = f"/intake/laporan/{month}?kelurahan={BUKIT_SANGKAL}"
    assert at_desk(intake, "camat", tenant=KECAMATAN).open(where).status_code == 200
    before = intake.rows("SELECT count(*) AS n FROM refused_access")[0]["n"]
    assert at_desk(intake, "camat", tenant="16.71.09").open(where).status_code == 404
    assert at_desk(intake, "lurah", tenant=KALIDONI).open(where).status_code == 404
    assert intake.rows("SELECT count(*) AS n FROM refused_access")[0]["n"] == before + 2


def test_a_kecamatan_without_offices_has_a_page_that_says_so(intake: InProcess) -> None:
    camat = at_desk(intake, "camat", tenant="16.71.09")
    shown = camat.go_on(camat.open("/intake/laporan"))
    assert shown.status_code == 200 and "Belum ada kelurahan di sini." in shown.text


@pytest.mark.parametrize("month", ["2026-13", "26-08", "2026-08x"])
def test_what_is_no_month_is_not_found(intake: InProcess, month: str) -> None:
    assert at_desk(intake, "lurah").open(f"/intake/laporan/{month}").status_code == 404


def test_one_goes_from_month_to_month_and_not_into_the_future(intake: InProcess, month: str) -> None:
    lurah = at_desk(intake, "lurah")
    sent: Any = lurah.open("/intake/laporan")
    now = sent.headers["Location"].rpartition("/")[2]
    assert now > month
    assert f'href="/intake/laporan/{now}" rel="next"' in lurah.open(f"/intake/laporan/{month}").text
    shown = lurah.go_on(sent).text
    assert 'rel="next"' not in shown and f'href="/intake/laporan/{month}" rel="prev"' in shown
