"""Writing a picture the way phones and scanners do: pixels turned, and a tag that says how."""

import io
from fractions import Fraction
from pathlib import Path
from typing import Final

import numpy as np
import pikepdf
import pillow_heif
from PIL import ExifTags, Image
from PIL.TiffImagePlugin import IFDRational

from deploy.demo.papers.spec import PaperSpec

# Orientation tag -> how the stored pixels differ from the upright ones, and a PDF page's /Rotate.
_STORED: Final = {
    3: (Image.Transpose.ROTATE_180, 180),
    6: (Image.Transpose.ROTATE_90, 90),
    8: (Image.Transpose.ROTATE_270, 270),
}
_QUALITY: Final = 91
_A4_LONG_POINTS: Final = 842


def write(upright: Image.Image, spec: PaperSpec, path: Path) -> None:
    """Write the picture in the format of its spec."""
    turn = _STORED.get(spec.orientation)
    stored = upright.transpose(turn[0]) if turn else upright
    exif = _exif(spec)
    if spec.format == "jpeg":
        stored.save(path, "JPEG", quality=_QUALITY, exif=exif)
    elif spec.format == "heic":
        heif = pillow_heif.from_pillow(stored)
        heif.info["exif"] = exif.tobytes()
        heif.save(path, quality=60)
    elif spec.format == "webp":
        stored.save(path, "WEBP", quality=80, method=2, exif=exif)
    elif spec.format == "png":
        stored.save(path, "PNG", compress_level=4, exif=exif)
    else:
        _write_pdf(stored, turn[1] if turn else 0, path)


def _exif(spec: PaperSpec) -> Image.Exif:
    """The tags of a made-up phone on an evening of August 2026, somewhere in Palembang."""
    # A stream of its own: the orientation must not move the grain of the picture.
    rng = np.random.default_rng([spec.seed, 1])
    day, minute, second = int(rng.integers(3, 14)), int(rng.integers(60)), int(rng.integers(60))
    taken = f"2026:08:{day:02d} 19:{minute:02d}:{second:02d}"
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "Contoh"
    exif[ExifTags.Base.Model] = "Kamera Contoh 5"
    exif[ExifTags.Base.Orientation] = spec.orientation
    exif[ExifTags.Base.DateTime] = taken
    exif[ExifTags.IFD.Exif] = {
        ExifTags.Base.DateTimeOriginal: taken,
        ExifTags.Base.OffsetTimeOriginal: "+07:00",
        ExifTags.Base.ExposureTime: IFDRational(1, 50),
        ExifTags.Base.FNumber: IFDRational(18, 10),
        ExifTags.Base.ISOSpeedRatings: 320,
        ExifTags.Base.FocalLength: IFDRational(54, 10),
        ExifTags.Base.ExifImageWidth: spec.size[0],
        ExifTags.Base.ExifImageHeight: spec.size[1],
    }
    exif[ExifTags.IFD.GPSInfo] = {
        ExifTags.GPS.GPSVersionID: b"\x02\x03\x00\x00",
        ExifTags.GPS.GPSLatitudeRef: "S",
        ExifTags.GPS.GPSLatitude: _degrees(rng.uniform(2.935, 2.965)),
        ExifTags.GPS.GPSLongitudeRef: "E",
        ExifTags.GPS.GPSLongitude: _degrees(rng.uniform(104.775, 104.81)),
        ExifTags.GPS.GPSDateStamp: f"2026:08:{day:02d}",
        ExifTags.GPS.GPSTimeStamp: (IFDRational(12), IFDRational(minute), IFDRational(second)),
    }
    return exif


def _degrees(value: float) -> tuple[IFDRational, IFDRational, IFDRational]:
    """Decimal degrees as degrees, minutes and seconds."""
    whole = Fraction(round(value * 360000), 100)
    degrees, rest = divmod(whole, 3600)
    minutes, seconds = divmod(rest, 60)
    return IFDRational(degrees), IFDRational(minutes), IFDRational(round(seconds * 100), 100)


def _write_pdf(stored: Image.Image, rotate: int, path: Path) -> None:
    """One page that holds the scan as it came from the scanner, its JPEG untouched."""
    data = io.BytesIO()
    stored.save(data, "JPEG", quality=80)
    width, height = stored.size
    # The glass is A4, whatever the resolution.
    points = _A4_LONG_POINTS / max(width, height)
    with pikepdf.new() as pdf:
        picture = pikepdf.Stream(
            pdf,
            data.getvalue(),
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Image,
            Width=width,
            Height=height,
            ColorSpace=pikepdf.Name.DeviceRGB,
            BitsPerComponent=8,
            Filter=pikepdf.Name.DCTDecode,
        )
        page = pdf.add_blank_page(page_size=(width * points, height * points))
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Scan=picture))
        drawing = f"{width * points:.2f} 0 0 {height * points:.2f} 0 0 cm /Scan Do"
        page.Contents = pdf.make_stream(drawing.encode())
        page.Rotate = rotate
        pdf.docinfo["/Producer"] = "Pemindai Contoh"
        pdf.docinfo["/Title"] = "CONTOH"
        pdf.docinfo["/CreationDate"] = "D:20260813190000+07'00'"
        pdf.save(path, deterministic_id=True)
