"""`make backup OUT=…`, `make restore FROM=…`, `make erasures OUT=…`, `make open-keys FROM=… OUT=…`.

take        backs up the stack that `make run` keeps in the foreground, or with --compose the containers, while it runs
restore     puts a backup in the place of a stack that is stopped (containers: it stops and starts them)
erasures    writes what was erased, and which accounts, roles and keys ended, to a file: keep it away from this machine,
            a restore asks for it
open-keys   writes a backup's secrets into a new folder, for an installation that is given them
"""

from __future__ import annotations

import argparse
import errno
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from deploy.backup import checks, erasures, keys
from deploy.backup.folder import Busy
from deploy.backup.installation import Compose, Installation, Local, StepFailed
from deploy.backup.manifest import Damaged
from deploy.backup.restore import NotFinished, Refused, Wish, opened, restore
from deploy.backup.take import command_line, take
from deploy.local import places
from deploy.local.ledger import StackBusyError
from deploy.local.places import PlaceError
from deploy.local.process import PartError
from deploy.local.site import Secrets
from deploy.local.stack import Stack
from deploy.setup.secrets import SERVICES, write_once

EXPECTED = (
    Busy, Damaged, Refused, StepFailed, PartError, PlaceError, StackBusyError, erasures.LedgerRefused, keys.KeysRefused,
    checks.NotWhole,
)  # fmt: skip
KEPT_FROM = datetime(2020, 1, 1, tzinfo=UTC)
_OPEN = ("gateway", *(f"{service}-{role}" for service in SERVICES for role in ("web", "worker")))


def main(arguments: list[str]) -> int:
    """0 when it is done; 1, and a sentence that says what to do, when it is not."""
    given = _parser().parse_args(arguments)
    verbs: dict[str, Callable[[argparse.Namespace], None]] = {
        "take": _take, "restore": _restore, "erasures": _erasures, "open-keys": _open_keys,
    }  # fmt: skip
    try:
        verbs[given.verb](given)
    except EXPECTED as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EROFS, errno.ENOENT):
            raise
        sys.stderr.write(f"{error.strerror}: {error.filename or given}. No half backup is left.\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("Stopped. What was unfinished is removed.\n")
        return 130
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="make backup", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    verbs = parser.add_subparsers(dest="verb", required=True)
    made = {name: verbs.add_parser(name) for name in ("take", "restore", "erasures", "open-keys")}
    for name in ("take", "restore", "erasures"):
        made[name].add_argument("--compose", action="store_true", help="the containers of this folder's compose.yaml")
        made[name].add_argument("--stack", default="run", help="the local stack")
    made["take"].add_argument("out", type=Path, help="the folder that holds the backups, on another disk")
    made["take"].add_argument("--without-keys", action="store_true", help="leave the secrets out")
    made["take"].add_argument("--keep-days", type=int, default=30, help="remove older ones, never the newest")
    made["take"].add_argument("--verify", action="store_true", help="restore it beside, and look whether it is whole")
    made["restore"].add_argument("source", type=Path, help="one backup: the folder with the manifest")
    made["restore"].add_argument("--replace", action="store_true", help="put it in the place of what is there")
    made["restore"].add_argument("--erasures", type=Path, metavar="FILE", help="what `make erasures` wrote last")
    made["restore"].add_argument("--nothing-erased", action="store_true", help="nothing was erased since")
    made["erasures"].add_argument("out", type=Path, help="the file to write")
    made["open-keys"].add_argument("source", type=Path, help="one backup")
    made["open-keys"].add_argument("out", type=Path, help="a folder that is not there yet")
    return parser


def _take(given: argparse.Namespace) -> None:
    phrase = None if given.without_keys else keys.passphrase(os.environ)
    if given.verify and phrase is None:
        raise Refused("Without its keys a backup cannot be tried: leave out --verify or --without-keys.")
    if given.keep_days < 1:
        raise Refused("--keep-days takes one day or more.")
    installation: Installation = Compose() if given.compose else Local.of_stack(given.stack)
    whole = take(
        installation, given.out.resolve(), _say, phrase=phrase, keep_days=given.keep_days, command=command_line()
    )
    if given.verify:
        (checks.try_containers if given.compose else checks.try_local)(whole, phrase, _say)


def _restore(given: argparse.Namespace) -> None:
    source = given.source.resolve()
    ledger = tuple(erasures.read(given.erasures)) if given.erasures else None
    wish = Wish(source, replace=given.replace, ledger=ledger, forget_ledger=given.nothing_erased)
    phrase = keys.passphrase(os.environ) if "BACKUP_PASSPHRASE_FILE" in os.environ else None
    if given.compose:
        told, kept = opened(source, phrase, _say)
        containers = Compose()
        prepare(containers)
        workers = containers.command("up", "--detach", "--wait", *(f"{service}-worker" for service in SERVICES))
        try:
            restore(
                containers, told, kept, wish, _say,
                stop=containers.command("stop", *_OPEN).run, start_workers=lambda: print(workers.run(), end=""),
            )  # fmt: skip
        except NotFinished:
            raise
        except StepFailed:
            _say("Nothing was replaced. If the services were stopped already: docker compose up --detach")
            raise
        containers.command("up", "--detach", "--wait").run()
        _say("It runs again.")
        return
    told, kept = opened(source, phrase, _say)
    keep_secrets(given.stack, kept)
    with Stack(given.stack, services=False, keep=True) as stack:
        restore(Local.of_stack(stack.name), told, kept, wish, _say, start_workers=lambda: _start_workers(stack))
    _say("Start it with: make run")


def _start_workers(stack: Stack) -> None:
    for service in SERVICES:
        stack.start(service, "worker")


def prepare(containers: Compose) -> None:
    """The parts run, with databases' roles and buckets."""
    containers.command("up", "--detach", "--wait", "postgres", "rabbitmq", "store").run()
    for setup in ("databases", "buckets"):
        containers.command("run", "--rm", "-T", "--no-deps", setup).run()


def keep_secrets(stack: str, kept: dict[str, str]) -> None:
    """A local stack that has no secrets yet gets the backup's, before it makes its own."""
    folder = places.stack_folder(places.base_folder(), stack) / "secrets"
    if kept and not folder.exists():
        folder.mkdir(mode=0o711)
        for name, text in kept.items():
            write_once(folder / name, lambda text=text: text)  # type: ignore[misc]
        reader = places.account("nobody")
        for name in kept:
            if Secrets.is_for_services(name):
                reader.owns(folder / name)


def _erasures(given: argparse.Namespace) -> None:
    if not erasures.are_there():
        raise Refused("This release has no commands for erasures: it erases nothing yet.")
    installation: Installation = Compose() if given.compose else Local.of_stack(given.stack)
    found = erasures.since(installation, KEPT_FROM)
    erasures.write(given.out, found)
    count = erasures.cases(found)
    _say(
        f"{count} erasures and {len(found) - count} ends of accounts, roles and keys written to {given.out}."
        " Keep it away from this machine: a restore asks for it."
    )


def _open_keys(given: argparse.Namespace) -> None:
    _told, kept = opened(given.source.resolve(), keys.passphrase(os.environ), _say)
    if not kept:
        raise Refused("This backup was taken without its keys.")
    given.out.mkdir(mode=0o700)
    for name, text in kept.items():
        write_once(given.out / name, lambda text=text: text)  # type: ignore[misc]
    _say(f"{len(kept)} secrets written to {given.out}.")


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
