"""What every part of a stack needs to know: its folder, ports, secrets, and how to start a program there."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from deploy.local import places, process
from deploy.local.ledger import Ledger
from deploy.local.places import Account
from deploy.local.process import PartError, Running
from deploy.setup.secrets import make_all

LOOPBACK = "127.0.0.1"

# What the services read; the rest, such as the database owner's passwords, stays with us.
_FOR_SERVICES = ("event_keys", "_data_keys", "token_", "_s3_", "whatsapp_")


class Secrets:
    """The secrets of a stack, one file each."""

    def __init__(self, folder: Path, reader: Account) -> None:
        self.folder = folder
        for path in make_all(folder):
            if self.is_for_services(path.name):
                reader.owns(path)
        folder.chmod(0o711)

    @staticmethod
    def is_for_services(name: str) -> bool:
        """Whether the services read this secret themselves."""
        return any(part in name for part in _FOR_SERVICES)

    def path(self, name: str) -> Path:
        """Where a secret is."""
        return self.folder / name

    def read(self, name: str) -> str:
        """A secret itself."""
        return self.path(name).read_text("ascii").strip()


@dataclass(frozen=True)
class S3:
    """How to reach the object store."""

    endpoint_url: str
    access_key: str
    secret_key: str


@dataclass(frozen=True)
class Site:
    """One stack's place on this machine."""

    name: str
    folder: Path
    base: Path
    ports: Mapping[str, int]
    secrets: Secrets
    ledger: Ledger

    @property
    def code(self) -> Path:
        """Where the services' code is run from."""
        return places.code_folder(self.base)

    @property
    def data(self) -> Path:
        """The folder that holds each part's data folder."""
        return self.folder / "data"

    def address(self, port: str) -> str:
        """`host:port` of a port by its name."""
        return f"{LOOPBACK}:{self.ports[port]}"

    def data_folder(self, name: str, owner: Account) -> Path:
        """The private data folder of a part; made if missing."""
        return places.data_folder(self.data, name, owner)

    def log(self, name: str) -> Path:
        """The log of a part or process."""
        return self.folder / "log" / f"{name}.log"

    def start(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        account: Account,
        folder: Path,
        environment: Mapping[str, str] | None = None,
        stop_signal: signal.Signals = signal.SIGTERM,
        stop_within: float = 10.0,
        steps_back: bool = False,
    ) -> Running:
        """Start a program in the background and note it in the ledger."""
        running = process.start(
            name,
            command,
            account=account,
            environment=plain_environment(folder) | dict(environment or {}),
            folder=folder,
            log=self.log(name),
            stack=self.folder,
            stop_signal=stop_signal,
            stop_within=stop_within,
            steps_back=steps_back,
        )
        self.ledger.add(running)
        return running

    def run(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        account: Account,
        folder: Path,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """Run a program to its end."""
        process.run(
            command,
            account=account,
            environment=plain_environment(folder) | dict(environment or {}),
            folder=folder,
            log=self.log(name),
            stack=self.folder,
        )


def plain_environment(home: Path) -> dict[str, str]:
    """An environment without anything that the caller's shell happens to hold."""
    path = os.environ.get("PATH", os.defpath)
    return {"PATH": f"{path}:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", "LANG": "C.UTF-8", "HOME": str(home)}


def program(name: str, hint: str) -> Path:
    """The path of a program that the part needs."""
    found = shutil.which(name, path=plain_environment(Path("/"))["PATH"])
    if found is None:
        raise PartError(f"'{name}' is not installed. {hint}")
    return Path(found)
