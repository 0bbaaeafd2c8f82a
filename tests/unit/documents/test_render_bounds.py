"""What a layout may not do, whoever wrote it: it is refused or stopped, told why, and the next document comes."""

from __future__ import annotations

import io
import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pypdf import PdfReader

from documents.render import RenderFailed, RenderPool, RenderTimeout
from documents.render.data import LAYOUTS
from tests.support.eventually import eventually
from tests.unit.documents.samples import DOCUMENT_DATE

TITLE = '#set document(title: "Uji")\n'
PAGES = "#for i in range({}) [Halaman #pagebreak(weak: true)]"
PICTURE = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'><image href='{}' width='9' height='9'/></svg>"
FILE = "/etc/passwd"
BAD: dict[str, tuple[str, str]] = {
    "pages": (PAGES.format(10_000), "more than 50 pages"),
    "one_page_too_many": (PAGES.format(51), "more than 50 pages"),
    "million_pages": (PAGES.format(1_000_000), "more than 256 MiB of memory"),
    "memory": ('#("x" * 300000000)', "more than 256 MiB of memory"),
    "nesting": (
        "#let x = []\n#for i in range(20000) { x = block(x) }\n#x",
        "nesting.typ:3: maximum layout depth exceeded",
    ),
    "while": ("#while true {}", "while.typ:2: condition is always true"),
    "recursion": ("#let f(x) = f(x + 1)\n#f(0)", "recursion.typ:2: maximum function call depth exceeded"),
    "file": (f'#read("{FILE}")', "file.typ:2: file not found"),
    "file_above": (f'#read("../../../../../../../..{FILE}")', "file_above.typ:2: would escape the project root"),
    "include": (f'#include "{FILE}"', "include.typ:2: file not found"),
    "picture": (f'#image("{FILE}")', "picture.typ:2: file not found"),
    "package": ('#import "@preview/example:0.1.0": *', "package.typ:2: failed to download package"),
    "own_package": ('#import "@local/example:0.1.0": *', "own_package.typ:2: package not found"),
    "address": ('#image("http://127.0.0.1:1/x.png")', "address.typ:2: file not found"),
    "picture_in_picture": (
        f'#image(bytes("{PICTURE.format("file://" + FILE)}"), format: "svg", alt: "x")',
        "picture_in_picture.typ:2: refused",
    ),
    "plugin": ('#plugin("x.wasm")', "plugin.typ:2: file not found"),
    "panic": ('#panic("Rohana 1671105503550001")', "panic.typ:2: refused"),
}


@pytest.fixture(scope="module")
def layouts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("layouts")
    good = {"plain": "Uji", "fifty": PAGES.format(50), "endless": "#for i in range(90000) { for j in range(90000) {} }"}
    for name, source in (good | {name: source for name, (source, _) in BAD.items()}).items():
        (folder / f"{name}.typ").write_text(TITLE + source)
    return folder


@pytest.fixture(scope="module")
def pool(layouts: Path) -> Iterator[RenderPool]:
    with RenderPool(1, 20, 256 * 2**20, layouts=layouts) as pool:
        yield pool


@pytest.mark.parametrize("name", BAD)
def test_it_is_refused_with_a_reason_of_ours_and_the_next_document_comes(pool: RenderPool, name: str) -> None:
    with pytest.raises(RenderFailed) as refused:
        pool.render(name, {}, document_date=DOCUMENT_DATE)
    assert refused.value.reason == BAD[name][1] and refused.value.permanent
    assert pool.render("plain", {}, document_date=DOCUMENT_DATE).startswith(b"%PDF")


def test_as_many_pages_as_there_may_be_are_printed(pool: RenderPool) -> None:
    assert len(PdfReader(io.BytesIO(pool.render("fifty", {}, document_date=DOCUMENT_DATE))).pages) == 50


def test_an_endless_layout_is_told_how_long_it_may_take(layouts: Path) -> None:
    with RenderPool(1, 0.5, layouts=layouts) as pool:
        with pytest.raises(RenderTimeout, match="^not rendered within 0.5 s$"):
            pool.render("endless", {}, document_date=DOCUMENT_DATE)
        assert pool.render("plain", {}, document_date=DOCUMENT_DATE).startswith(b"%PDF")


def test_a_child_that_others_killed_twice_is_not_taken_for_one_without_memory(layouts: Path) -> None:
    with RenderPool(1, 20, layouts=layouts) as pool, ThreadPoolExecutor(1) as thread:
        document = thread.submit(pool.render, "endless", {}, document_date=DOCUMENT_DATE)
        killed: set[int] = set()
        while len(killed) < 2:
            (pid,) = eventually(lambda: set(pool.children()) - killed, every=0.005)
            os.kill(pid, signal.SIGKILL)
            killed.add(pid)
        with pytest.raises(RenderFailed, match="died over this document, twice"):
            document.result(10)


def test_no_thread_of_a_child_can_open_a_connection(pool: RenderPool) -> None:
    pool.render("plain", {}, document_date=DOCUMENT_DATE)
    (pid,) = pool.children()
    threads = list(Path(f"/proc/{pid}/task").iterdir())
    assert threads and all("Seccomp:\t2" in (thread / "status").read_text() for thread in threads)


def test_our_layouts_ask_for_nothing_but_each_other() -> None:
    for path in LAYOUTS.glob("*.typ"):
        source = path.read_text(encoding="utf-8")
        assert "@preview" not in source and "@local" not in source and "plugin(" not in source, path
        assert "eval(" not in source, "people's text must never be run"
