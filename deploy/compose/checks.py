"""What must hold of a running stack, whatever it is doing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from deploy.compose.stack import ROLES, SERVICES, Failed, Stack
from deploy.demo.cast import STORIES
from deploy.demo.story import Story

# What a story's people are called by: never to be read in a log.
PERSONAL = re.compile(r"(^|_)(name|nik|kk_number|phone|address|birth_date)$")


def nothing_but_the_gateway_is_published(stack: Stack) -> None:
    """Only the gateway has ports on this machine, and on loopback only."""
    published = [
        (container["Config"]["Labels"]["com.docker.compose.service"], binding["HostIp"])
        for container in stack.containers()
        for bindings in container["NetworkSettings"]["Ports"].values()
        for binding in bindings or ()
    ]
    if not published or set(published) != {("gateway", "127.0.0.1")}:
        raise Failed(f"published: {sorted(set(published))}")


def every_container_is_hardened(stack: Stack) -> None:
    """Each is healthy, not root, without capabilities, within limits, on files that it cannot change."""
    wrong = [
        f"{container['Name']}: {', '.join(faults)}"
        for container in stack.containers()
        if (faults := _faults(container))
    ]
    if wrong:
        raise Failed("; ".join(wrong))


def _faults(container: dict[str, Any]) -> list[str]:
    host, config = container["HostConfig"], container["Config"]
    allowed = ["NET_BIND_SERVICE"] if config["Labels"]["com.docker.compose.service"] == "gateway" else []
    added = [capability.removeprefix("CAP_") for capability in host["CapAdd"] or []]
    expected = {
        "healthy": container["State"].get("Health", {}).get("Status") == "healthy",
        "a user that is not root": config["User"].partition(":")[0] not in ("", "0", "root"),
        "a read-only file system": host["ReadonlyRootfs"],
        "no capabilities": host["CapDrop"] == ["ALL"] and added == allowed,
        "no new privileges": "no-new-privileges=true" in (host["SecurityOpt"] or []),
        "a memory limit": host["Memory"] > 0,
        "a limit of processes": (host["PidsLimit"] or 0) > 0,
        "rotated logs": "max-size" in host["LogConfig"]["Config"],
    }
    return [f"not {what}" for what, holds in expected.items() if not holds]


def secrets_belong_to_their_reader(stack: Stack) -> None:
    """Files of mode 0400 that the container's own user owns, and none that is another's business."""
    for part in ("postgres", "rabbitmq", "store", *(f"{s}-{r}" for s in SERVICES for r in ROLES)):
        script = 'cd /run/secrets && for f in *; do stat -c "%a %u $(id -u) %n" "$f"; done'
        for line in stack.compose("exec", "-T", part, "sh", "-c", script).splitlines():
            mode, owner, user, name = line.split()
            if mode != "400" or owner != user:
                raise Failed(f"{part}: {name} has mode {mode} and belongs to {owner}, not {user}")
            if "OWNER" in name or (name == "TOKEN_PRIVATE_KEY" and not part.startswith("intake-")):
                raise Failed(f"{part} can read {name}")


def the_gateway_shows_what_it_should(stack: Stack) -> None:
    """Every service is ready behind it, and metrics are not."""
    for service in SERVICES:
        for path in (f"/{service}/health/ready", f"/{service}/openapi.json"):
            expect(stack, path)
    for path in ("/metrics", "/health/live", *(f"/{s}/metrics" for s in SERVICES)):
        if stack.get(path)[0] != 404:
            raise Failed(f"{path} answers {stack.get(path)[0]} through the gateway")


def expect(stack: Stack, path: str, status: int = 200) -> bytes:
    """GET a path from the gateway and insist on the status."""
    got, body = stack.get(path)
    if got != status:
        raise Failed(f"{path} answered {got}, not {status}: {body[:300]!r}")
    return body


def no_event_was_set_aside(stack: Stack) -> None:
    """The operators' command in a container answers, and there is nothing for it to show."""
    for service in SERVICES:
        said = stack.compose("exec", "-T", f"{service}-worker", "python", "-m", service, "dlq", "list")
        if said.strip() != "0 dead letters":
            raise Failed(f"{service}: {said}")


def logs_tell_of_nobody(stack: Stack) -> None:
    """No container has logged a number, name or address of the demo's people."""
    text = stack.compose("logs", "--no-color").lower()
    digits = re.sub(r"[ .+-]", "", text)  # a number may be spaced or prefixed otherwise than it was given
    known = {value for story in STORIES for value in _personal(story)}
    told = sorted(value for value in known if value in (digits if value.isdigit() else text))
    if not text or not known or told:
        raise Failed(f"{len(told)} of {len(known)} in {len(text)} characters of logs: {', '.join(told)}")


def _personal(story: Story) -> Iterator[str]:
    """Names, addresses and numbers of everyone in a story; numbers as bare digits without their prefix."""
    people: list[Mapping[str, Any]] = [story.applicant, story.contact, story.helper or {}, story.details]
    people += [{"phone": story.own_phone}] if story.own_phone else []
    found = (value for person in people for key, value in person.items() if PERSONAL.search(key))
    for value in found:
        number = re.sub(r"\D", "", value)
        yield re.sub(r"^(62|0)", "", number) if len(number) >= 10 else value.lower()
