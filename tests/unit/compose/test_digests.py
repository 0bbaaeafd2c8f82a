"""The override pins every public image, beneath our own too, and is written whole or not at all."""

from __future__ import annotations

import os
import shutil
import subprocess
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

from deploy.compose import digests

COMPOSE: dict[str, Any] = yaml.safe_load((digests.ROOT / "compose.yaml").read_text())["services"]
TODAY = date(2026, 11, 26)


def digest_of(image: str) -> str:
    return f"sha256:{sha256(image.encode()).hexdigest()}"


def test_every_public_image_is_pinned_and_what_our_own_build_upon() -> None:
    asked: list[str] = []
    text = digests.override(COMPOSE, lambda image: asked.append(image) or digest_of(image), TODAY)
    found = yaml.safe_load(text)["services"]
    public = {name: part["image"] for name, part in COMPOSE.items() if "pengantar/" not in part["image"]}
    assert {name: part["image"] for name, part in found.items() if "image" in part} == {
        name: f"{image}@{digest_of(image)}" for name, image in public.items()
    }
    built = {name for name, part in COMPOSE.items() if "build" in part}
    python = "python:3.13-slim"
    assert {name: part["build"] for name, part in found.items() if "build" in part} == {
        name: {"additional_contexts": {python: f"docker-image://{python}@{digest_of(python)}"}} for name in built
    }
    assert len(built) == 5 and sorted(asked) == sorted({*public.values(), python})


def test_compose_takes_the_override(tmp_path: Path) -> None:
    if not shutil.which("docker") or subprocess.run(["docker", "compose", "version"], capture_output=True).returncode:
        pytest.skip("no docker compose on this machine: the override was not read by it")
    file = tmp_path / "compose.digests.yaml"
    file.write_text(digests.override(COMPOSE, digest_of, TODAY))
    command = [
        "docker",
        "compose",
        "--env-file",
        os.devnull,
        "-f",
        "compose.yaml",
        "-f",
        str(file),
        "config",
        "--images",
    ]
    told = subprocess.run(command, cwd=digests.ROOT, capture_output=True, text=True, timeout=60)
    assert told.returncode == 0, told.stderr
    public = [image for image in told.stdout.split() if not image.startswith("pengantar/")]
    assert len(public) == 4 and all("@sha256:" in image for image in public)


@pytest.mark.parametrize("answer", ["echo latest", "echo boom >&2; exit 1"])
def test_without_digests_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str) -> None:
    config = '{"services": {"postgres": {"image": "postgres:17"}}}'
    fake = tmp_path / "docker"
    fake.write_text(f"#!/bin/sh\ncase \"$1\" in compose) echo '{config}';; *) {answer};; esac\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setattr(digests, "FILE", tmp_path / "compose.digests.yaml")
    with pytest.raises(digests.NotPinned):
        digests.main()
    assert not (tmp_path / "compose.digests.yaml").exists()
