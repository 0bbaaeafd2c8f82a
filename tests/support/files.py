"""Small files, good and bad, made on the spot: phones' photos, scanners' PDFs, and their evil twins."""

from __future__ import annotations

import struct
import zipfile
import zlib
from io import BytesIO
from typing import Any

import numpy as np
import pikepdf
import pillow_heif
from PIL import Image, ImageDraw

pillow_heif.register_heif_opener()

ORIENTATION, MAKE, GPS = 0x0112, 0x010F, 0x8825
MAKER = "Ponsel Contoh"  # what must not be found in a viewing copy
RED, GREEN, BLUE, WHITE = (220, 30, 30), (30, 180, 60), (40, 60, 220), (245, 245, 245)


def drawn(width: int = 320, height: int = 240, mode: str = "RGB") -> Image.Image:
    """A sheet whose corners tell which way is up: red top left, green top right, blue bottom left."""
    image = Image.new("RGB", (width, height), WHITE)
    draw = ImageDraw.Draw(image)
    third, tall = width // 3, height // 3
    draw.rectangle((0, 0, third, tall), RED)
    draw.rectangle((width - third, 0, width, tall), GREEN)
    draw.rectangle((0, height - tall, third, height), BLUE)
    return image if mode == "RGB" else image.convert(mode)


def corners(image: Image.Image) -> list[str]:
    """The colours of the four corners, clockwise from the upper left, by name."""
    right, low = image.width - 10, image.height - 10
    names = {"red": RED, "green": GREEN, "blue": BLUE, "white": WHITE}

    def name(at: tuple[int, int]) -> str:
        colour = image.getpixel(at)
        assert isinstance(colour, tuple)
        return min(names, key=lambda n: sum(abs(a - b) for a, b in zip(names[n], colour, strict=True)))

    return [name(at) for at in ((9, 9), (right, 9), (right, low), (9, low))]


UPRIGHT = ["red", "green", "white", "blue"]


def noisy(width: int, height: int, seed: int = 1) -> Image.Image:
    """Something with as much detail as a photo: it compresses no better than one."""
    random = np.random.default_rng(seed)
    small = random.integers(0, 255, (height // 4, width // 4, 3), dtype=np.uint8)
    return Image.fromarray(small).resize((width, height), Image.Resampling.BICUBIC)


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    """The picture in a format of Pillow's (JPEG, PNG, WEBP, HEIF, GIF, …)."""
    output = BytesIO()
    image.save(output, kind, **options)
    return output.getvalue()


def exif(orientation: int = 1) -> bytes:
    """What a phone writes: its maker, how it was held, and where: in Palembang."""
    data = Image.Exif()
    data[ORIENTATION], data[MAKE] = orientation, MAKER
    data.get_ifd(GPS).update({1: "S", 2: (2.0, 57.0, 12.5), 3: "E", 4: (104.0, 44.0, 3.1)})
    return data.tobytes()


def jpeg(width: int = 320, height: int = 240, orientation: int = 1, **options: Any) -> bytes:
    return encoded(drawn(width, height), "JPEG", exif=exif(orientation), quality=90, **options)


_AS_STORED = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def turned_for(orientation: int, image: Image.Image) -> Image.Image:
    """The picture as the phone stores it: turning it as `orientation` says brings it back."""
    return image.transpose(_AS_STORED[orientation]) if orientation > 1 else image


def film() -> bytes:
    """The beginning of an MP4, as phones put it behind a photo."""
    return b"\0\0\0\x18ftypmp42\0\0\0\0isommp42" + b"\0\0\x10\0mdat" + bytes(4088)


def phone_photo(width: int = 4000, height: int = 3000, quality: int = 88) -> bytes:
    """A photo of the usual size: some three megabytes."""
    return encoded(noisy(width, height), "JPEG", exif=exif(6), quality=quality)


def slow_jpeg(scans: int = 3000) -> bytes:
    """A few hundred kilobytes that keep a decoder busy: a large photo whose last scan comes again and again."""
    whole = encoded(drawn(8000, 6000), "JPEG", progressive=True, quality=50)
    last = whole[whole.rindex(b"\xff\xda") : -2]
    return whole[:-2] + last * scans + b"\xff\xd9"


def png(width: int = 320, height: int = 240, mode: str = "RGB") -> bytes:
    return encoded(drawn(width, height, mode), "PNG")


def grey16() -> bytes:
    """A PNG of 16 bits, darker to the left, brighter to the right."""
    return encoded(Image.fromarray(np.tile(np.linspace(0, 65535, 256).astype(np.uint16), (64, 1))), "PNG")


def webp(width: int = 320, height: int = 240, **options: Any) -> bytes:
    return encoded(drawn(width, height), "WEBP", **options)


def heic(width: int = 320, height: int = 240, orientation: int = 1) -> bytes:
    return encoded(drawn(width, height), "HEIF", exif=exif(orientation), quality=60)


def with_brand(heic_file: bytes, major: bytes) -> bytes:
    """The same HEIC under another main brand."""
    return heic_file[:8] + major + heic_file[12:]


def animated(kind: str) -> bytes:
    """Two frames, as GIF, PNG or WEBP."""
    frames = [drawn(64, 48), drawn(64, 48).transpose(Image.Transpose.ROTATE_180)]
    return encoded(frames[0], kind, save_all=True, append_images=frames[1:], duration=200)


def giant_png(width: int = 30_000, height: int = 30_000) -> bytes:
    """A few kilobytes that would be gigabytes of pixels."""
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    row = zlib.compress(bytes(1 + width // 8) * 100, 9)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", row) + _chunk(b"IEND", b"")


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def archive() -> bytes:
    """A zip, to be hidden in something."""
    output = BytesIO()
    with zipfile.ZipFile(output, "w") as packed:
        packed.writestr("isi.txt", "CONTOH")
    return output.getvalue()


def pdf(pages: int = 1, **saving: Any) -> bytes:
    """A scan: each page a photo, EXIF and all, and the scanner's name in the metadata."""
    with pikepdf.new() as document:
        photo = pikepdf.Stream(document, jpeg(), Width=320, Height=240, BitsPerComponent=8)
        photo.Type, photo.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
        photo.ColorSpace, photo.Filter = pikepdf.Name.DeviceRGB, pikepdf.Name.DCTDecode
        for _ in range(pages):
            page = document.add_blank_page(page_size=(320, 240))
            page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Photo=photo))
            page.Contents = document.make_stream(b"320 0 0 240 0 0 cm /Photo Do")
        document.docinfo["/Creator"] = MAKER
        return _saved(document, **saving)


def changed_pdf(**root: Any) -> bytes:
    """A scan with entries of its root set: /OpenAction and the like."""
    with pikepdf.open(BytesIO(pdf())) as document:
        for name, value in root.items():
            document.Root[f"/{name}"] = value
        return _saved(document)


def script(code: str = "app.alert('CONTOH')") -> pikepdf.Dictionary:
    return pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String(code))


def pdf_with_attachment() -> bytes:
    with pikepdf.open(BytesIO(pdf())) as document:
        document.attachments["isi.txt"] = b"CONTOH"
        return _saved(document)


def locked_pdf(user: str = "rahasia") -> bytes:
    return pdf(encryption=pikepdf.Encryption(user=user, owner="pemilik"))


def bomb_pdf(size: int = 400_000_000) -> bytes:
    """A small PDF whose cross-reference stream unpacks to `size` bytes."""
    packer = zlib.compressobj(9)
    piece = bytes(1_000_000)
    packed = b"".join([packer.compress(piece) for _ in range(size // len(piece))]) + packer.flush()
    start = b"%PDF-1.5\n"
    head = b"1 0 obj\n<</Type/XRef/Size 9/W[1 2 1]/Root 2 0 R/Filter/FlateDecode/Length %d>>\nstream\n" % len(packed)
    return start + head + packed + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % len(start)


def _saved(document: pikepdf.Pdf, **options: Any) -> bytes:
    output = BytesIO()
    document.save(output, **options)
    return output.getvalue()
