#!/usr/bin/env python3
"""Sets this machine up for the system without Docker: `make setup`, which every other target begins with.

Needs nothing but Python 3.11 or newer. Installs what Debian packages bring (as root; otherwise it says
what to install), makes `.venv` from `requirements-dev.lock`, and does nothing when all of it is there.
"""

import sys

if sys.version_info < (3, 11):  # before anything that an older Python cannot even read
    sys.exit(
        "Python 3.11 or newer is needed; this is %d.%d. Name one: make PYTHON=python3.11 ..."
        % sys.version_info[:2]
    )

import os
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from deploy.local.places import PlaceError, base_folder  # noqa: E402 - the path comes first
from deploy.machine.environment import Environment  # noqa: E402
from deploy.machine.failure import SetupError  # noqa: E402
from deploy.machine.packages import install_missing  # noqa: E402


def main() -> int:
    """Set up, and say what cannot be."""
    os.umask(0o022)  # what is made here is run by other accounts too
    try:
        environment = Environment(base_folder())
        # Which Python the machine has matters only until there is an environment.
        install_missing(except_for=["python3-venv"] if environment.is_there() else [])
        environment.bring_up_to_date()
    except (SetupError, PlaceError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
