"""Hard names and long titles come out as they went in, and nothing runs over anything else."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from documents.render import KINDS, MissingGlyph, RenderPool
from documents.render.data import Paper
from tests.unit.documents.pdf import boxes_in, codes_in, squashed, text_of
from tests.unit.documents.samples import CHECK_URL, DOCUMENT_DATE, INTRODUCTION, SAMPLES

MILLIMETRE = 72 / 25.4
TITLED = "Prof. Dr. Ir. H. Raden Muhammad Zainuddin Syamsuddin Kusumawardhana, S.E., M.Si."
MARKED = "Nur'aini & Co <i> #strong[x] $a$ \\u{41} @ref // *tebal* _miring_"
ACCENTED = "Ngurah Édouard İsmet Żółć fi ffl Sañchez Zoe\u0308 Đặng"
UNBROKEN = "Kartasasmitakusumawardhanapuspanegaraindrapradatakusumahdiningratsastrawinata"
HARD_NAMES = (TITLED, MARKED, ACCENTED, UNBROKEN)
LONG_TITLE = (
    "Surat Keterangan Tempat Usaha dan Rekomendasi bagi Pedagang Kaki Lima, Usaha Mikro dan Industri Rumahan "
    "di Lingkungan Pasar Tradisional Bukit Sangkal"
)
NAMED = {"name", "lineage", "head", "groom", "bride", "former_spouse"}


@pytest.fixture(scope="module")
def pool() -> Iterator[RenderPool]:
    with RenderPool(1) as pool:
        yield pool


def hardened(value: Any, names: Iterator[str]) -> Any:
    """The same data with hard names, and addresses that hold a word longer than a line."""
    if isinstance(value, list):
        return [hardened(one, names) for one in value]
    if not isinstance(value, dict):
        return value
    hard = {key: hardened(one, names) for key, one in value.items()}
    for key in NAMED & hard.keys():
        hard[key] = next(names) if isinstance(hard[key], str) else hard[key]
    if "address" in hard:
        hard["address"] += f" Blok {UNBROKEN}"
    if "title" in hard:
        hard["title"] = LONG_TITLE
    return hard


def endless(names: tuple[str, ...]) -> Iterator[str]:
    while True:
        yield from names


@pytest.mark.parametrize("name", HARD_NAMES)
def test_a_name_is_printed_as_it_was_given(pool: RenderPool, name: str) -> None:
    document = replace(INTRODUCTION, person=replace(INTRODUCTION.person, name=name), head=name, sample=False)
    text = text_of(pool.render(document.kind, document.to_json(), document_date=DOCUMENT_DATE))
    assert text.count(squashed(name)) == 2


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("paper", ["f4", "a4"])
def test_long_names_and_titles_stay_inside_the_page_and_apart(pool: RenderPool, kind: str, paper: Paper) -> None:
    document = replace(SAMPLES[kind], sample=False, paper=paper)
    data = hardened(document.to_json(), endless(HARD_NAMES))
    pdf = pool.render(kind, data, document_date=DOCUMENT_DATE)
    boxes = boxes_in(pdf)
    sides = (215, 330) if paper == "f4" else (210, 297)
    width = sides[kind == "f101"]
    assert max(box.right for box in boxes) <= (width - 15) * MILLIMETRE
    assert min(box.left for box in boxes) >= 15 * MILLIMETRE
    overlapping = [(a.text, b.text) for n, a in enumerate(boxes) for b in boxes[n + 1 :] if a.overlaps(b)]
    assert overlapping == []
    if "check" in data:
        assert codes_in(pdf) == [CHECK_URL]
        assert squashed(LONG_TITLE).upper() in text_of(pdf).upper()


@pytest.mark.parametrize(
    ("name", "character"), [("Lie 李 Hok", "李"), ("Budi \U0001f600", "\U0001f600"), ("A\x00b", "\x00")]
)
def test_a_character_that_no_font_has_is_refused_by_name(pool: RenderPool, name: str, character: str) -> None:
    document = replace(INTRODUCTION, person=replace(INTRODUCTION.person, name=name))
    with pytest.raises(MissingGlyph) as refused:
        pool.render(document.kind, document.to_json(), document_date=DOCUMENT_DATE)
    assert refused.value.character == character
    assert refused.value.permanent
    assert f"U+{ord(character):04X}" in str(refused.value)
    assert "Lie" not in str(refused.value)
    assert "Budi" not in str(refused.value)


def test_a_character_that_only_the_second_font_has_is_printed(pool: RenderPool) -> None:
    document = replace(INTRODUCTION, purpose="Usaha Kue\u2011kue")
    text = text_of(pool.render(document.kind, document.to_json(), document_date=DOCUMENT_DATE))
    assert "UsahaKue\u2011kue" in text
