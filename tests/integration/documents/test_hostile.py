"""Texts and layouts that want more than they may: text is printed as text, and a worker outlives every layout."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from documents.render import RenderPool
from documents.render.data import LAYOUTS
from kit.worker import Worker
from tests.integration.documents.story import Case
from tests.support.eventually import eventually
from tests.support.services import InProcess
from tests.unit.documents.pdf import squashed, text_of

TITLE = '#set document(title: "Uji")\n'
# A layout in the place of the letter for a family card, and what is said of the letter then.
LAYOUT = {
    "ten thousand pages": ("#for i in range(10000) [Halaman #pagebreak(weak: true)]", "more than 50 pages"),
    "memory": ('#("x" * 900000000)', "more than 512 MiB of memory"),
    "a loop without end": ("#while true {}", "condition is always true"),
    "a file of the machine": ('#read("/etc/passwd")', "file not found"),
    "a package from the network": ('#import "@preview/example:0.1.0": *', "failed to download package"),
}
SLOW = "#for i in range(90000) { for j in range(90000) {} }"
TEXTS = [
    '#read("/etc/passwd")', '#include "/etc/passwd"', '#import "@preview/example:0.1.0": *', "#while true []",
    "#for i in range(10000) [#pagebreak()]", '#eval("1 + 1")', "#sys.inputs.data", "#panic()",
    "= Judul", "- butir", "+ nomor", "/ istilah: arti", "$ sum_(i=0)^n $", "*tebal* _miring_ `kode`", "<label> @rujuk",
    "// komentar", "/* komentar */", "\\u(41) \\#", "~ -- --- ...", "https://contoh.example", "<script>x</script>",
    "&lt;b&gt;", "%s %(x)s", "' or 1=1 --", "a\tb",
]  # fmt: skip


@contextmanager
def worker(desk: InProcess, folder: Path, layout: str, timeout: float) -> Iterator[Worker]:
    """The jobs' real worker and its real renderers, with another layout for the family card's letter."""
    shutil.copytree(LAYOUTS, folder, dirs_exist_ok=True)
    (folder / "kk_introduction.typ").write_text(TITLE + layout)
    working = Worker(desk.service, desk.settings, "jobs")
    working.deps.renderer._pool = RenderPool(1, timeout, layouts=folder)
    working.start()
    try:
        yield working
    finally:
        working.stop()


def drawn(case: Case) -> bool:
    return bool(case.letters(form=False)) and case.letter()["status"] == "drafted"


@pytest.mark.parametrize("name", LAYOUT)
def test_a_layout_over_its_bounds_is_told_on_its_letter_and_the_next_letter_is_drawn(
    desk: InProcess, tmp_path: Path, name: str
) -> None:
    layout, said = LAYOUT[name]
    with worker(desk, tmp_path, layout, 20) as working:
        bad = Case(desk).verified(work=False)
        problem = eventually(lambda: bad.letters(form=False) and bad.letter()["problem"], within=30)
        assert said in problem and bad.letter()["status"] == "drafting"
        good = Case(desk, "KTP").verified(work=False)
        eventually(lambda: drawn(good))
        assert working.alive()


def test_a_layout_that_takes_too_long_is_stopped_and_the_next_letter_is_drawn(desk: InProcess, tmp_path: Path) -> None:
    with worker(desk, tmp_path, SLOW, 0.5) as working:
        Case(desk).verified(work=False)
        [job] = eventually(lambda: desk.rows("SELECT * FROM job WHERE last_error LIKE 'NotRenderedYet%%' LIMIT 1"))
        assert "not rendered within 0.5 s" in job["last_error"] and job["state"] in ("ready", "running")
        good = Case(desk, "KTP").verified(work=False)
        eventually(lambda: drawn(good))
        assert working.alive()
    with desk.deps.db.transaction("*") as tx:
        tx.execute("DELETE FROM job")


@pytest.mark.parametrize("code", ["KK", "KTP", "SITU"])
def test_an_offices_text_is_printed_as_text_on_the_issued_letter(desk: InProcess, code: str) -> None:
    kind = {"KK": "kk_introduction", "KTP": "ktp_introduction", "SITU": "business_place"}[code]
    for few in (TEXTS[:10], TEXTS[10:20], TEXTS[20:]):
        texts: dict[str, Any] = {"opening": few[0], "closing": few[-1], "clauses": few}
        assert desk.call("PUT", f"/v1/templates/{kind}/draft", "administrator", json=texts).status_code == 200
        assert desk.call("POST", f"/v1/templates/{kind}/publish", "lurah").status_code == 200
        letter = Case(desk, code).issued().letter()
        answer = desk.call("GET", f"/v1/letters/{letter['id']}/content", "officer")
        assert answer.status_code == 200, answer.text
        assert squashed("".join(few)) in text_of(answer.data), "all of them, in their order"


@pytest.mark.parametrize(
    "kind", ["kk_introduction", "ktp_introduction", "business_place", "introduction", "keterangan"]
)
def test_the_longest_texts_that_are_taken_can_be_printed(desk: InProcess, kind: str) -> None:
    def long(most: int, name: str = "") -> str:
        return f"awal{name} {'Kalimat panjang ' * 99}"[: most - len(name) - 6] + f" akhir{name}"

    clauses = [long(1000, f"-{place}") for place in range(10)]
    texts: dict[str, Any] = {"opening": long(800), "closing": long(800), "clauses": clauses}
    texts |= {"copies": [long(150)] * 10} | ({} if kind == "keterangan" else {"title": long(120)})
    if kind != "introduction":
        head = {"lines": [long(80)] * 4, "address": long(300), "contact": long(200)}
        texts |= {"signer": [long(100)] * 2, "letterhead": head}
    answer = desk.call("PUT", f"/v1/templates/{kind}/draft", "administrator", json=texts)
    assert answer.status_code == 200, answer.text
    answer = desk.call("POST", f"/v1/templates/{kind}/preview", "administrator")
    assert answer.status_code == 200, answer.text
    text = text_of(answer.data)
    for place in range(10):
        assert f"awal-{place}Kalimat" in text and f"akhir-{place}" in text
    assert len(PdfReader(io.BytesIO(answer.data)).pages) < 10
    desk.call("DELETE", f"/v1/templates/{kind}/draft", "administrator")
