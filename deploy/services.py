"""The same command of all four services, in the stack that runs here or in the containers: for operators' tools."""

from __future__ import annotations

import subprocess
from collections.abc import Callable

from deploy.local import running

Run = Callable[[str, list[str]], "subprocess.CompletedProcess[str]"]
"""`run(service, arguments)`: what a service's command printed, and its exit code."""


def runner(*, compose: bool, stack: str) -> Run:
    """How commands of services are run: in the workers' containers, or beside the local stack of this name."""
    return _in_container if compose else lambda service, arguments: running.run(stack, service, arguments)


def _in_container(service: str, arguments: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["docker", "compose", "exec", "-T", f"{service}-worker", "python", "-m", service, *arguments],
        text=True, capture_output=True, timeout=600, check=False,
    )  # fmt: skip
