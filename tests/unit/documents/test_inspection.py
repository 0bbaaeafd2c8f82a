"""The child that looks into strangers' files: what it sees, what it cannot do, and that it ends."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor, wait
from io import BytesIO
from pathlib import Path

import pikepdf
import psutil
import pytest
from PIL import Image

from documents.domain.check_errors import CheckBusy, FileNotReadable, NotAPdf
from documents.inspection import Inspector, Painter
from documents.inspection.picture import STRIP, WIDTH
from tests.support import strangers
from tests.support.eventually import eventually

ADDRESS = "https://layanan.example/periksa/7K3MQ9X2VZ5TB8RDW4HC0N6PJS"
ROOT = Path(__file__).parents[3]
HERE = "tests.unit.documents.misbehaving"


@pytest.fixture(autouse=True)
def tests_can_be_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))


def children() -> list[int]:
    return [child.pid for child in psutil.Process().children() if child.status() != psutil.STATUS_ZOMBIE]


def test_codes_and_text_of_the_first_pages_and_the_last_are_seen() -> None:
    seen = Inspector().look(BytesIO(strangers.sheet_with_code(ADDRESS)))
    assert seen.codes == (ADDRESS,)
    text = Inspector().look(BytesIO(strangers.written("Nomor 12/KEL/2026", "Palembang", pages=9))).text
    assert text.count("12/KEL/2026") == 4 and "Palembang" in text


def test_a_file_that_takes_too_long_to_draw_is_given_up_and_leaves_no_child() -> None:
    content, before = strangers.endless(), children()
    began = time.monotonic()
    with pytest.raises(FileNotReadable):
        Inspector(timeout=1).look(BytesIO(content))
    assert time.monotonic() - began < 6 and children() == before


def test_a_small_file_that_unpacks_to_more_than_the_childs_memory_is_given_up() -> None:
    content, before = strangers.bomb(), children()
    assert len(content) < 1_000_000
    with pytest.raises(FileNotReadable):
        Inspector(memory=300 * 2**20).look(BytesIO(content))
    assert children() == before
    assert Inspector(memory=300 * 2**20).look(BytesIO(strangers.bomb(10_000_000))).text == ""


@pytest.mark.parametrize("act", ["crash", "lie", "flood", "hang", "drip"])
def test_a_child_that_was_taken_over_harms_nobody(act: str) -> None:
    before = children()
    with pytest.raises(FileNotReadable):
        Inspector(timeout=1, module=HERE).look(BytesIO(act.encode()))
    assert children() == before


@pytest.mark.parametrize("act", ["open", "open another", "connect", "connect another", "write", "run", "kill"])
def test_the_child_can_open_no_file_and_no_connection_and_touch_no_other_process(act: str) -> None:
    assert Inspector(timeout=5, module=HERE).look(BytesIO(act.encode())).text == "refused"
    assert Inspector(timeout=5, module=HERE).look(BytesIO(b"nothing")).text == "allowed"


def test_more_files_than_there_is_room_for_are_told_to_come_again() -> None:
    inspector = Inspector(1, timeout=2, wait=0.1, module=HERE)

    def hold() -> None:
        with pytest.raises(FileNotReadable):
            inspector.look(BytesIO(b"hang"))

    first = threading.Thread(target=hold)
    before = children()
    first.start()
    eventually(lambda: children() != before)
    with pytest.raises(CheckBusy):
        inspector.look(BytesIO(b"nothing"))
    first.join()
    assert inspector.look(BytesIO(b"nothing")).text == "allowed"


def test_a_crowd_does_not_wait_and_holds_no_threads() -> None:
    inspector = Inspector(1, timeout=3, wait=30, waiting=1, module=HERE)
    before = children()

    def ask(file: bytes) -> str:
        try:
            return inspector.look(BytesIO(file)).text
        except (FileNotReadable, CheckBusy) as refused:
            return type(refused).__name__

    with ThreadPoolExecutor(8) as pool:
        first = pool.submit(ask, b"hang")
        eventually(lambda: children() != before)
        began = time.monotonic()
        others = [pool.submit(ask, b"nothing") for _ in range(6)]
        told = [other for other in others if not wait([other], 0.5).not_done]
        assert len(told) == 5 and time.monotonic() - began < 2.5
        assert {other.result() for other in told} == {"CheckBusy"}
        assert first.result() == "FileNotReadable"
        assert sorted(other.result() for other in others) == ["CheckBusy"] * 5 + ["allowed"]


@pytest.mark.parametrize(("module", "without"), [("child", ()), ("picture", ("zxingcpp",))])
def test_a_child_imports_nothing_that_knows_the_service_or_that_it_does_not_need(
    module: str, without: tuple[str, ...]
) -> None:
    """Its secrets are not in the environment either; so a file that takes it over finds nothing."""
    unwanted = ("psycopg", "minio", *without)
    code = f"import sys, documents.inspection.{module}; print([n for n in sys.modules if n.startswith({unwanted})])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment())
    assert out.stdout.strip() == "[]"


def environment() -> dict[str, str]:
    return {"PYTHONPATH": ":".join(path for path in sys.path if Path(path).is_dir())}


@pytest.mark.parametrize(("pages", "shown", "strip"), [(1, 1, 0), (4, 4, 0), (5, 4, STRIP), (9, 4, STRIP)])
def test_a_letter_becomes_a_picture_of_its_first_pages_and_says_that_there_are_more(
    pages: int, shown: int, strip: int
) -> None:
    written = strangers.written("Nomor 12", "Palembang", pages=pages)
    with Image.open(BytesIO(Painter().draw(BytesIO(written)))) as drawn:
        assert drawn.format == "WEBP" and drawn.width == WIDTH
        assert drawn.height == shown * round(WIDTH * 842 / 595) + strip
        if strip:
            below = drawn.convert("L").crop((0, drawn.height - strip, WIDTH, drawn.height))
            assert below.getextrema()[0] < 60 < 200 < below.getextrema()[1]  # dark words on a light ground


def test_what_is_no_letter_becomes_no_picture() -> None:
    with pytest.raises(NotAPdf):
        Painter().draw(BytesIO(b"no PDF"))


def test_a_page_that_would_be_drawn_as_large_as_memory_is_no_picture() -> None:
    made = pikepdf.new()
    made.add_blank_page(page_size=(72, 14_000))
    written = BytesIO()
    made.save(written)
    before = children()
    with pytest.raises(NotAPdf):
        Painter().draw(written)
    assert children() == before
