"""`--verify`: a backup is restored beside the installation, and looked into."""

from __future__ import annotations

import itertools
import json
import os
import time
from collections.abc import Callable
from pathlib import Path

import requests

from deploy.backup.installation import Installation, Local, sql
from deploy.backup.restore import Wish, opened, restore
from deploy.local import places
from deploy.local.process import PartError
from deploy.local.stack import Stack
from deploy.setup.buckets import BUCKETS
from deploy.setup.secrets import SERVICES
from kit.objects import ObjectStore
from kit.sealed import Keyring

SCRATCH = "backup_check"
_LETTER = "SELECT token FROM letter WHERE status = 'issued' AND token IS NOT NULL ORDER BY id DESC LIMIT 1;"
_A_FEW = 5

Say = Callable[[str], None]


class NotWhole(Exception):
    """A backup was restored and is not what it should be; the text says what is missing."""


def try_local(source: Path, phrase: bytes | None, say: Say) -> None:
    """Restores into a stack of its own, starts it, looks at it, and removes it. Raises NotWhole, StepFailed."""
    from deploy.backup.__main__ import keep_secrets

    began = time.monotonic()
    folder = places.stack_folder(places.base_folder(), SCRATCH)
    try:
        told, kept = opened(source, phrase, say)
        places.empty(folder / "secrets")
        keep_secrets(SCRATCH, kept)
        with Stack(SCRATCH, services=False, fresh=True, keep=True, quiet=True) as stack:
            restore(Local.of_stack(stack.name), told, kept, Wish(source, forget_ledger=True), say)
            _open_files(stack, say)
        with Stack(SCRATCH, keep=True, quiet=True) as stack:
            _check_letter(stack, say)
            walk_audit(Local.of_stack(stack.name), say)
    finally:
        for part in ("data", "secrets"):
            places.empty(folder / part)
    say(f"Tried in {time.monotonic() - began:.1f} s: the backup is whole.")


def try_containers(source: Path, phrase: bytes | None, say: Say) -> None:
    """Restores into containers beside the installation's, and walks the audit there; they are removed again."""
    from deploy.backup.__main__ import prepare
    from deploy.backup.installation import Compose

    beside = Compose(f"pengantar-{SCRATCH.replace('_', '-')}")
    told, kept = opened(source, phrase, say)
    try:
        beside.command("run", "--rm", "-T", "--no-deps", "secrets").run()
        prepare(beside)
        restore(beside, told, kept, Wish(source, forget_ledger=True), say)
        for service in SERVICES:
            said = beside.service(service, "verify-audit", database=service).run()
            say(f"  audit of {service}: {len(said.splitlines())} chains hold")
    finally:
        beside.command("down", "--volumes", "--remove-orphans").run()
    say("The backup is whole: every row and object is there, and the audit holds.")


def walk_audit(installation: Installation, say: Say) -> None:
    """Raises StepFailed where a chain is broken."""
    for service in SERVICES:
        said = installation.service(service, "verify-audit").run()
        say(f"  audit of {service}: {len(said.splitlines())} chains hold")


def _open_files(stack: Stack, say: Say) -> None:
    """A few objects of each bucket open with the restored keys. Raises Damaged, CannotOpen."""
    ring = Keyring(stack.secrets.read("event_keys"))
    store = ObjectStore(stack.s3.endpoint_url, stack.s3.access_key, stack.s3.secret_key, keys=ring)
    for bucket in BUCKETS.values():
        names = store.keys_after(bucket, None, _A_FEW)
        with open(os.devnull, "wb") as nowhere:
            for name in names:
                if store.download(bucket, name, nowhere) != store.stat(bucket, name).sha256:
                    raise NotWhole(f"an object in {bucket} is not what was stored")
        say(f"  {bucket}: {len(names)} objects opened")


def _check_letter(stack: Stack, say: Say) -> None:
    found = sql(Local.of_stack(stack.name), "documents", _LETTER)
    for (token,) in itertools.islice(found, 1):
        try:
            answer = requests.get(f"{stack.base_url}/v1/checks/{token}", timeout=10)
            status = json.loads(answer.text).get("result") if answer.ok else f"HTTP {answer.status_code}"
        except (requests.RequestException, ValueError) as error:
            raise PartError(f"the restored system does not answer: {type(error).__name__}") from error
        if not answer.ok:
            raise NotWhole(f"the newest letter does not check: {status}")
        say(f"  the newest letter checks: {status}")
    if not found:
        say("  no letter was issued yet, so none was checked")
