"""compose.yaml keeps its promises; what only a running engine can show is tried by deploy/compose/test."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

from deploy.setup.secrets import SERVICES

ROOT = Path(__file__).resolve().parents[3]
TEXT = (ROOT / "compose.yaml").read_text()
PARTS: dict[str, dict[str, Any]] = yaml.safe_load(TEXT)["services"]
ONE_SHOTS = {name for name, part in PARTS.items() if part["restart"] == "no"}


def test_each_service_has_its_roles_from_one_image() -> None:
    for service in SERVICES:
        roles = {role: PARTS[f"{service}-{role}"] for role in ("migrate", "web", "worker")}
        assert {part["image"] for part in roles.values()} == {roles["migrate"]["image"]}
        assert {role: part["command"] for role, part in roles.items()} == {role: [role] for role in roles}


@pytest.mark.parametrize("name", PARTS)
def test_every_container_is_hardened_and_bounded(name: str) -> None:
    part = PARTS[name]
    assert part["cap_drop"] == ["ALL"]
    assert part["security_opt"] == ["no-new-privileges=true"]
    assert part["read_only"] is True
    assert set(part["deploy"]["resources"]["limits"]) == {"memory", "pids"}
    assert "max-size" in part["logging"]["options"]
    assert "container_name" not in part, "it could not be scaled"


@pytest.mark.parametrize("name", PARTS)
def test_every_container_is_checked(name: str) -> None:
    """A one-shot by its exit code, which others wait for; the rest by a health check."""
    if name not in ONE_SHOTS:
        assert "test" in PARTS[name]["healthcheck"]
        return
    waiting = {n for n, part in PARTS.items() if part.get("depends_on", {}).get(name)}
    assert waiting
    assert all(PARTS[n]["depends_on"][name] == {"condition": "service_completed_successfully"} for n in waiting)


def test_nothing_but_the_gateway_is_published_and_that_on_loopback() -> None:
    published = {name: part["ports"] for name, part in PARTS.items() if "ports" in part}
    assert list(published) == ["gateway"]
    assert all(port.startswith("${BIND_ADDRESS:-127.0.0.1}:") for port in published["gateway"])


def test_what_is_not_the_gateway_has_no_way_out() -> None:
    networks = yaml.safe_load(TEXT)["networks"]
    outside = {name for name, network in networks.items() if not network.get("internal")}
    assert outside == {"edge"}
    assert [name for name, part in PARTS.items() if outside & set(part.get("networks", []))] == ["gateway"]
    assert all("networks" in part or part["network_mode"] == "none" for part in PARTS.values())


def test_every_volume_has_a_name() -> None:
    """Docker keeps one without a name after `down`, and makes another at the next `up`."""
    mounts = [mount for part in PARTS.values() for mount in part.get("volumes", [])]
    assert mounts
    assert [mount for mount in mounts if isinstance(mount, str) and ":" not in mount] == []


def test_every_variable_is_explained_in_the_example() -> None:
    used = set(re.findall(r"\$\{([A-Z0-9_]+)", TEXT))
    explained = set(re.findall(r"^#([A-Z0-9_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert used
    assert used <= explained


def test_the_secrets_of_production_can_all_be_given_as_variables() -> None:
    from deploy.compose.secrets import names, variable

    assert {variable(name) for name in names()} <= set(PARTS["secrets"]["environment"])


def test_the_virus_scanner_comes_only_when_it_is_asked_for_and_reaches_nobody_outside() -> None:
    part = PARTS["antivirus"]
    assert part["profiles"] == ["antivirus"]
    assert part["image"].partition(":")[2] not in ("", "latest", "stable", "unstable"), "pinned by tag"
    assert part["networks"] == ["parts"]
    assert [name for name, other in PARTS.items() if "antivirus" in other.get("depends_on", {})] == [], "it is optional"
    assert {name for name, other in PARTS.items() if "CLAMAV_ADDRESS" in (other.get("environment") or {})} == {
        "intake-migrate", "intake-web", "intake-worker",
    }  # fmt: skip


def test_the_virus_scanner_takes_every_file_that_intake_takes() -> None:
    lines = (ROOT / "deploy" / "compose" / "clamd.conf").read_text().splitlines()
    set_to = dict(line.split(None, 1) for line in lines if line and not line.startswith("#"))
    for limit in ("StreamMaxLength", "MaxFileSize"):
        assert int(set_to[limit].removesuffix("M")) * 1_000_000 >= 15_000_000
    assert set_to["AlertExceedsMax"] == "yes", "else clamd calls clean what it gave up in the middle"
