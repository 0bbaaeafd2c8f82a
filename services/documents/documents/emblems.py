"""An office's emblem, made fit for letters: looked at in bounded memory, and drawn anew, so that nothing of the file
that was sent comes onto a letter but what it shows."""

from __future__ import annotations

from io import BytesIO
from typing import BinaryIO, NamedTuple

from PIL import Image, ImageOps

from kit.problems import Unprocessable, Words

LARGEST_FILE = 512 * 1024
LARGEST_SIDE = 2000
# The box on the letterhead (22 by 24 mm) at 400 dots per inch: every letter carries the whole picture.
PRINTED = (346, 378)
FORMATS = ("PNG", "JPEG")


class NoEmblem(Unprocessable):
    slug = "emblem-not-usable"
    title = Words("Gambar lambang tidak dapat dipakai", "This picture cannot be the emblem")
    detail = Words(
        "Kirim PNG atau JPEG, paling banyak 512 KB, sisinya paling panjang 2000 piksel.",
        "Send a PNG or JPEG of at most 512 KB, no side longer than 2000 pixels.",
    )


class Picture(NamedTuple):
    """A PNG and its size."""

    png: bytes
    width: int
    height: int


def read_emblem(file: BinaryIO) -> Picture:
    """The picture as letters print it. Raises NoEmblem for what is none, whatever it calls itself."""
    try:
        with Image.open(file, formats=FORMATS) as picture:
            if max(picture.size) > LARGEST_SIDE:  # known from its head, before any of it is unpacked
                raise NoEmblem
            drawn = ImageOps.exif_transpose(picture).convert("RGBA")
    except NoEmblem:
        raise
    except Exception as error:  # it raises half a dozen kinds for what is no picture
        raise NoEmblem from error
    drawn.thumbnail(PRINTED)
    made = BytesIO()
    clean = Image.new("RGBA", drawn.size)
    clean.paste(drawn)
    clean.save(made, "PNG")
    return Picture(made.getvalue(), *drawn.size)
