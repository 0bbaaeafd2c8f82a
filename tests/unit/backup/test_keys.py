"""The secrets in a backup: sealed with a passphrase, told apart, put back."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from deploy.backup import keys
from deploy.backup.installation import Local
from deploy.backup.keys import KeysRefused
from deploy.setup.secrets import PRIVATE_KEY, PUBLIC_KEYS, make_all

PHRASE, BOUND = b"kunci cadangan yang panjang", b"abc intake.dump"


@pytest.fixture
def secrets(tmp_path: Path) -> dict[str, str]:
    make_all(tmp_path / "secrets")
    return {file.name: file.read_text("ascii") for file in (tmp_path / "secrets").iterdir()}


def test_what_is_sealed_opens_with_the_same_passphrase_and_parts(secrets: dict[str, str]) -> None:
    sealed = keys.seal(secrets, PHRASE, BOUND)
    assert keys.unseal(sealed, PHRASE, BOUND) == secrets
    assert [name for name, text in secrets.items() if text.strip().encode() in sealed] == []


@pytest.mark.parametrize(("phrase", "bound"), [(b"another passphrase", BOUND), (PHRASE, b"abd intake.dump")])
def test_another_passphrase_or_exchanged_parts_open_nothing(
    secrets: dict[str, str], phrase: bytes, bound: bytes
) -> None:
    with pytest.raises(KeysRefused, match="does not open"):
        keys.unseal(keys.seal(secrets, PHRASE, BOUND), phrase, bound)


def test_what_is_no_file_of_keys_is_refused() -> None:
    with pytest.raises(KeysRefused, match="is not a file of keys"):
        keys.unseal(b"PK\x03\x04 something else that is long enough to be one", PHRASE, BOUND)


def test_a_passphrase_comes_from_a_file_that_others_cannot_read(tmp_path: Path) -> None:
    file = tmp_path / "passphrase"
    file.write_text("kunci cadangan yang panjang\n")
    file.chmod(0o600)
    assert keys.passphrase({"BACKUP_PASSPHRASE_FILE": str(file)}) == PHRASE
    file.chmod(0o604)
    with pytest.raises(KeysRefused, match="chmod 600"):
        keys.passphrase({"BACKUP_PASSPHRASE_FILE": str(file)})


def test_no_passphrase_and_a_short_one_are_refused(tmp_path: Path) -> None:
    with pytest.raises(KeysRefused, match="BACKUP_PASSPHRASE_FILE=FILE"):
        keys.passphrase({})
    file = tmp_path / "passphrase"
    file.write_text("rahasia")
    file.chmod(0o600)
    with pytest.raises(KeysRefused, match="too short"):
        keys.passphrase({"BACKUP_PASSPHRASE_FILE": str(file)})


def test_a_fingerprint_tells_keys_apart_and_does_not_hold_them(secrets: dict[str, str]) -> None:
    told = keys.fingerprints(secrets)
    assert told.keys() == set(keys.RINGS)
    assert len({key for ring in told.values() for key in ring}) == len(keys.RINGS)
    assert [ring for ring in keys.RINGS if secrets[ring].partition(":")[2].strip()[:20] in str(told)] == []


def test_keys_that_are_missing_are_named(secrets: dict[str, str]) -> None:
    told = keys.fingerprints(secrets)
    assert keys.missing(told, secrets) == []
    without = {name: text for name, text in secrets.items() if name != "notify_data_keys"}
    assert keys.missing(told, without) == ["notify_data_keys: k1"]


def test_a_machine_without_secrets_gets_all_of_them(secrets: dict[str, str]) -> None:
    assert keys.merged(secrets, {}) == secrets


def test_keys_that_were_retired_since_come_behind_those_of_today(secrets: dict[str, str], tmp_path: Path) -> None:
    today = secrets | {"event_keys": secrets["event_keys"].replace("k1:", "k2:")[:10] + "A" * 33 + "="}
    changed = keys.merged(secrets, today)
    assert changed == {"event_keys": f"{today['event_keys']},{secrets['event_keys']}"}
    assert keys.missing(keys.fingerprints(secrets), today | changed) == []


def test_another_key_of_the_same_name_gives_way_to_the_backups(secrets: dict[str, str], tmp_path: Path) -> None:
    """A machine that was set up anew: its own first keys opened nothing but what is replaced."""
    make_all(tmp_path / "fresh")
    fresh = {file.name: file.read_text("ascii") for file in (tmp_path / "fresh").iterdir()}
    changed = keys.merged(secrets, fresh)
    assert changed == {ring: secrets[ring] for ring in keys.RINGS}
    assert not changed.keys() & {PRIVATE_KEY, PUBLIC_KEYS, "postgres_password"}


def test_each_secret_that_is_replaced_is_kept_beside_and_is_no_secret_of_its_own(tmp_path: Path) -> None:
    file = tmp_path / "event_keys"
    for text in ("k1:first", "k1:second", "k1:third"):
        keys.replace(file, text)
    kept = sorted(path for path in tmp_path.iterdir() if path != file)
    assert [path.read_text() for path in kept] == ["k1:first", "k1:second"]
    site: Any = SimpleNamespace(name="x", secrets=SimpleNamespace(folder=tmp_path))
    parts: Any = None
    assert Local(site, parts).secrets() == {"event_keys": "k1:third"}
