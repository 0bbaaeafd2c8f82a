"""`python -m deploy.local run`: the system in the foreground, until Ctrl-C.

run        everything, with an office, its addresses and a token for each role
up-parts   PostgreSQL, RabbitMQ and the object store alone, to look into something
"""

from __future__ import annotations

import argparse
import sys
import time

from rich.console import Console

from deploy.local.ledger import StackBusyError
from deploy.local.places import PlaceError
from deploy.local.process import PartError, tail
from deploy.local.stack import Stack
from deploy.setup.secrets import SERVICES
from deploy.token import ROLES, token_for

_out = Console(highlight=False, soft_wrap=True)


def main(arguments: list[str]) -> int:
    """Start what the command line asks for and keep it running."""
    parser = argparse.ArgumentParser(
        prog="python -m deploy.local", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=("run", "up-parts"))
    parser.add_argument("--stack", help="a name of its own, to run beside others (run, parts)")
    parser.add_argument("--fresh", action="store_true", help="begin without the data of the last time")
    parser.add_argument(
        "--mailbox", action="store_true", help="keep messages to be read over HTTP, without WhatsApp (run)"
    )
    given = parser.parse_args(arguments)
    whole = given.what == "run"
    stack = Stack(
        given.stack or ("run" if whole else "parts"), services=whole, keep=True, fresh=given.fresh,
        whatsapp=whole and not given.mailbox,
    )  # fmt: skip
    try:
        with stack:
            (_show_system if whole else _show_parts)(stack)
            if whole and not given.mailbox:
                _out.print(f"Phones of an applicant, an RT head and a neighbour: {stack.whatsapp_url}")
            return _stay(stack)
    except KeyboardInterrupt:
        _out.print("Stopped.")
        return 0
    except (PartError, PlaceError, StackBusyError) as error:
        Console(stderr=True, highlight=False, markup=False, soft_wrap=True).print(str(error))
        return 1


def _show_system(stack: Stack) -> None:
    _out.print(f"\n[bold]Pengantar[/]  {stack.base_url}\n")
    for service in SERVICES:
        _out.print(f"  {service:<13} {stack.base_url}/{service}/docs")
    key = stack.token_key_file.read_text("ascii")
    _out.print("\nTokens, good for 12 hours (more: make token ROLE=officer):\n")
    for role in ROLES:
        _out.print(f"  [bold]{role}[/]\n  {token_for(key, role)}\n")
    _show_end(stack)


def _show_parts(stack: Stack) -> None:
    for service in SERVICES:
        _out.print(stack.database_url(service))
    for address in (stack.superuser_url(), stack.amqp_url, *vars(stack.s3).values()):
        _out.print(address, markup=False)
    _show_end(stack)


def _show_end(stack: Stack) -> None:
    _out.print(f"Logs are in {stack.site.folder}/log. Ctrl-C stops all of it.")


def _stay(stack: Stack) -> int:
    """Until Ctrl-C, or until a part has ended by itself: nothing goes on without it."""
    while not (dead := stack.dead_parts()):
        time.sleep(1)
    for part in dead:
        _out.print(f"{part} has ended by itself:\n{tail(stack.log(part), 15)}", markup=False)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
