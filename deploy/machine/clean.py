"""Removes what `make` has made in and for this checkout: `make clean`. Standard library only."""

from __future__ import annotations

import fcntl
import shutil
import sys
from pathlib import Path

from deploy.local.places import CHECKOUT, PlaceError, base_folder

_MADE_HERE = ("out", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis")


def main() -> int:
    """Remove environment, stacks and caches, unless a stack is running."""
    try:
        base = base_folder()
    except PlaceError as error:
        print(error, file=sys.stderr)
        return 1
    stacks = sorted({lock.parent.name for lock in (CHECKOUT / ".local").glob("*/lock") if _is_held(lock)})
    if stacks:
        print(f"Still running: {', '.join(stacks)}. Stop it first.", file=sys.stderr)
        return 1
    for name in _MADE_HERE:
        _remove(CHECKOUT / name)
    for path in (CHECKOUT / ".venv", base, CHECKOUT / ".local"):
        _remove(path)
    for cache in CHECKOUT.rglob("__pycache__"):
        _remove(cache)
    return 0


def _is_held(lock: Path) -> bool:
    with open(lock, encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _remove(path: Path) -> None:
    if path.is_symlink():
        path.unlink()
    elif path.exists():
        shutil.rmtree(path)


if __name__ == "__main__":
    sys.exit(main())
