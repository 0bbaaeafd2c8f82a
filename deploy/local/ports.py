"""Free ports for a stack, the same from start to start as long as nobody else takes them."""

from __future__ import annotations

import json
import random
import socket
from collections.abc import Iterable
from pathlib import Path

FIRST, LAST = 20000, 31999  # below the range that Linux hands out to outgoing connections

NAMES = (
    "postgres",
    "epmd",
    "rabbitmq",
    "rabbitmq_dist",
    "rabbitmq_ctl",
    "s3",
    "s3_grpc",
    "master",
    "master_grpc",
    "volume",
    "volume_grpc",
    "filer",
    "filer_grpc",
    "admin",
    "admin_grpc",
    "gateway",
    "gateway_health",
    "intake_web",
    "intake_worker",
    "verification_web",
    "verification_worker",
    "documents_web",
    "documents_worker",
    "notify_web",
    "notify_worker",
)


def take(stack: Path) -> dict[str, int]:
    """The ports of the stack in this folder, written to its `ports.json`.

    A port that something else listens on by now is replaced, and so is one that another stack of
    this checkout has written down, running or not.
    """
    file = stack / "ports.json"
    taken = set[int]()
    for other in stack.parent.glob("*/ports.json"):
        if other != file:
            taken |= set(_read(other).values())
    known = _read(file)
    ports = dict[str, int]()
    for name in NAMES:
        port = known.get(name, 0)
        if port in taken or not is_free(port):
            port = _find(taken)
        ports[name] = port
        taken.add(port)
    file.write_text(json.dumps(ports, indent=2) + "\n", "ascii")
    return ports


def is_free(port: int) -> bool:
    """Whether a port of ours can be listened on, on every address of this machine."""
    if not FIRST <= port <= LAST:
        return False
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("0.0.0.0", port))
        except OSError:
            return False
    return True


def _find(taken: Iterable[int]) -> int:
    candidates = sorted(set(range(FIRST, LAST + 1)) - set(taken))
    random.shuffle(candidates)
    return next(port for port in candidates if is_free(port))


def _read(file: Path) -> dict[str, int]:
    try:
        return {str(name): int(port) for name, port in json.loads(file.read_text("ascii")).items()}
    except (FileNotFoundError, ValueError, AttributeError, TypeError):
        return {}  # none yet, or cut off by a crash: new ports do as well
