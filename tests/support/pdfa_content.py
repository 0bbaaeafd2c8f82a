"""What is drawn on the pages of a tagged file: every piece belongs to the structure tree, every letter to a font."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pikepdf
from pikepdf import Pdf

_TEXT = {"Tj", "TJ", "'", '"'}
_PAINTS = _TEXT | {"f", "F", "f*", "B", "B*", "b", "b*", "S", "s", "sh", "Do", "INLINE IMAGE"}
_CMYK = {"k", "K"}
_NESTED = 28


def content_faults(pdf: Pdf) -> Iterator[str]:
    """By page, and each kind of fault once."""
    parents = _parents(pdf)
    for number, page in enumerate(pdf.pages, start=1):
        index = page.obj.get("/StructParents")
        owned = None if index is None else parents.get(int(index))
        if owned is None:
            yield f"6.7.3: page {number} is not in the structure's parent tree"
        reading = _Reading(page, owned or [])
        yield from sorted({f"{fault} (page {number})" for fault in reading.faults()})


def _parents(pdf: Pdf) -> dict[int, list[Any]]:
    """The elements that own each page's pieces, by the page's place in the parent tree."""
    tree = pdf.Root.get("/StructTreeRoot", {}).get("/ParentTree")
    if tree is None:
        return {}
    return {key: list(value) for key, value in pikepdf.NumberTree(tree).items() if isinstance(value, pikepdf.Array)}


class _Reading:
    """One page, read operator by operator."""

    def __init__(self, page: pikepdf.Page, owned: list[Any]) -> None:
        self._page = page
        self._owned = owned
        self._marked: list[bool] = []
        self._saved = 0
        self._font: dict[int, str] | None = None
        self._fonts = page.obj.get("/Resources", {}).get("/Font", {})

    def faults(self) -> Iterator[str]:
        for operands, operator in pikepdf.parse_content_stream(self._page):
            name = str(operator)
            yield from self._state(name, operands)
            if name in _CMYK or (name in ("cs", "CS") and operands[0] == "/DeviceCMYK"):
                yield "6.2.4.3: the printer's own colours"
            if name in _PAINTS and not any(self._marked):
                yield "ISO 14289-1, 7.1: something is drawn that is neither content nor ornament"
            if name in _TEXT:
                yield from self._text(operands)

    def _state(self, name: str, operands: Any) -> Iterator[str]:
        if name in ("q", "Q"):
            self._saved += 1 if name == "q" else -1
            if self._saved > _NESTED:
                yield f"6.1.13: states are saved more than {_NESTED} deep"
        elif name in ("BDC", "BMC"):
            yield from self._begin(name, operands)
        elif name == "EMC":
            self._marked.pop()
        elif name == "Tf" and operands[0] not in self._fonts:
            yield "6.2.2: the page's own resources lack a font that it uses"
        elif name == "Tf":
            self._font = _unicode_of(self._fonts.get(operands[0], {}))

    def _begin(self, name: str, operands: Any) -> Iterator[str]:
        properties = operands[1] if name == "BDC" else {}
        piece = properties.get("/MCID") if isinstance(properties, pikepdf.Dictionary) else None
        self._marked.append(piece is not None or operands[0] == "/Artifact")
        if piece is not None and not (int(piece) < len(self._owned) and self._owned[int(piece)] is not None):
            yield "6.7.3: a piece of the page belongs to no element of the structure"

    def _text(self, operands: Any) -> Iterator[str]:
        if self._font is None:
            return
        for code in _codes(operands):
            if code == 0:
                yield "6.2.11.8: a blank box is drawn"
            elif self._font.get(code, "\0") in ("", "\0", "\ufeff", "\ufffe"):
                yield "6.2.11.7: a glyph is drawn that stands for no letter"


def _codes(operands: Any) -> Iterator[int]:
    """The two-byte codes of what is shown."""
    for operand in operands:
        for piece in operand if isinstance(operand, pikepdf.Array) else [operand]:
            if isinstance(piece, pikepdf.String):
                raw = bytes(piece)
                yield from (int.from_bytes(raw[at : at + 2], "big") for at in range(0, len(raw), 2))


def _unicode_of(font: Any) -> dict[int, str] | None:
    """Which text each code stands for; None for a font without two-byte codes or without a map, judged elsewhere."""
    if font.get("/Subtype") != "/Type0" or "/ToUnicode" not in font:
        return None
    told = font.ToUnicode.read_bytes().decode("latin-1")
    found: dict[int, str] = {}
    for block in re.findall(r"beginbfchar(.*?)endbfchar", told, re.S):
        for code, text in re.findall(r"<(\w+)>\s*<(\w*)>", block):
            found[int(code, 16)] = _text_of(text)
    for block in re.findall(r"beginbfrange(.*?)endbfrange", told, re.S):
        for first, last, text in re.findall(r"<(\w+)>\s*<(\w+)>\s*<(\w+)>", block):
            for step in range(int(last, 16) - int(first, 16) + 1):
                found[int(first, 16) + step] = _text_of(f"{int(text, 16) + step:0{len(text)}x}")
    return found


def _text_of(digits: str) -> str:
    return bytes.fromhex(digits).decode("utf-16-be", "replace")
