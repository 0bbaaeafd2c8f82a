#!/usr/bin/env python3
"""Sets this machine up for the system without Docker: `make setup`, which every other target begins with.

Needs nothing but Python 3.11 or newer. Installs what Debian packages bring (as root; otherwise it says
what to install), makes `.venv` from `requirements-dev.lock`, and does nothing when all of it is there.
With `--tests` also what only the tests need.
"""

import os
import sys

if sys.hexversion < 0x030B0000:  # before anything that an older Python cannot even read
    sys.exit(
        "Python 3.11 or newer is needed, this is " + sys.version.split()[0] + ". Name one: make PYTHON=python3.11 ..."
    )

# The checkout in place of this folder, whose token.py would hide Python's own.
sys.path.insert(0, f"{sys.path.pop(0)}/..")

from deploy.local.places import PlaceError, base_folder
from deploy.machine.environment import Environment
from deploy.machine.failure import SetupError
from deploy.machine.packages import install_missing


def main() -> int:
    """Set up, and say what cannot be."""
    os.umask(0o022)  # what is made here is run by other accounts too
    try:
        environment = Environment(base_folder())
        # Which Python the machine has matters only until there is an environment.
        except_for = ["python3-venv"] if environment.is_there() else []
        install_missing(except_for, for_tests="--tests" in sys.argv[1:])
        environment.bring_up_to_date()
    except (SetupError, PlaceError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
