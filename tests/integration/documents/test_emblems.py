"""The office's own emblem: sent, drawn anew, printed on its letters, taken away."""

from __future__ import annotations

import io
import struct
import zlib
from dataclasses import replace
from typing import Any

import pypdfium2
import pytest
from PIL import Image, PngImagePlugin

from documents.emblems import LARGEST_FILE, LARGEST_SIDE
from documents.jobs import JOBS, REFUSALS
from documents.rendering import NotRenderedYet
from kit import jobs
from tests.integration.documents import story
from tests.integration.documents.story import Case
from tests.support.services import InProcess

EMBLEM = "/v1/templates/emblem"
OTHER_OFFICE = "16.71.10.1002"
RED, BLUE = (220, 0, 0), (0, 0, 220)


def picture(colour: Any = RED, size: tuple[int, int] = (220, 240), kind: str = "PNG", mode: str = "RGB",
            **saved: Any) -> bytes:  # fmt: skip
    made = io.BytesIO()
    Image.new("RGB", size, colour).convert(mode).save(made, kind, **saved)
    return made.getvalue()


def put(desk: InProcess, content: bytes, role: str | None = "administrator", **more: Any) -> Any:
    return desk.call("PUT", EMBLEM, role, data={"file": (io.BytesIO(content), "lambang.png")}, **more)


def sent(desk: InProcess, content: bytes) -> dict[str, Any]:
    answer = put(desk, content)
    assert answer.status_code == 200, answer.text
    desk.work()
    return dict(answer.json)


def pdf_of(desk: InProcess, letter: dict[str, Any], part: str = "preview") -> bytes:
    answer = desk.call("GET", f"/v1/letters/{letter['id']}/{part}", "lurah")
    assert answer.status_code == 200, answer.text
    return bytes(answer.data)


def coloured(pdf: bytes, colour: tuple[int, int, int] = RED) -> tuple[float, float]:
    """Width and height in millimetres of what has this colour on the first page."""
    with pypdfium2.PdfDocument(pdf) as document:
        page = document[0].render(scale=2).to_pil().convert("RGB")
    near = page.point([255 if abs(level - band) < 30 else 0 for band in colour for level in range(256)])
    red, green, blue = near.split()
    box = Image.composite(Image.composite(red, green, green), blue, blue).getbbox()
    return (0.0, 0.0) if box is None else ((box[2] - box[0]) / 2 * 25.4 / 72, (box[3] - box[1]) / 2 * 25.4 / 72)


@pytest.fixture(autouse=True)
def none_to_begin_with(desk: InProcess) -> None:
    desk.call("DELETE", EMBLEM, "lurah")
    desk.work()


def test_an_emblem_is_printed_on_what_waits_and_stays_on_what_was_decided(desk: InProcess) -> None:
    waiting, numbered = Case(desk).verified(), Case(desk, "KTP").verified()
    issued = Case(desk, "SITU").issued()
    before, stale = pdf_of(desk, issued.letter(), "content"), waiting.letter()
    assert coloured(pdf_of(desk, stale)) == coloured(before) == (0.0, 0.0)
    assert numbered.decide().status_code == 200
    sent(desk, picture())
    width, height = coloured(pdf_of(desk, waiting.letter()))
    assert (round(width), round(height)) == (22, 24), "it fills the box of the letterhead"
    assert pdf_of(desk, issued.letter(), "content") == before
    assert coloured(pdf_of(desk, numbered.letter(), "content")) == (0.0, 0.0), "decided on without it"
    assert waiting.decide(stale).json["type"] == "urn:problem:preview-changed"
    assert waiting.decide().status_code == 200
    sent(desk, picture(BLUE))
    assert coloured(pdf_of(desk, waiting.letter(), "content"), RED)[0] > 20, "printed later, with what was decided on"


def test_without_one_letters_show_the_neutral_drawing_again(desk: InProcess) -> None:
    letter = Case(desk).verified().letter()
    neutral = pdf_of(desk, letter)
    sent(desk, picture())
    assert coloured(pdf_of(desk, letter))[0] > 20
    assert desk.call("DELETE", EMBLEM, "lurah").status_code == 204
    desk.work()
    assert pdf_of(desk, letter) == neutral
    assert desk.call("GET", EMBLEM, "officer").status_code == 404
    assert desk.call("DELETE", EMBLEM, "lurah").status_code == 404


def test_a_trial_and_the_cover_of_a_bundle_have_it_too(desk: InProcess) -> None:
    sent(desk, picture())
    trial = desk.call("POST", "/v1/templates/keterangan/preview", "officer")
    assert coloured(trial.data)[0] > 20
    case = Case(desk).verified()
    asked = desk.call("POST", "/v1/bundles", "officer", json={"application_id": str(case.id)})
    desk.work()
    bundle = desk.call("GET", f"{asked.headers['Location']}/content", "officer")
    assert coloured(bundle.data)[0] > 20


def test_models_set_nationally_and_other_offices_letters_do_not_change(desk: InProcess) -> None:
    national = Case(desk, "NIKAH").verified()
    before = national.letter()
    story.office(desk, OTHER_OFFICE)
    sent(desk, picture())
    assert national.letter() == before, "nobody has to read it again, and initials stay"
    there = {"tenant": OTHER_OFFICE}
    assert desk.call("GET", EMBLEM, "officer", who=there).status_code == 404
    trial = desk.call("POST", "/v1/templates/keterangan/preview", "officer", who=there)
    assert trial.status_code == 200 and coloured(trial.data) == (0.0, 0.0)


@pytest.mark.parametrize(
    ("size", "printed"), [((100, 2000), (1, 24)), ((2000, 100), (22, 1)), ((1, 1), (22, 22)), ((2000, 2000), (22, 22))]
)
def test_any_shape_keeps_its_shape(desk: InProcess, size: tuple[int, int], printed: tuple[int, int]) -> None:
    found = sent(desk, picture(size=size))
    assert max(found["width"], found["height"]) <= 378
    drawn = coloured(desk.call("POST", "/v1/templates/keterangan/preview", "lurah").data)
    assert drawn == pytest.approx(printed, abs=1)


@pytest.mark.parametrize(
    ("kind", "mode"),
    [("PNG", "L"), ("PNG", "1"), ("PNG", "P"), ("PNG", "RGBA"), ("PNG", "LA"), ("JPEG", "RGB"), ("JPEG", "L"),
     ("JPEG", "CMYK")],
)  # fmt: skip
def test_png_and_jpeg_of_any_kind_are_taken(desk: InProcess, kind: str, mode: str) -> None:
    sent(desk, picture(kind=kind, mode=mode))
    assert desk.call("POST", "/v1/templates/keterangan/preview", "lurah").status_code == 200


def test_nothing_but_the_picture_is_kept(desk: InProcess) -> None:
    more = PngImagePlugin.PngInfo()
    more.add_text("Comment", "<script>Rahasia</script>")
    exif = Image.Exif()
    exif[0x010E], exif[0x0112] = "Rahasia", 6  # ImageDescription, and lying on its side
    more_yet = {"pnginfo": more, "exif": exif, "icc_profile": b"Rahasia" * 30}
    content = picture(size=(260, 220), **more_yet) + b"<svg onload=Rahasia>"
    found = sent(desk, content)
    [row] = desk.rows("SELECT key, sha256 FROM office_emblem")
    assert row["sha256"] == found["sha256"] and row["sha256"] in row["key"]
    with desk.deps.objects.get(desk.settings.s3_bucket, row["key"]) as stored:
        kept = b"".join(stored)
    assert b"Rahasia" not in kept and b"iCCP" not in kept and len(kept) == found["size"]
    assert (found["width"], found["height"]) == (220, 260), "upright"


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack("!I", len(data)) + name + data + struct.pack("!I", zlib.crc32(name + data))


def bomb(side: int) -> bytes:
    """A PNG of few bytes that is many pixels large."""
    head = struct.pack("!IIBBBBB", side, side, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes((side // 8 + 1) * min(side, 5000)), 9)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", rows) + _chunk(b"IEND", b"")


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd" width="9" height="9"/></svg>'


@pytest.mark.parametrize(
    "content",
    [
        SVG, b"%PDF-1.7\n", b"GIF89a", b"", b"bukan gambar", picture(kind="GIF"), picture(kind="BMP"),
        picture(kind="WEBP"), picture()[:200], picture(kind="JPEG")[:300], bomb(40_000), bomb(LARGEST_SIDE + 1),
        picture(size=(1, LARGEST_SIDE + 1)),
    ],
    ids=["svg", "pdf", "head", "empty", "text", "gif", "bmp", "webp", "cut-png", "cut-jpeg", "bomb", "pixel", "high"],
)  # fmt: skip
def test_what_is_no_emblem_is_refused_and_the_one_before_stays(desk: InProcess, content: bytes) -> None:
    before = sent(desk, picture())
    answer = put(desk, content)
    assert (answer.status_code, answer.json["type"]) == (422, "urn:problem:emblem-not-usable")
    assert "512 KB" in answer.json["detail"]
    assert desk.call("GET", EMBLEM, "officer").json == before


def test_a_file_that_is_too_large_is_refused(desk: InProcess) -> None:
    content = picture()
    assert put(desk, content + bytes(LARGEST_FILE - len(content))).status_code == 200
    assert put(desk, content + bytes(LARGEST_FILE - len(content) + 1)).status_code == 413
    assert desk.call("PUT", EMBLEM, "lurah", json={}).status_code == 415


def test_the_same_request_again_has_the_same_answer_and_draws_nothing_up_again(desk: InProcess) -> None:
    case = Case(desk).verified()
    key = {"Idempotency-Key": "emblem-1"}
    first = put(desk, picture(), headers=key)
    desk.work()
    drawn = case.letter()
    again = put(desk, picture(), headers=key)
    assert again.headers["Idempotency-Replayed"] == "true" and again.json == first.json
    assert put(desk, picture(BLUE), headers=key).status_code == 422
    assert put(desk, picture()).status_code == 200, "the same picture, asked for anew"
    assert desk.work() == [] and case.letter() == drawn


def test_a_picture_that_the_store_lost_is_said_on_the_draft_and_can_be_sent_again(desk: InProcess) -> None:
    sent(desk, picture((200, 30, 30)))
    [row] = desk.rows("SELECT key FROM office_emblem")
    desk.deps.objects.delete(desk.settings.s3_bucket, row["key"])
    desk.deps.renderer._kept = ("", b"")  # as another worker has it
    answer = desk.call("POST", "/v1/templates/keterangan/preview", "lurah")
    assert answer.status_code == 422 and answer.json["reason"] == "the emblem is not in the store"
    sent(desk, picture((200, 30, 30)))
    assert desk.call("POST", "/v1/templates/keterangan/preview", "lurah").status_code == 200


def test_a_numbered_letter_waits_for_a_picture_that_the_store_lost(desk: InProcess) -> None:
    sent(desk, picture((30, 30, 200)))
    case = Case(desk).verified()
    number = case.decide().json["number"]
    [row] = desk.rows("SELECT key FROM office_emblem")
    desk.deps.objects.delete(desk.settings.s3_bucket, row["key"])
    desk.deps.renderer._kept = ("", b"")
    job = jobs.claim(desk.deps.db, {"issue_letter": JOBS["issue_letter"]})
    assert job is not None
    with pytest.raises(NotRenderedYet, match="emblem"):
        JOBS["issue_letter"].work(desk.deps, replace(job, attempts=REFUSALS + 1))
    sent(desk, picture((30, 30, 200)))
    JOBS["issue_letter"].work(desk.deps, job)
    assert (case.letter()["status"], case.letter()["number"]) == ("issued", number)


@pytest.mark.parametrize(
    ("role", "reads", "writes"),
    [("administrator", 200, 200), ("lurah", 200, 200), ("officer", 200, 403), ("applicant", 403, 403),
     ("rt_head", 403, 403), (None, 401, 401)],
)  # fmt: skip
def test_who_may_see_and_change_it(desk: InProcess, role: str | None, reads: int, writes: int) -> None:
    sent(desk, picture())
    assert desk.call("GET", EMBLEM, role).status_code == reads
    assert put(desk, picture(BLUE), role).status_code == writes
    assert desk.call("DELETE", EMBLEM, role).status_code == (204 if writes == 200 else writes)
