"""Takes a backup while the system runs."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
import tempfile
import threading
import time
import tomllib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from deploy.backup import attempt, cut, databases, folder, keys
from deploy.backup.cut import Cut, Session
from deploy.backup.installation import Command, Installation, StepFailed
from deploy.backup.manifest import Database, Manifest, Part, bound_to
from deploy.local.places import CHECKOUT
from deploy.setup.buckets import BUCKETS
from deploy.setup.secrets import SERVICES

KEYS = "keys.sealed"
_BLOCK = 1024 * 1024
_SAYS_EVERY = 5.0
STALLED = 600.0
"""Seconds without a byte after which a dump has hung: it is ended."""

Say = Callable[[str], None]


def take(
    installation: Installation, out: Path, say: Say, *, phrase: bytes | None, keep_days: int, command: str
) -> Path:
    """A complete backup below `out`; then those older than `keep_days` go; databases that a restore which was cut off
    has left go first. Raises StepFailed, OSError, Busy."""
    began = time.monotonic()
    with attempt.alone(installation, restores=False), folder.writing(out) as draft:
        _refuse_closed(installation)
        attempt.tidy(installation)
        attempt.tell(installation, say)
        before = installation.secrets()
        with cut.of(installation) as moment:
            say(f"One moment of the four databases: {moment.taken_at:%Y-%m-%d %H:%M:%S.%f} UTC.")
            described = {service: _described(moment.sessions[service]) for service in SERVICES}
            [[ahead]] = moment.sessions[SERVICES[0]].ask("SELECT offset_seconds FROM clock;")
            parts = [_dump(installation, moment, service, draft, say) for service in SERVICES]
        parts += [_objects(installation, bucket, draft, say) for bucket in BUCKETS.values()]
        after = installation.secrets()
        secrets = after | keys.merged(before, after)  # a key may have been retired since the dumps
        if phrase is not None:
            parts.append(_keys(secrets, phrase, tuple(parts), draft))
        told = Manifest(
            taken_at=moment.taken_at,
            clock_offset=float(ahead),
            command=command,
            release=release(),
            databases=described,
            rings=keys.fingerprints(secrets),
            with_keys=phrase is not None,
            parts=tuple(parts),
        )
        whole = folder.finish(draft, told)
        gone = folder.expire(out, keep_days, datetime.now(UTC))
    size = sum(part.size for part in parts) / 1e6
    say(f"Backed up in {time.monotonic() - began:.1f} s: {whole} ({size:.1f} MB).")
    if gone:
        say(f"Removed, older than {keep_days} days: {', '.join(gone)}.")
    if phrase is None:
        say("*** WITHOUT KEYS: no name, scan or letter in this backup opens without the secrets. Keep these elsewhere.")
    return whole


def _refuse_closed(installation: Installation) -> None:
    if why := databases.closed(installation):
        raise StepFailed(f"No backup of what is half restored. {why}")


class Watch:
    """Ends a program that has said nothing for so long: whoever reads from it would wait forever."""

    def __init__(self, program: subprocess.Popen[bytes], stalled: float) -> None:
        self._program, self._stalled = program, stalled
        self._moved, self._ended = time.monotonic(), threading.Event()
        threading.Thread(target=self._look, daemon=True).start()

    def moved(self) -> None:
        """It said something."""
        self._moved = time.monotonic()

    def end(self) -> None:
        """Watch no longer."""
        self._ended.set()

    def _look(self) -> None:
        while not self._ended.wait(min(1.0, self._stalled / 4)):
            if time.monotonic() - self._moved > self._stalled:
                self._program.kill()
                return


def _described(session: Session) -> Database:
    migrations = session.ask("SELECT package, max(number) FROM migration GROUP BY package;")
    [[server]] = session.ask("SHOW server_version_num;")
    return Database({package: int(number) for package, number in migrations}, cut.rows_of(session.ask), int(server))


def _dump(installation: Installation, moment: Cut, service: str, draft: Path, say: Say) -> Part:
    options = ("-Fc", "--lock-wait-timeout=30s", f"--snapshot={moment.snapshots[service]}", "-d", service)
    return _stream(installation.postgres("pg_dump", *options), draft / f"{service}.dump", say)


def _objects(installation: Installation, bucket: str, draft: Path, say: Say) -> Part:
    return _stream(installation.objects("save", bucket), draft / f"{bucket}.tar", say)


def _stream(command: Command, file: Path, say: Say) -> Part:
    """Writes what the program prints, and says from time to time how far it is."""
    digest, size, told = hashlib.sha256(), 0, time.monotonic()
    with tempfile.TemporaryFile() as errors:
        program = subprocess.Popen(
            command.words, cwd=CHECKOUT, env=dict(command.environment), stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=errors,
        )  # fmt: skip
        watch = Watch(program, STALLED)
        try:
            assert program.stdout
            with file.open("xb") as target:
                while block := program.stdout.read(_BLOCK):
                    watch.moved()
                    target.write(block)
                    digest.update(block)
                    size += len(block)
                    if time.monotonic() - told > _SAYS_EVERY:
                        told = time.monotonic()
                        say(f"  {file.name}: {size / 1e6:.0f} MB")
            status = program.wait()
        finally:
            watch.end()
            if program.poll() is None:
                program.kill()
                program.wait()
        errors.seek(0)
        said = errors.read().decode(errors="replace").strip()
    if status:
        raise StepFailed(f"{file.name} was not written, {command} ended with {status}:\n{said[-2000:]}")
    found = re.search(r"^\d+ objects.*$", said, re.MULTILINE)
    say(f"  {file.name}: {size / 1e6:.1f} MB{f', {found[0]}' if found else ''}")
    return Part(file.name, size, digest.hexdigest())


def _keys(secrets: Mapping[str, str], phrase: bytes, others: tuple[Part, ...], draft: Path) -> Part:
    sealed = keys.seal(secrets, phrase, bound_to(others))
    (draft / KEYS).write_bytes(sealed)
    return Part(KEYS, len(sealed), hashlib.sha256(sealed).hexdigest())


def release() -> str:
    """The version of this code."""
    told = tomllib.loads((CHECKOUT / "services" / SERVICES[0] / "pyproject.toml").read_text("utf-8"))
    return str(told["project"]["version"])


def command_line() -> str:
    """As the manifest tells it: without what stands in the environment."""
    return " ".join(["python -m deploy.backup", *sys.argv[1:]])
