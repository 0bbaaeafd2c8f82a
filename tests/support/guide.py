"""A guide that is followed word by word: its `sh` blocks in one shell, its `python` blocks in one interpreter, in their
order, each where the one before ended. Not those below `<!-- elsewhere -->`: they are for another terminal."""

from __future__ import annotations

import contextlib
import io
import os
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_BLOCK = re.compile(r"(<!-- elsewhere -->\n)?```(sh|python)\n(.*?)```", re.DOTALL)


@dataclass(frozen=True)
class Block:
    """One of them, and the line on which it begins."""

    language: str
    text: str
    line: int


def blocks(paper: Path) -> list[Block]:
    """Those that are followed."""
    text = paper.read_text("utf-8")
    return [
        Block(found[2], found[3], text.count("\n", 0, found.start(3)) + 1)
        for found in _BLOCK.finditer(text)
        if not found[1]
    ]


@dataclass
class Reader:
    """Somebody who follows it. `printed` is what stood on the screen, block by block."""

    folder: Path
    environment: dict[str, str]
    known: dict[str, Any] = field(default_factory=lambda: {"__name__": "__console__"})
    printed: list[tuple[Block, str]] = field(default_factory=list)

    def follow(self, paper: Path) -> None:
        """All of it. Raises AssertionError with the line that failed."""
        for block in blocks(paper):
            run = self._in_shell if block.language == "sh" else self._in_python
            self.printed.append((block, run(paper, block)))

    def said(self, part: str) -> bool:
        """Whether this was on the screen."""
        return any(part in text for _block, text in self.printed)

    def _in_shell(self, paper: Path, block: Block) -> str:
        kept = self.folder / "environment"
        script = f"set -ea\n{block.text}\nenv -0 > {kept}"
        done = subprocess.run(
            ["bash", "-c", script], env=self.environment, text=True, capture_output=True, timeout=60, check=False
        )
        assert done.returncode == 0, f"{paper.name}:{block.line}\n{done.stdout}\n{done.stderr}"
        self.environment = dict(one.split("=", 1) for one in kept.read_text("utf-8").split("\0") if "=" in one)
        return done.stdout

    def _in_python(self, paper: Path, block: Block) -> str:
        screen = io.StringIO()
        with _environment(self.environment), contextlib.redirect_stdout(screen):
            try:
                exec(compile("\n" * (block.line - 1) + block.text, str(paper), "exec"), self.known)
            except Exception as error:
                raise AssertionError(f"{paper.name}: the block of line {block.line}: {error!r}") from error
        return screen.getvalue()


@contextlib.contextmanager
def _environment(wanted: Mapping[str, str]) -> Any:
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(wanted)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
