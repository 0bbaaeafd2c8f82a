"""What tests read out of a PDF."""

import io
import unicodedata
from dataclasses import dataclass
from typing import Any

import pypdfium2
import zxingcpp
from pypdf import PdfReader


@dataclass(frozen=True)
class Box:
    """Where a piece of text stands on its page, in points."""

    page: int
    text: str
    left: float
    bottom: float
    right: float
    top: float

    def overlaps(self, other: "Box") -> bool:
        """Whether the two cover common ground, more than touching letters do."""
        wide = min(self.right, other.right) - max(self.left, other.left)
        high = min(self.top, other.top) - max(self.bottom, other.bottom)
        return self.page == other.page and wide > 1.0 and high > 2.0


def catalog_of(pdf: bytes) -> Any:
    """The root object of the file."""
    return PdfReader(io.BytesIO(pdf)).trailer["/Root"]


def fonts_in(pdf: bytes) -> list[Any]:
    """The fonts of the first page, each as its descendant that names the file."""
    resources: Any = PdfReader(io.BytesIO(pdf)).pages[0]["/Resources"]
    return [font.get_object()["/DescendantFonts"][0].get_object() for font in resources["/Font"].values()]


def squashed(text: str) -> str:
    """Text in its normal form without white space: line ends are the layout's."""
    return "".join(unicodedata.normalize("NFC", text).split())


def text_of(pdf: bytes) -> str:
    """The squashed text of all pages."""
    return squashed("\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages))


def codes_in(pdf: bytes, scale: float = 2.0) -> list[str]:
    """The QR codes that a reader sees in the pages as pictures."""
    with pypdfium2.PdfDocument(pdf) as document:
        pictures = [page.render(scale=scale).to_pil() for page in document]
    return [code.text for picture in pictures for code in zxingcpp.read_barcodes(picture)]


def boxes_in(pdf: bytes) -> list[Box]:
    """The pieces of text on all pages."""
    boxes = []
    with pypdfium2.PdfDocument(pdf) as document:
        for number, page in enumerate(document):
            text = page.get_textpage()
            for index in range(text.count_rects()):
                corners = text.get_rect(index)
                boxes.append(Box(number, text.get_text_bounded(*corners), *corners))
    return boxes
