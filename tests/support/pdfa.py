"""Whether a file is PDF/A-2a: veraPDF says so where it is installed, else structural checks of our own.

Each check names its clause of ISO 19005-2:2011, numbered as veraPDF numbers them; what is asked of a letter beyond it
names PDF/UA-1 (ISO 14289-1) or says "letter". They look for what tools do wrong; they are no full validator.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pikepdf
from pikepdf import Dictionary, Pdf, Stream

from tests.support.pdfa_content import content_faults

VERAPDF = shutil.which("verapdf")
JUDGE = f"veraPDF ({VERAPDF})" if VERAPDF else "structural checks of our own, veraPDF is not installed"

_RDF, _XML = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}", "{http://www.w3.org/XML/1998/namespace}"
_PDFAID, _PDFUAID, _DC = (
    "{http://www.aiim.org/pdfa/ns/id/}", "{http://www.aiim.org/pdfua/ns/id/}", "{http://purl.org/dc/elements/1.1/}",
)  # fmt: skip
_FILTERS = {"ASCIIHex", "ASCII85", "Flate", "RunLength", "CCITTFax", "JBIG2", "DCT", "JPX"}
_ANNOTATIONS = {"/Link", "/Widget"}
_NAMED = {"/NextPage", "/PrevPage", "/FirstPage", "/LastPage"}
_BLENDS = {
    "Normal", "Compatible", "Multiply", "Screen", "Overlay", "Darken", "Lighten", "ColorDodge", "ColorBurn",
    "HardLight", "SoftLight", "Difference", "Exclusion", "Hue", "Saturation", "Color", "Luminosity",
}  # fmt: skip
_PRINT, _NOT_SHOWN = 4, 1 | 2 | 32 | 256

Faults = Iterator[str]


def judge(pdf: bytes, folder: Path) -> list[str]:
    """What is wrong with the file, by the judge that is there; nothing when it is PDF/A-2a."""
    return _verapdf(pdf, folder) if VERAPDF else faults(pdf)


def _verapdf(pdf: bytes, folder: Path) -> list[str]:
    file = folder / "letter.pdf"
    file.write_bytes(pdf)
    command = [str(VERAPDF), "--format", "text", "--verbose", "--flavour", "2a", str(file)]
    told = subprocess.run(command, capture_output=True, text=True, timeout=120)
    return [] if told.stdout.startswith("PASS") else (told.stdout + told.stderr).splitlines()


def faults(pdf: bytes) -> list[str]:
    """What our own checks find."""
    found = list(_bytes(pdf))
    with pikepdf.open(BytesIO(pdf)) as opened:
        for check in CHECKS:
            found += check(opened)
    return found


def _bytes(pdf: bytes) -> Faults:
    if not re.match(rb"%PDF-1\.[0-7]\r?\n%[\x80-\xff]{4}", pdf):
        yield "6.1.2: the header is not %PDF-1.n and a comment of bytes above 127"
    if not re.search(rb"%%EOF\r?\n?\Z", pdf):
        yield "6.1.3: something follows the end of the file"


def _trailer(pdf: Pdf) -> Faults:
    if pdf.is_encrypted:
        yield "6.1.3: the file is encrypted"
    if len(pdf.trailer.get("/ID", [])) != 2:
        yield "6.1.3: the file has no identifier"
    if "/Requirements" in pdf.Root:
        yield "6.11: the catalogue has requirements"


def _streams(pdf: Pdf) -> Faults:
    for stream in _all(pdf, Stream):
        if {"/F", "/FFilter", "/FDecodeParms"} & set(stream.keys()):
            yield "6.1.7: a stream lies in another file"
        for name in _listed(stream.get("/Filter")):
            if str(name).removeprefix("/").removesuffix("Decode") not in _FILTERS:
                yield f"6.1.7: a stream is packed with {name}"


def _pages(pdf: Pdf) -> Faults:
    for page in pdf.pages:
        sides = [float(side) for side in page.mediabox]
        if not all(3 <= side <= 14400 for side in (sides[2] - sides[0], sides[3] - sides[1])):
            yield "6.1.13: a page is smaller than 3 or larger than 14400 units"
        if "/PresSteps" in page.obj:
            yield "6.10: a page is a slide"


def _output_intent(pdf: Pdf) -> Faults:
    intents = [one for one in pdf.Root.get("/OutputIntents", []) if one.get("/S") == "/GTS_PDFA1"]
    if len(intents) != 1 or not isinstance(intents[0].get("/DestOutputProfile"), Stream):
        yield "6.2.3: there is no output intent with a colour profile"
        return
    profile = intents[0].DestOutputProfile.read_bytes()
    if profile[36:40] != b"acsp" or profile[8] >= 5:
        yield "6.2.3: the output profile is no ICC profile"
    elif profile[12:16] not in (b"prtr", b"mntr") or profile[16:20] != b"RGB ":
        yield "6.2.3: the output profile is not for a monitor or printer in RGB"


def _looks(pdf: Pdf) -> Faults:
    for state in _all(pdf, Dictionary):
        if state.get("/Type") == "/ExtGState" or {"/BM", "/SMask", "/ca", "/CA"} & set(state.keys()):
            if {"/TR", "/HTP"} & set(state.keys()) or state.get("/TR2", "/Default") != "/Default":
                yield "6.2.5: a transfer function"
            if not {str(mode).removeprefix("/") for mode in _listed(state.get("/BM"))} <= _BLENDS:
                yield f"6.2.10: the blend mode {state.BM}"


def _pictures(pdf: Pdf) -> Faults:
    for stream in _all(pdf, Stream):
        subtype = stream.get("/Subtype")
        if subtype == "/Image" and ({"/Alternates", "/OPI"} & set(stream.keys()) or stream.get("/Interpolate", False)):
            yield "6.2.8: a picture with alternates, OPI or interpolation"
        if subtype == "/Image" and stream.get("/ColorSpace") == "/DeviceCMYK":
            yield "6.2.4.3: a picture in the printer's own colours"
        if subtype == "/PS" or (subtype == "/Form" and {"/OPI", "/PS", "/Ref"} & set(stream.keys())):
            yield "6.2.9: PostScript, OPI or a reference to another file"


def _fonts(pdf: Pdf) -> Faults:
    for font in _all(pdf, Dictionary):
        if font.get("/Type") != "/Font" or str(font.get("/Subtype")).startswith("/CIDFont"):
            continue
        name = font.get("/BaseFont", "without a name")
        if "/ToUnicode" not in font:
            yield f"6.2.11.7: the font {name} does not say which letters it shows"
        inner = font.DescendantFonts[0] if font.get("/Subtype") == "/Type0" else font
        if not {"/FontFile", "/FontFile2", "/FontFile3"} & set(inner.get("/FontDescriptor", {}).keys()):
            yield f"6.2.11.4: the font {name} is not embedded"
        if inner.get("/Subtype") == "/CIDFontType2" and "/CIDToGIDMap" not in inner:
            yield f"6.2.11.3: the font {name} does not say which glyph is which"


def _annotations(pdf: Pdf) -> Faults:
    for one in (note for page in pdf.pages for note in page.obj.get("/Annots", [])):
        if one.get("/Subtype") not in _ANNOTATIONS:
            yield f"6.3.1: an annotation {one.get('/Subtype')}, which no letter has"
        if not int(one.get("/F", 0)) & _PRINT or int(one.get("/F", 0)) & _NOT_SHOWN:
            yield "6.3.2: an annotation that is not printed or not shown"
        left, bottom, right, top = (float(side) for side in one.Rect)
        if (left, bottom) != (right, top) and "/AP" not in one and one.get("/Subtype") != "/Link":
            yield "6.3.3: an annotation has no appearance"
        if one.get("/Subtype") == "/Widget" and {"/A", "/AA"} & set(one.keys()):
            yield "6.4.1: a form field acts by itself"


def _form(pdf: Pdf) -> Faults:
    form = pdf.Root.get("/AcroForm", {})
    if form.get("/NeedAppearances", False):
        yield "6.4.1: how the form looks is left to the reader"
    if "/XFA" in form or "/NeedsRendering" in pdf.Root:
        yield "6.4.2: an XFA form"
    for name in pdf.Root.get("/Perms", {}):
        if name not in ("/UR3", "/DocMDP"):
            yield f"6.1.12: the permission {name}"


def _actions(pdf: Pdf) -> Faults:
    for one in _all(pdf, Dictionary):
        action = one.get("/S")
        if one.get("/Type") not in (None, "/Action") or not isinstance(action, pikepdf.Name):
            continue
        if action in _FORBIDDEN or (action == "/Named" and one.get("/N") not in _NAMED):
            yield f"6.5.1: the action {action}"
    if "/AA" in pdf.Root or any("/AA" in page.obj for page in pdf.pages):
        yield "6.5.2: the file acts by itself"
    names = pdf.Root.get("/Names", {})
    if "/JavaScript" in names:
        yield "6.5.1: the file has scripts"
    if "/EmbeddedFiles" in names or any("/EF" in one for one in _all(pdf, Dictionary)) or len(pdf.attachments):
        yield "6.8: the file carries other files, which no letter does"
    if "/AlternatePresentations" in names:
        yield "6.10: the file is a slide show"


_FORBIDDEN = {
    "/Launch", "/Sound", "/Movie", "/ResetForm", "/ImportData", "/Hide", "/SetOCGState", "/Rendition", "/Trans",
    "/GoTo3DView", "/JavaScript", "/SubmitForm",
}  # fmt: skip


def _metadata(pdf: Pdf) -> Faults:
    if not isinstance(pdf.Root.get("/Metadata"), Stream):
        yield "6.6.2: there is no XMP"
        return
    packet = pdf.Root.Metadata.read_bytes()
    root = ElementTree.fromstring(packet)
    if (_value(root, f"{_PDFAID}part"), _value(root, f"{_PDFAID}conformance")) != ("2", "A"):
        yield "6.6.4: the XMP does not say PDF/A-2, level A"
    if b'xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"' not in packet:
        yield "6.6.4: the XMP does not call its PDF/A part pdfaid"
    if _value(root, f"{_PDFUAID}part") != "1":
        yield "ISO 14289-1, 5: the XMP does not say PDF/UA-1"
    info = pdf.trailer.get("/Info", {})
    for name, told in (("Title", f"{_DC}title"), ("Author", f"{_DC}creator")):
        if not str(info.get(f"/{name}", "")).strip() or str(info[f"/{name}"]) != _value(root, told):
            yield f"letter: the {name} is not the same in the file and its XMP"


def _value(root: ElementTree.Element, name: str) -> str | None:
    """A property of the XMP, written as an element, as an attribute or as a list of one."""
    for one in root.iter():
        if one.tag == name:
            entry = one.find(f".//{_RDF}li")
            return (one if entry is None else entry).text
        if name in one.attrib:
            return one.attrib[name]
    return None


def _tags(pdf: Pdf) -> Faults:
    marks = pdf.Root.get("/MarkInfo", {})
    if marks.get("/Marked") is not True:
        yield "6.7.2: the file does not say that it is tagged"
    # Where this is false, as typst writes it and the standard has it, poppler wrongly speaks of a wrong type.
    if marks.get("/Suspects") is True:
        yield "ISO 14289-1, 7.1: the tags are doubtful"
    if not re.fullmatch(r"id(-ID)?", str(pdf.Root.get("/Lang", ""))):
        yield "6.7.4: the file does not say that it is Indonesian"
    if pdf.Root.get("/ViewerPreferences", {}).get("/DisplayDocTitle") is not True:
        yield "ISO 14289-1, 7.1: a reader does not show the title"
    if pdf.Root.get("/StructTreeRoot", {}).get("/K") is None:
        yield "6.7.3: there is no structure tree"


def _figures(pdf: Pdf) -> Faults:
    for one in _all(pdf, Dictionary):
        if one.get("/S") == "/Figure" and not str(one.get("/Alt", one.get("/ActualText", ""))).strip():
            yield "ISO 14289-1, 7.3: a picture has no words in its place"


def _all(pdf: Pdf, wanted: type) -> Iterator[Any]:
    """Objects of this kind, those that lie within others too."""
    for one in pdf.objects:
        yield from _within(one, wanted)


def _within(one: Any, wanted: type) -> Iterator[Any]:
    if isinstance(one, wanted) and isinstance(one, Stream) == (wanted is Stream):
        yield one
    inner = list(one) if isinstance(one, pikepdf.Array) else []
    if isinstance(one, Dictionary | Stream):
        inner = [one[name] for name in one.keys()]  # noqa: SIM118
    for value in inner:
        if isinstance(value, pikepdf.Object) and not value.is_indirect:
            yield from _within(value, wanted)


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, pikepdf.Array) else [value]


Check = Callable[[Pdf], Faults]
CHECKS: tuple[Check, ...] = (
    _trailer, _streams, _pages, _output_intent, _looks, _pictures, _fonts, _annotations, _form, _actions, _metadata,
    _tags, _figures, content_faults,
)  # fmt: skip
