"""Another key that signs access tokens, without signing anybody out: `python -m deploy.setup.token_keys FOLDER STEP`.

announce   makes the next key and adds its public half to those that the services check tokens with
switch     signs with it from now on; tokens of the one before still count
retire     the one before counts no more: ten minutes after `switch`, when no token of it lives any longer, or with
           --now if somebody else may have it, which makes every access token be asked for anew
rotate     `announce`, two seconds, `switch`: where the services read FOLDER itself

Between the steps every service must have the files: in Docker Compose hand them out with `docker compose run --rm
secrets`. The services read them again by themselves. Each step may be done twice; FOLDER is what
`deploy.setup.secrets` made.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets as random
import sys
import time
from pathlib import Path
from typing import Any

from deploy.setup.secrets import PRIVATE_KEY, PUBLIC_KEYS, private_key, public_keys, write_once

NEXT_KEY = "token_private_key.next.pem"
OLD_TOKENS = 600
"""Seconds: access tokens live five minutes, and services read the keys again every ten seconds."""


class TooEarly(SystemExit):
    """Tokens of the key before may still be out; the message says how long."""


def announce(folder: Path) -> None:
    """Make the next key, and let it be checked with."""
    write_once(folder / NEXT_KEY, private_key)
    like(folder / NEXT_KEY, folder / PRIVATE_KEY)
    known = {key["kid"]: key for key in _keys((folder / PUBLIC_KEYS).read_text("ascii"))}
    for key in _keys(public_keys((folder / NEXT_KEY).read_text("ascii"))):
        known.setdefault(key["kid"], key)
    replace(folder / PUBLIC_KEYS, json.dumps({"keys": list(known.values())}, indent=2) + "\n")


def switch(folder: Path) -> None:
    """Sign with the key that was announced. Exits where none was."""
    following = folder / NEXT_KEY
    if not following.exists():
        raise SystemExit("No key was announced: run `announce` first.")
    announced = {key["kid"] for key in _keys((folder / PUBLIC_KEYS).read_text("ascii"))}
    if not {key["kid"] for key in _keys(public_keys(following.read_text("ascii")))} <= announced:
        raise SystemExit("The next key is not among the public ones: run `announce` first.")
    os.utime(following)
    following.replace(folder / PRIVATE_KEY)


def retire(folder: Path, *, now: bool = False) -> int:
    """Leave the present key alone; how many went. Raises TooEarly."""
    age = time.time() - (folder / PRIVATE_KEY).stat().st_mtime
    if age < OLD_TOKENS and not now:
        raise TooEarly(f"Tokens of the key before may still be out: {OLD_TOKENS - age:.0f} seconds more, or --now.")
    kept = _keys((folder / PUBLIC_KEYS).read_text("ascii"))
    present = {key["kid"] for key in _keys(public_keys((folder / PRIVATE_KEY).read_text("ascii")))}
    left = [key for key in kept if key["kid"] in present]
    replace(folder / PUBLIC_KEYS, json.dumps({"keys": left}, indent=2) + "\n")
    return len(kept) - len(left)


def replace(path: Path, text: str) -> None:
    """Other text in a file whose owner and mode stay; whoever reads it meanwhile has the old or the new, whole."""
    draft = path.with_name(f".{path.name}.{random.token_hex(6)}")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400), "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    like(draft, path)
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def like(path: Path, other: Path) -> None:
    """Give a file the owner and the mode of another."""
    known = other.stat()
    if (path.stat().st_uid, path.stat().st_gid) != (known.st_uid, known.st_gid):
        os.chown(path, known.st_uid, known.st_gid)
    path.chmod(known.st_mode & 0o777)


def _keys(jwks: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(jwks)["keys"]
    return found


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m deploy.setup.token_keys",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("step", choices=("announce", "switch", "retire", "rotate"))
    parser.add_argument("--now", action="store_true", help="retire at once")
    given = parser.parse_args(arguments)
    if given.step in ("announce", "rotate"):
        announce(given.folder)
    if given.step == "rotate":
        time.sleep(2)
    if given.step in ("switch", "rotate"):
        switch(given.folder)
    if given.step == "retire":
        sys.stdout.write(f"{retire(given.folder, now=given.now)} keys count no more\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
