"""Restores a backup: everything is checked first, and what is there stays until all of it is ready.

There is one moment at which the installation becomes the backup: a transaction of the database server, in which all
four databases change places. Before it a restore only adds (`attempt`): databases beside those that are there, and
objects of whose name there is none. Commands that work in the databases beside are handed the backup's keys; the
installation's own secrets stay what they are. So whatever fails, nothing has to be put back: what was added is removed
at once, or, when we were killed, by whoever restores next; until then it is in nobody's way.

After that moment a restore only goes on: secrets, queues, what else differs in the buckets, and then the workers alone
erase again what was erased since the backup. Names of objects are used again: the same photo sent again is sealed anew
under the name that it had, a viewing copy or a person's ZIP is made anew, a change of keys seals an object's data key
anew. So objects that are there already wait until now. Each of these steps may be done twice. Should one fail, the
databases say that they are closed: no service starts on them, no web until the erasures are done, and the same restore,
begun again, ends it. To go back instead would need copies of databases, secrets and objects, and the backup is there
already.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from deploy.backup import attempt, databases, erasures, keys, manifest, objects
from deploy.backup.installation import Command, Installation, StepFailed, restoring, sql
from deploy.backup.manifest import Manifest
from deploy.backup.take import KEYS
from deploy.setup.buckets import BUCKETS
from deploy.setup.secrets import SERVICES
from kit.migrate import migration_files

Say = Callable[[str], None]

_EARLIER = timedelta(hours=1)
"""An erasure twice does no harm; one that was under way when the backup was taken is asked for again."""
_OF_A_LATER_RELEASE = "not in this backup, which an earlier release made"
_ERASED_WITHIN = 900
"""Seconds in which all services have erased what is asked for again."""
_NAME_IT = (
    "Name the ledger that `make erasures` wrote last (ARGS='--erasures FILE'), or say that nothing was erased since"
    " (ARGS=--nothing-erased)."
)


_CUT_OFF = (
    "A restore was cut off after the databases had changed places, and nobody is served until it is finished. Mend"
    " what stopped it, and restore the same once more, as before and with --replace: make restore FROM={source}"
    " ARGS=--replace"
)


class Refused(Exception):
    """Nothing was changed; the text says what to do."""


class NotFinished(StepFailed):
    """The databases are the backup's, not yet all else; the text says what to do."""


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
    *, stop: Callable[[], object] = lambda: None, start_workers: Callable[[], object] = lambda: None,
) -> None:  # fmt: skip
    """Puts everything back, and opens it when what was erased since is erased again. The parts run; `stop` stops the
    services, `start_workers` starts the workers alone. Raises Refused, KeysRefused, Busy before anything was changed;
    NotFinished when it is to be begun again; for all else what was there is there."""
    began = time.monotonic()
    with attempt.alone(installation, restores=True):
        attempt.tidy(installation)
        secrets = installation.secrets()
        changed = keys.merged(kept, secrets) if kept else {}
        readable = _check(installation, told, wish, secrets | changed)
        installation.check_secrets(changed)
        _ledger(installation, told, wish, readable=readable, say=say)  # it may have to be refused
        stop()
        attempt.undo(installation, say)
        ledger = _ledger(installation, told, wish, readable=readable, say=say)  # with what ended meanwhile
        _make_ready(installation, told, wish.source, changed, ledger, say)
        with _to_its_end(wish.source):
            _go_on(installation, wish.source, changed, say)
            _erase(installation, ledger, start_workers, say)
            databases.open_again(installation)
    say(f"Restored in {time.monotonic() - began:.1f} s: as it was at {told.taken_at:%Y-%m-%d %H:%M:%S} UTC.")


def _check(installation: Installation, told: Manifest, wish: Wish, secrets: dict[str, str]) -> bool:
    """Whether there is a database that may know what ended since. Raises Refused."""
    before = databases.hold_data(installation) + _buckets_with_objects(installation)
    if before and not wish.replace:
        raise Refused(
            f"There are data in {', '.join(before)}. ARGS=--replace puts the backup in their place, for good."
        )
    _refuse_older_server(installation, told)
    if lacking := keys.missing(told.rings, secrets):
        raise Refused(
            f"Keys that this backup was sealed with are missing ({', '.join(lacking)}): nothing of anybody would open."
            " Put the secrets of that time into the secrets folder, or restore a backup with its keys."
        )
    return erasures.OWNER in before


def _make_ready(
    installation: Installation, told: Manifest, source: Path, rings: dict[str, str], ledger: tuple[str, ...], say: Say
) -> None:
    """Adds what the backup is, and puts it in the place of what is there. Where that fails, what was added goes."""
    attempt.begin(installation)
    try:
        _fill(installation, told, source, say)
        _bring_up_to_date(installation, rings)
        if ledger:
            for line in erasures.replay(installation, ledger, restoring()[erasures.OWNER], rings):
                say(f"  {line}")
        databases.swap(installation, _CUT_OFF.format(source=source), also=attempt.FORGET)
    except BaseException as error:
        try:
            attempt.undo(installation, say)
        except StepFailed as left:
            raise StepFailed(
                f"{error or type(error).__name__}\n{left}\nThe databases are as they were. What was added harms nobody;"
                " the next restore removes it."
            ) from error
        raise


@contextmanager
def _to_its_end(source: Path) -> Iterator[None]:
    """What follows once the databases have changed places. Raises NotFinished."""
    try:
        yield
    except BaseException as error:
        raise NotFinished(f"{error or type(error).__name__}\n{_CUT_OFF.format(source=source)}") from error


def _go_on(installation: Installation, source: Path, changed: dict[str, str], say: Say) -> None:
    if changed:
        installation.put_secrets(changed)
        say(f"  secrets put back: {', '.join(sorted(changed))}")
    _empty_queues(installation)
    for bucket in BUCKETS.values():
        say(f"  {bucket}: {_settle(installation, bucket, source / f'{bucket}.tar')}")
    databases.let_work(installation)


def _erase(
    installation: Installation, ledger: tuple[str, ...], start_workers: Callable[[], object], say: Say
) -> None:  # fmt: skip
    """Lets the workers alone erase again what was erased since the backup."""
    if not (count := erasures.cases(ledger)):
        return
    say(f"  {count} erasures of since the backup: the workers alone do them again …")
    start_workers()
    try:
        say(f"  {erasures.wait(installation, ledger, _ERASED_WITHIN)}")
    except StepFailed as error:
        raise StepFailed(f"{error}\nNot everything is erased again.") from error


def _fill(installation: Installation, told: Manifest, source: Path, say: Say) -> None:
    """Databases beside those that are there, and the objects that are not there."""
    for service in SERVICES:
        say(f"  {service}: restoring …")
        databases.fill(installation, service, source / f"{service}.dump")
        databases.compare(installation, service, told.databases[service])
        databases.begin_anew(installation, service)
    for bucket in BUCKETS.values():
        say(f"  {bucket}: {_add(installation, bucket, source / f'{bucket}.tar')}")


def _bring_up_to_date(installation: Installation, rings: dict[str, str]) -> None:
    """Migrations, and the state of everything told anew: who has a newer one comes back to its owner's."""
    for verb in ("migrate", "republish"):
        commands = [
            installation.service(service, verb, database=name, rings=rings) for service, name in restoring().items()
        ]
        with ThreadPoolExecutor(len(commands)) as pool:
            list(pool.map(Command.run, commands))


def _refuse_older_server(installation: Installation, told: Manifest) -> None:
    [[number]] = sql(installation, "postgres", "SHOW server_version_num;")
    made_by = max(database.server for database in told.databases.values()) // 10000
    if int(number) // 10000 < made_by:
        raise Refused(f"The dumps are of PostgreSQL {made_by}, this server is older ({int(number) // 10000}).")


def _ledger(installation: Installation, told: Manifest, wish: Wish, *, readable: bool, say: Say) -> tuple[str, ...]:
    """What was erased and who lost his access since the backup, from the file that the operator kept and from what is
    still readable."""
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
        raise Refused(
            f"What was erased, and who lost his access, after {told.taken_at:%Y-%m-%d %H:%M} UTC must not come back."
            f" {_NAME_IT}"
        )
    return tuple(found)


def _buckets_with_objects(installation: Installation) -> list[str]:
    """Those that hold more than what a restore that was cut off has added."""
    return [
        bucket
        for bucket in BUCKETS.values()
        if set(installation.objects("names", bucket).run().splitlines()) - attempt.noted(installation, bucket).keys()
    ]


def _add(installation: Installation, bucket: str, tar: Path) -> str:
    if not tar.exists():  # the manifest names every part that there was
        return _OF_A_LATER_RELEASE
    there = set(installation.objects("names", bucket).run().splitlines())
    fresh = {name: mark for name, mark in objects.marks(tar).items() if name not in there}
    attempt.note(installation, bucket, fresh)
    return installation.objects("add", bucket).fed(tar).strip().splitlines()[-1]


def _settle(installation: Installation, bucket: str, tar: Path) -> str:
    """What is there under a name of the backup's and is another goes, and what came after the backup."""
    if not tar.exists():
        return _OF_A_LATER_RELEASE
    count = str(len(objects.marks(tar)))
    return installation.objects("settle", bucket, count).fed(tar).strip().splitlines()[-1]


def _empty_queues(installation: Installation) -> None:
    """Events of a future that is given up must reach nobody; those of the backup are told again from the outboxes."""
    listed = installation.broker("list_queues", "--quiet", "--no-table-headers", "name", "messages")
    for line in listed.splitlines():
        name, _, waiting = line.strip().partition("\t")
        if name.partition(".")[0] in SERVICES and waiting != "0":
            installation.broker("purge_queue", name)
