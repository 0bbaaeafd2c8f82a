"""The Python environment: `.venv`, with exactly the packages of the lock file."""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.local.places import CHECKOUT, CLIENT_ROOT, CODE_ROOTS, is_root, link
from deploy.machine import interpreter
from deploy.machine.failure import SetupError, run, say

LOCK = CHECKOUT / "requirements-dev.lock"
_UV = "uv==0.13.9"
_MADE_BY = "1"  # change it when environments that are there already have to be made anew


class Environment:
    """`.venv`: below the base folder when root makes it for other accounts, else in the checkout itself."""

    def __init__(self, base: Path) -> None:
        self._base = base
        self._folder = base / "venv" if is_root() else CHECKOUT / ".venv"
        self._python = self._folder / "bin" / "python"
        self._stamp = self._folder / "made-from"

    def is_there(self) -> bool:
        """Whether it was made from this lock file and runs."""
        return self._stamp_is_right() and interpreter.can_run(self._python, "import rich")

    def bring_up_to_date(self) -> None:
        """Make it, or bring its packages to what the lock file says; at once if they are."""
        with self._one_at_a_time():
            if not self.is_there():
                self._make()
            if is_root():
                link(CHECKOUT / ".venv", self._folder)
            self._lay_path()

    def _make(self) -> None:
        self._remove_link()
        self._stamp.unlink(missing_ok=True)
        uv = self._install_uv()
        if not interpreter.can_run(self._python, "import encodings"):
            python = _find_python()
            say(f"making .venv with {python}")
            run([python, "-m", "venv", "--clear", "--without-pip", self._folder])
        say(f"installing the packages of {LOCK.name} (once for each change of it)")
        # The account that runs the services cannot write beside the packages, hence compiled now.
        run(
            [uv, "pip", "sync", "--python", self._python, "--require-hashes", "--compile-bytecode", LOCK],
            {**os.environ, "VIRTUAL_ENV": str(self._folder)},
        )
        self._stamp.write_text(self._fingerprint(), "ascii")
        if not self.is_there():
            raise SetupError(f"{self._python} cannot be run by the services' account. Is {self._base} closed?")

    def _install_uv(self) -> Path:
        tools = self._base / "tools"
        uv = tools / "bin" / "uv"
        if (tools / _UV).exists() and uv.exists():
            return uv
        say(f"fetching {_UV}")
        run([_find_python(), "-m", "venv", "--clear", tools])
        run([tools / "bin" / "python", "-m", "pip", "install", "--quiet", _UV])
        (tools / _UV).touch()
        return uv

    def _lay_path(self) -> None:
        """Put the checkout's packages on the path, so that tests see what is being edited."""
        text = "".join(f"{CHECKOUT / root}\n" for root in (*CODE_ROOTS, CLIENT_ROOT))
        for packages in self._folder.glob("lib/python3*/site-packages"):
            path = packages / "pengantar.pth"
            if not path.exists() or path.read_text("utf-8") != text:
                path.write_text(text, "utf-8")

    def _remove_link(self) -> None:
        if not is_root() and self._folder.is_symlink():
            self._folder.unlink()  # root's environment, made for root's stacks
        if self._folder.exists() and not os.access(self._folder, os.W_OK):
            raise SetupError(f"{self._folder} belongs to somebody else. Remove it and start again.")

    def _stamp_is_right(self) -> bool:
        try:
            return self._stamp.read_text("ascii") == self._fingerprint()
        except OSError:
            return False

    def _fingerprint(self) -> str:
        return f"{_MADE_BY} {hashlib.sha256(LOCK.read_bytes()).hexdigest()} {self._folder}\n"

    @contextmanager
    def _one_at_a_time(self) -> Iterator[None]:
        with open(self._base / "setup.lock", "w", encoding="ascii") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def _find_python() -> Path:
    python = interpreter.find()
    if python is None:
        who = "the account 'nobody'" if is_root() else "you"
        raise SetupError(f"Python 3.11 or newer with its venv module is needed, one that {who} can run.")
    return python
