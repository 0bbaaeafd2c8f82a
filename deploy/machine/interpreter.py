"""Which Python the system runs on: one that is new enough, and that the services' account can execute."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from deploy.local.places import account, is_root

_NAMES = ("python3", "python3.14", "python3.13", "python3.12", "python3.11")
_PROBE = "import ctypes, ensurepip, ssl, sys, venv; sys.exit(sys.version_info < (3, 11))"


def find() -> Path | None:
    """The first that does, the caller's own before the machine's. One below a closed home does not."""
    return next((path for path in _candidates() if can_run(path, _PROBE)), None)


def can_run(python: Path, code: str) -> bool:
    """Whether the account that the services run as can do this with that Python."""
    nobody = account("nobody")
    try:
        done = subprocess.run(
            [python, "-I", "-c", code],
            cwd="/",
            env={"PATH": os.defpath},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            user=nobody.uid if is_root() else None,
            group=nobody.gid if is_root() else None,
            extra_groups=[] if is_root() else None,
            timeout=30,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _candidates() -> Iterator[Path]:
    found = [Path(sys.base_prefix) / "bin" / "python3", Path("/usr/bin/python3"), Path("/usr/local/bin/python3")]
    found += [Path(named) for name in _NAMES if (named := shutil.which(name))]
    for path in dict.fromkeys(found):
        if path.exists():
            yield path
