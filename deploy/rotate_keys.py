"""Changes the keys of people's data while the system runs: `make rotate-keys`, later `make rotate-keys ARGS=--retire`.

First run: each ring gets a new key, behind the old one until every process knows it, then in front; then each service
seals all that it keeps with it. May be killed at any point and begun again. `--retire` takes the old keys away from
rings that nothing needs any more. Rings are files; those of containers lie in the folder that `--compose` names, else
the local stack that `make run` keeps in the foreground is meant.
"""

from __future__ import annotations

import argparse
import fcntl
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from deploy.setup.secrets import SERVICES
from deploy.setup.token_keys import replace
from kit.sealed import LOOKS_EVERY, key_ids, new_key

CODE_ROOT = Path(__file__).resolve().parent.parent

EVENTS = "event"
SETTLED = 180.0
"""Seconds after which nothing is under way any more that was sealed before the change: no transaction and no request
lives that long."""
KNOWN = LOOKS_EVERY + 2.0
"""Seconds after which every process has read a ring that was changed."""
DRAINED = 120.0
"""Seconds in which the queues of a running system are empty for a moment."""

Say = Callable[[str], None]


class Refused(SystemExit):
    """Nothing was taken away; the message says what to do."""


class Installation(Protocol):
    """Where the rings are, and how a service's command is run."""

    def ring(self, name: str) -> Path:
        """The file of a ring: `event`, or a service's."""
        ...

    def hand_out(self) -> None:
        """Brings changed rings to those who read them."""
        ...

    def run(self, service: str, verb: str, *, quiet: bool = False) -> tuple[int, str]:
        """Runs `rotate-keys VERB`; exit code and, when quiet, what it printed."""
        ...


@dataclass
class Local:
    """The stack that runs on this machine: each service's command gets the environment of its worker."""

    environments: Mapping[str, Mapping[str, str]]

    @classmethod
    def of_stack(cls, folder: Path) -> Local:
        """Raises Refused when that stack does not run."""
        found = {service: _environment(pid) for pid in _running(folder) if (service := _worker_of(pid))}
        if missing := [service for service in SERVICES if service not in found]:
            raise Refused(
                f"No worker of {', '.join(missing)} runs in {folder}."
                " Start `make run`, or name an installation: --compose SECRETS_DIR"
            )
        return cls(found)

    def ring(self, name: str) -> Path:
        service, variable = (SERVICES[0], "EVENT_KEYS_FILE") if name == EVENTS else (name, "DATA_KEYS_FILE")
        return Path(self.environments[service][variable])

    def hand_out(self) -> None:
        """They read the files themselves."""

    def run(self, service: str, verb: str, *, quiet: bool = False) -> tuple[int, str]:
        command = [sys.executable, "-m", service, "rotate-keys", verb]
        return _run(command, quiet, env=dict(self.environments[service]))


@dataclass
class Compose:
    """Containers, with the secrets in a folder that SECRETS_DIR of .env names."""

    secrets: Path

    def ring(self, name: str) -> Path:
        return self.secrets / ("event_keys" if name == EVENTS else f"{name}_data_keys")

    def hand_out(self) -> None:
        code, said = _run(["docker", "compose", "run", "--rm", "-T", "secrets"], quiet=True)
        if code:
            raise Refused(
                f"The changed rings could not be handed to the containers:\n{said}\nMend that and begin again."
            )

    def run(self, service: str, verb: str, *, quiet: bool = False) -> tuple[int, str]:
        command = ["docker", "compose", "exec", "-T", f"{service}-worker", "python", "-m", service, "rotate-keys", verb]
        return _run(command, quiet)


def rotate(installation: Installation, say: Say, *, known: float = KNOWN) -> None:
    """New keys in front of every ring that has one, and everything sealed with them. Raises Refused."""
    rings = {name: installation.ring(name) for name in (EVENTS, *SERVICES)}
    fresh = [name for name, file in rings.items() if len(key_ids(file.read_text("ascii"))) == 1]
    for name in fresh:
        replace(rings[name], _with_new_key(rings[name].read_text("ascii").strip()))
    behind = [name for name, file in rings.items() if _newest_is_behind(file.read_text("ascii"))]
    if behind:
        installation.hand_out()
        say(f"New keys in the rings {', '.join(behind)}; all processes get to know them.")
        time.sleep(known)  # before anybody seals with them
        for name in behind:
            replace(rings[name], _newest_first(rings[name].read_text("ascii").strip()))
        installation.hand_out()
        time.sleep(known)
        say("From now on the new keys seal.")
    else:
        say("A change of keys is under way: it goes on.")
        installation.hand_out()  # it may have ended just before
        time.sleep(known)
    for service in SERVICES:
        code, _ = installation.run(service, "seal")
        if code:
            raise Refused(f"{service} has not finished. What is done is done: mend the cause and begin again.")
    say("All is sealed with the new keys. In three minutes: make rotate-keys ARGS=--retire")


def retire(
    installation: Installation, say: Say, *, settled: float = SETTLED, drained: float = DRAINED, known: float = KNOWN
) -> None:
    """Takes old keys out of those rings that nothing needs any more. Raises Refused while something does."""
    rings = {name: installation.ring(name) for name in (EVENTS, *SERVICES)}
    old = [name for name, file in rings.items() if len(key_ids(file.read_text("ascii"))) > 1]
    if not old:
        say("No ring has an old key.")
        return
    if behind := [name for name in old if _newest_is_behind(rings[name].read_text("ascii"))]:
        raise Refused(f"The rings {', '.join(behind)} do not seal with their new key yet: `make rotate-keys` first.")
    if (age := min(time.time() - rings[name].stat().st_mtime for name in old)) < settled:
        raise Refused(f"What began before the change may still be under way: again in {settled - age:.0f} seconds.")
    installation.hand_out()
    time.sleep(known)
    needed = _needed(installation, old, drained)
    done = [name for name in old if not needed.get(name)]
    for name in done:
        replace(rings[name], rings[name].read_text("ascii").partition(",")[0].strip())
    if done:
        installation.hand_out()
        say(f"The old keys of {', '.join(done)} are gone. Destroy copies of them when the backups that need them are.")
    if needed:
        raise Refused("\n".join(_still(needed)))


def _needed(installation: Installation, rings: Sequence[str], drained: float) -> dict[str, dict[str, int]]:
    """What still needs old keys, by ring. Queues are looked at again and again, each until it was empty once."""
    found: dict[str, dict[str, int]] = {}
    for service in SERVICES:
        ends = time.monotonic() + drained
        while True:
            code, said = installation.run(service, "left", quiet=True)
            if code:
                raise Refused(f"{service} could not say what still needs the old keys:\n{said}")
            left = json.loads(said.strip().splitlines()[-1])
            _check_current(installation, service, left["current"])
            if left["event"].keys() != {"messages in the queue"} or time.monotonic() > ends:
                break
            time.sleep(0.5)
        for name, counts in ((service, left["data"]), (EVENTS, left["event"])):
            if counts and name in rings:
                found.setdefault(name, {}).update({f"{service}: {what}": count for what, count in counts.items()})
    return found


def _check_current(installation: Installation, service: str, current: Mapping[str, str]) -> None:
    """What a service says of old keys counts only if it seals with those in front here. Raises Refused."""
    for ring, key in ((service, current["data"]), (EVENTS, current["event"])):
        if key != key_ids(installation.ring(ring).read_text("ascii"))[0]:
            raise Refused(f"{service} does not seal with the new key of the ring {ring}: `make rotate-keys` first.")


def _still(needed: Mapping[str, Mapping[str, int]]) -> Iterator[str]:
    for ring, counts in needed.items():
        yield f"The old key of the ring {ring} is still needed by:"
        yield from (f"  - {what}: {count}" for what, count in counts.items())
    yield "Run `make rotate-keys` again, wait three minutes, and retire then. Kept answers of an earlier release go by"
    yield "themselves within 48 hours."


def _with_new_key(text: str) -> str:
    (known,) = key_ids(text)
    number = re.search(r"(\d+)$", known)
    return f"{text},{new_key(f'k{int(number[1]) + 1}' if number else 'k2')}"


def _newest_is_behind(text: str) -> bool:
    """A ring of two whose newer key does not seal yet: keys are numbered as they are made."""
    ids = key_ids(text)
    return len(ids) > 1 and _number(ids[-1]) > _number(ids[0])


def _newest_first(text: str) -> str:
    *older, newest = text.split(",")
    return ",".join([newest, *older])


def _number(key_id: str) -> int:
    found = re.search(r"(\d+)$", key_id)
    return int(found[1]) if found else 0


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """One change of keys at a time. Raises Refused."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise Refused("Somebody else is changing the keys at this moment.") from None
    finally:
        os.close(descriptor)


def _running(folder: Path) -> list[int]:
    """What a local stack has noted as running."""
    try:
        return [entry["pid"] for entry in json.loads((folder / "running.json").read_text("utf-8"))]
    except OSError:
        return []


def _worker_of(pid: int) -> str | None:
    """The service whose worker a process is; None for any other, and for one that is gone."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
    except OSError:
        return None
    return next((service for service in SERVICES if service in words and "worker" in words), None)


def _environment(pid: int) -> dict[str, str]:
    entries = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    return dict(entry.decode().split("=", 1) for entry in entries if b"=" in entry)


def _run(command: Sequence[str], quiet: bool, **more: Mapping[str, str]) -> tuple[int, str]:
    ended = subprocess.run(
        command, check=False, cwd=CODE_ROOT, text=True, stderr=subprocess.STDOUT if quiet else None,
        stdout=subprocess.PIPE if quiet else None, **more,
    )  # type: ignore[call-overload]  # fmt: skip
    return ended.returncode, ended.stdout or ""


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="make rotate-keys", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--retire", action="store_true", help="take the old keys away from rings that need none")
    parser.add_argument(
        "--compose", type=Path, metavar="SECRETS_DIR", help="containers, with their secrets in a folder"
    )
    parser.add_argument("--stack", default="run", help="the local stack's name")
    given = parser.parse_args(arguments)
    local = CODE_ROOT / ".local" / given.stack
    installation: Installation = Compose(given.compose) if given.compose else Local.of_stack(local)
    with alone(installation.ring(EVENTS).parent):
        (retire if given.retire else rotate)(installation, lambda line: print(line, flush=True))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
