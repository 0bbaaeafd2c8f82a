"""Free ports for a stack, the same from start to start as long as nobody else takes them."""

from __future__ import annotations

import json
import random
import socket
from pathlib import Path

from deploy.local.places import one_at_a_time

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
    "whatsapp",
)


# SeaweedFS's own worker looks for this port so far above the other, whatever it is told.
_ABOVE = {"admin_grpc": ("admin", 10000)}


def take(stack: Path) -> dict[str, int]:
    """The ports of the stack in this folder, written to its `ports.json`.

    A port that something else listens on by now is replaced, and so is one that another stack of
    this checkout has written down, running or not. One stack at a time chooses.
    """
    with one_at_a_time(stack.parent / "ports.lock"):
        return _take(stack)


def _take(stack: Path) -> dict[str, int]:
    file = stack / "ports.json"
    taken = set[int]()
    for other in stack.parent.glob("*/ports.json"):
        if other != file:
            taken |= set(_read(other).values())
    known = _read(file)
    ports = dict[str, int]()
    for name in NAMES:
        port = known.get(name, 0)
        if not _suits(name, port, taken):
            port = _find(name, taken | set(known.values()))  # nor takes it the place of one that stays
        ports[name] = port
        taken.add(port)
    ports |= {name: ports[below] + distance for name, (below, distance) in _ABOVE.items()}
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


def _suits(name: str, port: int, taken: set[int]) -> bool:
    also = [port + distance for below, distance in _ABOVE.values() if below == name]
    return all(each not in taken and is_free(each) for each in (port, *also))


def _find(name: str, taken: set[int]) -> int:
    candidates = list(range(FIRST, LAST + 1))
    random.shuffle(candidates)
    return next(port for port in candidates if _suits(name, port, taken))


def _read(file: Path) -> dict[str, int]:
    try:
        return {str(name): int(port) for name, port in json.loads(file.read_text("ascii")).items()}
    except (FileNotFoundError, ValueError, AttributeError, TypeError):
        return {}  # none yet, or cut off by a crash: new ports do as well
