"""Restores a backup: everything is checked first, and what is there stays until all of it is ready."""

from __future__ import annotations

import subprocess
import tarfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from deploy.backup import databases, erasures, keys, manifest
from deploy.backup.installation import WAITS, Command, Installation, StepFailed, restoring, sql
from deploy.backup.manifest import Manifest
from deploy.backup.take import KEYS
from deploy.local.places import CHECKOUT
from deploy.setup.buckets import BUCKETS
from deploy.setup.secrets import SERVICES
from kit.migrate import migration_files

Say = Callable[[str], None]

_EARLIER = timedelta(hours=1)
"""An erasure twice does no harm; one that was under way when the backup was taken is asked for again."""
_ERASED_WITHIN = 900
"""Seconds in which all services have erased what is asked for again."""
_NAME_IT = (
    "Name the ledger that `make erasures` wrote last (ARGS='--erasures FILE'), or say that nothing was erased since"
    " (ARGS=--nothing-erased)."
)


class Refused(Exception):
    """Nothing was changed; the text says what to do."""


@dataclass(frozen=True)
class Wish:
    """What the operator asks for. `ledger`: the erasures that he kept, None where he has none."""

    source: Path
    replace: bool = False
    ledger: tuple[str, ...] | None = None
    forget_ledger: bool = False


def opened(source: Path, phrase: bytes | None, say: Say) -> tuple[Manifest, dict[str, str]]:
    """The manifest of a backup whose every byte was checked, and its secrets, none without a passphrase. Raises
    Damaged, Refused, KeysRefused."""
    told = manifest.read(source)
    _refuse_newer(told)
    say(f"Checking {source.name}, taken at {told.taken_at:%Y-%m-%d %H:%M:%S} UTC with release {told.release} …")
    manifest.check(source, told)
    if not told.with_keys:
        return told, {}
    if phrase is None:
        raise keys.KeysRefused("This backup has its keys: name the passphrase with BACKUP_PASSPHRASE_FILE=FILE.")
    return told, keys.unseal((source / KEYS).read_bytes(), phrase, told.bound_to)


def _refuse_newer(told: Manifest) -> None:
    newer = [
        f"{service}: {package} {number}"
        for service, database in told.databases.items()
        for package, number in database.migrations.items()
        if number > len(migration_files(package))
    ]
    if newer or told.databases.keys() != set(SERVICES):
        raise Refused(
            f"This backup was made by a newer release ({told.release}): {', '.join(newer) or 'other services'}."
            " Restore it with that release, then upgrade."
        )


def restore(
    installation: Installation, told: Manifest, kept: dict[str, str], wish: Wish, say: Say,
    *, stop: Callable[[], object] = lambda: None,
) -> tuple[str, ...]:  # fmt: skip
    """Puts everything back; the erasures that are to be done before it opens. The parts run; `stop` stops the services.
    Raises Refused before anything was changed, StepFailed while nothing has been swapped: what was there is there."""
    began = time.monotonic()
    before = databases.hold_data(installation) + _buckets_with_objects(installation)
    if before and not wish.replace:
        raise Refused(
            f"There are data in {', '.join(before)}. ARGS=--replace puts the backup in their place, for good."
        )
    _refuse_older_server(installation, told)
    secrets = installation.secrets()
    changed = keys.merged(kept, secrets) if kept else {}
    if lacking := keys.missing(told.rings, secrets | changed):
        raise Refused(
            f"Keys that this backup was sealed with are missing ({', '.join(lacking)}): nothing of anybody would open."
            " Put the secrets of that time into the secrets folder, or restore a backup with its keys."
        )
    ledger = _ledger(installation, told, wish, readable="intake" in before, say=say)
    stop()
    try:
        _fill(installation, told, wish.source, say)
        if changed:
            installation.put_secrets(changed)
            say(f"  secrets put back: {', '.join(sorted(changed))}")
        _bring_up_to_date(installation)
        if ledger:
            erasures.replay(installation, ledger, restoring()[erasures.OWNER])
    except BaseException:
        databases.drop_unfinished(installation)
        if back := {name: secrets[name] for name in changed if name in secrets}:
            installation.put_secrets(back)
        raise
    databases.swap(installation)
    _empty_queues(installation)  # not before: had it ended there, what stays would have lost what it waits for
    for bucket in BUCKETS.values():
        say(f"  {bucket}: {_keep(installation, bucket, wish.source / f'{bucket}.tar')}")
    say(f"Restored in {time.monotonic() - began:.1f} s: as it was at {told.taken_at:%Y-%m-%d %H:%M:%S} UTC.")
    return ledger


def erase(installation: Installation, ledger: tuple[str, ...], start_workers: Callable[[], None], say: Say) -> None:
    """Lets the workers alone erase again what was erased since the backup; only then may it open. Raises StepFailed."""
    if not ledger:
        return
    say(f"  {len(ledger)} erasures of since the backup: the workers alone do them again …")
    start_workers()
    try:
        say(f"  {erasures.wait(installation, ledger, _ERASED_WITHIN)}")
    except StepFailed as error:
        raise StepFailed(
            f"{error}\nRestored, but not everything is erased again: do not open it. Mend that, and restore"
            " once more with --replace."
        ) from error


def _fill(installation: Installation, told: Manifest, source: Path, say: Say) -> None:
    """Databases beside those that are there, and the objects."""
    for service in SERVICES:
        say(f"  {service}: restoring …")
        databases.fill(installation, service, source / f"{service}.dump")
        databases.compare(installation, service, told.databases[service])
        databases.begin_anew(installation, service)
    for bucket in BUCKETS.values():
        say(f"  {bucket}: {_load(installation, bucket, source / f'{bucket}.tar')}")


def _bring_up_to_date(installation: Installation) -> None:
    """Migrations, and the state of everything told anew: who has a newer one comes back to its owner's."""
    for verb in ("migrate", "republish"):
        commands = [installation.service(service, verb, database=name) for service, name in restoring().items()]
        with ThreadPoolExecutor(len(commands)) as pool:
            list(pool.map(Command.run, commands))


def _refuse_older_server(installation: Installation, told: Manifest) -> None:
    [[number]] = sql(installation, "postgres", "SHOW server_version_num;")
    made_by = max(database.server for database in told.databases.values()) // 10000
    if int(number) // 10000 < made_by:
        raise Refused(f"The dumps are of PostgreSQL {made_by}, this server is older ({int(number) // 10000}).")


def _ledger(installation: Installation, told: Manifest, wish: Wish, *, readable: bool, say: Say) -> tuple[str, ...]:
    """What was erased since the backup, from the file that the operator kept and from what is still readable."""
    if not erasures.are_there():
        say("*** ERASURES ARE NOT REPLAYED: this release has no commands for them, so it erases nothing yet.")
        return ()
    found, known = list(wish.ledger or ()), wish.ledger is not None or wish.forget_ledger
    if readable:
        try:
            found += erasures.since(installation, told.business_time - _EARLIER, database=erasures.OWNER)
        except StepFailed as error:
            if not known:
                raise Refused(f"{error}\n{_NAME_IT}") from error
    elif not known:
        raise Refused(f"What was erased after {told.taken_at:%Y-%m-%d %H:%M} UTC must not come back. {_NAME_IT}")
    return tuple(found)


def _buckets_with_objects(installation: Installation) -> list[str]:
    return [bucket for bucket in BUCKETS.values() if installation.objects("names", bucket).run().strip()]


def _load(installation: Installation, bucket: str, tar: Path) -> str:
    command = installation.objects("load", bucket)
    with tar.open("rb") as source:
        done = subprocess.run(
            command.words, cwd=CHECKOUT, env=dict(command.environment), stdin=source, capture_output=True,
            timeout=WAITS, check=False, text=True,
        )  # fmt: skip
    if done.returncode:
        raise StepFailed(f"{tar.name} was not restored:\n{done.stderr[-2000:]}")
    return done.stderr.strip().splitlines()[-1]


def _keep(installation: Installation, bucket: str, tar: Path) -> str:
    """Removes objects that no restored row names: they came after the backup."""
    with tarfile.open(tar) as members:
        names = "".join(f"{name}\n" for name in members.getnames())
    command = installation.objects("keep", bucket)
    done = command.try_(names)
    if done.returncode:
        raise StepFailed(f"All is restored, but {bucket} still has objects of later: {done.stderr[-1000:]}")
    return f"objects of later: {done.stderr.strip()}"


def _empty_queues(installation: Installation) -> None:
    """Events of a future that is given up must reach nobody; those of the backup are told again from the outboxes.
    Raises StepFailed, which says that it is not to be opened."""
    try:
        listed = installation.broker("list_queues", "--quiet", "--no-table-headers", "name", "messages")
        for line in listed.splitlines():
            name, _, waiting = line.strip().partition("\t")
            if name.partition(".")[0] in SERVICES and waiting != "0":
                installation.broker("purge_queue", name)
    except StepFailed as error:
        raise StepFailed(
            f"{error}\nRestored, but the broker still holds events of later: do not open it. Mend that, and restore"
            " once more with --replace."
        ) from error
