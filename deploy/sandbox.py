"""`make sandbox NAME='Sistem Arsip Kota'`: lets another system into the office for trying.

Prints its id, its key, and where the system is, as lines for a shell.

The system has to run with SANDBOX=true: `SANDBOX=true make run`, or the same in `.env` of the containers.
"""

from __future__ import annotations

import argparse
import sys

from deploy.local.process import PartError
from deploy.running_system import base_url
from deploy.services import runner


def main(arguments: list[str]) -> int:
    """The exit code of `python -m intake sandbox`; 1 where no system runs."""
    parser = argparse.ArgumentParser(
        prog="make sandbox", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("name", help="what the other system is called")
    parser.add_argument("--compose", action="store_true", help="in the containers of this folder's compose.yaml")
    parser.add_argument("--stack", default="run", help="the local stack")
    given = parser.parse_args(arguments)
    try:
        done = runner(compose=given.compose, stack=given.stack)("intake", ["sandbox", *given.name.split()])
    except PartError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(done.stdout)
    sys.stderr.write(done.stderr)
    if done.returncode == 0 and not given.compose:
        sys.stdout.write(f"BASE={base_url()}\n")
    return done.returncode


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
