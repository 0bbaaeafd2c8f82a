"""The secrets of an installation: sealed with a passphrase in a backup, told apart by fingerprints, put back.

Inside containers: `python -m deploy.backup.keys collect` prints them as JSON, `put` keeps the JSON that comes, and
`may-put` says of the names that come whether it would.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from deploy.setup import token_keys
from deploy.setup.secrets import PRIVATE_KEY, PUBLIC_KEYS, SERVICES, write_once

MAGIC = b"PENGANTAR-KEYS-1\n"
RINGS = ("event_keys", *(f"{service}_data_keys" for service in SERVICES))
SHORTEST = 12
# RFC 7914's numbers for files: about half a second and 128 MB for each guess.
_N, _R, _P = 2**17, 8, 1
_SALT, _NONCE = 16, 12


class KeysRefused(Exception):
    """The secrets cannot be written or opened; the text says what to do."""


def passphrase(environment: Mapping[str, str]) -> bytes:
    """What BACKUP_PASSPHRASE_FILE holds. Raises KeysRefused where there is none, or everybody could read it."""
    named = environment.get("BACKUP_PASSPHRASE_FILE")
    if not named:
        raise KeysRefused(
            "The backup's keys are encrypted with a passphrase: put one of at least "
            f"{SHORTEST} characters into a file that only you can read, and name it: BACKUP_PASSPHRASE_FILE=FILE. "
            "Without the keys (--without-keys) nothing of anybody in the backup opens."
        )
    try:
        if Path(named).stat().st_mode & 0o007:
            raise KeysRefused(f"Everybody on this machine can read {named}. Say: chmod 600 {named}")
        said = Path(named).read_text("utf-8").strip()
    except OSError as error:
        raise KeysRefused(f"BACKUP_PASSPHRASE_FILE names {named}: {error.strerror}.") from error
    if len(said) < SHORTEST:
        raise KeysRefused(f"The passphrase in {named} is too short: at least {SHORTEST} characters.")
    return said.encode()


def seal(secrets: Mapping[str, str], phrase: bytes, bound_to: bytes) -> bytes:
    """The secrets, encrypted (scrypt, AES-256-GCM) and bound to what else the backup holds."""
    salt, nonce = os.urandom(_SALT), os.urandom(_NONCE)
    text = json.dumps(dict(secrets), sort_keys=True).encode()
    return MAGIC + salt + nonce + AESGCM(_derive(phrase, salt)).encrypt(nonce, text, MAGIC + bound_to)


def unseal(sealed: bytes, phrase: bytes, bound_to: bytes) -> dict[str, str]:
    """The secrets again. Raises KeysRefused for another passphrase, and for parts of another backup."""
    rest = sealed.removeprefix(MAGIC)
    if rest == sealed or len(rest) < _SALT + _NONCE + 16:
        raise KeysRefused("keys.sealed is not a file of keys that this release wrote.")
    salt, nonce, text = rest[:_SALT], rest[_SALT : _SALT + _NONCE], rest[_SALT + _NONCE :]
    try:
        opened = AESGCM(_derive(phrase, salt)).decrypt(nonce, text, MAGIC + bound_to)
    except InvalidTag:
        raise KeysRefused(
            "keys.sealed does not open: the passphrase is another one, or parts of this backup were exchanged."
        ) from None
    found: dict[str, str] = json.loads(opened)
    return found


def fingerprints(secrets: Mapping[str, str]) -> dict[str, list[str]]:
    """The keys of each ring, as `id:first half of the SHA-256`: of random keys that tells nothing."""
    return {name: [_fingerprint(entry) for entry in _entries(secrets[name])] for name in RINGS if name in secrets}


def missing(wanted: Mapping[str, list[str]], secrets: Mapping[str, str]) -> list[str]:
    """`ring: key id` of each key that a backup was sealed with and that is not here."""
    here = fingerprints(secrets)
    return [
        f"{ring}: {key.partition(':')[0]}"
        for ring, keys in wanted.items()
        for key in keys
        if key not in here.get(ring, [])
    ]


def merged(kept: Mapping[str, str], here: Mapping[str, str]) -> dict[str, str]:
    """What has to change here so that a backup with the secrets `kept` opens: files that are missing, and rings.

    A ring here that lacks keys gets them behind its own, so that its own goes on sealing. Where another key has the
    same name, the backup's ring takes its place: what was sealed with the one here is what the backup replaces.
    """
    changed = {name: text for name, text in kept.items() if name not in here}
    if PRIVATE_KEY in here:
        changed.pop(PUBLIC_KEYS, None)  # follow from the private one
    for ring in set(RINGS) & kept.keys() & here.keys():
        known = {_name(entry): entry for entry in _entries(here[ring])}
        lacking = [entry for entry in _entries(kept[ring]) if known.get(_name(entry)) != entry]
        if any(_name(entry) in known for entry in lacking):
            changed[ring] = kept[ring]
        elif lacking:
            changed[ring] = ",".join([here[ring].strip(), *lacking])
    return changed


def _derive(phrase: bytes, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=32, n=_N, r=_R, p=_P).derive(phrase)


def _entries(ring: str) -> list[str]:
    return [entry.strip() for entry in ring.strip().split(",") if entry.strip()]


def _name(entry: str) -> str:
    return entry.partition(":")[0]


def _fingerprint(entry: str) -> str:
    name, _, key = entry.partition(":")
    return f"{name}:{hashlib.sha256(base64.urlsafe_b64decode(key)).hexdigest()[:32]}"


def main(arguments: list[str]) -> int:
    """In the container of the secrets: what all are, or keep those that come."""
    from deploy.compose import secrets as handed

    given = handed.given(os.environ, handed.GIVEN)
    if arguments == ["collect"]:
        json.dump(handed.collect(given, os.environ.get("ENVIRONMENT") == "production", handed.MADE), sys.stdout)
        return 0
    if arguments in (["put"], ["may-put"]):
        come = json.load(sys.stdin)
        if ours := sorted(set(come) & given.keys()):
            raise SystemExit(f"Given by the operator, so only he can change them: {', '.join(ours)}")
        handed.MADE.mkdir(mode=0o711, parents=True, exist_ok=True)
        if arguments == ["put"]:
            for name, text in come.items():
                replace(handed.MADE / name, text)
        return 0
    raise SystemExit("collect | put | may-put")


BEFORE = ".before-"


def replace(file: Path, text: str) -> None:
    """A secret's file with this text; each that it held before is kept beside it as `<name>.before-<when>`. At no
    moment is there no file."""
    if not file.exists():
        write_once(file, lambda: text)
        return
    write_once(file.with_name(f"{file.name}{BEFORE}{time.time_ns()}"), lambda: file.read_text("ascii"))
    token_keys.replace(file, text)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
