"""Files judged by their bytes, and their viewing copies. Every refused file has an accepted twin."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from intake.pictures import refusals
from intake.pictures.judge import DEFAULT, FileLimits, Judgement, judge
from intake.pictures.kinds import Kind
from intake.pictures.sandbox import Allowance, Sandbox
from intake.pictures.view import ViewingCopy, make_view
from kit.problems import Problem
from kit.spool import Spool
from kit.uploads import UploadTooLarge
from tests.support import files


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    sandbox = Sandbox()
    yield sandbox
    sandbox.close()


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    return Spool(tmp_path)


def seen(data: bytes, sandbox: Sandbox, limits: FileLimits = DEFAULT) -> Judgement:
    return judge(BytesIO(data), limits, sandbox)


ACCEPTED: dict[str, tuple[Callable[[], bytes], Kind, tuple[int, int] | None]] = {
    "jpeg": (files.jpeg, Kind.JPEG, (320, 240)),
    "jpeg, held upright": (lambda: files.jpeg(orientation=6), Kind.JPEG, (320, 240)),
    "jpeg, progressive": (lambda: files.jpeg(progressive=True), Kind.JPEG, (320, 240)),
    "jpeg, with restart markers": (lambda: files.jpeg(restart_marker_blocks=4), Kind.JPEG, (320, 240)),
    "jpeg, grey": (lambda: files.encoded(files.drawn(mode="L"), "JPEG"), Kind.JPEG, (320, 240)),
    "jpeg, cmyk": (lambda: files.encoded(files.drawn(mode="CMYK"), "JPEG"), Kind.JPEG, (320, 240)),
    "jpeg, filled up with zeros": (lambda: files.jpeg() + bytes(4096), Kind.JPEG, (320, 240)),
    "jpeg, a second picture behind": (lambda: files.jpeg() + files.jpeg(64, 48), Kind.JPEG, (320, 240)),
    "jpeg, a film of the moment behind": (lambda: files.jpeg() + files.film(), Kind.JPEG, (320, 240)),
    "png": (files.png, Kind.PNG, (320, 240)),
    "png, palette": (lambda: files.png(mode="P"), Kind.PNG, (320, 240)),
    "png, see-through": (lambda: files.png(mode="RGBA"), Kind.PNG, (320, 240)),
    "png, 16 bits": (files.grey16, Kind.PNG, (256, 64)),
    "webp, lossy": (files.webp, Kind.WEBP, (320, 240)),
    "webp, lossless": (lambda: files.webp(lossless=True), Kind.WEBP, (320, 240)),
    "webp, extended": (lambda: files.webp(exif=files.exif()), Kind.WEBP, (320, 240)),
    "heic": (files.heic, Kind.HEIC, (320, 240)),
    "heic, brand mif1": (lambda: files.with_brand(files.heic(), b"mif1"), Kind.HEIC, (320, 240)),
    "pdf": (files.pdf, Kind.PDF, None),
    "pdf, newlines before": (lambda: b"\r\n" + files.pdf(), Kind.PDF, None),
    "pdf, text about scripts": (lambda: files.changed_pdf(Lang="see /JavaScript /JS (id)"), Kind.PDF, None),
}

REFUSED: dict[str, tuple[Callable[[], bytes], type[Problem], str]] = {  # its accepted twin is named last
    "empty": (lambda: b"", refusals.EmptyFile, "jpeg"),
    "text": (lambda: b"Ini bukan foto.\n" * 99, refusals.FileTypeRefused, "jpeg"),
    "html": (lambda: b"<html><script>1</script></html>", refusals.FileTypeRefused, "jpeg"),
    "gif": (lambda: files.encoded(files.drawn(), "GIF"), refusals.FileTypeRefused, "png"),
    "tiff": (lambda: files.encoded(files.drawn(), "TIFF"), refusals.FileTypeRefused, "png"),
    "avif": (lambda: files.with_brand(b"\0\0\0\x14ftypheicmif1avif", b"avif"), refusals.FileTypeRefused, "heic"),
    "zip": (files.archive, refusals.FileTypeRefused, "pdf"),
    "film": (files.film, refusals.FileTypeRefused, "heic"),
    "jpeg without its end": (lambda: files.jpeg()[:-2], refusals.PictureCutOff, "jpeg"),
    "jpeg cut in the middle": (lambda: half(files.jpeg()), refusals.PictureCutOff, "jpeg"),
    "jpeg cut, progressive": (lambda: half(files.jpeg(progressive=True)), refusals.PictureCutOff, "jpeg, progressive"),
    "jpeg of three bytes": (lambda: b"\xff\xd8\xff", refusals.PictureCutOff, "jpeg"),
    "jpeg with thousands of scans": (files.slow_jpeg, refusals.PictureBroken, "jpeg, progressive"),
    "jpeg without a picture": (lambda: b"\xff\xd8\xff\xd9" + bytes(99), refusals.PictureBroken, "jpeg"),
    "png without its end": (lambda: files.png()[:-12], refusals.PictureCutOff, "png"),
    "png cut in the middle": (lambda: half(files.png()), refusals.PictureCutOff, "png"),
    "webp cut": (lambda: half(files.webp()), refusals.PictureCutOff, "webp, lossy"),
    "heic cut": (lambda: half(files.heic()), refusals.PictureCutOff, "heic"),
    "png, animated": (lambda: files.animated("PNG"), refusals.Animated, "png"),
    "webp, animated": (lambda: files.animated("WEBP"), refusals.Animated, "webp, extended"),
    "heic, a film": (lambda: files.with_brand(files.heic(), b"hevc"), refusals.Animated, "heic"),
    "png of 900 megapixels": (files.giant_png, refusals.TooManyPixels, "png"),
    "jpeg with a zip behind": (lambda: files.jpeg() + files.archive(), refusals.ForeignContent, "jpeg"),
    "png with a zip behind": (lambda: files.png() + files.archive(), refusals.ForeignContent, "png"),
    "heic with a zip behind": (lambda: files.heic() + files.archive(), refusals.ForeignContent, "heic"),
    "pdf with a zip behind": (lambda: files.pdf() + files.archive(), refusals.ForeignContent, "pdf"),
    "jpeg with a pdf behind": (
        lambda: files.jpeg() + files.pdf(),
        refusals.ForeignContent,
        "jpeg, a second picture behind",
    ),
    "jpeg with a pdf's mark in a comment": (
        lambda: files.jpeg(comment=b"%PDF-1.4"),
        refusals.ForeignContent,
        "jpeg",
    ),
    "jpeg with a program behind": (lambda: files.jpeg() + b"MZ\x90\0", refusals.ForeignContent, "jpeg"),
    "webp with a script behind": (
        lambda: files.webp() + b"<?php echo 1;",
        refusals.ForeignContent,
        "webp, lossy",
    ),
    "pdf cut in the middle": (lambda: half(files.pdf()), refusals.PdfBroken, "pdf"),
    "pdf without pages": (lambda: files.pdf(pages=0), refusals.PdfBroken, "pdf"),
    "pdf in name only": (lambda: b"%PDF-1.7\n" + bytes(99) + b"%%EOF", refusals.PdfBroken, "pdf"),
    "pdf that unpacks without end": (files.bomb_pdf, refusals.PdfBroken, "pdf"),
    "pdf with a password": (files.locked_pdf, refusals.PdfLocked, "pdf"),
    "pdf with restrictions": (lambda: files.locked_pdf(user=""), refusals.PdfLocked, "pdf"),
    "pdf with a script": (lambda: files.changed_pdf(OpenAction=files.script()), refusals.PdfActive, "pdf"),
    "pdf that starts a program": (
        lambda: files.changed_pdf(OpenAction=pikepdf.Dictionary(S=pikepdf.Name.Launch, F="cmd.exe")),
        refusals.PdfActive,
        "pdf",
    ),
    "pdf with a file in it": (files.pdf_with_attachment, refusals.PdfActive, "pdf"),
    "pdf with a script under a masked name": (
        lambda: files.changed_pdf(OpenAction=files.script()).replace(b"/JavaScript", b"/#4aavaScrip#74"),
        refusals.PdfActive,
        "pdf, text about scripts",
    ),
}


def half(data: bytes) -> bytes:
    return data[: len(data) // 2]


@pytest.mark.parametrize("name", ACCEPTED)
def test_takes(name: str, sandbox: Sandbox) -> None:
    make, kind, size = ACCEPTED[name]
    data = make()
    stream = BytesIO(data)
    verdict = judge(stream, sandbox=sandbox)
    assert (verdict.kind, verdict.size) == (kind, len(data))
    assert (verdict.pages == 1) if size is None else ((verdict.width, verdict.height) == size)
    assert stream.read() == data, "the stream is left at its beginning"


@pytest.mark.parametrize("name", REFUSED)
def test_refuses(name: str, sandbox: Sandbox) -> None:
    make, refusal, twin = REFUSED[name]
    with pytest.raises(refusal) as raised:
        seen(make(), sandbox)
    assert raised.value.status == (415 if refusal is refusals.FileTypeRefused else 422)
    assert all(raised.value.detail), "it says what to do, in both languages"
    assert twin in ACCEPTED


def test_every_refusal_is_tried() -> None:
    tried = {refusal for _, refusal, _ in REFUSED.values()} | {refusals.PdfTooLong}
    kinds = [kind for kind in vars(refusals).values() if isinstance(kind, type) and issubclass(kind, Problem)]
    ours = {kind for kind in kinds if kind.__module__ == refusals.__name__} - {refusals.FileRefused}
    assert tried == ours


def test_limits_hold_at_their_edge(sandbox: Sandbox) -> None:
    photo, papers = files.jpeg(), files.pdf(3)
    assert seen(photo, sandbox, FileLimits(size=len(photo), pixels=320 * 240)).kind is Kind.JPEG
    assert seen(papers, sandbox, FileLimits(pages=3)).pages == 3
    with pytest.raises(UploadTooLarge):
        seen(photo, sandbox, FileLimits(size=len(photo) - 1))
    with pytest.raises(refusals.TooManyPixels):
        seen(photo, sandbox, FileLimits(pixels=320 * 240 - 1))
    with pytest.raises(refusals.PdfTooLong):
        seen(papers, sandbox, FileLimits(pages=2))


def test_takes_a_photo_of_48_megapixels(sandbox: Sandbox, spool: Spool) -> None:
    data = files.encoded(files.drawn(8000, 6000), "JPEG", quality=70)
    assert seen(data, sandbox).width == 8000
    with make_view(BytesIO(data), Kind.JPEG, spool, sandbox=sandbox) as copy:
        assert (copy.width, copy.height) == (2000, 1500)


def test_a_large_file_is_judged_without_being_read_into_memory(sandbox: Sandbox, spool: Spool) -> None:
    data = files.jpeg() + bytes(5_000_000)
    with spool.open() as stream:
        stream.write(data)
        assert judge(stream, sandbox=sandbox).size == len(data)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_damaged_photo_is_judged_without_an_accident(data: st.DataObject, sandbox: Sandbox) -> None:
    whole = data.draw(st.sampled_from([files.jpeg(64, 48), files.png(64, 48), files.webp(64, 48), HEIC]))
    damaged = bytearray(whole)
    for at in data.draw(st.lists(st.integers(0, min(400, len(whole) - 1)), max_size=6)):
        damaged[at] = data.draw(st.integers(0, 255))
    try:
        seen(bytes(damaged[: data.draw(st.integers(0, len(whole)))]), sandbox)
    except Problem as refusal:
        assert refusal.status in (415, 422)


HEIC = files.heic(64, 48)


# The viewing copy


def view(data: bytes, kind: Kind, spool: Spool, sandbox: Sandbox) -> tuple[ViewingCopy, bytes]:
    with make_view(BytesIO(data), kind, spool, sandbox=sandbox) as copy:
        return copy, copy.stream.read()


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_is_turned_upright(orientation: int, spool: Spool, sandbox: Sandbox) -> None:
    """The phone stored the sheet turned, and wrote down how: the copy shows it as it was."""
    lying = files.turned_for(orientation, files.drawn())
    data = files.encoded(lying, "JPEG", exif=files.exif(orientation), quality=90)
    copy, content = view(data, Kind.JPEG, spool, sandbox)
    with Image.open(BytesIO(content)) as image:
        assert (image.size, files.corners(image)) == ((320, 240), files.UPRIGHT)
        assert (copy.width, copy.height) == image.size


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        (Kind.JPEG, files.jpeg()),
        (Kind.JPEG, files.encoded(files.drawn(mode="CMYK"), "JPEG")),
        (Kind.JPEG, files.encoded(files.drawn(), "JPEG", exif=b"Exif\0\0 nonsense")),
        (Kind.PNG, files.png(mode="P")),
        (Kind.PNG, files.png(mode="RGBA")),
        (Kind.WEBP, files.webp()),
        (Kind.HEIC, files.heic()),
        (Kind.HEIC, files.with_brand(files.heic(), b"mif1")),
    ],
)
def test_every_kind_of_photo_gets_a_copy(kind: Kind, data: bytes, spool: Spool, sandbox: Sandbox) -> None:
    copy, content = view(data, kind, spool, sandbox)
    with Image.open(BytesIO(content)) as image:
        assert (image.format, image.mode, files.corners(image)) == ("JPEG", "RGB", files.UPRIGHT)
    assert (copy.media_type, copy.size) == ("image/jpeg", len(content))


def test_a_grey_picture_of_16_bits_keeps_its_shades(spool: Spool, sandbox: Sandbox) -> None:
    _, content = view(files.grey16(), Kind.PNG, spool, sandbox)
    with Image.open(BytesIO(content)) as image:
        shades = [image.getpixel((x, 32)) for x in (2, 128, 253)]
    assert [shade[0] // 64 for shade in shades if isinstance(shade, tuple)] == [0, 2, 3]


def test_what_is_see_through_becomes_white(spool: Spool, sandbox: Sandbox) -> None:
    _, content = view(files.encoded(Image.new("RGBA", (64, 48)), "PNG"), Kind.PNG, spool, sandbox)
    with Image.open(BytesIO(content)) as image:
        assert image.getpixel((30, 20)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        (Kind.JPEG, files.jpeg(orientation=6, comment=files.MAKER.encode(), xmp=files.MAKER.encode())),
        (Kind.WEBP, files.webp(exif=files.exif())),
        (Kind.PNG, files.encoded(files.drawn(), "PNG", exif=files.exif())),
        (Kind.HEIC, files.heic()),
        (Kind.PDF, files.pdf()),
    ],
)
def test_a_copy_tells_nothing_about_place_or_maker(kind: Kind, data: bytes, spool: Spool, sandbox: Sandbox) -> None:
    assert files.MAKER.encode() in data, "the original does"
    _, content = view(data, kind, spool, sandbox)
    assert files.MAKER.encode() not in content
    assert b"Exif" not in content


def test_a_large_photo_is_made_smaller_and_a_small_one_is_not_made_larger(spool: Spool, sandbox: Sandbox) -> None:
    large, _ = view(files.jpeg(4032, 3024, orientation=6), Kind.JPEG, spool, sandbox)
    small, _ = view(files.jpeg(), Kind.JPEG, spool, sandbox)
    narrow, _ = view(files.jpeg(6000, 3), Kind.JPEG, spool, sandbox)
    sizes = [(copy.width, copy.height) for copy in (large, small, narrow)]
    assert sizes == [(1500, 2000), (320, 240), (2000, 1)]


def test_a_pdf_is_saved_again_without_what_acts(spool: Spool, sandbox: Sandbox) -> None:
    action = pikepdf.Dictionary(S=pikepdf.Name.URI, URI="https://contoh.example/")
    copy, content = view(files.changed_pdf(OpenAction=action, Lang="id"), Kind.PDF, spool, sandbox)
    with pikepdf.open(BytesIO(content)) as document:
        assert (len(document.pages), copy.pages, copy.media_type) == (1, 1, "application/pdf")
        assert pikepdf.Name.OpenAction not in document.Root
        assert str(document.Root.Lang) == "id"
        (photo,) = document.pages[0].images.values()
        assert isinstance(photo, pikepdf.Stream)
        assert pikepdf.PdfImage(photo).as_pil_image().size == (320, 240)


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        (Kind.JPEG, files.jpeg()[:1500]),
        (Kind.PNG, files.png()[:-700] + files.png()[-600:]),
        (Kind.HEIC, files.heic()[:-500]),
        (Kind.WEBP, files.webp()[:60] + bytes(600)),
        (Kind.JPEG, files.png()),
        (Kind.PNG, files.giant_png()),
        (Kind.PDF, b"%PDF-1.7\n%%EOF"),
        (Kind.PDF, files.locked_pdf()),
    ],
)
def test_what_cannot_be_decoded_says_so(kind: Kind, data: bytes, spool: Spool, sandbox: Sandbox) -> None:
    with pytest.raises(refusals.Undecodable) as raised:
        make_view(BytesIO(data), kind, spool, sandbox=sandbox)
    assert all(raised.value.words)


def test_a_file_is_read_from_its_path_and_stays_as_it_was(tmp_path: Path, spool: Spool, sandbox: Sandbox) -> None:
    path = tmp_path / "asli.jpg"
    path.write_bytes(files.jpeg())
    with make_view(path, Kind.JPEG, spool, sandbox=sandbox) as copy:
        assert copy.width == 320
    assert path.read_bytes() == files.jpeg()


# The sandbox


def test_a_decoder_that_needs_too_much_memory_dies_alone(spool: Spool) -> None:
    data = BytesIO(files.encoded(files.drawn(4000, 3000), "PNG"))
    small = Sandbox(Allowance(memory=30_000_000))
    with pytest.raises(refusals.Undecodable):
        make_view(data, Kind.PNG, spool, sandbox=small)
    with make_view(BytesIO(files.png()), Kind.PNG, spool, sandbox=small) as copy:
        assert copy.width == 320
    small.close()


def test_a_decoder_that_takes_too_long_is_stopped(spool: Spool) -> None:
    hasty = Sandbox(Allowance(seconds=1))
    data = BytesIO(files.slow_jpeg())
    started = time.monotonic()
    with pytest.raises(refusals.Undecodable):
        make_view(data, Kind.JPEG, spool, sandbox=hasty)
    assert time.monotonic() - started < 10
    hasty.close()


def test_a_template_that_was_killed_is_started_again(sandbox: Sandbox, spool: Spool) -> None:
    seen(files.pdf(), sandbox)
    assert sandbox.template_pid is not None
    os.kill(sandbox.template_pid, signal.SIGKILL)
    assert seen(files.pdf(), sandbox).pages == 1


def test_many_threads_share_it(sandbox: Sandbox) -> None:
    papers = {pages: files.pdf(pages) for pages in range(1, 9)}
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda pages: seen(papers[pages], sandbox).pages, [*papers] * 10))
    assert found == [*papers] * 10


def test_the_template_ends_with_the_process_that_it_serves() -> None:
    program = (
        "import os, signal; from io import BytesIO; from tests.support import files; "
        "from intake.pictures.judge import judge; from intake.pictures.sandbox import the_sandbox; "
        "judge(BytesIO(files.pdf())); print(the_sandbox().template_pid, flush=True); "
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    killed = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, timeout=60)
    template = Path(f"/proc/{int(killed.stdout)}/cmdline")
    deadline = time.monotonic() + 10
    while template.exists() and template.read_bytes():  # a zombie that nobody buries has no command line
        assert time.monotonic() < deadline, "it outlives its process"
        time.sleep(0.02)


def test_a_forked_process_gets_a_sandbox_of_its_own(sandbox: Sandbox) -> None:
    seen(files.pdf(), sandbox)
    ours = sandbox.template_pid
    reading, writing = os.pipe()
    if (child := os.fork()) == 0:
        seen(files.pdf(), sandbox)
        os.write(writing, b"another" if sandbox.template_pid != ours else b"the same")
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(reading, 20) == b"another"
    assert seen(files.pdf(), sandbox).pages == 1
    assert sandbox.template_pid == ours


def test_the_sandbox_knows_nothing_of_our_environment(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATA_KEYS", "rahasia")
    fresh = Sandbox()
    seen(files.pdf(), fresh)
    assert b"rahasia" not in Path(f"/proc/{fresh.template_pid}/environ").read_bytes()
    fresh.close()
