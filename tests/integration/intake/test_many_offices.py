"""A whole city: its offices come by one command's document, and its pages ask no more of the database for it."""

from __future__ import annotations

from typing import Any

import pytest

from contracts.places import is_below
from deploy.offices.__main__ import PALEMBANG, read
from kit.db import Tx
from tests.integration.intake.by_page import at_desk
from tests.support.services import InProcess
from tests.support.tokens import BUKIT_SANGKAL

CITY = {"tenant": "16.71"}


@pytest.fixture(scope="module")
def palembang(intake: InProcess) -> list[dict[str, Any]]:
    """What came of each of the 107 offices when they were sent first."""
    return send(intake)


def send(intake: InProcess) -> list[dict[str, Any]]:
    sent = read(PALEMBANG, kota="Palembang", province="Sumatera Selatan", zone="Asia/Jakarta")
    answer = intake.call("PUT", "/v1/masterdata", "masterdata.write", who=CITY, json={"offices": sent})
    assert answer.status_code == 200, answer.json
    return list(answer.json["items"])


def test_the_107_kelurahan_are_there_and_the_one_that_was_stays_as_it_was(
    intake: InProcess, palembang: list[dict[str, Any]]
) -> None:
    results = {item["code"]: item["result"] for item in palembang}
    assert results.pop(BUKIT_SANGKAL) == "unchanged"
    assert list(results.values()) == ["added"] * 106
    listed = intake.call("GET", "/v1/offices").json["items"]
    below = [one for one in listed if is_below(one["code"], "16.71")]
    assert len(below) == 107
    assert len({one["kecamatan"] for one in below}) == 18
    marks = {intake.call("GET", f"/v1/offices/{code}").json["registers"]["code"] for code in [*results][:30]}
    assert len(marks) == 30


def test_sending_them_again_changes_nothing(intake: InProcess, palembang: list[dict[str, Any]]) -> None:
    assert len(palembang) == 107
    assert {item["result"] for item in send(intake)} == {"unchanged"}


@pytest.mark.parametrize("place", ["16.71", "16.71.10"])
@pytest.mark.usefixtures("palembang")
def test_figures_of_many_offices_take_no_question_for_each(
    intake: InProcess, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    asked: list[str] = []
    for name in ("one", "all", "value", "execute"):
        monkeypatch.setattr(Tx, name, _counting(getattr(Tx, name), asked))
    intake.deps.known.offices.things.clear()  # as a process that has just begun
    role = "city" if place == "16.71" else "camat"
    shown = at_desk(intake, role, tenant=place).open("/intake/laporan/2026-08")
    assert shown.status_code == 200
    assert "Sei Selayur" in shown.text
    assert len(asked) < 25, asked


def _counting(method: Any, asked: list[str]) -> Any:
    def counted(tx: Tx, sql: str, *more: Any) -> Any:
        asked.append(sql)
        return method(tx, sql, *more)

    return counted
