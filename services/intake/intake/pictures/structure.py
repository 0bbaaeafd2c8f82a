"""Walks through a picture's structure, decoding no pixel: whether it is whole, how large, where it ends.

No decoder runs in the request, so nothing here can be made to allocate memory or to loop for long. Each walk
takes anything that can be indexed like bytes, an mmap included.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from mmap import mmap
from struct import Struct
from struct import error as struct_error
from typing import NamedTuple

from intake.pictures.kinds import HEADER, is_sequence
from intake.pictures.refusals import Animated, PictureBroken, PictureCutOff

Data = bytes | mmap


class Shape(NamedTuple):
    """What the header says, and where the picture itself ends; behind that a camera may have put its own."""

    width: int
    height: int
    end: int


_MOST_PARTS = 20_000  # of segments, chunks or boxes: a photo has hundreds
_U8, _U16, _U32 = Struct("B"), Struct(">H"), Struct(">I")
_PAIR16, _PAIR32 = Struct(">HH"), Struct(">II")
_LITTLE32 = Struct("<I")


# JPEG: segments, then entropy-coded data up to the next marker, again and again.
_MARKER_IN_SCAN = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")  # neither a stuffed 0xff nor a restart
_FRAME_HEADERS = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ALONE = {0x01, *range(0xD0, 0xD9)}
_SCAN, _END = 0xDA, 0xD9
_MOST_SCANS = 64  # a progressive photo has ten; each costs its decoder a walk over all of the picture


def jpeg(data: Data) -> Shape:
    """Walk a JPEG from segment to segment up to its end-of-image marker."""
    size: tuple[int, int] | None = None
    at, scans = 2, 0
    for _ in range(_MOST_PARTS):
        at = _next_marker(data, at)
        marker = data[at]
        if marker == _END:
            return _shape(size, at + 1)
        if marker in _ALONE:
            continue
        if marker in _FRAME_HEADERS and size is None:
            height, width = _read(_PAIR16, data, at + 4)
            size = (width, height)
        body = at + 1
        at = body + max(_read(_U16, data, body)[0], 2)
        if marker == _SCAN:
            scans += 1
            found = _MARKER_IN_SCAN.search(data, at)
            if scans > _MOST_SCANS:
                raise PictureBroken
            if found is None:
                raise PictureCutOff
            at = found.start()
    raise PictureBroken


def _next_marker(data: Data, at: int) -> int:
    at = data.find(b"\xff", at)
    while 0 <= at < len(data) and data[at] == 0xFF:
        at += 1
    if not 0 <= at < len(data):
        raise PictureCutOff
    return at


# PNG: chunks of length, name, content, checksum.
def png(data: Data) -> Shape:
    """Walk a PNG's chunks from IHDR to IEND."""
    if data[12:16] != b"IHDR":
        raise PictureBroken
    size = _read(_PAIR32, data, 16)
    at = 8
    for _ in range(_MOST_PARTS):
        length, name = _read(_U32, data, at)[0], data[at + 4 : at + 8]
        if name == b"acTL" and _read(_U32, data, at + 8)[0] > 1:
            raise Animated
        at += 12 + length
        if at > len(data):
            raise PictureCutOff
        if name == b"IEND":
            return _shape((size[0], size[1]), at)
    raise PictureBroken


# WebP: a RIFF file; the first chunk says what it is.
_ANIMATION_FLAG = 0x02


def webp(data: Data) -> Shape:
    """Compare a WebP's length with what it says, and read its first chunk."""
    (length,) = _read(_LITTLE32, data, 4)
    end = 8 + length
    if end > len(data):
        raise PictureCutOff
    name = data[12:16]
    if name == b"VP8X":
        if _read(_U8, data, 20)[0] & _ANIMATION_FLAG:
            raise Animated
        return _shape((_u24(data, 24) + 1, _u24(data, 27) + 1), end)
    if name == b"VP8L" and data[20:21] == b"\x2f":
        (bits,) = _read(_LITTLE32, data, 21)
        return _shape(((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1), end)
    if name == b"VP8 " and data[23:26] == b"\x9d\x01\x2a":
        (bits,) = _read(_LITTLE32, data, 26)
        return _shape((bits & 0x3FFF, bits >> 16 & 0x3FFF), end)
    raise PictureBroken


def _u24(data: Data, at: int) -> int:
    return int.from_bytes(data[at : at + 3], "little")


# HEIC: boxes within boxes; `ispe` holds the size of the picture, of its tiles and of its thumbnails.
_VERSION_AND_FLAGS = 4


def heic(data: Data) -> Shape:
    """Walk a HEIC's boxes; the largest picture in it is the photo."""
    if is_sequence(data[:HEADER]):
        raise Animated
    found: dict[bytes, tuple[int, int]] = {}
    end = 0
    for name, inner, end in _boxes(data, 0, len(data)):
        found.setdefault(name, (inner, end))
    if b"meta" not in found or b"mdat" not in found:
        raise PictureCutOff
    start, stop = found[b"meta"]
    properties = _within(data, *_within(data, start + _VERSION_AND_FLAGS, stop, b"iprp"), b"ipco")
    sizes = [
        _read(_PAIR32, data, inner + _VERSION_AND_FLAGS)
        for name, inner, _ in _boxes(data, *properties)
        if name == b"ispe"
    ]
    largest = max(sizes, key=lambda size: size[0] * size[1], default=(0, 0))
    return _shape((largest[0], largest[1]), end)


def _within(data: Data, at: int, end: int, name: bytes) -> tuple[int, int]:
    for found, inner, stop in _boxes(data, at, end):
        if found == name:
            return inner, stop
    raise PictureBroken


def _boxes(data: Data, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Name, begin of the content and end of each box."""
    for _ in range(_MOST_PARTS):
        if at == end:
            return
        (length,), name, inner = _read(_U32, data, at), bytes(data[at + 4 : at + 8]), at + 8
        if length == 1:  # a 64-bit length follows
            high, low = _read(_PAIR32, data, inner)
            length, inner = high << 32 | low, inner + 8
        stop = at + length if length else end
        if stop > end:
            raise PictureCutOff
        if stop < inner:
            raise PictureBroken
        yield name, inner, stop
        at = stop
    raise PictureBroken


def _shape(size: tuple[int, int] | None, end: int) -> Shape:
    if size is None or not all(size):
        raise PictureBroken
    return Shape(*size, end)


def _read(layout: Struct, data: Data, at: int) -> tuple[int, ...]:
    try:
        return layout.unpack_from(data, at)
    except struct_error as error:
        raise PictureCutOff from error
