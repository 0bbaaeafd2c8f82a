"""Sample papers: photos and scans as phones and scanners make them, the same every time, made once."""

import os
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pikepdf
import pillow_heif
import pytest
from PIL import ExifTags, Image, ImageOps

from deploy.demo import papers

PERSON = {
    "Nama": "SITI MAIMUNAH BINTI H. ZAINUDDIN",
    "NIK": "1671104507880001",
    "Tempat/Tgl lahir": "Palembang, 05-07-1988",
    "Alamat": "Lr. Sukarela No. 12",
    "RT/RW": "023/005",
}
MEMBERS = (
    ("No", "Nama", "Hubungan"),
    ("1", "M. YUSUF EFFENDI", "Kepala keluarga"),
    ("2", "NUR'AINI", "Istri"),
)
SMALL = papers.PaperSpec("PENGANTAR_RT", PERSON, size=(400, 300), seed=11)


def upright(path: Path) -> Image.Image:
    """The picture as a viewer that knows the orientation tag shows it."""
    with Image.open(path) as picture:
        return ImageOps.exif_transpose(picture).convert("RGB")


def difference(one: Image.Image, other: Image.Image) -> float:
    """The mean distance of two pictures of one size, in grey levels."""
    assert one.size == other.size
    return float(np.abs(np.asarray(one, dtype=float) - np.asarray(other, dtype=float)).mean())


@pytest.mark.parametrize("kind", sorted(papers.KINDS))
def test_every_kind_of_paper_becomes_a_photo(kind: str, tmp_path: Path) -> None:
    path = papers.make(replace(SMALL, kind=kind, table=MEMBERS if kind.startswith("KK") else ()), tmp_path)

    with Image.open(path) as picture:
        assert (picture.format, picture.size, picture.mode) == ("JPEG", (400, 300), "RGB")
        # More than one tone everywhere: a paper on a table, not an empty sheet.
        assert np.asarray(picture).std() > 15


def test_every_paper_is_banded_in_red_and_so_like_no_official_one(tmp_path: Path) -> None:
    for kind in sorted(papers.KINDS):
        path = papers.make(replace(SMALL, kind=kind, format="png", fields=PERSON), tmp_path)
        red, green, blue = (np.asarray(band, dtype=int) for band in upright(path).split())

        assert ((red > 140) & (green < 70) & (blue < 70)).mean() > 0.01, kind


@pytest.mark.parametrize("orientation", papers.ORIENTATIONS)
def test_a_photo_carries_its_orientation_place_and_time(orientation: int, tmp_path: Path) -> None:
    path = papers.make(replace(SMALL, orientation=orientation), tmp_path)

    with Image.open(path) as picture:
        exif = picture.getexif()
    place = exif.get_ifd(ExifTags.IFD.GPSInfo)
    degrees, minutes, _ = place[ExifTags.GPS.GPSLatitude]
    assert exif[ExifTags.Base.Orientation] == orientation
    assert (place[ExifTags.GPS.GPSLatitudeRef], place[ExifTags.GPS.GPSLongitudeRef]) == ("S", "E")
    assert (int(degrees), int(minutes) in range(56, 58)) == (2, True)
    assert int(place[ExifTags.GPS.GPSLongitude][0]) == 104
    assert exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal].startswith("2026:08:")
    assert exif[ExifTags.Base.Make] == "Contoh"


@pytest.mark.parametrize("format_", ["jpeg", "png", "webp"])
@pytest.mark.parametrize("orientation", [3, 6, 8])
def test_turned_upright_a_photo_shows_its_text_right_side_up(format_: str, orientation: int, tmp_path: Path) -> None:
    turned = replace(SMALL, format=format_, orientation=orientation)
    straight = replace(turned, orientation=1, size=turned.upright_size)

    shown = upright(papers.make(turned, tmp_path))
    expected = upright(papers.make(straight, tmp_path))

    assert difference(shown, expected) < 4
    assert difference(shown.transpose(Image.Transpose.ROTATE_180), expected) > 15


def test_the_stored_pixels_lie_on_their_side_when_the_tag_says_so(tmp_path: Path) -> None:
    with Image.open(papers.make(replace(SMALL, orientation=6), tmp_path)) as picture:
        assert picture.size == (400, 300)
        assert ImageOps.exif_transpose(picture).size == (300, 400)


@pytest.mark.parametrize("orientation", papers.ORIENTATIONS)
def test_a_heic_photo_opens_upright(orientation: int, tmp_path: Path) -> None:
    spec = replace(SMALL, format="heic", orientation=orientation)
    path = papers.make(spec, tmp_path)

    shown = pillow_heif.open_heif(path).to_pillow()

    straight = replace(SMALL, orientation=1, size=spec.upright_size)
    assert path.read_bytes()[4:12] == b"ftypheic"
    assert difference(shown.convert("RGB"), upright(papers.make(straight, tmp_path))) < 6
    assert shown.getexif().get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitudeRef] == "S"


@pytest.mark.parametrize(("orientation", "rotate"), [(1, 0), (3, 180), (6, 90), (8, 270)])
def test_a_pdf_scan_is_one_page_with_one_picture(orientation: int, rotate: int, tmp_path: Path) -> None:
    spec = replace(SMALL, format="pdf", orientation=orientation)

    with pikepdf.open(papers.make(spec, tmp_path)) as pdf:
        assert len(pdf.pages) == 1
        streams = [item for item in pdf.objects if isinstance(item, pikepdf.Stream) and "/Width" in item]
        (picture,) = (pikepdf.PdfImage(image) for image in streams)
        assert (picture.width, picture.height) == (400, 300)
        assert pdf.pages[0].Rotate == rotate
        assert max(float(edge) for edge in pdf.pages[0].mediabox) == pytest.approx(842)
        shown = picture.as_pil_image().convert("RGB").rotate(-rotate, expand=True)

    straight = replace(SMALL, format="png", size=spec.upright_size)
    assert difference(shown, upright(papers.make(straight, tmp_path))) < 6


@pytest.mark.parametrize("format_", sorted(papers.FORMATS))
def test_the_same_spec_gives_the_same_bytes_and_another_seed_others(format_: str, tmp_path: Path) -> None:
    spec = replace(SMALL, format=format_, orientation=6)

    first = papers.make(spec, tmp_path / "one").read_bytes()
    again = papers.make(spec, tmp_path / "two").read_bytes()
    other = papers.make(replace(spec, seed=12), tmp_path / "one").read_bytes()

    assert first == again
    assert first != other


def test_a_picture_that_is_there_is_not_made_again(tmp_path: Path) -> None:
    path = papers.make(SMALL, tmp_path)
    path.write_bytes(b"kept")

    assert papers.make(SMALL, tmp_path) == path
    assert papers.make_all({"again": SMALL}, tmp_path) == {"again": path}
    assert path.read_bytes() == b"kept"


def test_an_empty_file_left_by_a_crash_is_made_again(tmp_path: Path) -> None:
    path = papers.make(SMALL, tmp_path)
    whole = path.read_bytes()
    path.write_bytes(b"")

    assert papers.make(SMALL, tmp_path).read_bytes() == whole


def test_every_part_of_a_spec_is_part_of_its_key() -> None:
    others = [
        replace(SMALL, kind="SKP"),
        replace(SMALL, fields=PERSON | {"Nama": "CEK MAT"}),
        replace(SMALL, fields=dict(reversed(PERSON.items()))),
        replace(SMALL, table=MEMBERS),
        replace(SMALL, note="Untuk menikah."),
        replace(SMALL, format="png"),
        replace(SMALL, orientation=6),
        replace(SMALL, size=(300, 400)),
        replace(SMALL, seed=12),
    ]

    assert len({spec.key() for spec in [SMALL, *others]}) == 1 + len(others)
    assert replace(SMALL, fields=dict(PERSON)).key() == SMALL.key()


def test_a_file_name_says_nothing_about_the_person() -> None:
    name = SMALL.file_name()

    assert name.startswith("pengantar-rt-")
    assert not any(word.lower() in name for value in PERSON.values() for word in value.split())


def test_all_are_made_with_their_progress_and_each_only_once(tmp_path: Path) -> None:
    specs = {
        "ktp": replace(SMALL, kind="KTP"),
        "kk": replace(SMALL, kind="KK", table=MEMBERS),
        "the same ktp": replace(SMALL, kind="KTP"),
    }
    heard: list[tuple[int, int]] = []

    paths = papers.make_all(specs, tmp_path, lambda done, total: heard.append((done, total)))

    assert list(paths) == list(specs)
    assert paths["ktp"] == paths["the same ktp"]
    assert heard == [(0, 2), (1, 2), (2, 2)]
    assert sorted(tmp_path.iterdir()) == sorted(set(paths.values()))
    assert papers.make(specs["kk"], tmp_path / "alone").read_bytes() == paths["kk"].read_bytes()


def test_two_at_once_leave_one_whole_picture_and_nothing_else(tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        paths = Counter(pool.map(lambda _: papers.make(SMALL, tmp_path), range(4)))

    (path,) = paths
    assert list(tmp_path.iterdir()) == [path]
    assert path.read_bytes() == papers.make(SMALL, tmp_path / "alone").read_bytes()


def test_what_a_killed_process_left_is_swept_and_what_another_is_making_stays(tmp_path: Path) -> None:
    abandoned, running = tmp_path / ".making-old.jpg", tmp_path / ".making-new.jpg"
    for path in (abandoned, running):
        path.write_bytes(b"half")
    hour_ago = time.time() - 3600
    os.utime(abandoned, (hour_ago, hour_ago))

    papers.make_all({}, tmp_path)

    assert list(tmp_path.iterdir()) == [running]


def test_a_picture_that_fails_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("deploy.demo.papers.encode.write", fail)

    with pytest.raises(OSError, match="no space"):
        papers.make(SMALL, tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"kind": "PASPOR"}, "kind of paper"),
        ({"format": "gif"}, "format"),
        ({"orientation": 5}, "orientation"),
        ({"size": (400, 20)}, "pixels"),
    ],
)
def test_what_cannot_be_drawn_is_refused_by_name(change: dict[str, object], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        replace(SMALL, **change)  # type: ignore[arg-type]


def test_a_sheet_with_more_than_fits_is_written_smaller(tmp_path: Path) -> None:
    crowded = {f"Keterangan {n}": "Mengurus rumah tangga di Palembang" for n in range(24)}

    path = papers.make(replace(SMALL, kind="KTP", fields=crowded), tmp_path)

    assert upright(path).size == (400, 300)
