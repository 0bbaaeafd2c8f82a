"""The sample pictures: what ships, and that it is what the command draws."""

from __future__ import annotations

import io
import json
from importlib import resources

import pytest
from PIL import Image

from deploy.samples.drawing import draw
from deploy.samples.papers import PAPERS, Paper
from intake import samples

MOST = 60_000


def requirements() -> set[str]:
    """Of the shipped catalogue."""
    there = [one for one in resources.files("intake.catalogue").iterdir() if one.name.endswith(".json")]
    return {item["code"] for one in there for item in json.loads(one.read_text("utf-8"))["requirements"]}


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.name)
def test_what_ships_is_what_the_command_draws_and_small(paper: Paper) -> None:
    drawn, shipped = draw(paper), samples.named(paper.name).content
    assert pixels(drawn) == pixels(shipped), "make samples"
    assert len(shipped) <= MOST
    assert "CONTOH" not in paper.title, "it stands across all of them"


def pixels(content: bytes) -> tuple[tuple[int, int], bytes]:
    with Image.open(io.BytesIO(content)) as picture:
        return picture.size, picture.convert("RGB").tobytes()


def test_each_paper_of_the_shipped_catalogue_has_a_sample_of_its_kind() -> None:
    assert {one.name for one in samples.every()} == {paper.name for paper in PAPERS}
    own = requirements()
    assert own and not {code for code in own if samples.of(code).name == "sheet"}


def test_a_paper_of_an_offices_own_has_the_sample_of_any_paper() -> None:
    assert samples.of("SURAT_WALI_NIKAH").name == "sheet"


def test_another_picture_has_another_address() -> None:
    known = {(one.mark, one.key) for one in samples.every()}
    assert len(known) == len(PAPERS)
