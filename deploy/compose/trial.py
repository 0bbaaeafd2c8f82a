"""Plays the system in containers: `deploy/compose/test` builds it, tries it and takes it down again."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from urllib.parse import urlsplit

from deploy.compose import checks
from deploy.compose.checks import expect
from deploy.compose.stack import ROLES, ROOT, SERVICES, Failed, Stack, engine_answers, say

DEMO_MINUTES = 20


def the_demo_survives_restarts(stack: Stack) -> None:
    """Plays the four cases, again and again until each service has been stopped and started on the way."""
    problems: list[str] = []
    restarts = threading.Thread(target=_restart_each, args=(stack, problems), daemon=True)
    restarts.start()
    try:
        _play(stack)
        while restarts.is_alive():
            _play(stack)
    finally:
        restarts.join(timeout=300)
    if restarts.is_alive() or problems:
        raise Failed("; ".join(problems) or "the restarts did not come to an end")


def _play(stack: Stack) -> None:
    """The demo, from outside, with the key that signs this stack's tokens."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        key = Path(folder, "token_private_key.pem")
        key.touch(mode=0o600)
        key.write_text(_signing_key(stack))
        log = ROOT / "out" / "compose-demo.log"
        log.parent.mkdir(exist_ok=True)
        environment = os.environ | {"BASE_URL": stack.url, "TOKEN_KEY_FILE": str(key), "NO_COLOR": "1"}
        with log.open("w") as output:
            demo = subprocess.Popen(
                [sys.executable, "-m", "deploy.demo"], cwd=ROOT, env=environment, stdout=output, stderr=output
            )
            status = _wait_for(demo)
    if status:
        raise Failed(f"the demo ended with {status}:\n" + "\n".join(log.read_text().splitlines()[-25:]))
    say(f"        the demo was played in {time.monotonic() - began:.1f} s")


def _signing_key(stack: Stack) -> str:
    """As the setup container's volume holds it: that is there while services are away."""
    command = ("run", "--rm", "--no-deps", "-T", "--entrypoint", "cat", "secrets", "/secrets/token_private_key.pem")
    return stack.compose(*command)


def _wait_for(demo: subprocess.Popen[bytes]) -> int:
    try:
        return demo.wait(timeout=DEMO_MINUTES * 60)
    except subprocess.TimeoutExpired:
        demo.kill()
        demo.wait()
        raise Failed(f"the demo did not end within {DEMO_MINUTES} minutes") from None


def _restart_each(stack: Stack, problems: list[str]) -> None:
    for service in SERVICES:
        parts = [f"{service}-{role}" for role in ROLES]
        began = time.monotonic()
        try:
            stack.compose("stop", *parts)
            away = time.monotonic() - began
            stack.up("--no-deps", "--no-recreate", *parts)
        except (Failed, subprocess.SubprocessError) as error:
            problems.append(f"{service}: {error}")
            return
        say(f"        {service} stopped in {away:.1f} s, healthy again after {time.monotonic() - began:.1f} s")


def any_web_and_worker_can_be_doubled(stack: Stack) -> None:
    """Two of each, every request is answered by one of them, and the demo plays on all of them."""
    parts = [f"{service}-{role}" for service in SERVICES for role in ROLES]
    stack.up(*(word for part in parts for word in ("--scale", f"{part}=2")))
    for part in parts:
        if len(stack.compose("ps", "--quiet", part).split()) != 2:
            raise Failed(f"there are not two of {part}")
    for service in SERVICES:
        for _ in range(10):
            expect(stack, f"/{service}/health/ready")
    _play(stack)


def data_outlive_the_containers(stack: Stack) -> None:
    """After `down` and `up` a letter of the demo can still be checked."""
    outcome = json.loads((ROOT / "out" / "demo.json").read_text())
    letters = [letter for case in outcome["cases"] for letter in case["letters"]]
    if not letters:
        raise Failed("the demo issued no letter")
    stack.down("--timeout", "40")
    stack.up()
    for letter in letters:
        expect(stack, urlsplit(letter["check_url"]).path)


def production_refuses_secrets_of_its_own_making(stack: Stack) -> None:
    """It stops with a sentence unless the operator gave every secret."""
    arguments = ("run", "--rm", "--no-deps", "-T", "secrets")
    try:
        stack.compose(*arguments, ENVIRONMENT="production")
    except Failed as refusal:
        if "production refuses secrets" not in str(refusal):
            raise
    else:
        raise Failed("it went on")
    with tempfile.TemporaryDirectory() as folder:  # the allowed twin
        subprocess.run(
            [sys.executable, "-m", "deploy.setup.secrets", folder], cwd=ROOT, check=True, capture_output=True
        )
        stack.compose(*arguments, ENVIRONMENT="production", SECRETS_DIR=folder)


def nothing_is_left(stack: Stack) -> None:
    """Containers, volumes and networks are gone."""
    stack.take_down()
    if left := stack.left_over():
        raise Failed(f"still there: {', '.join(left)}")


def images_are_built(stack: Stack) -> None:
    """The five images, from the locks."""
    stack.compose("build", "--quiet", timeout=1800)


def everything_becomes_healthy(stack: Stack) -> None:
    """`docker compose up --wait` on empty volumes."""
    stack.up()


STEPS: tuple[Callable[[Stack], None], ...] = (
    images_are_built,
    everything_becomes_healthy,
    checks.nothing_but_the_gateway_is_published,
    checks.every_container_is_hardened,
    checks.secrets_belong_to_their_reader,
    checks.the_gateway_shows_what_it_should,
    the_demo_survives_restarts,
    any_web_and_worker_can_be_doubled,
    checks.no_event_was_set_aside,
    checks.logs_tell_of_nobody,
    data_outlive_the_containers,
    production_refuses_secrets_of_its_own_making,
    nothing_is_left,
)
# Without these the rest says nothing.
FIRST = (images_are_built, everything_becomes_healthy)


def attempt(step: Callable[[Stack], None], stack: Stack) -> bool:
    """Run one step and say how it went."""
    began = time.monotonic()
    name = step.__name__.replace("_", " ")
    try:
        step(stack)
    except (Failed, OSError, ValueError, LookupError, subprocess.SubprocessError) as error:
        say(f"FAILED  {name}: {error}")
        return False
    say(f"ok      {name} ({time.monotonic() - began:.1f} s)")
    return True


def try_all(stack: Stack) -> tuple[int, int]:
    """Every step in its order; how many passed and failed."""
    passed = failed = 0
    for step in STEPS:
        if attempt(step, stack):
            passed += 1
            continue
        failed += 1
        say(stack.logs())
        if step in FIRST:
            break
    return passed, failed


def main() -> int:
    """The whole trial; everything is taken down however it ends."""
    if not engine_answers():
        say("No Docker engine answers here, so Docker Compose is not tried.")
        return 0
    signal.signal(signal.SIGTERM, _interrupted)
    stack = Stack()
    say(f"{stack.name} on {stack.url}")
    passed = failed = 0
    try:
        passed, failed = try_all(stack)
    finally:
        if stack.left_over():
            stack.take_down()
        say(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


def _interrupted(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
