"""Hard names and long titles come out as they went in, and nothing runs over anything else."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

import pytest

from documents.render import KINDS, MissingGlyph, RenderPool
from documents.render.data import Document, Letter, Paper
from tests.unit.documents.pdf import boxes_in, codes_in, squashed, text_of
from tests.unit.documents.samples import CHECK_URL, DOCUMENT_DATE, INTRODUCTION, SAMPLES

MILLIMETRE = 72 / 25.4
TITLED = "Prof. Dr. Ir. H. Raden Muhammad Zainuddin Syamsuddin Kusumawardhana, S.E., M.Si."
MARKED = "Nur'aini & Co <i> #strong[x] $a$ \\u{41} @ref // *tebal* _miring_"
ACCENTED = "Ngurah Édouard İsmet Żółć fi ffl Sañchez Zoe\u0308 Đặng"
UNBROKEN = "Kartasasmitakusumawardhanapuspanegaraindrapradatakusumahdiningratsastrawinata"
LONG_WORDS = "MANGKUWUDANINGRATWARDHMW Kusumawardhanapuspanegar"
HARD_NAMES = (TITLED, MARKED, ACCENTED, UNBROKEN, LONG_WORDS)
LONG_TITLE = (
    "Surat Keterangan Tempat Usaha dan Rekomendasi bagi Pedagang Kaki Lima, Usaha Mikro, dan Industri Rumahan "
    "di Lingkungan Pasar Tradisional Bukit Sangkal"
)
LONG_SERVICE = LONG_TITLE[:146] + " (1)"

GIVEN = {
    "name", "lineage", "head", "groom", "bride", "former_spouse", "father_name", "mother_name", "family_head",
    "responsible", "address", "religion", "marital_status", "education", "occupation", "purpose", "reason",
    "destination", "recipient", "remarks", "venue", "dowry", "died_at", "relation", "element", "before", "after",
    "basis", "type", "tenure", "statement", "service", "birth_certificate", "marriage_certificate", "copies", "text",
    "value", "label",
}  # fmt: skip
"""Where people's and offices' own words are printed."""

_BRIEF = {"person.education", "person.family_head", "person.marital_status"}
_LITTLE = _BRIEF | {"person.occupation", "person.religion", "office.address"}
_NOBODY = _LITTLE | {"person.name", "person.address"}
UNPRINTED: dict[str, set[str]] = {
    "introduction": {"office.address"},
    "n1": {"office.address", "person.family_head"},
    "n6": _NOBODY,
    "marriage_statement": {"partner.lineage"},
    "business_place": _BRIEF,
    "keterangan": _BRIEF,
    "f101": _LITTLE,
    "f102": _LITTLE | {"person.address"},
    "f106": _LITTLE,
    "n2": _LITTLE | {"person.address"},
    "n4": _NOBODY,
    "n5": _NOBODY,
    "bundle": _LITTLE - {"office.address"},
}
"""What a kind is told and does not show; the office's letters have the approval's name from the signer."""


@dataclass(frozen=True)
class Hard:
    """A document full of hard texts, and what was to be printed."""

    kind: str
    paper: Paper
    data: dict[str, Any]
    pdf: bytes


@pytest.fixture(scope="module")
def pool() -> Iterator[RenderPool]:
    with RenderPool(1) as pool:
        yield pool


@pytest.fixture(scope="module", params=[(kind, paper) for kind in KINDS for paper in ("f4", "a4")], ids="-".join)
def hard(request: pytest.FixtureRequest, pool: RenderPool) -> Hard:
    kind, paper = request.param
    document = replace(SAMPLES[kind], sample=False, paper=paper)
    if isinstance(document, Letter):
        document = replace(document, copies=("Camat", "Arsip"))
    data = hardened(document.to_json(), (f"{HARD_NAMES[(n + n // 5) % 5]} {n}" for n in count(10)))
    return Hard(kind, paper, data, pool.render(kind, data, document_date=DOCUMENT_DATE))


def hardened(value: Any, names: Iterator[str], key: str = "") -> Any:
    """The same data with a hard text, each another, wherever people's words stand, and a long title."""
    if isinstance(value, dict):
        return {name: hardened(one, names, name) for name, one in value.items()}
    if isinstance(value, list):
        return [hardened(one, names, key) for one in value]
    if not isinstance(value, str) or not value:
        return value
    if key in ("title", "service"):
        return LONG_TITLE if key == "title" else LONG_SERVICE
    return next(names) if key in GIVEN else value


def given(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """What people wrote in the data, with its place; a row without a value is left out of a letter."""
    if isinstance(value, dict):
        if value.get("value") != "":
            for name, one in value.items():
                yield from given(one, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for one in value:
            yield from given(one, path)
    elif isinstance(value, str) and path.split(".")[-1] in GIVEN:
        yield path, value


@pytest.mark.parametrize("name", HARD_NAMES)
def test_a_name_is_printed_as_it_was_given(pool: RenderPool, name: str) -> None:
    document = replace(INTRODUCTION, person=replace(INTRODUCTION.person, name=name), head=name, sample=False)
    text = text_of(pool.render(document.kind, document.to_json(), document_date=DOCUMENT_DATE))
    assert text.count(squashed(name)) == 2


def test_the_hard_texts_are_as_long_as_they_may_be() -> None:
    assert len(LONG_TITLE) >= 150 and len(LONG_SERVICE) == 150
    assert len(TITLED) >= 80 and len(UNBROKEN) >= 75


def test_what_people_wrote_is_in_every_document_letter_for_letter(hard: Hard) -> None:
    printed = text_of(hard.pdf)
    unprinted = UNPRINTED.get(hard.kind, set()) | ({"approval.name"} if "signer" in hard.data else set())
    missing = {path for path, text in given(hard.data) if squashed(text) not in printed}
    assert missing == unprinted & {path for path, _ in given(hard.data)}
    assert "title" not in hard.data or squashed(LONG_TITLE).upper() in printed.upper()


def test_long_names_and_titles_stay_inside_the_page_and_apart(hard: Hard) -> None:
    boxes = boxes_in(hard.pdf)
    sides = (215, 330) if hard.paper == "f4" else (210, 297)
    sides = sides[::-1] if hard.kind == "f101" else sides
    assert max(box.right for box in boxes) <= (sides[0] - 15) * MILLIMETRE
    assert min(box.left for box in boxes) >= 15 * MILLIMETRE
    assert max(box.top for box in boxes) <= sides[1] * MILLIMETRE - 10 and min(box.bottom for box in boxes) >= 10
    overlapping = [(a.text, b.text) for n, a in enumerate(boxes) for b in boxes[n + 1 :] if a.overlaps(b)]
    assert overlapping == []
    if "check" in hard.data:
        assert codes_in(hard.pdf) == [CHECK_URL]


MANY: list[tuple[Document, dict[str, str]]] = [
    (SAMPLES["kk_introduction"], {"members": "name"}),
    (SAMPLES["business_place"], {"neighbours": "name"}),
    (SAMPLES["f101"], {"members": "name"}),
    (SAMPLES["f106"], {"people": "name", "changes": "element"}),
    (SAMPLES["bundle"], {"checklist": "name", "contents": "name"}),
]


@pytest.mark.parametrize(("document", "tables"), MANY, ids=lambda one: getattr(one, "kind", ""))
def test_a_table_longer_than_a_page_goes_on_on_the_next(
    pool: RenderPool, document: Document, tables: dict[str, str]
) -> None:
    data = replace(document, sample=False).to_json()
    for table, name in tables.items():
        rows = data[table]
        data[table] = [{**rows[n % len(rows)], name: f"Baris {table} {n:02}"} for n in range(45)]
    pdf = pool.render(document.kind, data, document_date=DOCUMENT_DATE)
    printed, boxes = text_of(pdf), boxes_in(pdf)
    assert [f"{table}{n:02}" for table in tables for n in range(45) if f"Baris{table}{n:02}" not in printed] == []
    assert min(box.bottom for box in boxes) >= 10
    assert [(a.text, b.text) for n, a in enumerate(boxes) for b in boxes[n + 1 :] if a.overlaps(b)] == []


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


@pytest.mark.parametrize("kind", KINDS)
def test_no_layout_prints_a_blank_box_for_what_no_font_has(pool: RenderPool, kind: str) -> None:
    data = hardened(SAMPLES[kind].to_json(), (f"Lie 李 Hok {n}" for n in count()))
    with pytest.raises(MissingGlyph) as refused:
        pool.render(kind, data, document_date=DOCUMENT_DATE)
    assert refused.value.character == "李"


def test_a_character_that_only_the_second_font_has_is_printed(pool: RenderPool) -> None:
    document = replace(INTRODUCTION, purpose="Usaha Kue\u2011kue")
    text = text_of(pool.render(document.kind, document.to_json(), document_date=DOCUMENT_DATE))
    assert "UsahaKue\u2011kue" in text
