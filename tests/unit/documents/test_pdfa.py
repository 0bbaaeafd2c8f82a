"""Every letter and form is PDF/A-2a, signed or not; and each check of our own names the fault that it is there for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf

from deploy.demo import certificates
from documents.render import KINDS, RenderPool
from documents.signing.certificates import open_signer
from documents.signing.pades import sign
from tests.support.pdfa import faults, judge
from tests.unit.documents.samples import DOCUMENT_DATE, SAMPLES

Broken = Callable[[Pdf], object]


@pytest.fixture(scope="module")
def pool() -> Iterator[RenderPool]:
    with RenderPool(1) as pool:
        yield pool


def render(pool: RenderPool, kind: str, **changed: object) -> bytes:
    return pool.render(kind, SAMPLES[kind].to_json() | changed, document_date=DOCUMENT_DATE)


@pytest.fixture(scope="module")
def letter(pool: RenderPool) -> bytes:
    return render(pool, "kk_introduction")


@pytest.fixture(scope="module")
def signed(letter: bytes) -> bytes:
    signer = open_signer(certificates.signer(), certificates.PASSPHRASE)
    return sign(letter, signer, place="Palembang", reason="Surat kelurahan", tsa_url=None)


@pytest.mark.parametrize("kind", KINDS)
def test_every_letter_and_form_is_pdf_a(pool: RenderPool, judged: None, kind: str, tmp_path: Path) -> None:
    assert judge(render(pool, kind), tmp_path) == []


def test_a_draft_is_pdf_a(pool: RenderPool, judged: None, tmp_path: Path) -> None:
    assert judge(render(pool, "kk_introduction", draft=True), tmp_path) == []


def test_a_signed_letter_is_still_pdf_a(signed: bytes, judged: None, tmp_path: Path) -> None:
    assert judge(signed, tmp_path) == []


# --- the checks themselves ------------------------------------------------------------------------------------------


def opened(pdf: bytes) -> Pdf:
    return pikepdf.open(BytesIO(pdf))


def saved(pdf: Pdf, **how: object) -> bytes:
    target = BytesIO()
    pdf.save(target, **how)  # type: ignore[arg-type]
    return target.getvalue()


def of_kind(pdf: Pdf, subtype: str) -> pikepdf.Object:
    return next(one for one in pdf.objects if isinstance(one, Dictionary) and one.get("/Subtype") == subtype)


def xmp(old: bytes, new: bytes) -> Broken:
    def change(pdf: Pdf) -> None:
        packet = pdf.Root.Metadata.read_bytes()
        assert old in packet
        pdf.Root.Metadata.write(packet.replace(old, new))

    return change


def draw(operators: bytes) -> Broken:
    return lambda pdf: pdf.pages[0].contents_add(operators)


def redraw(old: bytes, new: bytes) -> Broken:
    def change(pdf: Pdf) -> None:
        drawn = pdf.pages[0].Contents.read_bytes()
        assert old in drawn
        pdf.pages[0].Contents.write(drawn.replace(old, new, 1))

    return change


def look(**state: object) -> Broken:
    return lambda pdf: pdf.pages[0].obj.Resources.__setattr__(
        "ExtGState", Dictionary(x=Dictionary(Type=Name.ExtGState, **state))
    )


def picture(data: bytes = b"\0", **more: object) -> Broken:
    def change(pdf: Pdf) -> None:
        usual = {"Subtype": Name.Image, "Width": 1, "Height": 1, "BitsPerComponent": 8, "ColorSpace": Name.DeviceGray}
        made = pdf.make_stream(data, Type=Name.XObject, **usual | more)
        pdf.pages[0].obj.Resources.XObject = Dictionary(x=made)

    return change


def note(**more: object) -> Broken:
    def change(pdf: Pdf) -> None:
        given = {"Type": Name.Annot, "Subtype": Name.Widget, "Rect": Array([0, 0, 0, 0]), "F": 4} | more
        made = pdf.make_indirect(Dictionary(FT=Name.Sig, T=pikepdf.String("x"), **given))
        pdf.pages[0].obj.Annots = Array([made])
        pdf.Root.AcroForm = Dictionary(Fields=Array([made]))

    return change


def action(**more: object) -> Broken:
    return lambda pdf: pdf.Root.__setattr__("OpenAction", pdf.make_indirect(Dictionary(**more)))


def map_to(code: bytes) -> Broken:
    def change(pdf: Pdf) -> None:
        font = next(iter(pdf.pages[0].obj.Resources.Font.values()))
        told = font.ToUnicode.read_bytes()
        begin = told.index(b"> <", told.index(b"beginbfchar")) + 3
        font.ToUnicode.write(told[:begin] + code + told[told.index(b">", begin) :])

    return change


def attach(pdf: Pdf) -> None:
    pdf.attachments["catatan.txt"] = b"halo"


def remove(*path: str) -> Broken:
    def change(pdf: Pdf) -> None:
        holder = pdf.Root if path[0] != "trailer" else pdf.trailer
        steps = [step for step in path if step != "trailer"]
        for step in steps[:-1]:
            holder = holder[step]
        del holder[steps[-1]]

    return change


def without_words(pdf: Pdf) -> None:
    for one in pdf.objects:
        if isinstance(one, Dictionary) and one.get("/S") == "/Figure":
            del one["/Alt"]


BROKEN: dict[str, tuple[str, Broken]] = {
    "requirements": ("6.11: the catalogue", lambda pdf: pdf.Root.__setattr__("Requirements", Array([]))),
    "another file": ("6.1.7: a stream lies", picture(F=pikepdf.String("x"))),
    "lzw": ("6.1.7: a stream is packed with /LZWDecode", picture(b"\x80\x0b\x60", Filter=Name.LZWDecode)),
    "huge page": ("6.1.13: a page is", lambda pdf: pdf.pages[0].__setattr__("MediaBox", [0, 0, 20000, 100])),
    "no resources": ("6.2.2: the page's own", lambda pdf: pdf.pages[0].obj.__delitem__("/Resources")),
    "slide": ("6.10: a page", lambda pdf: pdf.pages[0].obj.__setattr__("PresSteps", Dictionary())),
    "no output intent": ("6.2.3: there is no output intent", remove("/OutputIntents")),
    "no profile": ("6.2.3: the output profile is no ICC", lambda pdf: pdf.Root.OutputIntents[0].DestOutputProfile
                   .write(b"\0" * 128)),
    "cmyk profile": ("6.2.3: the output profile is not", lambda pdf: pdf.Root.OutputIntents[0].DestOutputProfile
                     .write(b"\0" * 8 + b"\4\0\0\0prtrCMYKLab " + b"\0" * 12 + b"acsp" + b"\0" * 88)),
    "transfer function": ("6.2.5: a transfer", look(TR=Name.Identity)),
    "blend mode": ("6.2.10: the blend mode /Foo", look(BM=Name.Foo)),
    "alternates": ("6.2.8: a picture", picture(Alternates=Array([]))),
    "opi": ("6.2.8: a picture", picture(OPI=Dictionary())),
    "interpolation": ("6.2.8: a picture", picture(Interpolate=True)),
    "cmyk picture": ("6.2.4.3: a picture", picture(ColorSpace=Name.DeviceCMYK)),
    "postscript": ("6.2.9: PostScript", picture(Subtype=Name.PS)),
    "no unicode": ("6.2.11.7: the font", lambda pdf: of_kind(pdf, "/Type0").__delitem__("/ToUnicode")),
    "font outside": ("6.2.11.4: the font", lambda pdf: of_kind(pdf, "/CIDFontType2").FontDescriptor
                     .__delitem__("/FontFile2")),
    "no glyph map": ("6.2.11.3: the font", lambda pdf: of_kind(pdf, "/CIDFontType2").__delitem__("/CIDToGIDMap")),
    "film": ("6.3.1: an annotation /Movie", note(Subtype=Name.Movie)),
    "hidden": ("6.3.2: an annotation", note(F=4 | 2)),
    "not printed": ("6.3.2: an annotation", note(F=0)),
    "no appearance": ("6.3.3: an annotation", note(Rect=Array([0, 0, 9, 9]))),
    "field that acts": ("6.4.1: a form field", note(AA=Dictionary())),
    "appearances": ("6.4.1: how the form", lambda pdf: pdf.Root.__setattr__(
        "AcroForm", Dictionary(Fields=Array([]), NeedAppearances=True))),
    "xfa": ("6.4.2: an XFA form", lambda pdf: pdf.Root.__setattr__("AcroForm", Dictionary(XFA=Array([])))),
    "permission": ("6.1.12: the permission /UR", lambda pdf: pdf.Root.__setattr__("Perms", Dictionary(UR=1))),
    "script": ("6.5.1: the action /JavaScript", action(S=Name.JavaScript, JS=pikepdf.String("1"))),
    "scripts": ("6.5.1: the file has scripts", lambda pdf: pdf.Root.__setattr__(
        "Names", Dictionary(JavaScript=Dictionary()))),
    "launch": ("6.5.1: the action /Launch", action(S=Name.Launch, F=pikepdf.String("calc.exe"))),
    "named": ("6.5.1: the action /Named", action(S=Name.Named, N=Name.Print)),
    "by itself": ("6.5.2: the file acts", lambda pdf: pdf.Root.__setattr__("AA", Dictionary())),
    "attached": ("6.8: the file carries", attach),
    "slide show": ("6.10: the file", lambda pdf: pdf.Root.__setattr__(
        "Names", Dictionary(AlternatePresentations=Dictionary()))),
    "no xmp": ("6.6.2: there is no XMP", remove("/Metadata")),
    "part 1": ("6.6.4: the XMP does not say", xmp(b"pdfaid:part>2<", b"pdfaid:part>1<")),
    "level b": ("6.6.4: the XMP does not say", xmp(b"conformance>A<", b"conformance>B<")),
    "prefix": ("6.6.4: the XMP does not call", xmp(b"pdfaid", b"other")),
    "not ua": ("ISO 14289-1, 5: the XMP", xmp(b"pdfuaid:part>1<", b"pdfuaid:part>0<")),
    "no title": ("letter: the Title", remove("trailer", "/Info", "/Title")),
    "another title": ("letter: the Title", xmp(b">Surat Pengantar", b">Surat Lain")),
    "no author": ("letter: the Author", remove("trailer", "/Info", "/Author")),
    "not tagged": ("6.7.2: the file", lambda pdf: pdf.Root.MarkInfo.__setattr__("Marked", False)),
    "suspects": ("ISO 14289-1, 7.1: the tags", lambda pdf: pdf.Root.MarkInfo.__setattr__("Suspects", True)),
    "no language": ("6.7.4: the file", remove("/Lang")),
    "another language": ("6.7.4: the file", lambda pdf: pdf.Root.__setattr__("Lang", pikepdf.String("en"))),
    "title not shown": ("ISO 14289-1, 7.1: a reader", remove("/ViewerPreferences")),
    "no tree": ("6.7.3: there is no structure", remove("/StructTreeRoot")),
    "no words": ("ISO 14289-1, 7.3: a picture", without_words),
    "page without parent": ("6.7.3: page 1 is not", lambda pdf: pdf.pages[0].obj.__setattr__("StructParents", 7)),
    "piece without parent": ("6.7.3: a piece", lambda pdf: pdf.Root.StructTreeRoot.ParentTree.Nums
                             .__setitem__(1, Array([]))),
    "untagged": ("ISO 14289-1, 7.1: something is drawn", draw(b"0 0 9 9 re f")),
    "untagged text": ("ISO 14289-1, 7.1: something is drawn", draw(b"BT /f0 9 Tf <0001> Tj ET")),
    "cmyk": ("6.2.4.3: the printer's own", draw(b"0 0 0 1 k")),
    "deep": ("6.1.13: states are saved", draw(b"q " * 29 + b"Q " * 29)),
    "blank box": ("6.2.11.8: a blank box", draw(b"/Artifact BMC BT /f0 9 Tf <0000> Tj ET EMC")),
    "glyph without letter": ("6.2.11.7: a glyph", draw(b"/Artifact BMC BT /f0 9 Tf <7fff> Tj ET EMC")),
    "glyph mapped to nothing": ("6.2.11.7: a glyph", map_to(b"0000")),
}  # fmt: skip


def harmless(pdf: Pdf) -> None:
    """What is allowed: an ornament, a field that is printed, a picture without anything special, a usual look."""
    for adds in (draw(b"/Artifact BMC 0 0 9 9 re f EMC"), note(), picture(), look(BM=Name.Multiply)):
        adds(pdf)


def test_a_letter_with_what_is_allowed_has_no_fault(letter: bytes) -> None:
    pdf = opened(letter)
    harmless(pdf)
    assert faults(saved(pdf)) == []


@pytest.mark.parametrize("name", BROKEN)
def test_a_check_names_the_fault(letter: bytes, name: str) -> None:
    fault, breaks = BROKEN[name]
    pdf = opened(letter)
    breaks(pdf)
    found = faults(saved(pdf, stream_decode_level=pikepdf.StreamDecodeLevel.none, compress_streams=False))
    assert any(one.startswith(fault) for one in found), found


def test_faults_of_the_bytes_are_named(letter: bytes) -> None:
    encrypted = saved(opened(letter), encryption=pikepdf.Encryption(owner="pemilik", user=""))
    assert any(one == "6.1.3: the file is encrypted" for one in faults(encrypted))
    without_id = letter.replace(b"/ID[", b"/XX[")
    assert "6.1.3: the file has no identifier" in faults(without_id)
    assert any(one.startswith("6.1.3: something follows") for one in faults(letter + b"tambahan"))
    assert any(one.startswith("6.1.2: the header") for one in faults(b"\n" + letter))
    assert any(one.startswith("6.1.2: the header") for one in faults(letter.replace(b"%PDF-1.7", b"%PDF-2.0", 1)))


def test_a_signed_letter_with_a_drawn_signature_would_be_no_pdf_a(letter: bytes) -> None:
    """pyHanko's own stamp: the reason why ours is drawn by the layout."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.fields import SigFieldSpec
    from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner
    from pyhanko.stamp import TextStampStyle

    signer = open_signer(certificates.signer(), certificates.PASSPHRASE)
    stamped = PdfSigner(
        PdfSignatureMetadata(field_name="Cap"), signer, stamp_style=TextStampStyle(),
        new_field_spec=SigFieldSpec("Cap", box=(50, 50, 250, 120)),
    ).sign_pdf(IncrementalPdfFileWriter(BytesIO(letter)))  # fmt: skip
    assert any("Courier is not embedded" in one for one in faults(stamped.getvalue()))
