"""The copy of the code that the services run from when the checkout is closed to their account."""

from __future__ import annotations

import compileall
import shutil
from pathlib import Path

from deploy.local.places import CHECKOUT, CODE_ROOTS, one_at_a_time

_FOLDERS = ("services", "deploy")
_LEFT_OUT = shutil.ignore_patterns("__pycache__", "*.egg-info", ".*_cache")


def sync(target: Path) -> int:
    """Bring the copy up to date; return the number of files that changed. Cheap when none did. Stacks that start at
    the same time do it one after the other."""
    if target == CHECKOUT:
        return 0
    with one_at_a_time(target.with_name("code.lock")):
        return _sync(target)


def _sync(target: Path) -> int:
    target.mkdir(mode=0o755, exist_ok=True)
    changed = sum(_sync_folder(CHECKOUT / name, target / name) for name in _FOLDERS)
    if changed:
        # The account that runs the code cannot write beside it.
        for root in (*CODE_ROOTS, "deploy"):
            compileall.compile_dir(target / root, quiet=1)
    return changed


def _sync_folder(source: Path, target: Path) -> int:
    target.mkdir(exist_ok=True)
    target.chmod(0o755)
    names = [path.name for path in source.iterdir()]
    wanted = set(names) - _LEFT_OUT(str(source), names)
    changed = 0
    for path in target.iterdir():
        if path.name not in wanted and path.name != "__pycache__":
            _remove(path)
            changed += 1
    for name in sorted(wanted):
        if (source / name).is_dir():
            changed += _sync_folder(source / name, target / name)
        else:
            changed += _sync_file(source / name, target / name)
    return changed


def _sync_file(source: Path, target: Path) -> int:
    ours = source.stat()
    if target.exists():
        theirs = target.stat()
        if (ours.st_size, ours.st_mtime_ns) == (theirs.st_size, theirs.st_mtime_ns):
            return 0
    draft = target.with_name(f".{target.name}.new")
    shutil.copy2(source, draft)  # the time of the change is what the next comparison looks at
    draft.chmod(0o644 | ours.st_mode & 0o111)
    draft.replace(target)
    return 1


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()
