"""Opens a PDF with qpdf: is it one, is anything in it that runs? And saves it again with its pages alone.

Runs in the sandbox only.
"""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any, BinaryIO

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream
from pikepdf.settings import set_qpdf_limits

from intake.pictures.refusals import PdfActive, PdfBroken, PdfLocked

set_qpdf_limits(flate_max_memory=128_000_000, parser_max_container_size=200_000)

Result = tuple[dict[str, Any], bytes]
# pikepdf answers an object of an unexpected type with Python's own errors.
BAD_PDF = (pikepdf.PdfError, OSError, ValueError, TypeError, LookupError, AttributeError, MemoryError)
_MOST_OBJECTS = 100_000
_END = 1024  # where readers look for the end mark

# qpdf writes names plainly and escapes every bracket in a string, so the two are told apart simply.
_STRING = re.compile(rb"\((?:[^\\()]|\\.)*\)", re.DOTALL)
_ACTIVE = re.compile(
    rb"/(?:JavaScript|JS|Launch|EmbeddedFiles?|EF|XFA|FileAttachment|RichMedia\w*|Movie|Rendition|GoToE"
    rb"|ImportData|SubmitForm)(?=[\s/<>\[\]()]|$)"
)
# Who made it, where and with what; and what would still act when it is opened.
_NOT_SHOWN = (Name.Metadata, Name.PieceInfo, Name.LastModified, Name.AA, Name.PA)
_NOT_SHOWN_IN_ROOT = (Name.OpenAction, Name.Names, Name.AF, Name.Collection, Name.URI)


def inspect(source: BinaryIO) -> Result:
    """The number of pages, or the slug of a refusal."""
    source.seek(max(0, source.seek(0, 2) - _END))
    if b"%%EOF" not in source.read():
        return {"refused": PdfBroken.slug}, b""
    source.seek(0)
    try:
        with Pdf.open(source) as pdf:
            if pdf.is_encrypted:
                return {"refused": PdfLocked.slug}, b""
            pages = len(pdf.pages)
            if not pages:
                return {"refused": PdfBroken.slug}, b""
            return {"refused": PdfActive.slug} if _is_active(pdf) else {"pages": pages}, b""
    except pikepdf.PasswordError:
        return {"refused": PdfLocked.slug}, b""
    except BAD_PDF:
        return {"refused": PdfBroken.slug}, b""


def resave(source: BinaryIO) -> Result:
    """The same pages in a new file, without scripts, metadata, earlier versions, or places in its photos."""
    output = BytesIO()
    try:
        with Pdf.open(source) as pdf:
            if pdf.is_encrypted:
                return {"undecodable": PdfLocked.slug}, b""
            _strip(pdf)
            pages = len(pdf.pages)
            pdf.save(output, fix_metadata_version=False, deterministic_id=True)
    except BAD_PDF as error:
        return {"undecodable": type(error).__name__}, b""
    return {"pages": pages}, output.getvalue()


def _is_active(pdf: Pdf) -> bool:
    if len(pdf.objects) > _MOST_OBJECTS:
        return True
    return any(_ACTIVE.search(_STRING.sub(b"()", _text(each))) for each in (pdf.trailer, *pdf.objects))


def _text(each: Object) -> bytes:
    return (each.stream_dict if isinstance(each, Stream) else each).unparse(resolved=True)


def _strip(pdf: Pdf) -> None:
    if Name.Info in pdf.trailer:
        del pdf.trailer[Name.Info]
    _drop(pdf.Root, _NOT_SHOWN_IN_ROOT)
    for each in pdf.objects:
        if isinstance(each, Dictionary | Stream):
            _drop(each, _NOT_SHOWN)
        if isinstance(each, Stream) and each.get(Name.Filter) in (Name.DCTDecode, Array([Name.DCTDecode])):
            _strip_photo(each)
    for page in pdf.pages:
        for note in page.obj.get(Name.Annots, ()):
            _drop(note, (Name.A, *_NOT_SHOWN))


def _drop(each: Object, names: tuple[Name, ...]) -> None:
    for name in names:
        if name in each:
            del each[name]


# The segments that decide how a photo looks stay (JFIF, colour profile, Adobe's transform); EXIF, XMP, IPTC
# and comments go. They all come before the first scan.
_KEPT = {0xE0, 0xE2, 0xEE}
_SCAN = 0xDA


def _strip_photo(stream: Stream) -> None:
    raw = stream.read_raw_bytes()
    stripped = without_metadata(raw)
    if len(stripped) != len(raw):
        parameters = stream.get(Name.DecodeParms)
        stream.write(
            stripped,
            filter=Name.DCTDecode,
            decode_parms=parameters if isinstance(parameters, Dictionary) else None,
        )


def without_metadata(jpeg: bytes) -> bytes:
    """The JPEG without what its camera wrote about it."""
    kept, at = [jpeg[:2]], 2
    while at + 4 <= len(jpeg) and jpeg[at] == 0xFF and jpeg[at + 1] != _SCAN:
        end = at + 2 + int.from_bytes(jpeg[at + 2 : at + 4])
        marker = jpeg[at + 1]
        if marker in _KEPT or not (0xE0 <= marker <= 0xEF or marker == 0xFE):
            kept.append(jpeg[at:end])
        at = end
    return b"".join([*kept, jpeg[at:]])
