"""Plots: every value lies where it belongs, and what is not there is not drawn."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from kit.pages import plots


@pytest.fixture(autouse=True)
def asked_in_indonesian() -> Iterator[None]:
    with Flask("test").test_request_context(headers={"Accept-Language": "id"}):
        yield


def test_a_bar_is_as_long_as_its_value_and_the_longest_fills_the_room() -> None:
    [kk, ktp] = plots.bars([("KK", [10, 5]), ("KTP", [2.5, None])]).rows
    longest = kk.bars[0].width
    assert [bar.width / longest for bar in (*kk.bars, *ktp.bars)] == pytest.approx([1, 0.5, 0.25, 0], abs=0.001)
    assert longest < plots.WIDTH
    assert [bar.said for bar in ktp.bars] == ["2,5", "–"]


def test_rows_do_not_overlap() -> None:
    shown = plots.bars([("KK", [1, 2]), ("KTP", [3, 4]), ("SITU", [5, 6])])
    tops = [place for row in shown.rows for place in (row.baseline, *(bar.y for bar in row.bars))]
    assert tops == sorted(tops) and shown.height > tops[-1]


def test_nothing_at_all_can_be_plotted() -> None:
    assert plots.bars([]).height > 0
    assert plots.bars([("KK", [0, 0])]).rows[0].bars[0].width == 0
    assert plots.lines(["Jan", "Feb"], [[0, 0]]).lines[0].points[0].y == plots.lines([], []).floor


def test_a_line_goes_up_with_its_values_and_is_broken_where_there_is_none() -> None:
    shown = plots.lines(["Jan", "Feb", "Mar", "Apr", "Mei"], [[0, 50, None, 100, 100]], most=100)
    [line] = shown.lines
    assert [point.said for point in line.points] == ["0", "50", "100", "100"]
    ys = [point.y for point in line.points]
    assert ys[0] == shown.floor and ys[1] - ys[2] == pytest.approx(ys[0] - ys[1]) and ys[2] == ys[3]
    assert len(line.paths) == 2


@pytest.mark.parametrize(
    ("most", "top"), [(0, "2"), (1, "2"), (3, "4"), (7, "8"), (11, "20"), (99, "100"), (150, "200"), (1500, "2.000")]
)
def test_a_scale_ends_at_a_round_number_above_all_values(most: int, top: str) -> None:
    assert plots.lines(["Jan"], [[most]]).values[-1].said == top


def test_names_are_thinned_out_before_they_run_into_each_other() -> None:
    assert len(plots.lines([str(month) for month in range(12)], []).names) == 12
    assert len(plots.lines([str(month) for month in range(36)], []).names) == 12
