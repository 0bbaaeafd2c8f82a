"""Every kind comes out as a PDF for the archive, readable by people, machines and readers of QR codes."""

import io
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from pypdf import PdfReader

from documents.render import KINDS, RenderFailed, RenderPool
from documents.render.data import (
    F102_ATTACHMENTS,
    F102_REQUESTS,
    Bundle,
    Document,
    EventRegistration,
    Letter,
    Signer,
)
from tests.unit.documents.pdf import catalog_of, codes_in, fonts_in, squashed, text_of
from tests.unit.documents.samples import (
    BUSINESS_PLACE,
    CHECK_URL,
    DOCUMENT_DATE,
    EVENT_REGISTRATION,
    FAMILY_CARD,
    INTRODUCTION,
    MARRIAGE,
    MARRIAGE_STATEMENT,
    SAMPLES,
)

LETTERS = [document for document in SAMPLES.values() if isinstance(document, Letter)]
FORMS = [document for document in SAMPLES.values() if not isinstance(document, Letter | Bundle)]
PAGES = {"f101": 2}
LANDSCAPE = {"f101"}


@pytest.fixture(scope="module")
def pool() -> Iterator[RenderPool]:
    with RenderPool(1) as pool:
        yield pool


def render(pool: RenderPool, document: Document) -> bytes:
    return pool.render(document.kind, document.to_json(), document_date=DOCUMENT_DATE)


def test_every_kind_has_a_sample() -> None:
    assert SAMPLES.keys() == KINDS.keys()


@pytest.mark.parametrize("kind", KINDS)
def test_a_document_is_an_archive_pdf_on_few_pages_of_its_paper(pool: RenderPool, kind: str) -> None:
    pdf = render(pool, SAMPLES[kind])
    reader = PdfReader(io.BytesIO(pdf))
    catalog = catalog_of(pdf)
    metadata = catalog["/Metadata"].get_data().decode()
    assert "<pdfaid:part>2</pdfaid:part>" in metadata
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in metadata
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
    assert (catalog["/Lang"], catalog["/MarkInfo"]["/Marked"]) == ("id-ID", True)
    assert reader.metadata is not None
    assert reader.metadata.author == "Kelurahan Bukit Sangkal"
    assert reader.metadata.creation_date == DOCUMENT_DATE
    assert len(reader.pages) == PAGES.get(kind, 1)
    width, height = (float(side) / 72 * 25.4 for side in reader.pages[0].mediabox[2:])
    papers = {"f4": (215, 330), "a4": (210, 297), "a4_landscape": (297, 210)}
    short, long = papers[SAMPLES[kind].paper]
    assert (round(width), round(height)) == ((long, short) if kind in LANDSCAPE else (short, long))


@pytest.mark.parametrize("kind", KINDS)
def test_only_the_shipped_fonts_are_used_and_all_are_embedded(pool: RenderPool, kind: str) -> None:
    fonts = fonts_in(render(pool, SAMPLES[kind]))
    assert fonts
    for font in fonts:
        assert "LiberationSans" in font["/BaseFont"]
        assert "/FontFile2" in font["/FontDescriptor"]


@pytest.mark.parametrize("letter", LETTERS, ids=lambda letter: letter.kind)
def test_a_letter_names_its_number_title_and_check_and_is_not_signed_electronically(
    pool: RenderPool, letter: Letter
) -> None:
    pdf = render(pool, letter)
    text = text_of(pdf)
    assert f"Nomor:{squashed(letter.number)}" in text
    assert squashed(letter.title).lower() in text.lower()
    assert squashed(CHECK_URL) in text
    assert "BelumberTTE" in text.replace("-", "")
    assert codes_in(pdf) == [CHECK_URL]
    assert letter.number in str(PdfReader(io.BytesIO(pdf)).metadata)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.kind)
def test_a_form_has_no_number_and_no_code(pool: RenderPool, form: Document) -> None:
    pdf = render(pool, form)
    assert "Nomor:" not in text_of(pdf)
    assert codes_in(pdf) == []


@pytest.mark.parametrize("letter", LETTERS, ids=lambda letter: letter.kind)
def test_a_draft_says_so_and_has_neither_number_nor_code(pool: RenderPool, letter: Letter) -> None:
    pdf = render(pool, replace(letter, draft=True))
    text = text_of(pdf)
    assert "DRAF" in text
    assert "Nomor:diberikansaatsuratditerbitkan" in text
    assert squashed(CHECK_URL) not in text
    assert "Disetujui" not in text
    assert codes_in(pdf) == []


@pytest.mark.parametrize("kind", KINDS)
def test_only_a_sample_says_contoh(pool: RenderPool, kind: str) -> None:
    assert "CONTOH" in text_of(render(pool, SAMPLES[kind]))
    assert "CONTOH" not in text_of(render(pool, replace(SAMPLES[kind], sample=False)))


def test_the_introduction_says_who_approved_it_and_when(pool: RenderPool) -> None:
    approval = INTRODUCTION.approval
    assert approval is not None
    said = f"Disetujui secara elektronik oleh {approval.name}, {approval.role} pada {approval.at}"
    assert squashed(said) in text_of(render(pool, INTRODUCTION))


def test_the_family_table_lists_every_member(pool: RenderPool) -> None:
    text = text_of(render(pool, FAMILY_CARD))
    for number, member in enumerate(FAMILY_CARD.members, start=1):
        assert squashed(f"{number}{member.nik}{member.name}{member.relation}") in text
    assert "bukanpenggantiKartuKeluarga" in text


def test_the_business_letter_does_not_replace_the_licence_and_lists_neighbours_only_if_asked(pool: RenderPool) -> None:
    asked = text_of(render(pool, BUSINESS_PLACE))
    assert squashed("tidak menggantikan Nomor Induk Berusaha (NIB)") in asked
    assert squashed("Nur'aini & Co <i>") in asked
    assert "Pernyataantetangga" in asked
    assert "Pernyataantetangga" not in text_of(render(pool, replace(BUSINESS_PLACE, neighbours=())))


@pytest.mark.parametrize("letter", [MARRIAGE, MARRIAGE_STATEMENT], ids=lambda letter: letter.kind)
def test_the_courts_dispensation_is_noted_only_where_it_is_needed(pool: RenderPool, letter: Letter) -> None:
    for needed in (True, False):
        text = text_of(render(pool, replace(letter, dispensation=needed)))  # type: ignore[call-arg]
        assert (squashed("dispensasi dari pengadilan") in text) is needed


def test_who_signs_for_the_lurah_stands_under_the_ladder_without_a_short_nip(pool: RenderPool) -> None:
    signer = Signer(
        position="Lurah Bukit Sangkal",
        lines=("a.n. Lurah Bukit Sangkal", "Sekretaris,", "u.b.", "Kepala Seksi Pemerintahan,"),
        name="Zulkarnain, S.H.",
        nip="12345",
    )
    text = text_of(render(pool, replace(FAMILY_CARD, signer=signer, approval=None)))
    assert squashed("a.n. Lurah Bukit Sangkal Sekretaris, u.b. Kepala Seksi Pemerintahan, Zulkarnain, S.H.") in text
    assert "NIP" not in text


def test_boxes_are_ticked_by_data(pool: RenderPool) -> None:
    def ticks(form: EventRegistration) -> int:
        return text_of(render(pool, replace(form, sample=False))).count("X")

    nothing = replace(EVENT_REGISTRATION, requests=(), attachments=())
    everything = replace(nothing, requests=tuple(F102_REQUESTS), attachments=tuple(F102_ATTACHMENTS))
    assert ticks(everything) - ticks(nothing) == len(F102_REQUESTS) + len(F102_ATTACHMENTS)
    assert ticks(EVENT_REGISTRATION) - ticks(nothing) == 3


def test_a_box_that_the_form_does_not_have_is_refused() -> None:
    with pytest.raises(ValueError, match="kk.stolen"):
        replace(EVENT_REGISTRATION, requests=("kk.stolen",))


def test_a_letter_can_be_on_a4(pool: RenderPool) -> None:
    for letter in LETTERS:
        reader = PdfReader(io.BytesIO(render(pool, replace(letter, paper="a4"))))
        assert round(float(reader.pages[0].mediabox.height) / 72 * 25.4) == 297


@pytest.mark.parametrize("letter", LETTERS, ids=lambda letter: letter.kind)
def test_copies_are_listed_at_the_end_only_when_there_are_any(pool: RenderPool, letter: Letter) -> None:
    assert "Tembusan" not in text_of(render(pool, letter))
    with_copies = text_of(render(pool, replace(letter, copies=("Camat Kalidoni", "Arsip"))))
    assert "Tembusan:1.CamatKalidoni2.Arsip" in with_copies


def test_pages_are_numbered_when_there_is_more_than_one(pool: RenderPool) -> None:
    many = replace(FAMILY_CARD, members=FAMILY_CARD.members * 30, sample=False)
    pages = PdfReader(io.BytesIO(render(pool, many))).pages
    assert len(pages) == 3
    for number, page in enumerate(pages, start=1):
        assert f"Halaman{number}dari3" in squashed(page.extract_text())
    assert "Halaman" not in text_of(render(pool, FAMILY_CARD))


def test_an_introduction_without_the_optional_rows_leaves_them_out(pool: RenderPool) -> None:
    bare = replace(INTRODUCTION.person, religion="", education="", family_card="", age="")
    text = text_of(render(pool, replace(INTRODUCTION, person=bare, remarks="")))
    for label in ("Agama:", "Pendidikan:", "NomorKK:", "Keteranganlain:", "()"):
        assert label not in text


@pytest.mark.parametrize("letter", LETTERS, ids=lambda letter: letter.kind)
def test_a_letter_that_is_no_draft_needs_number_date_and_check(pool: RenderPool, letter: Letter) -> None:
    incomplete: list[dict[str, Any]] = [{"number": ""}, {"date": ""}, {"check": None}]
    for missing in incomplete:
        with pytest.raises(RenderFailed, match="needs number and date and check"):
            pool.render(letter.kind, {**letter.to_json(), **missing}, document_date=DOCUMENT_DATE)
        assert pool.render(letter.kind, {**letter.to_json(), **missing, "draft": True}, document_date=DOCUMENT_DATE)


def test_an_introduction_is_never_issued_with_an_empty_signature(pool: RenderPool) -> None:
    with pytest.raises(RenderFailed, match="needs its approval"):
        render(pool, replace(INTRODUCTION, approval=None))
