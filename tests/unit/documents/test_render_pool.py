"""The pool and its children: the same bytes each time, at once, and through crashes, endless layouts and shutdown."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import pytest

from documents.render import PoolClosed, RenderError, RenderFailed, RenderPool, RenderTimeout
from tests.support.eventually import eventually
from tests.unit.documents.samples import DOCUMENT_DATE, FAMILY_CARD, INTRODUCTION, SAMPLES

PLAIN = '#set document(title: "Uji")\nUji'
# Typst stops `while true`, but not this.
LOOP = """#set document(title: "Uji")
#let data = json(bytes(sys.inputs.data))
#let total = 0
#for i in range(data.rounds) { for j in range(data.turns) { total += 1 } }
#total
"""
GREEDY = (
    '#set document(title: "Uji")\n#let all = ()\n#for i in range(100000) { all.push("x" * (1000000 + i)) }\n#all.len()'
)
ENDLESS = {"rounds": 30_000, "turns": 30_000}


@pytest.fixture(scope="module")
def pool() -> Iterator[RenderPool]:
    with RenderPool(2) as pool:
        pool.warm()
        yield pool


@pytest.fixture
def layouts(tmp_path: Path) -> Path:
    """Layouts that only tests have."""
    for name, source in (("plain", PLAIN), ("loop", LOOP), ("greedy", GREEDY)):
        (tmp_path / f"{name}.typ").write_text(source)
    return tmp_path


def alive(pid: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


def limit(pid: int, name: str) -> str:
    """The soft limit of a process, as the kernel words it."""
    lines = Path(f"/proc/{pid}/limits").read_text().splitlines()
    return next(line for line in lines if line.startswith(name))[len(name) :].split()[0]


def test_the_same_data_gives_the_same_bytes_in_any_child(pool: RenderPool) -> None:
    def digest(_: int) -> str:
        return sha256(pool.render("n1", SAMPLES["n1"].to_json(), document_date=DOCUMENT_DATE)).hexdigest()

    with ThreadPoolExecutor(4) as threads:
        digests = set(threads.map(digest, range(12)))
    with RenderPool(1) as other:
        data = dict(reversed(SAMPLES["n1"].to_json().items()))
        digests.add(sha256(other.render("n1", data, document_date=DOCUMENT_DATE)).hexdigest())
    assert len(digests) == 1


def test_two_threads_render_at_once_and_get_each_their_own(pool: RenderPool, layouts: Path) -> None:
    kinds = list(SAMPLES) * 4
    alone = {kind: pool.render(kind, SAMPLES[kind].to_json(), document_date=DOCUMENT_DATE) for kind in SAMPLES}
    with ThreadPoolExecutor(2) as threads:
        together = list(
            threads.map(lambda kind: pool.render(kind, SAMPLES[kind].to_json(), document_date=DOCUMENT_DATE), kinds)
        )
    assert together == [alone[kind] for kind in kinds]
    with RenderPool(2, timeout=1.0, layouts=layouts) as busy, ThreadPoolExecutor(1) as thread:
        endless = thread.submit(busy.render, "loop", ENDLESS, document_date=DOCUMENT_DATE)
        eventually(busy.children, every=0.005)
        assert busy.render("plain", {}, document_date=DOCUMENT_DATE).startswith(b"%PDF")
        assert not endless.done()
        assert isinstance(endless.exception(), RenderTimeout)


def test_an_endless_layout_is_stopped_and_the_next_document_comes(layouts: Path) -> None:
    with RenderPool(1, timeout=0.5, layouts=layouts) as pool:
        pool.warm()
        (first,) = pool.children()
        started = time.monotonic()
        with pytest.raises(RenderTimeout) as refused:
            pool.render("loop", ENDLESS, document_date=DOCUMENT_DATE)
        assert time.monotonic() - started < 2.0
        assert not refused.value.permanent
        assert not alive(first)
        assert pool.render("plain", {}, document_date=DOCUMENT_DATE).startswith(b"%PDF")


def test_a_child_killed_midway_is_replaced_and_the_document_comes_all_the_same(layouts: Path) -> None:
    with RenderPool(1, layouts=layouts) as pool, ThreadPoolExecutor(1) as thread:
        pool.warm()
        (first,) = pool.children()
        before = cpu_of(first)
        document = thread.submit(pool.render, "loop", {"rounds": 3000, "turns": 1000}, document_date=DOCUMENT_DATE)
        eventually(lambda: cpu_of(first) > before, every=0.005)
        os.kill(first, signal.SIGKILL)
        assert document.result(20).startswith(b"%PDF")
        assert first not in pool.children()


def test_a_child_killed_while_idle_is_replaced(pool: RenderPool) -> None:
    killed = pool.children()
    for pid in killed:
        os.kill(pid, signal.SIGKILL)
    eventually(lambda: not any(alive(pid) for pid in killed), every=0.005)
    assert pool.render("f102", SAMPLES["f102"].to_json(), document_date=DOCUMENT_DATE).startswith(b"%PDF")


def test_a_document_that_eats_memory_fails_for_good_and_the_next_one_comes(layouts: Path) -> None:
    with RenderPool(1, memory_limit=256 * 2**20, layouts=layouts) as pool:
        with pytest.raises(RenderFailed, match="^more than 256 MiB of memory$") as refused:
            pool.render("greedy", {}, document_date=DOCUMENT_DATE)
        assert refused.value.permanent
        assert pool.render("plain", {}, document_date=DOCUMENT_DATE).startswith(b"%PDF")


def test_data_that_does_not_fit_is_refused_without_saying_what_it_was(pool: RenderPool) -> None:
    data = FAMILY_CARD.to_json()
    del data["person"]["nik"]
    with pytest.raises(RenderFailed, match='_letter.typ:[0-9]+: dictionary does not contain key "nik"'):
        pool.render("kk_introduction", data, document_date=DOCUMENT_DATE)
    with pytest.raises(RenderFailed) as refused:
        pool.render("kk_introduction", {**FAMILY_CARD.to_json(), "paper": "Rohana"}, document_date=DOCUMENT_DATE)
    assert "Rohana" not in str(refused.value)
    assert pool.render("kk_introduction", FAMILY_CARD.to_json(), document_date=DOCUMENT_DATE)


@pytest.mark.parametrize("kind", ["n9", "_common", "../layouts/n1", "", "/etc/passwd"])
def test_a_layout_that_does_not_exist_is_refused(pool: RenderPool, kind: str) -> None:
    with pytest.raises(RenderFailed, match="no such layout"):
        pool.render(kind, {}, document_date=DOCUMENT_DATE)


def test_a_date_without_offset_is_a_mistake_of_the_caller(pool: RenderPool) -> None:
    with pytest.raises(ValueError, match="offset"):
        pool.render("n1", SAMPLES["n1"].to_json(), document_date=DOCUMENT_DATE.replace(tzinfo=None))


def test_a_symbolic_link_among_the_layouts_is_refused(layouts: Path) -> None:
    (layouts / "secret.txt").symlink_to("/etc/hostname")
    with pytest.raises(ValueError, match="symbolic link"):
        RenderPool(1, layouts=layouts)


def test_a_child_is_limited_and_knows_nothing_of_the_service(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://secret")
    with RenderPool(1, memory_limit=400 * 2**20) as pool:
        pool.render("introduction", INTRODUCTION.to_json(), document_date=DOCUMENT_DATE)
        (pid,) = pool.children()
        assert limit(pid, "Max address space") == str(400 * 2**20)
        assert limit(pid, "Max processes") == "0"
        assert limit(pid, "Max file size") == "0"
        assert limit(pid, "Max core file size") == "0"
        assert int(limit(pid, "Max cpu time")) < 30
        assert "secret" not in Path(f"/proc/{pid}/environ").read_text()


def test_a_pool_starts_no_more_children_than_it_needs() -> None:
    with RenderPool(4) as pool:
        assert pool.children() == ()
        for _ in range(3):
            pool.render("n2", SAMPLES["n2"].to_json(), document_date=DOCUMENT_DATE)
        assert len(pool.children()) == 1


def test_closing_lets_the_running_document_finish_and_ends_the_children(layouts: Path) -> None:
    pool = RenderPool(2, layouts=layouts)
    pool.warm()
    pids = pool.children()
    before = sum(map(cpu_of, pids))
    with ThreadPoolExecutor(1) as thread:
        document = thread.submit(pool.render, "loop", {"rounds": 2000, "turns": 1000}, document_date=DOCUMENT_DATE)
        eventually(lambda: sum(map(cpu_of, pids)) > before, every=0.005)
        pool.close()
        assert document.result(1).startswith(b"%PDF")
    assert not any(alive(pid) for pid in pids)
    with pytest.raises(PoolClosed):
        pool.render("plain", {}, document_date=DOCUMENT_DATE)


def test_closing_does_not_wait_for_ever(layouts: Path) -> None:
    pool = RenderPool(1, layouts=layouts)
    with ThreadPoolExecutor(2) as threads:
        running = threads.submit(pool.render, "loop", ENDLESS, document_date=DOCUMENT_DATE)
        eventually(pool.children, every=0.005)
        waiting = threads.submit(pool.render, "plain", {}, document_date=DOCUMENT_DATE)
        pool.close(grace=0.2)
        assert isinstance(running.exception(5), PoolClosed)
        assert isinstance(waiting.exception(5), PoolClosed)
    assert pool.children() == ()


def test_who_waits_too_long_for_a_free_child_is_told(layouts: Path) -> None:
    with RenderPool(1, timeout=2.0, wait=0.1, layouts=layouts) as pool, ThreadPoolExecutor(1) as thread:
        running = thread.submit(pool.render, "loop", ENDLESS, document_date=DOCUMENT_DATE)
        eventually(pool.children, every=0.005)
        with pytest.raises(RenderTimeout, match="free"):
            pool.render("plain", {}, document_date=DOCUMENT_DATE)
        assert isinstance(running.exception(), RenderTimeout)


def test_children_that_cannot_start_are_reported(layouts: Path) -> None:
    with RenderPool(1, memory_limit=2**20, layouts=layouts) as pool, pytest.raises(RenderError, match="did not start"):
        pool.warm()


def test_children_end_when_the_service_is_killed() -> None:
    service = (
        "import sys, time\nfrom documents.render import RenderPool\n"
        "pool = RenderPool(2)\npool.warm()\nprint(*pool.children(), flush=True)\ntime.sleep(60)\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(
        [sys.executable, "-c", service], stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stdout is not None
        pids = [int(pid) for pid in process.stdout.readline().split()]
        assert len(pids) == 2
        process.kill()
    eventually(lambda: not any(alive(pid) for pid in pids), every=0.005)


def test_a_pool_does_not_outlive_a_fork(pool: RenderPool) -> None:
    code = 1
    if (pid := os.fork()) == 0:
        try:
            pool.render("n2", SAMPLES["n2"].to_json(), document_date=DOCUMENT_DATE)
        except RuntimeError:
            code = 0
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


def cpu_of(pid: int) -> int:
    """The clock ticks that a process has worked."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])
