"""A command of a service beside a stack that runs here: what `docker compose exec` is to containers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from deploy.local import places
from deploy.local.foundation import Foundation
from deploy.local.ledger import Ledger
from deploy.local.places import CODE_ROOTS, account
from deploy.local.process import PartError
from deploy.local.progress import Progress
from deploy.local.services import Addresses, Services
from deploy.local.site import Secrets, Site
from deploy.local.table import Table

ROOT = Path(__file__).resolve().parent.parent.parent


def placed(stack: str) -> tuple[Site, Foundation]:
    """Where a stack of this checkout is, and its parts. Raises PartError where there is none."""
    try:
        ports = json.loads((places.CHECKOUT / ".local" / stack / "ports.json").read_text("ascii"))
    except FileNotFoundError as error:
        raise PartError(f"There is no stack '{stack}' here. Start it first: make run") from error
    base = places.base_folder()
    folder = places.stack_folder(base, stack)
    site = Site(stack, folder, base, ports, Secrets(folder / "secrets", account("nobody")), Ledger(folder))
    return site, Foundation(site, Table(site.ledger), Progress(True), gateway=True)


def environment_of(stack: str, service: str) -> dict[str, str]:
    """The environment of a service's process in a stack of this checkout. Raises PartError where there is none."""
    return environment_at(*placed(stack), service)


def environment_at(site: Site, parts: Foundation, service: str) -> dict[str, str]:
    """The environment of a service's process in a stack."""

    def database_url(name: str, role: str) -> str:
        return parts.postgres.url(name, f"{name}_{role}")

    addresses = Addresses(database_url, parts.rabbitmq.url, parts.objects.address.endpoint_url)
    return Services(site, addresses, {}).environment(service)


def run(stack: str, service: str, arguments: list[str]) -> subprocess.CompletedProcess[str]:
    """Runs `python -m <service> …` with it, in this checkout's code; what it printed and its exit code."""
    paths = os.pathsep.join(str(ROOT / root) for root in CODE_ROOTS)
    environment = {**os.environ, **environment_of(stack, service), "PYTHONPATH": paths, "LOG_LEVEL": "WARNING"}
    return subprocess.run(
        [sys.executable, "-m", service, *arguments], env=environment, text=True, capture_output=True, timeout=600,
        check=False,
    )  # fmt: skip
