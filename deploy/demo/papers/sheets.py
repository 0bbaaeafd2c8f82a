"""The flat sheets: what each kind of paper says, drawn plainly and marked CONTOH all over."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from PIL import Image

from deploy.demo.papers import portrait, wear
from deploy.demo.papers.pen import BLUE_INK, INK, RED, Colour, Pen, Point
from deploy.demo.papers.spec import PaperSpec

_WHITE: Final[Colour] = (249, 248, 243)
_MARGIN: Final = 0.07
# The height of ordinary type on an A4 sheet, and the smallest that a photo still shows.
_LARGEST: Final = 6.2
_SMALLEST: Final = 1.5


@dataclass(frozen=True, slots=True)
class Form:
    """How one kind of paper looks: its size in millimetres, its words, and what time did to it."""

    title: str
    width: float = 210.0
    height: float = 297.0
    paper: Colour = _WHITE
    note: str = ""
    signed_by: str = ""
    ink: Colour = INK
    face: bool = False
    wear: tuple[str, ...] = ()


FORMS: Final[Mapping[str, Form]] = {
    "KTP": Form("LEMBAR DATA KTP-EL", 150, 110, (236, 240, 226), face=True),
    "KTP_LAMA": Form("LEMBAR DATA KTP LAMA", 150, 110, (228, 222, 200), face=True, wear=("torn", "crack", "stain")),
    "KK": Form("LEMBAR DATA KARTU KELUARGA", 297, 210, wear=("folds",)),
    "KK_LAMA": Form("LEMBAR DATA KARTU KELUARGA LAMA", 297, 210, (240, 233, 210), wear=("folds", "stain", "torn")),
    "SKP": Form(
        "SURAT KETERANGAN PINDAH",
        note="Yang namanya tersebut di atas pindah ke alamat yang baru. Lembar ini hanya contoh.",
        signed_by="Petugas tempat asal",
        wear=("folds",),
    ),
    "PENGANTAR_RT": Form(
        "SURAT PENGANTAR RT",
        note="Benar warga kami dan tinggal di alamat tersebut. Lembar ini hanya contoh.",
        signed_by="Ketua RT",
        ink=BLUE_INK,
        wear=("folds",),
    ),
    "PAS_FOTO": Form("PAS FOTO", 40, 60),
    "SURAT_KEHILANGAN": Form(
        "SURAT TANDA LAPOR KEHILANGAN",
        note="Telah melapor bahwa ia kehilangan barang yang disebut di atas. Lembar ini hanya contoh.",
        signed_by="Petugas penerima laporan",
        wear=("folds",),
    ),
    "PERSETUJUAN": Form(
        "SURAT PERSETUJUAN",
        note="Saya setuju urusan saya diajukan oleh pendamping saya. Lembar ini hanya contoh.",
        signed_by="Yang menyetujui",
        ink=BLUE_INK,
        paper=(246, 246, 236),
        wear=("folds",),
    ),
}


def aspect(kind: str) -> float:
    """Width divided by height of a kind of paper."""
    return FORMS[kind].width / FORMS[kind].height


def draw(spec: PaperSpec, long_side: int, rng: np.random.Generator) -> Image.Image:
    """Draw the sheet with a long side of so many pixels; RGBA, transparent where the paper is gone."""
    form = FORMS[spec.kind]
    scale = long_side / max(form.width, form.height)
    if spec.kind == "PAS_FOTO":
        pen = Pen(form.width, form.height, scale, form.paper)
        portrait.print_photo(pen, spec.fields)
    else:
        pen = _written(form, spec, scale, int(rng.integers(2**32)))
    return wear.age(pen.image, form.wear, rng)


def _written(form: Form, spec: PaperSpec, scale: float, seed: int) -> Pen:
    """The sheet with everything on it, in the largest type that leaves the lower band free."""
    unit = _LARGEST * min(1.0, max(form.width, form.height) / 210)
    while True:
        pen = Pen(form.width, form.height, scale, form.paper)
        end = _write(pen, form, spec, unit, np.random.default_rng(seed))
        if end <= form.height - 2 * unit or unit < _SMALLEST:
            break
        unit *= 0.93
    pen.watermark("CONTOH", max(form.width, form.height) * 0.08, 74)
    _bands(pen, unit)
    return pen


def _write(pen: Pen, form: Form, spec: PaperSpec, unit: float, rng: np.random.Generator) -> float:
    """Fill a sheet from the top down; where the writing ends."""
    y = _heading(pen, form, unit)
    left = pen.width * _MARGIN
    below = y
    if form.face:
        # On the left, unlike on any card.
        width = pen.width * 0.2
        below = y + portrait.small(pen, (left, y), width)
        left += width + unit * 1.5
    y = max(_fields(pen, form, spec.fields, (left, y), unit), below)
    if spec.table:
        y = _table(pen, spec.table, y + unit, unit)
    note = spec.note or form.note
    if note:
        y = _note(pen, note, y + 2 * unit, unit)
    if form.signed_by:
        y = _signature(pen, form, y + 2 * unit, unit, rng)
    return y


def _bands(pen: Pen, unit: float) -> None:
    """A red band above and below: no office prints its papers so."""
    band = unit * 1.9
    for top in (0.0, pen.height - band):
        pen.box((0, top), (pen.width, top + band), fill=RED)
        middle = (pen.width / 2, top + band / 2)
        words = "CONTOH · BUKAN DOKUMEN RESMI · CONTOH"
        pen.text(middle, words, unit, colour=(255, 255, 255), bold=True, anchor="mm")


def _heading(pen: Pen, form: Form, unit: float) -> float:
    """The word CONTOH, larger than anything else, and the title."""
    middle, y = form.width / 2, unit * 2.6
    pen.text((middle, y), "CONTOH", unit * 2.2, colour=RED, bold=True, anchor="ma")
    pen.text((middle, y + unit * 2.7), form.title, unit * 1.25, bold=True, anchor="ma")
    rule = y + unit * 4.7
    pen.line([(form.width * _MARGIN, rule), (form.width * (1 - _MARGIN), rule)], 0.5)
    return rule + unit * 0.9


def _fields(pen: Pen, form: Form, fields: Mapping[str, str], corner: Point, unit: float) -> float:
    """Label, colon, value: one under the other."""
    left, y = corner
    label_width = max((pen.text_width(label, unit) for label in fields), default=0.0) + unit
    start = left + label_width + unit * 0.7
    width = form.width * (1 - _MARGIN) - start
    for label, value in fields.items():
        pen.text((left, y), label, unit)
        pen.text((left + label_width, y), ":", unit)
        for line in pen.wrapped(value, unit, width) or [""]:
            pen.text((start, y), line, unit, colour=form.ink)
            y += unit * 1.6
    return y


def _table(pen: Pen, rows: tuple[tuple[str, ...], ...], y: float, unit: float) -> float:
    """A ruled table as wide as the sheet allows, its columns as wide as their texts ask."""
    size, height = unit * 0.84, unit * 1.7
    left, right = pen.width * _MARGIN, pen.width * (1 - _MARGIN)
    columns = range(max(len(row) for row in rows))
    cells = [[row[c] if c < len(row) else "" for c in columns] for row in rows]
    wants = [max(pen.text_width(row[c], size) for row in cells) + unit for c in columns]
    stretch = (right - left) / sum(wants)
    edges = [left + stretch * sum(wants[:c]) for c in (*columns, len(wants))]
    bottom = y + height * len(cells)
    pen.box((left, y), (right, y + height), fill=(214, 216, 214))
    for number, row in enumerate(cells):
        middle = y + height * (number + 0.5)
        for c in columns:
            pen.text((edges[c] + unit * 0.4, middle), row[c], size, bold=number == 0, anchor="lm")
        pen.line([(left, y + height * number), (right, y + height * number)], 0.3)
    pen.line([(left, bottom), (right, bottom)], 0.3)
    for edge in edges:
        pen.line([(edge, y), (edge, bottom)], 0.3)
    return bottom


def _note(pen: Pen, note: str, y: float, unit: float) -> float:
    """A paragraph across the sheet."""
    left = pen.width * _MARGIN
    for line in pen.wrapped(note, unit, pen.width - 2 * left):
        pen.text((left, y), line, unit)
        y += unit * 1.6
    return y


def _signature(pen: Pen, form: Form, y: float, unit: float, rng: np.random.Generator) -> float:
    """Who signs, a flourish and a stamp that says CONTOH as well."""
    left, width = form.width * 0.58, form.width * 0.34
    pen.text((left, y), form.signed_by, unit)
    pen.scribble((left, y + unit * 2), width * 0.8, unit * 4.5, rng)
    pen.stamp((left - unit * 0.6, y + unit * 5.2), unit * 3.4, "CONTOH")
    pen.line([(left, y + unit * 7.6), (left + width, y + unit * 7.6)], 0.35)
    pen.text((left, y + unit * 8), "(tanda tangan contoh)", unit * 0.85)
    return y + unit * 9.5
