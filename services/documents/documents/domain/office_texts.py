"""What an office may put in place of a layout's own words, and how that comes onto a document.

    title                        of the letter                 letterhead   lines, address and contact of the head
    opening, closing             the sentence that begins, and the one that ends it
    rows                         which rows of the identity are shown, in order
    clauses                      paragraphs of the office's own, below what the layout says of the case
    free_paragraph               whether an officer may add a paragraph to one letter (he may, unless it says false)
    signer                       lines above the position of who signs
    copies, validity_days        tembusan; for how many days a letter is valid

All of it is text, never markup. Opening, closing and clauses may name values by `{field}`, as a SOP's letter does.
What the law wants on a letter (that it is no licence, no card) is the layout's and stays. Models that are set
nationally take no words of an office.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from contracts.sop import broken_placeholders, filled, placeholders
from documents.domain.words import text
from documents.render import data as layout
from documents.render.data import Document, Emblem, Letter, Letterhead, Texts
from kit.problems import Words

ROWS = (
    "name", "nik", "kk_number", "head_of_family", "birth", "sex", "nationality", "religion", "marital_status",
    "education", "occupation", "address",
)  # fmt: skip
"""The rows of the identity, as `_letter.typ` knows them."""

_TEXTS = ("letterhead", "opening", "rows", "clauses", "closing", "copies")
_OF_OFFICE = ("title", *_TEXTS, "free_paragraph", "signer", "validity_days")
PARTS: Mapping[str, tuple[str, ...]] = {
    "introduction": ("title", "opening", "rows", "clauses", "closing", "copies"),
    "kk_introduction": _OF_OFFICE,
    "ktp_introduction": _OF_OFFICE,
    "business_place": _OF_OFFICE,
    "keterangan": tuple(part for part in _OF_OFFICE if part != "title"),  # the SOP has the title of each such letter
    "n1": ("copies",),
}
"""What of a kind is the office's to write; of kinds that are not here, nothing."""

NATIONAL = frozenset({"n1", "n2", "n4", "n5", "n6", "f101", "f102", "f106"})
"""Models that are the same in the whole country."""

_SENTENCES = ("opening", "closing", "clauses")

_PERSON: Mapping[str, str] = {
    "kk_number": "family_card", "head_of_family": "family_head", "name": "name", "nik": "nik",
    "birth_place": "birth_place", "birth_date": "birth_date", "age": "age", "sex": "sex", "nationality": "nationality",
    "religion": "religion", "marital_status": "marital_status", "education": "education", "occupation": "occupation",
    "address": "address", "rt": "rt", "rw": "rw",
}  # fmt: skip
_OFFICE = ("village", "district", "city")
_OWN: Mapping[str, Mapping[str, str]] = {
    "introduction": {"purpose": "purpose"},
    "kk_introduction": {"reason": "reason", "destination": "destination"},
    "ktp_introduction": {"reason": "reason", "destination": "destination"},
}
_BUSINESS = ("name", "type", "address")


@dataclass(frozen=True)
class Mistake:
    """What cannot be in an office's texts, and where: `clauses[1]`."""

    where: str
    words: Words


def placeholders_of(kind: str) -> list[str]:
    """The values that sentences of this kind may name."""
    own = [f"business_{name}" for name in _BUSINESS] if kind == "business_place" else list(_OWN.get(kind, ()))
    return sorted([*_PERSON, *_OFFICE, "position", *own]) if kind in PARTS and kind not in NATIONAL else []


def mistakes(kind: str, data: Mapping[str, Any]) -> list[Mistake]:
    """Everything that keeps these texts from being used on letters of this kind."""
    found = [*_misplaced_parts(kind, data), *_rows(data.get("rows"))]
    known = set(placeholders_of(kind))
    for where, words in _texts(data):
        allowed = known if where.partition("[")[0] in _SENTENCES else set[str]()
        found += [Mistake(where, said) for said in _placeholder_mistakes(words, allowed)]
    return found


def _misplaced_parts(kind: str, data: Mapping[str, Any]) -> Iterator[Mistake]:
    for part in data:
        if part in PARTS.get(kind, ()):
            continue
        if kind in NATIONAL:
            yield Mistake(
                part,
                Words(
                    "Model ini ditetapkan secara nasional; bagian ini tidak dapat diubah.",
                    "This model is set nationally; this part cannot be changed.",
                ),
            )
        else:
            yield Mistake(part, Words("Surat ini tidak memuat bagian ini.", "This letter has no such part."))


def _rows(rows: list[str] | None) -> Iterator[Mistake]:
    if rows is None:
        return
    if len(set(rows)) != len(rows):
        yield Mistake("rows", Words("Ada baris yang disebut dua kali.", "A row is named twice."))
    if "name" not in rows:
        yield Mistake("rows", Words("Baris name harus ada.", "The row name has to be there."))


def _texts(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Every text with its place."""
    for part, value in data.items():
        yield from _texts_in(part, value)


def _texts_in(where: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield where, value
    elif isinstance(value, list) and where != "rows":
        for place, one in enumerate(value):
            yield from _texts_in(f"{where}[{place}]", one)
    elif isinstance(value, Mapping):
        for name, one in value.items():
            yield from _texts_in(f"{where}.{name}", one)


def _placeholder_mistakes(words: str, known: set[str]) -> Iterator[Words]:
    for found in broken_placeholders(words):
        yield Words(
            f"{found} bukan isian yang benar; tulis seperti {{name}}.",
            f"{found} is no placeholder; write it as in {{name}}.",
        )
    for code in placeholders(words):
        if code not in known:
            yield Words(f"{{{code}}} tidak dikenal di sini.", f"{{{code}}} is not known here.")


def values_of(document: Document) -> dict[str, str]:
    """What sentences on this document may name, as it is printed."""
    values = {code: getattr(document.person, name) for code, name in _PERSON.items()}
    values |= {code: getattr(document.office, code) for code in _OFFICE}
    values |= {code: getattr(document, name) for code, name in _OWN.get(document.kind, {}).items()}
    if isinstance(document, layout.BusinessPlaceLetter):
        values |= {f"business_{name}": getattr(document.business, name) for name in _BUSINESS}
    if isinstance(document, layout.Introduction):
        values["position"] = f"{document.role} {document.rt} RW {document.rw}"
    if isinstance(document, layout.OfficeLetter):
        values["position"] = document.signer.position
    return values


@dataclass(frozen=True)
class OfficeTexts:
    """A version of an office's texts of one kind."""

    version: int
    data: Mapping[str, Any]

    @property
    def takes_paragraph(self) -> bool:
        return bool(self.data.get("free_paragraph", True))


def takes_paragraph(kind: str, texts: OfficeTexts | None) -> bool:
    """Whether an officer may add a paragraph to a letter of this kind."""
    return "free_paragraph" in PARTS.get(kind, ()) and (texts is None or texts.takes_paragraph)


def dressed(document: Document, texts: OfficeTexts | None, paragraph: str, emblem: Emblem | None) -> Document:
    """The document with what the office wrote; without any of it, the document itself."""
    document = replace(document, emblem=emblem) if emblem is not None and document.kind not in NATIONAL else document
    paragraph = text(paragraph) if takes_paragraph(document.kind, texts) else ""
    if not isinstance(document, Letter) or (texts is None and not paragraph):
        return document
    data = texts.data if texts is not None else {}
    values = values_of(document)

    def sentence(words: str) -> str:
        # The RT head's letter goes out when he has decided: a sentence with a gap in it is not said at all.
        if document.kind == layout.Introduction.kind and not all(values[code] for code in placeholders(words)):
            return ""
        return text(filled(words, values))

    document = replace(
        document,
        title=text(data.get("title")) or document.title,
        copies=tuple(text(one) for one in data.get("copies", ())) or document.copies,
        texts=Texts(
            version=texts.version if texts is not None else 0,
            letterhead=_letterhead(data.get("letterhead")),
            opening=sentence(data.get("opening", "")),
            rows=tuple(data.get("rows", ())),
            clauses=tuple(said for one in data.get("clauses", ()) if (said := sentence(one))),
            paragraph=paragraph,
            closing=sentence(data.get("closing", "")),
            validity_days=data.get("validity_days"),
        ),
    )
    if isinstance(document, layout.OfficeLetter) and data.get("signer"):
        lines = (*(text(one) for one in data["signer"]), *document.signer.lines)
        document = replace(document, signer=replace(document.signer, lines=lines))
    return document


def _letterhead(given: Mapping[str, Any] | None) -> Letterhead | None:
    if given is None:
        return None
    return Letterhead(
        lines=tuple(text(line) for line in given["lines"]),
        address=text(given["address"]),
        contact=text(given.get("contact")),
    )


def gaps(document: Document, texts: OfficeTexts | None) -> list[str]:
    """The values that the office's sentences name and that are not known, as `incomplete` names fields: a gap there
    cannot be printed."""
    if texts is None:
        return []
    values = values_of(document)
    sentences = [words for where, words in _texts(texts.data) if where.partition("[")[0] in _SENTENCES]
    named = dict.fromkeys(code for words in sentences for code in placeholders(words))
    return [f"{'applicant' if code in _PERSON else 'details'}.{code}" for code in named if not values.get(code)]
