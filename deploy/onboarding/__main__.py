"""`make onboard FILE=…`: sets an office up from one file, or brings one that is there to what the file says.

BASE_URL names the system (else the one that `make run` keeps here), TOKEN_KEY_FILE its private key; `--dry-run` only
looks. All of the file is looked at before anything is written: a mistake is named with its line. The same file again
changes nothing, and says so; one that was changed changes what differs; where it was cut off, it goes on.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from deploy.onboarding.reading import Mistake, OfficeFile, read
from deploy.onboarding.steps import STEPS, Setup, mistakes_of_staff
from deploy.running_system import System


def main(arguments: list[str]) -> int:
    """0 when the office is as the file says, 1 when not."""
    parser = argparse.ArgumentParser(prog="make onboard", description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--dry-run", action="store_true")
    given = parser.parse_args(arguments)
    looked = False
    try:
        file = read(given.file)
        if said := mistakes_of_staff(file):
            raise Mistake(*said)
        _go(Setup(System(), file, dry_run=True), look=True)
        looked = True
        if not given.dry_run:
            print(f"{file.code}:", flush=True)
        changes = _go(Setup(System(), file, dry_run=given.dry_run), look=False)
    except OSError as error:
        raise SystemExit(f"{given.file} cannot be read: {error.strerror}") from error
    except Mistake as mistake:
        done = "nothing more was done; it is safe to send the file again" if looked else "nothing was done"
        print(f"{mistake}\n{done}", file=sys.stderr)
        return 1
    print(_told(file, changes, given.dry_run))
    return 0


def _go(setup: Setup, *, look: bool) -> int:
    """Step by step; how many things were changed, or would be. A `look` says nothing and only finds mistakes."""
    changes = 0
    for number, (name, step) in enumerate(STEPS.items(), 1):
        done = list[str]()
        for line in step(setup):
            done.append(line)
            if not look:
                print(f"  {number}/{len(STEPS)} {name}: {line}", flush=True)
        if not done and not look:
            print(
                f"  {number}/{len(STEPS)} {name}: {'as it was' if setup.file.part(name) else 'not in the file'}",
                flush=True,
            )
        changes += len(done)
    return changes


def _told(file: OfficeFile, changes: int, dry_run: bool) -> str:
    if not changes:
        return f"{file.code} is as the file says; nothing was changed"
    return "nothing was written: this was a dry run" if dry_run else f"{file.code} is now as the file says"


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
