"""Folders, and the accounts that the parts run as. Standard library only: the bootstrap reads it too.

Root cannot run PostgreSQL, and the others should not be root either; accounts without rights cannot
enter a checkout that is, say, below /root. So as root everything lives in a folder of ours that they
can reach, linked from `.local/`; otherwise everything is below the checkout and runs as the caller.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import pwd
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
CODE_ROOTS = tuple(f"services/{name}" for name in ("common", "intake", "verification", "documents", "notify"))
CLIENT_ROOT = "clients/python"
"""Code of others' systems: beside the services, which know nothing of it."""


class PlaceError(Exception):
    """A folder or an account is not as it must be; the text says what to do."""


@dataclass(frozen=True)
class Account:
    """Who a process runs as."""

    name: str
    uid: int
    gid: int

    def owns(self, path: Path) -> None:
        """Give a file or folder to this account."""
        if is_root():
            os.chown(path, self.uid, self.gid)


def is_root() -> bool:
    """Whether this process may run others under accounts of their own."""
    return os.geteuid() == 0


def account(name: str) -> Account:
    """The account `name` when we are root, else whoever we are."""
    try:
        found = pwd.getpwnam(name) if is_root() else pwd.getpwuid(os.geteuid())
    except KeyError:
        raise PlaceError(f"This machine has no account '{name}': run 'make setup' first.") from None
    return Account(found.pw_name, found.pw_uid, found.pw_gid)


@contextmanager
def one_at_a_time(file: Path) -> Iterator[None]:
    """Waits until no other process is in the block of the same file; the system lets go of it however one ends."""
    with file.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def base_folder() -> Path:
    """The folder that holds the environment and the stacks of this checkout; made if missing."""
    local = CHECKOUT / ".local"
    local.mkdir(exist_ok=True)
    if not is_root():
        return _own_base(local / "base")
    digest = hashlib.sha256(os.fsencode(CHECKOUT)).hexdigest()[:12]
    base = Path(f"/var/tmp/pengantar-{digest}")  # /tmp is emptied at boot on many machines
    base.mkdir(mode=0o755, exist_ok=True)
    _refuse_strangers(base)
    link(local / "base", base)
    return base


def code_folder(base: Path) -> Path:
    """Where the services' code is run from."""
    return base / "code" if is_root() else CHECKOUT


def stack_folder(base: Path, stack: str) -> Path:
    """The folder of one stack; made, and linked from `.local/`, if missing."""
    if not is_root():
        folder = CHECKOUT / ".local" / stack
        _refuse_links(folder)
        folder.mkdir(mode=0o700, exist_ok=True)
        return folder
    folder = base / "stacks" / stack
    folder.parent.mkdir(mode=0o755, exist_ok=True)
    passable_folder(folder)
    folder.parent.chmod(0o755)
    link(CHECKOUT / ".local" / stack, folder)
    return folder


def passable_folder(folder: Path) -> None:
    """A folder that others may go through but not look into, whatever the caller's umask is."""
    folder.mkdir(exist_ok=True)
    folder.chmod(0o711)


def data_folder(parent: Path, name: str, owner: Account) -> Path:
    """A private folder of one account."""
    folder = parent / name
    folder.mkdir(mode=0o700, exist_ok=True)
    folder.chmod(0o700)
    owner.owns(folder)
    return folder


def empty(folder: Path) -> None:
    """Remove a folder with all that is in it, if it is there."""
    if folder.exists():
        shutil.rmtree(folder)


def link(path: Path, target: Path) -> None:
    """Make `path` a symbolic link to `target`, replacing an older link but nothing else."""
    if path.is_symlink():
        if Path(os.readlink(path)) == target:
            return
        path.unlink()
    elif path.exists():
        raise PlaceError(f"{path} was made by another user of this checkout. Remove it and start again.")
    path.symlink_to(target, target_is_directory=True)


def _own_base(base: Path) -> Path:
    _refuse_links(base)
    base.mkdir(mode=0o755, exist_ok=True)
    return base


def _refuse_links(path: Path) -> None:
    """What root made for its own stacks is of no use to anybody else."""
    if path.is_symlink():
        try:
            path.unlink()
        except PermissionError:
            raise PlaceError(f"{path} was made by root. Remove it and start again, or start as root.") from None


def _refuse_strangers(folder: Path) -> None:
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != 0 or found.st_mode & 0o022:
        raise PlaceError(f"{folder} is not a folder that only root can change. Remove it and start again.")
    folder.chmod(0o755)
