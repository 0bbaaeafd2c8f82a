"""Leaflets: what they say, that they fit, that their code can be read, and that a machine can read them aloud."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from documents.domain import leaflets as rules
from documents.domain.leaflets import KINDS, in_force, leaflet
from documents.render import RenderFailed, RenderPool
from documents.render.leaflets import Leaflet
from tests.support.pdfa import judge
from tests.unit.documents.pdf import boxes_in, codes_in, squashed, text_of

INTAKE = Path("services/intake/intake")
CODES = ("KK", "KTP", "NIKAH", "SITU")
PDFS = [kind for kind, ending in KINDS.items() if ending == "pdf"]
TODAY = date(2026, 8, 14)
URL = "https://layanan-kelurahan.palembang.go.id"
WORDY = " yang dilegalisasi oleh pejabat yang berwenang"


def sop(code: str = "KTP", **changed: Any) -> dict[str, Any]:
    return json.loads((INTAKE / "catalogue" / f"{code}.json").read_text()) | changed


def office(**address: Any) -> dict[str, Any]:
    data = json.loads((INTAKE / "offices" / "16.71.10.1001.json").read_text())
    return data | {"address": data["address"] | address}


def made(told: dict[str, Any] | None = None, of: dict[str, Any] | None = None, *, sample: bool = False) -> Leaflet:
    return leaflet(told or sop(), of or office(), None, URL, TODAY, sample=sample)


def hard() -> Leaflet:
    """Twelve papers with long names, an office and a service of sixty letters, CONTOH."""
    needs = sop()["requirements"]
    more = [one | {"code": one["code"] + "_2", "name": {"id": one["name"]["id"] + WORDY}} for one in needs]
    told = sop(requirements=needs + more, name={"id": "Surat keterangan penghasilan orang tua/wali yang tidak bekerja"})
    long = office() | {
        "name": "Tanjung Sari Kencana Makmur Sejahtera Bersama Pulau Semambu",
        "kecamatan": "Pemulutan Selatan Barat Daya Ogan Komering Ulu",
        "kota": "Kabupaten Penukal Abab Lematang Ilir Selatan",
    }
    return made(told, long, sample=True)


@pytest.fixture(scope="module")
def pool() -> Iterator[RenderPool]:
    with RenderPool(1, 30) as pool:
        yield pool


def draw(pool: RenderPool, kind: str, of: Leaflet) -> bytes:
    return pool.render(f"leaflet_{kind}", of.to_json(), document_date=rules.dated(sop(), office()))


def pages(pdf: bytes) -> int:
    with pypdfium2.PdfDocument(pdf) as document:
        return len(document)


# --- what they say ----------------------------------------------------------------------------------------------------


def test_what_everybody_needs_comes_first_and_the_rest_says_when() -> None:
    assert [(one.name, one.when) for one in made().needs] == [
        ("Surat pengantar RT", ""),
        ("Kartu Keluarga", ""),
        ("Pas foto", ""),
        ("KTP-el lama", "bila alasannya rusak, perubahan data atau pindah datang dari kota lain"),
        ("Surat keterangan hilang dari kepolisian", "bila alasannya hilang"),
        ("Surat keterangan pindah dari tempat asal", "bila alasannya pindah datang dari kota lain"),
    ]


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ({"widowed": ["yes"]}, "bila cerai mati"),
        ({"islam": ["no", "unknown"]}, "bila tidak beragama Islam"),
        ({"from_other_city": ["yes"]}, "bila asal: kota lain"),
        ({"under_21": ["yes"], "widowed": ["yes"]}, "bila belum berumur 21 tahun, dan cerai mati"),
    ],
)
def test_a_paper_that_depends_on_what_is_answered_says_so_in_words(when: dict[str, Any], said: str) -> None:
    field = {
        "code": "from_other_city",
        "name": {"id": "Asal"},
        "choices": [{"code": "yes", "name": {"id": "Kota lain"}}],
    }
    need = {"code": "X", "name": {"id": "Surat"}, "when": when}
    assert made(sop(requirements=[need], fields=[field])).needs[0].when == said


def test_the_days_that_do_not_count_are_those_on_which_the_office_is_closed() -> None:
    assert "Sabtu, Minggu dan hari libur tidak dihitung." in made().counted
    hours = office()["calendar"]["hours"]
    six = office() | {"calendar": {"hours": hours | {"saturday": {"opens": "08:00", "closes": "12:00"}}}}
    assert made(of=six).counted.endswith("Minggu dan hari libur tidak dihitung.")
    assert made(of=six).hours == ("Senin–Kamis 07.30–16.00", "Jumat 07.30–16.30", "Sabtu 08.00–12.00")


@pytest.mark.parametrize(
    ("last_day", "said"), [("2026-08-20", "sampai 20 Agustus 2026"), ("2026-08-14", "sampai"), (None, "sementara")]
)
def test_while_nobody_is_received_every_leaflet_says_so_and_names_no_hours(
    pool: RenderPool, last_day: str | None, said: str
) -> None:
    closed = {"name": "Wabah", "first_day": "2026-08-14", "last_day": last_day}
    of = made(of=office() | {"calendar": office()["calendar"] | {"closed_to_visitors": [closed]}})
    assert said in of.closed and of.hours == ()
    for kind in PDFS:
        assert squashed(of.closed) in text_of(draw(pool, kind, of))
    assert draw(pool, "picture", of) != draw(pool, "picture", replace(of, closed=""))


@pytest.mark.parametrize("days", [("2026-08-15", None), ("2026-08-01", "2026-08-13")])
def test_before_and_after_that_nothing_is_said_of_it(days: tuple[str, str | None]) -> None:
    closed = {"name": "Wabah", "first_day": days[0], "last_day": days[1]}
    of = made(of=office() | {"calendar": office()["calendar"] | {"closed_to_visitors": [closed]}})
    assert of.closed == "" and of.hours


@pytest.mark.parametrize("number", ["0812-3456-7890", "+62 812 3456 7890"])
def test_a_whatsapp_number_is_printed_as_it_is_dialled_here(number: str) -> None:
    start = made(of=office(whatsapp=number)).start
    assert (start.whatsapp, start.shown) == (True, "0812-3456-7890")
    assert start.url == "https://wa.me/6281234567890?text=Saya%20ingin%20mengajukan%20Pengantar%20KTP-el"


@pytest.mark.parametrize("number", [None, "", "0711 353535"])
def test_without_a_number_that_has_whatsapp_the_page_begins_the_application(number: str | None) -> None:
    start = made(of=office(whatsapp=number)).start
    assert (start.whatsapp, start.url) == (False, f"{URL}/ajukan/16.71.10.1001/KTP")


def test_a_version_is_in_force_from_its_day_until_the_service_is_retired() -> None:
    versions = [sop(version=1, effective_from="2026-01-01"), sop(version=2, effective_from="2026-09-01")]

    def on(day: str) -> int | None:
        found = in_force(versions, date.fromisoformat(day))
        return found and found["version"]

    assert [on(day) for day in ("2025-12-31", "2026-01-01", "2026-08-31", "2026-09-01")] == [None, 1, 1, 2]
    versions = [one | {"retired_from": "2026-11-01"} for one in versions]
    assert [on(day) for day in ("2026-10-31", "2026-11-01")] == [2, None]
    versions.append(sop(version=3, effective_from="2026-12-01"))
    assert [on(day) for day in ("2026-11-30", "2026-12-01")] == [None, 3], "offered again"


# --- that they fit ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", CODES)
def test_the_picture_is_1080_by_1350_and_its_code_begins_the_application(pool: RenderPool, code: str) -> None:
    of = made(sop(code), office(whatsapp="0812-3456-7890"))
    with Image.open(io.BytesIO(draw(pool, "picture", of))) as picture:
        assert picture.size == (1080, 1350)
        half = picture.convert("RGB").resize((540, 675))  # as a status is shown, and sent on
    assert [one.text for one in zxingcpp.read_barcodes(half)] == [of.start.url]


@pytest.mark.parametrize("code", CODES)
def test_the_notice_is_one_page_with_all_of_it_and_a_code(pool: RenderPool, code: str) -> None:
    of = made(sop(code))
    pdf = draw(pool, "notice", of)
    text = text_of(pdf)
    assert (pages(pdf), codes_in(pdf)) == (1, [of.start.url])
    for said in (*(one.name for one in of.needs), *of.steps, of.product, of.next_step, of.complaint, of.days):
        assert squashed(said) in text


@pytest.mark.parametrize("code", CODES)
def test_the_whole_sop_says_all_that_the_law_wants_published(pool: RenderPool, code: str) -> None:
    of = made(sop(code))
    pdf = draw(pool, "sop", of)
    text = text_of(pdf)
    assert codes_in(pdf) == [of.start.url]
    hints = [one.hint for one in of.needs]
    for said in (*hints, *of.steps, of.counted, of.cost, of.product, of.next_step, of.complaint, *of.legal_basis):
        assert squashed(said) in text


def test_long_names_and_twelve_papers_fit_the_picture_and_the_one_page(pool: RenderPool) -> None:
    of = hard()
    with Image.open(io.BytesIO(draw(pool, "picture", of))) as picture:
        assert picture.size == (1080, 1350)
        assert [one.text for one in zxingcpp.read_barcodes(picture)] == [of.start.url]
    notice = draw(pool, "notice", of)
    assert (pages(notice), codes_in(notice)) == (1, [of.start.url])
    for need in of.needs:
        assert squashed(need.name) in text_of(notice)
    for pdf in (notice, draw(pool, "sop", of)):
        with pypdfium2.PdfDocument(pdf) as document:
            width, height = document[0].get_size()
        out = [box for box in boxes_in(pdf) if box.left < 20 or box.right > width - 20 or box.bottom < 10]
        assert out == [] and height > width


def test_no_text_of_the_notice_covers_another(pool: RenderPool) -> None:
    boxes = boxes_in(draw(pool, "notice", replace(hard(), sample=False)))
    assert [(one.text, two.text) for at, one in enumerate(boxes) for two in boxes[at + 1 :] if one.overlaps(two)] == []


def test_what_no_page_has_room_for_is_refused_and_not_cut_off(pool: RenderPool) -> None:
    endless = made(sop(next_step={"id": "Bawa ke Disdukcapil. " * 300}))
    for kind in ("picture", "notice"):
        with pytest.raises(RenderFailed, match="more text than its page has room"):
            draw(pool, kind, endless)
    assert pages(draw(pool, "sop", endless)) > 1


@pytest.mark.parametrize("kind", PDFS)
def test_what_is_printed_is_pdf_a_and_pdf_ua(pool: RenderPool, judged: None, kind: str, tmp_path: Path) -> None:
    assert judge(draw(pool, kind, made()), tmp_path) == []


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_leaflet_has_the_same_bytes(pool: RenderPool, kind: str) -> None:
    with RenderPool(1, 30) as another:
        assert draw(pool, kind, made()) == draw(another, kind, made())
