"""compose.yaml keeps its promises; what only a running engine can show is tried by deploy/compose/test."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

from deploy.setup.secrets import SERVICES
from deploy.whatsapp_simulator.settings import NUMBERS

ROOT = Path(__file__).resolve().parents[3]
TEXT = (ROOT / "compose.yaml").read_text()
DEV = (ROOT / "deploy" / "compose" / "dev.env").read_text()
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
    assert not {"privileged", "devices", "pid", "ipc", "userns_mode", "extra_hosts"} & part.keys()
    assert part.get("network_mode", "none") == "none"


# What a container may do beyond nothing: hand secrets to their readers, and what the public Caddy image needs to start.
CAPABILITIES = {"secrets": {"CHOWN", "DAC_OVERRIDE", "FOWNER"}, "gateway": {"NET_BIND_SERVICE"}}


def test_capabilities_are_given_back_to_two_containers_only() -> None:
    assert {name: set(part["cap_add"]) for name, part in PARTS.items() if "cap_add" in part} == CAPABILITIES


def test_one_container_runs_as_root_and_has_no_network() -> None:
    assert [name for name, part in PARTS.items() if str(part.get("user", "")).startswith("0")] == ["secrets"]
    assert PARTS["secrets"]["network_mode"] == "none"
    ours = {part["build"]["dockerfile"] for part in PARTS.values() if "build" in part}
    for dockerfile in ours:
        last = (ROOT / dockerfile).read_text().rpartition("\nFROM ")[2]
        assert re.search(r"^USER 10001(:10001)?$", last, re.MULTILINE), dockerfile
    public = {name: part for name, part in PARTS.items() if "build" not in part and "pengantar" not in part["image"]}
    assert public and all(int(part["user"].split(":")[0]) > 0 for part in public.values())


def test_no_container_sees_the_engine_or_writes_to_the_checkout() -> None:
    mounts = [mount for part in PARTS.values() for mount in part.get("volumes", [])]
    of_host = [m for m in mounts if (m["type"] == "bind" if isinstance(m, dict) else m.startswith((".", "/")))]
    assert of_host and all(m["read_only"] if isinstance(m, dict) else m.endswith(":ro") for m in of_host)
    assert "docker.sock" not in TEXT


def test_images_are_named_by_a_tag_that_is_no_moving_target() -> None:
    public = {part["image"] for part in PARTS.values() if not part["image"].startswith("pengantar/")}
    assert all(re.fullmatch(r"[\w./-]+:(?!latest$)[\w.-]+", image) for image in public)


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
    published = {name: part["ports"] for name, part in PARTS.items() if "ports" in part and "profiles" not in part}
    assert list(published) == ["gateway"]
    assert all(port.startswith("${BIND_ADDRESS:-127.0.0.1}:") for port in published["gateway"])


def test_the_phones_come_only_when_they_are_asked_for_and_on_loopback_whatever_is_set() -> None:
    part = PARTS["whatsapp-simulator"]
    assert part["profiles"] == ["dev"] and part["image"].startswith("pengantar/setup:")
    assert all(port.startswith("127.0.0.1:") for port in part["ports"])
    assert [name for name, other in PARTS.items() if "whatsapp-simulator" in other.get("depends_on", {})] == []
    asked_for = dict(line.split("=", 1) for line in DEV.splitlines() if line and not line.startswith("#"))
    assert asked_for["COMPOSE_PROFILES"] == "dev" and asked_for["WHATSAPP_URL"].startswith("http://whatsapp-simulator:")
    assert asked_for["WHATSAPP_NUMBERS"].partition("=")[0] in NUMBERS


# Who leaves our networks: the answers of the gateway and of the phones for trying, and whoever asks other systems
# through the guarded client.
WAYS_OUT = {"edge": ["whatsapp-simulator", "gateway"], "outward": ["intake-web", "documents-web", "notify-worker"]}


def test_only_the_gateway_and_who_asks_other_systems_have_a_way_out() -> None:
    networks = yaml.safe_load(TEXT)["networks"]
    outside = {name for name, network in networks.items() if not network.get("internal")}
    assert outside == set(WAYS_OUT)
    for network, names in WAYS_OUT.items():
        assert [name for name, part in PARTS.items() if network in part.get("networks", [])] == names
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
