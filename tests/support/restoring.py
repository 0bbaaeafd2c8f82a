"""An installation that lives on after its backup: other rows, other objects, other keys. Small, so that a restore of it
is quick; nothing of its services runs."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg2
import pytest

from deploy.backup import attempt, erasures, keys, manifest, objects
from deploy.backup.installation import Installation, Local
from deploy.backup.restore import Wish, restore
from deploy.backup.take import take
from deploy.local.stack import Stack
from deploy.setup.buckets import BUCKETS, client
from deploy.setup.secrets import SERVICES
from kit.objects import ObjectStore
from kit.sealed import Keyring, new_key
from tests.support.tokens import BUKIT_SANGKAL

PHRASE = b"kunci cadangan yang panjang"
_LINE = '{"application_id": "%s", "introduction_id": null, "kelurahan": "%s", "why": "person", "at": "%s"}'


def quiet(_line: str) -> None:
    """Nobody listens."""


@dataclass
class Live:
    """`erased`: a case that was erased after the backup, as its ledger's line."""

    stack: Stack
    folder: Path
    erased: str = field(default_factory=lambda: str(uuid4()))

    @property
    def here(self) -> Local:
        return Local.of_stack(self.stack.name)

    def begin(self) -> None:
        """Databases with a row each, an account, and objects in both buckets."""
        for service in SERVICES:
            self.here.service(service, "migrate").run()
            self.add_row(service)
        self.here.service("intake", "invite-administrator", BUKIT_SANGKAL, "halimah", "Nyimas Halimah").run()
        for bucket in BUCKETS.values():
            for name in ("stays", "changes", "goes"):
                self.put(bucket, name)

    def back_up(self, say: Callable[[str], None] = quiet) -> Path:
        return take(self.here, self.folder, say, phrase=PHRASE, keep_days=30, command="a test")

    def live_on(self) -> None:
        """What differs from the backup from now on, in every way in which something can."""
        for service in SERVICES:
            self.add_row(service)
        for bucket in BUCKETS.values():
            self.put(bucket, "changes")
            self.put(bucket, "later")
            self.store.remove_object(bucket_name=bucket, object_name="original/goes")
        self.here.put_secrets({"event_keys": new_key("k9"), "notify_data_keys": new_key("k1")})

    def add_row(self, service: str) -> None:
        self.execute(
            service, "INSERT INTO erased_case (application_id, kelurahan, why) VALUES (%s, %s, 'person')",
            [str(uuid4()), BUKIT_SANGKAL],
        )  # fmt: skip

    def execute(self, service: str, sql: str, values: list[Any] | None = None) -> list[tuple[Any, ...]]:
        connection = psycopg2.connect(self.stack.superuser_url(service))
        try:
            with connection, connection.cursor() as cursor:
                cursor.execute(sql, values)
                return list(cursor.fetchall()) if cursor.description else []
        finally:
            connection.close()

    def put(self, bucket: str, name: str) -> None:
        content = uuid4().bytes * 1000
        ring = Keyring(self.stack.secrets.read("event_keys"))
        s3 = self.stack.s3
        store = ObjectStore(s3.endpoint_url, s3.access_key, s3.secret_key, keys=ring)
        digest = hashlib.sha256(content).hexdigest()
        store.put(bucket, f"original/{name}", io.BytesIO(content), len(content), "image/jpeg", digest)

    @property
    def store(self) -> Any:
        return client(self.stack.s3.endpoint_url, self.stack.s3.access_key, self.stack.s3.secret_key)

    def databases(self) -> dict[str, Any]:
        """Every row of every table, as hashes, and which databases there are."""
        there = [row[0] for row in self.execute("postgres", "SELECT datname FROM pg_database ORDER BY 1")]
        return {service: self._rows(service) for service in SERVICES} | {"there": there}

    def _rows(self, service: str) -> dict[str, str]:
        tables = self.execute(service, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        asked = "SELECT '{0}', md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {0} t"
        return dict(self.execute(service, " UNION ALL ".join(asked.format(table) for (table,) in tables)))

    def objects(self) -> dict[str, dict[str, str | None]]:
        """By bucket, the mark of each object."""
        return {
            bucket: {
                name: objects.mark_there(self.store, bucket, name) for name in objects.names(self.store, bucket)
            }
            for bucket in BUCKETS.values()
        }  # fmt: skip

    def secrets(self) -> dict[str, tuple[str, int, int]]:
        """Every file of the secrets' folder: text, mode, owner."""
        return {
            file.name: (file.read_text("ascii"), file.stat().st_mode, file.stat().st_uid)
            for file in self.stack.secrets.folder.iterdir()
        }

    def all(self) -> tuple[Any, ...]:
        """All that a restore which fails has to leave as it is."""
        noted = self.execute("postgres", "SELECT to_regclass('restore_adds')")
        return self.databases(), self.objects(), self.secrets(), noted

    def restore(
        self, source: Path, installation: Installation | None = None,
        *, replace: bool = True, stop: Callable[[], object] = lambda: None,
        start_workers: Callable[[], object] = lambda: None,
    ) -> None:  # fmt: skip
        """As the command does, but that the workers are not there, and are taken to have erased."""
        told = manifest.read(source)
        kept = keys.unseal((source / "keys.sealed").read_bytes(), PHRASE, told.bound_to)
        ledger = (_LINE % (self.erased, BUKIT_SANGKAL, told.taken_at.isoformat()),)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(erasures, "wait", lambda *_: "done")
            wish = Wish(source, replace=replace, ledger=ledger)
            restore(
                installation or self.here, told, kept, wish, quiet, stop=stop, start_workers=start_workers,
            )  # fmt: skip

    def is_the_backup(self, source: Path) -> bool:
        """Whether rows, objects and keys are those of the backup, with what was erased since asked for again."""
        told = manifest.read(source)
        marks = {bucket: objects.marks(source / f"{bucket}.tar") for bucket in BUCKETS.values()}
        rows = {service: self.execute(service, "SELECT count(*) FROM erased_case")[0][0] for service in SERVICES}
        wanted = {service: told.databases[service].rows["erased_case"] for service in SERVICES}
        asked = self.execute("intake", "SELECT application_id::text FROM erasure")
        return (
            self.objects() == marks
            and rows == wanted | {"intake": wanted["intake"] + 1}
            and asked == [(self.erased,)]
            and keys.missing(told.rings, self.here.secrets()) == []
            and self.execute("postgres", "SELECT to_regclass('restore_adds')") == [(None,)]
        )

    def undo(self) -> None:
        """What whoever comes next does first."""
        with attempt.alone(self.here, restores=True):
            attempt.undo(self.here, quiet)
