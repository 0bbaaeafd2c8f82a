"""Pins every public image to what its tag means today: `deploy/compose/digests` writes compose.digests.yaml.

compose.yaml names images by tag, and a tag may come to mean another image. With the override that this writes, Docker
takes exactly the images of the day, for the parts and beneath our own images; run it again to take newer ones.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "compose.digests.yaml"
_FROM = re.compile(r"^FROM\s+(\S+)(?:\s+AS\s+(\S+))?", re.MULTILINE | re.IGNORECASE)
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


class NotPinned(SystemExit):
    """Nothing was written; the message says what to do."""


def main() -> int:
    """Ask, write the file whole, let compose read it."""
    config = json.loads(_docker("compose", "--env-file", os.devnull, "config", "--format", "json"))
    text = override(config["services"], digest, datetime.now(UTC).date())
    draft = FILE.with_suffix(".draft")
    draft.write_text(text, "ascii")
    _docker("compose", "--env-file", os.devnull, "-f", "compose.yaml", "-f", draft.name, "config", "--quiet")
    draft.replace(FILE)
    sys.stdout.write(f"{FILE.name}: {text.count('sha256:')} images pinned. Use it from .env:\n")
    sys.stdout.write(f"  COMPOSE_FILE=compose.yaml:{FILE.name}\n")
    return 0


def override(services: Mapping[str, Any], digest_of: Callable[[str], str], today: date) -> str:
    """The override for these services of compose.yaml; each image is asked for once."""
    digests: dict[str, str] = {}

    def pinned(image: str) -> str:
        if image not in digests:
            digests[image] = digest_of(image)
        return f"{image.partition('@')[0]}@{digests[image]}"

    lines = [
        f"# Images as their tags stood on {today}. Written by deploy/compose/digests; not to be edited.",
        "services:",
    ]
    for name, service in services.items():
        if "build" in service:
            contexts = [f'        "{base}": docker-image://{pinned(base)}' for base in bases(service["build"])]
            lines += [f"  {name}:", "    build:", "      additional_contexts:", *contexts]
        elif not service["image"].startswith("pengantar/"):
            lines.append(f"  {name}: {{image: {pinned(service['image'])}}}")
    return "\n".join(lines) + "\n"


def bases(build: Mapping[str, Any]) -> list[str]:
    """The public images that a Dockerfile of ours builds upon."""
    found = _FROM.findall((ROOT / build["dockerfile"]).read_text("utf-8"))
    stages = {stage for _, stage in found}
    return list(dict.fromkeys(image for image, _ in found if image not in stages))


def digest(image: str) -> str:
    """The registry's digest of an image, for all its platforms. Raises NotPinned."""
    told = _docker("buildx", "imagetools", "inspect", image, "--format", "{{.Manifest.Digest}}").strip()
    if not _DIGEST.fullmatch(told):
        raise NotPinned(f"{image}: the registry's answer is no digest: {told[:100]}")
    return told


def _docker(*arguments: str) -> str:
    command = ["docker", *arguments]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotPinned(f"`{' '.join(command)}` did not run: {error}") from error
    if done.returncode:
        raise NotPinned(f"`{' '.join(command)}` failed; nothing was written.\n{done.stderr.strip()[-500:]}")
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
