"""A stack of compose.yaml under a name and on a port of its own, for trials."""

from __future__ import annotations

import json
import os
import random
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SERVICES = ("intake", "verification", "documents", "notify")
ROLES = ("web", "worker")


class Failed(Exception):
    """A step did not do what it should; the message says what happened."""


def engine_answers() -> bool:
    """Whether a Docker engine and the compose plugin are here."""
    for command in (["docker", "info"], ["docker", "compose", "version"]):
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=30)
        except (OSError, subprocess.SubprocessError):
            return False
    return True


def free_port() -> int:
    """A loopback port that nobody listens on, outside the range that the system hands out itself."""
    for port in random.sample(range(20000, 32000), 200):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise Failed("no free port between 20000 and 31999")


class Stack:
    """The containers of one trial."""

    def __init__(self) -> None:
        self.name = f"pengantar-trial-{os.getpid()}"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = os.environ | {
            "COMPOSE_PROJECT_NAME": self.name,
            "PENGANTAR_TAG": self.name,
            "HTTP_PORT": str(self.port),
            "PUBLIC_URL": self.url,
            "COMPOSE_ANSI": "never",
            "COMPOSE_PROGRESS": "plain",
            "DOCKER_BUILDKIT": "1",
        }
        self._miscounted = False

    def docker(self, *arguments: str, timeout: float = 600, **more: str) -> str:
        """Run docker and return what it printed."""
        # An operator's own .env has no say in a trial.
        command = ["docker", *arguments]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment | more, capture_output=True, text=True, timeout=timeout
        )
        if done.returncode:
            raise Failed(f"`{' '.join(command)}` ended with {done.returncode}:\n{_end(done.stdout + done.stderr)}")
        return done.stdout

    def compose(self, *arguments: str, timeout: float = 600, **more: str) -> str:
        """Run docker compose without the .env of this checkout and return what it printed."""
        return self.docker("compose", "--env-file", os.devnull, *arguments, timeout=timeout, **more)

    def up(self, *arguments: str) -> None:
        """Start what is named, or everything, and wait until it is healthy."""
        self.compose("up", "--detach", "--wait", "--wait-timeout", "300", *arguments)

    def containers(self) -> list[dict[str, Any]]:
        """What Docker knows of the running containers."""
        ids = self.compose("ps", "--quiet").split()
        found: list[dict[str, Any]] = json.loads(self.docker("inspect", *ids)) if ids else []
        return found

    def down(self, *arguments: str) -> None:
        """Remove the containers and networks. Engine 20.10 now and then loses count of the containers on a network
        and keeps it, empty, until the engine itself is started anew: that is said, and no fault of ours."""
        try:
            self.compose("down", "--remove-orphans", *arguments)
        except Failed as error:
            if "has active endpoints" not in str(error) or self._labelled("ps", "--all"):
                raise
            self._miscounted = True
            say("        the engine keeps an empty network whose containers it has miscounted")

    def left_over(self) -> list[str]:
        """Containers, volumes and networks of this stack that are still there."""
        networks = [] if self._miscounted else self._labelled("network", "ls")
        return [*self._labelled("ps", "--all"), *self._labelled("volume", "ls"), *networks]

    def _labelled(self, *kind: str) -> list[str]:
        label = f"label=com.docker.compose.project={self.name}"
        return self.docker(*kind, "--quiet", "--filter", label).split()

    def get(self, path: str, timeout: float = 10) -> tuple[int, bytes]:
        """Status and body of a GET to the gateway; status 0 where nothing answered."""
        request = urllib.request.Request(self.url + path, headers={"Accept": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=timeout) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()
        except OSError:
            return 0, b""

    def logs(self) -> str:
        """The last lines of every container."""
        return self.compose("logs", "--no-color", "--tail", "15")

    def take_down(self) -> None:
        """Remove everything of this stack but the build cache."""
        self.down("--volumes", "--timeout", "20")
        images = self.docker("image", "ls", "--quiet", "--filter", f"reference=pengantar/*:{self.name}").split()
        if images:
            self.docker("image", "rm", "--force", *set(images))


def say(text: str) -> None:
    """A line for the person who watches."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _end(text: str) -> str:
    return "\n".join(text.strip().splitlines()[-60:])
