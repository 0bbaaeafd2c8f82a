"""The memory of the documents worker and its render children, as the kernel counts it."""

from __future__ import annotations

from pathlib import Path

import psutil

from bench.measure import Figures
from deploy.local.stack import Stack


def worker(stack: Stack, after: str) -> Figures:
    """Resident (RSS) and proportional (PSS: what is shared is divided among those who share it) memory now."""
    process = psutil.Process(stack.processes()["documents-worker"].pid)
    renderers = [child.pid for child in process.children() if "documents.render.child" in child.cmdline()]
    rounds = _named("worker", [process.pid]) | _named("a render child", renderers)
    total = sum(_kept(pid)[1] for pid in (process.pid, *renderers))
    notes = [f"all together, by PSS: {total:,.0f} MiB, {len(renderers)} render children"]
    return Figures(f"P4 memory of the documents worker after {after}", "MiB", rounds, notes)


def _named(what: str, pids: list[int]) -> dict[str, list[float]]:
    kept = [_kept(pid) for pid in pids]
    return {f"{what} RSS": [rss for rss, _ in kept], f"{what} PSS": [pss for _, pss in kept]}


def _kept(pid: int) -> tuple[float, float]:
    """(RSS, PSS) in MiB."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines()[1:]
    found = {name: int(size) for name, size, *_ in (line.replace(":", " ").split() for line in lines)}
    return found["Rss"] / 1024, found["Pss"] / 1024
