"""Opens a PDF with qpdf: is it one, is anything in it that runs? And saves it again with its pages alone.

Runs in the sandbox only.
"""

from __future__ import annotations

import re
import zlib
from io import BytesIO
from typing import Any, BinaryIO

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream
from pikepdf.settings import set_qpdf_limits

from intake.pictures.refusals import PdfActive, PdfBroken, PdfLocked

set_qpdf_limits(flate_max_memory=128_000_000, parser_max_container_size=200_000)

Result = tuple[dict[str, Any], bytes]
# pikepdf answers an object of an unexpected type with Python's own errors.
BAD_PDF = (pikepdf.PdfError, OSError, ValueError, TypeError, LookupError, AttributeError, MemoryError, zlib.error)
_MOST_OBJECTS = 100_000
_END = 1024  # where readers look for the end mark
# What a reader would have to unpack: of all streams together, and of one picture. A sheet at 600 dots an inch has
# 35 million pixels.
_MOST_UNPACKED = 400_000_000
_MOST_PIXELS = 100_000_000
_PIECE = 1_000_000

# qpdf writes names plainly and escapes every bracket in a string, so the two are told apart simply.
_STRING = re.compile(rb"\((?:[^\\()]|\\.)*\)", re.DOTALL)
_ACTIVE = re.compile(
    rb"/(?:JavaScript|JS|Launch|EmbeddedFiles?|EF|XFA|FileAttachment|RichMedia\w*|Movie|Rendition|GoToE"
    rb"|ImportData|SubmitForm)(?=[\s/<>\[\]()]|$)"
)
# Who made it, where and with what; and what would still act when it is opened.
_NOT_SHOWN = (Name.Metadata, Name.PieceInfo, Name.LastModified, Name.AA, Name.PA, Name.Ref, Name.OPI)
_NOT_SHOWN_IN_ROOT = (Name.OpenAction, Name.Names, Name.AF, Name.Collection, Name.URI, Name.Outlines, Name.Threads)


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
            if not _can_be_shown(pdf):
                return {"undecodable": "unpacks to too much"}, b""
            _strip(pdf)
            pages = len(pdf.pages)
            pdf.save(output, fix_metadata_version=False, deterministic_id=True)
    except BAD_PDF as error:
        return {"undecodable": type(error).__name__}, b""
    return {"pages": pages}, output.getvalue()


def _is_active(pdf: Pdf) -> bool:
    if len(pdf.objects) > _MOST_OBJECTS:
        return True
    return any(
        _lies_elsewhere(each) or _ACTIVE.search(_STRING.sub(b"()", _text(each))) for each in (pdf.trailer, *pdf.objects)
    )


def _lies_elsewhere(each: Object) -> bool:
    """A stream whose content is another file's, on the reader's disk or somebody's server."""
    return isinstance(each, Stream) and Name.F in each


def _text(each: Object) -> bytes:
    return (each.stream_dict if isinstance(each, Stream) else each).unparse(resolved=True)


def _can_be_shown(pdf: Pdf) -> bool:
    """Whether a phone's reader survives it: qpdf saves packed streams as they are, so bombs would reach the readers."""
    unpacked = 0
    for each in pdf.objects:
        if not isinstance(each, Stream):
            continue
        if _pixels(each) > _MOST_PIXELS:
            return False
        unpacked += _unpacked(each)
        if unpacked > _MOST_UNPACKED:
            return False
    return True


# What these pack is a picture, whose size is read from its header; they are all that may stand last and unopened.
_PICTURE_FILTERS = {"/DCTDecode", "/DCT", "/JPXDecode", "/CCITTFaxDecode", "/CCF", "/JBIG2Decode"}


def _filters(stream: Stream) -> list[str]:
    found = stream.get(Name.Filter)
    return [] if found is None else [str(one) for one in found] if isinstance(found, Array) else [str(found)]


def _unpacked(stream: Stream) -> int:
    """Bytes behind a stream's filters. Raises PdfError or ValueError where it holds too much or what nobody opens."""
    *before, last = _filters(stream) or [""]
    if last not in _PICTURE_FILTERS:
        return len(stream.read_bytes())
    if before and before != ["/FlateDecode"]:
        raise ValueError("a picture packed in an unusual way")
    return _inflated(stream.read_raw_bytes()) if before else 0


def _inflated(packed: bytes) -> int:
    """Bytes that it unpacks to, none of which are kept; more than allowed are not counted on."""
    unpacker, size = zlib.decompressobj(), 0
    while packed and not unpacker.eof and size <= _MOST_UNPACKED:
        size += len(unpacker.decompress(packed, _PIECE))
        packed = unpacker.unconsumed_tail
    return size


def _pixels(stream: Stream) -> int:
    """Of a picture: the larger of what the PDF says and what the picture says of itself, which readers believe."""
    said = int(stream.get(Name.Width, 0)) * int(stream.get(Name.Height, 0))
    filters = _filters(stream)
    own = _OWN_PIXELS.get(filters[0]) if len(filters) == 1 else None
    return max(said, own(stream.read_raw_bytes()) if own else 0)


def _jpeg_pixels(data: bytes) -> int:
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF and data[at + 1] != _SCAN:
        if data[at + 1] in _FRAMES:
            return int.from_bytes(data[at + 5 : at + 7]) * int.from_bytes(data[at + 7 : at + 9])
        at += 2 + int.from_bytes(data[at + 2 : at + 4])
    return 0


def _jpx_pixels(data: bytes) -> int:
    found = _JPX_SIZE.search(data)
    return int.from_bytes(found[1]) * int.from_bytes(found[2]) if found else 0


_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
_JPX_SIZE = re.compile(rb"\xff\x4f\xff\x51....(....)(....)", re.DOTALL)
_OWN_PIXELS = {"/DCTDecode": _jpeg_pixels, "/DCT": _jpeg_pixels, "/JPXDecode": _jpx_pixels}


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
