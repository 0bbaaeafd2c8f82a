"""The programs that come from Debian's packages."""

from __future__ import annotations

import ctypes.util
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.machine import interpreter
from deploy.machine.failure import SetupError, run, say

_POLICY = Path("/usr/sbin/policy-rc.d")
_REFUSE = "#!/bin/sh\n# Nothing that is installed just now is to be started.\nexit 101\n"
_PATH = f"{os.environ.get('PATH', os.defpath)}:/usr/local/sbin:/usr/sbin:/sbin"


def _has(program: str) -> bool:
    return shutil.which(program, path=_PATH) is not None


def _has_postgresql() -> bool:
    servers = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    return _has("initdb") or any(float(path.parents[1].name) >= 15 for path in servers)


def _has_rabbitmq() -> bool:
    return Path("/usr/lib/rabbitmq/bin/rabbitmq-server").exists() and _has("epmd")


# Debian's package and how to tell that its work can be done without it.
_NEEDS: dict[str, Callable[[], bool]] = {
    "postgresql": _has_postgresql,
    "rabbitmq-server": _has_rabbitmq,
    "caddy": lambda: _has("caddy"),
    "libmagic1": lambda: ctypes.util.find_library("magic") is not None,
    "python3-venv": lambda: interpreter.find() is not None,
}

_FOR_TESTS: dict[str, Callable[[], bool]] = {
    # Pages are tried in a real browser.
    "chromium": lambda: _has("chromium"),
    # Letters are read, and their signatures judged, by a program that is not ours.
    "poppler-utils": lambda: all(map(_has, ("pdftotext", "pdftoppm", "pdfsig"))),
}


# What of them would run at the machine's next boot.
_UNITS = {"postgresql": "postgresql.service", "rabbitmq-server": "rabbitmq-server.service", "caddy": "caddy.service"}


def missing(except_for: Iterable[str] = (), *, for_tests: bool = False) -> list[str]:
    """The packages that this machine lacks."""
    needs = _NEEDS | (_FOR_TESTS if for_tests else {})
    return [package for package, is_there in needs.items() if package not in except_for and not is_there()]


def install_missing(except_for: Iterable[str] = (), *, for_tests: bool = False) -> None:
    """Install them as root on Debian and its kin; otherwise say which command does."""
    packages = missing(except_for, for_tests=for_tests)
    if not packages:
        return
    command = f"apt-get install --no-install-recommends {' '.join(packages)}"
    if shutil.which("apt-get") is None:
        raise SetupError(f"Please install what Debian calls {', '.join(packages)}, then start again.")
    if os.geteuid() != 0:
        raise SetupError(
            f"Please run this once, then start again:\n\n    sudo apt-get update && sudo {command}\n\n"
            "It may start PostgreSQL and RabbitMQ of the machine's own; they are not used and not needed."
        )
    say(f"installing {', '.join(packages)} (once)")
    with _nothing_started():
        _install(packages)
        _keep_off_at_boot(packages)
    still = missing(except_for, for_tests=for_tests)
    if still:
        raise SetupError(f"{', '.join(still)} was installed, but this machine still lacks what it brings.")


def _install(packages: list[str]) -> None:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
    command = ["apt-get", "install", "--yes", "--no-install-recommends", *packages]
    try:
        run(command, environment)
    except SetupError:
        # The lists of packages may be missing or old; only then is it worth fetching them.
        run(["apt-get", "update"], environment)
        run(command, environment)


def _keep_off_at_boot(packages: Iterable[str]) -> None:
    systemctl = shutil.which("systemctl", path=_PATH)
    if systemctl is None:
        return
    for unit in (_UNITS[package] for package in packages if package in _UNITS):
        try:
            run([systemctl, "disable", "--quiet", unit])
        except SetupError:
            say(f"{unit} may start at the next boot; it is not needed")


@contextmanager
def _nothing_started() -> Iterator[None]:
    """Keep new packages from starting their services, by the policy that Debian's own tools ask."""
    kept = _POLICY.with_name("policy-rc.d.before-pengantar")
    if _POLICY.exists() and not kept.exists() and not _is_ours(_POLICY):
        _POLICY.rename(kept)
    _POLICY.write_text(_REFUSE, "ascii")
    _POLICY.chmod(0o755)
    try:
        yield
    finally:
        _POLICY.unlink(missing_ok=True)
        if kept.exists():
            kept.rename(_POLICY)


def _is_ours(policy: Path) -> bool:
    """Whether it was left by a set-up that was ended by force."""
    return policy.read_text("utf-8", "replace") == _REFUSE
