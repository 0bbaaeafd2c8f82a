"""`make demo`: four cases, from residents' photos to letters that anyone can check (see `cast` for what each shows).

make demo                                    on a stack of its own, started and stopped here
make demo BASE_URL=… TOKEN_KEY_FILE=…        the same against a running stack
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from deploy.demo import cast, papers, report
from deploy.demo.client import DemoFailed
from deploy.demo.play import Demo

CLOCK_START = "2026-08-14T07:00:00+07:00"
PICTURES = Path(".local") / "papers"

console = Console()


def main() -> int:
    try:
        photos = _photographs()
        with _running_stack() as (base_url, key):
            demo = Demo(base_url, key, photos, cast.STORIES, say=lambda line: console.print(f"  {line}"))
            demo.play()
            cases = report.collect(demo)
    except DemoFailed as error:
        console.print(f"[red]The demo stopped:[/red] {error}", markup=True)
        return 1
    report.print_cases(console, cases)
    console.print("Letters: out/letters/   forms: out/forms/   everything: out/demo.json")
    failed = report.failures(cases)
    for line in failed:
        console.print(f"[red]not as it should be:[/red] {line}")
    return 1 if failed else 0


def _photographs() -> dict[str, Path]:
    """Phone photos and scans of made-up papers; made once, then taken from the cache."""
    specs = cast.photographs()
    bar = Progress(TextColumn("photos and scans"), BarColumn(), MofNCompleteColumn(), console=console)
    with bar:
        task = bar.add_task("photos", total=len(specs))
        return papers.make_all(specs, PICTURES, progress=lambda done, _total: bar.update(task, completed=done))


@contextmanager
def _running_stack() -> Iterator[tuple[str, str]]:
    """Base URL and token key of the stack that is named, or of one that is started and stopped here."""
    if base_url := os.environ.get("BASE_URL"):
        key_file = os.environ.get("TOKEN_KEY_FILE")
        if not key_file:
            raise SystemExit("BASE_URL needs TOKEN_KEY_FILE: the private key that signs that stack's tokens")
        yield base_url, Path(key_file).read_text("ascii")
        return
    from deploy.local.stack import Stack

    name = os.environ.get("DEMO_STACK", "demo")
    with Stack(name, environment={"CLOCK_START": CLOCK_START, "SAMPLE_DATA": "true"}) as stack:
        yield stack.base_url, stack.token_key_file.read_text("ascii")


if __name__ == "__main__":
    sys.exit(main())
