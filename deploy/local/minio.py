"""Builds MinIO with Go into the user's cache: `make minio`. Local stacks use it from then on."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from deploy.local.parts.objects import minio_cache

MODULE = "github.com/minio/minio@latest"


def build(target: Path) -> None:
    """Build the program and put it in place only when it is whole."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        environment = os.environ | {"GOBIN": folder, "CGO_ENABLED": "0"}
        subprocess.run(["go", "install", "-trimpath", MODULE], env=environment, check=True)
        (Path(folder) / "minio").replace(target)


def main() -> int:
    """Build it unless it is there."""
    target = minio_cache()
    if target.exists():
        print(f"MinIO is there already: {target}")
        return 0
    if shutil.which("go") is None:
        print("Go is needed to build MinIO. Without it SeaweedFS does the same work.", file=sys.stderr)
        return 2
    print("Building MinIO: this takes some minutes, once.")
    try:
        build(target)
    except subprocess.CalledProcessError as error:
        print(f"MinIO could not be built (exit code {error.returncode}).", file=sys.stderr)
        return 1
    print(f"MinIO is in {target}. A stack whose data SeaweedFS has made stays with it until it begins anew.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
